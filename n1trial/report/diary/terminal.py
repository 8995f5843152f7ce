"""What a diary says, as lines of a terminal, and its figures as a file holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from n1trial.analysis.estimates import Status
from n1trial.diary.diary import Diary
from n1trial.evaluation.secondary.result import SecondaryResult
from n1trial.report.diary.parts import EXPLAINED, NO_PLAN, AnalysisRow, Conclusions
from n1trial.report.diary.words import ByMethod, conclude
from n1trial.report.lines import label_lines, wrap
from n1trial.report.rounding import finite
from n1trial.report.words import POINTS

FIGURES = (
    "estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile",
)  # fmt: skip


def figures(by_method: ByMethod) -> dict[str, Any]:
    """Return figures of each method as JSON has them: null where one does not exist or is infinite.

    Parameters
    ----------
    by_method : mapping of str to Estimates
        Of one patient, by method.

    Returns
    -------
    dict
        By method, with its status and the entries used.
    """
    return {
        method: {name: finite(getattr(estimates, name)[0]) for name in FIGURES}
        | {"status": Status(estimates.status[0]).word, "n": int(estimates.n[0])}
        | {name: finite(values[0]) for name, values in estimates.details.items()}
        for method, estimates in by_method.items()
    }


def conclusions(
    diary: Diary,
    estimates: ByMethod,
    names: tuple[str, str] = ("the drug", "the control"),
    *,
    has_plan: bool,
    changes: Sequence[str] = (),
    unit: str = POINTS,
    is_control_active: bool = False,
    secondary: Sequence[SecondaryResult] = (),
) -> str:
    """Tell on the terminal what the analyses of one patient's diary conclude.

    Parameters
    ----------
    diary, estimates, names, has_plan, changes, unit, is_control_active, secondary
        As for `n1trial.report.diary.words.conclude`.

    Returns
    -------
    str
        Lines of at most 100 characters, ending with a newline.
    """
    said = conclude(
        diary, estimates, names, has_plan=has_plan, changes=changes, unit=unit, is_control_active=is_control_active,
        secondary=secondary,
    )  # fmt: skip
    return "\n".join(_lines(said)) + "\n"


def _lines(conclusions: Conclusions) -> Iterator[str]:
    for label, text in conclusions.basis:
        yield from label_lines(label, text)
    answer = conclusions.answer
    if conclusions.decision:
        yield from label_lines("Primary", f"{answer.method}. {answer.in_words}")
        yield from label_lines("Decision", conclusions.decision)
    else:
        yield from label_lines("No plan", NO_PLAN)
        yield from label_lines(answer.method, answer.in_words)
    analysis, difference, interval, p, entries = conclusions.heads
    yield from ("", f"{analysis:<16}{'':<13}{difference:>11}{interval:>23}{p:>9}{entries:>9}")
    yield from map(_row, conclusions.rows)
    for sentence in conclusions.remarks:
        yield from ("", *wrap(sentence, "  "))
    yield from (
        "",
        EXPLAINED,
        *(line for name, description in conclusions.methods for line in label_lines(name, description)),
    )


def _row(row: AnalysisRow) -> str:
    analysis = f"  {row.analysis}" if row.is_variant else row.analysis
    first = f"{analysis:<16}{row.role:<13}" if len(analysis) <= 16 else f"{analysis:<29}"
    if row.gap:
        return f"{first}{'':>6}{row.gap}"
    return f"{first}{row.difference:>11}{row.interval:>23}{row.p:>9}{row.entries:>9}"
