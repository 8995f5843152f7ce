"""What a search found as files: the document, the designs as tables, the picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from n1trial.evaluation.screening.candidate import Candidate, ScreenResult
from n1trial.files.folders import replace_folder
from n1trial.files.write import write_table
from n1trial.report.plot.diary import save
from n1trial.report.search.document import FIGURES, run_in_kind, to_json
from n1trial.report.search.picture import draw_designs
from n1trial.scenario.file.write import write_resolved
from n1trial.study.search.result import FinalDesign, SearchResult

MARK = "search.json"
"""File by which a folder with a search is known."""
LAYOUT = (
    "method", "run_in", "run_in_days", "cycles", "period_days", "washout_days", "randomization", "block_cycles",
    "max_run", "switch_jitter_days", "switch_jitter_step_days", "discard_days", "weeks", "least_weeks_on_placebo",
    "most_weeks_on_placebo", "diary_entries",
)  # fmt: skip


def save_search(result: SearchResult, folder: Path) -> Path:
    """Write what a search found, whole or not at all.

    Parameters
    ----------
    result : SearchResult
    folder : Path
        A folder that does not exist, is empty or holds an earlier search; that is replaced.

    Raises
    ------
    InputError
        If the folder holds something else.
    RunError
        If it cannot be written.
    """

    def write(fresh: Path) -> None:
        (fresh / "scenario.toml").write_text(write_resolved(result.scenario), encoding="utf-8")
        (fresh / MARK).write_text(to_json(result), encoding="utf-8")
        errors = [f"{name}_mcse" for name in FIGURES]
        columns = ("design", "recommended", *LAYOUT, *FIGURES, *errors, "failures", "verdict", "depends", "screened")
        write_table(fresh / "designs.csv", columns, _design_rows(result))
        write_table(fresh / "screened.csv", (*LAYOUT, "power", "type_1"), map(_screened_row, result.screened))
        save(draw_designs(result), fresh / "designs")

    return replace_folder(folder, write, MARK)


def _design_rows(result: SearchResult) -> Iterable[Sequence[object]]:
    """Yield the designs by their number, and the present one."""
    for number, design in enumerate(result.designs):
        yield str(number + 1), int(number == result.recommended), *_figures(design)
    yield "present", 0, *_figures(result.present)


def _figures(design: FinalDesign) -> Sequence[object]:
    figures = [getattr(design, name) for name in FIGURES]
    return (
        *_layout(design.candidate),
        *(figure.value for figure in figures),
        *(figure.mcse for figure in figures),
        "; ".join(row.departure for row in design.failures),
        design.verdict.answer,
        int(design.verdict.depends),
        "" if design.screened_power is None else f"{design.screened_power:.4f}",
    )


def _screened_row(one: ScreenResult) -> Sequence[object]:
    return (*_layout(one.candidate), f"{one.power:.4f}", f"{one.type_1:.4f}")


def _layout(candidate: Candidate) -> Sequence[object]:
    layout, randomization = candidate.layout, candidate.layout.randomization
    assert randomization is not None
    least, most = layout.weeks_on_control()
    return (
        candidate.method, run_in_kind(layout), layout.run_in_days, layout.cycles, layout.period_days,
        layout.washout_days, randomization.scheme,
        _empty(randomization.block_cycles), _empty(randomization.max_run), randomization.jitter_days,
        randomization.jitter_step_days, candidate.discard_days, f"{layout.weeks:g}", f"{least:g}", f"{most:g}",
        layout.days.size,
    )  # fmt: skip


def _empty(value: int | None) -> object:
    return "" if value is None else value
