"""One simulated patient's trial as files: the events, the diary as a patient would have kept it, and its picture."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from n1trial import __version__
from n1trial.files.folders import replace_folder
from n1trial.files.write import write_table
from n1trial.report.plot.diary import draw_diary, save
from n1trial.report.trace.terminal import WEEKDAYS, week_of
from n1trial.scenario.file.write import write_resolved
from n1trial.simulation.life import Life
from n1trial.simulation.story import Event

MARK = "trace.json"
"""File by which a folder with a trace is known."""


def save_trace(life: Life, events: Sequence[Event], folder: Path) -> Path:
    """Write scenario, provenance, events, diary and picture of a simulated patient, whole or not at all.

    Parameters
    ----------
    life : Life
    events : sequence of Event
        The story of that life.
    folder : Path
        A folder that does not exist, is empty or holds an earlier trace; that is replaced.

    Raises
    ------
    InputError
        If the folder holds something else.
    RunError
        If it cannot be written.
    """

    def write(fresh: Path) -> None:
        (fresh / "scenario.toml").write_text(write_resolved(life.scenario), encoding="utf-8")
        (fresh / MARK).write_text(json.dumps(_provenance(life), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        write_table(fresh / "events.csv", ("day", "weekday", "week", "what", "text"), _event_rows(events))
        write_table(fresh / "diary.csv", diary_columns(life), diary_rows(life))
        save(draw_diary(life), fresh / "diary")

    return replace_folder(folder, write, MARK)


def _provenance(life: Life) -> dict[str, object]:
    return {
        "scenario": life.scenario.name,
        "seed": life.seed,
        "replicate": life.replicate,
        "version": __version__,
        "effect": life.effect,
        "placebo_response": life.placebo_response,
        "dropout_day": life.dropout_day,
    }


def _event_rows(events: Iterable[Event]) -> Iterable[Sequence[object]]:
    return ((event.day, WEEKDAYS[event.day % 7], week_of(event.day), event.kind, event.text) for event in events)


def diary_columns(life: Life) -> tuple[str, ...]:
    """Name the columns of the diary file."""
    return ("day", "period", "cycle", "treatment", "score", "doses_taken", *life.secondary, *life.diary.columns)


def diary_rows(life: Life) -> Iterable[Sequence[object]]:
    """Yield one row a planned day; cells are empty where nothing was due or nothing is recorded."""
    others = [dict(zip(days.tolist(), scores.tolist(), strict=True)) for days, scores in life.secondary.values()]
    steps = [life.scenario.outcome.step, *(outcome.step for outcome in life.scenario.secondary)]
    is_kept = life.is_due & life.is_recorded
    for index, day in enumerate(life.day.tolist()):
        calendar = (day, int(life.period[index]), int(life.cycle[index]), int(life.treatment[index]))
        scores = [float(life.score[index]), *(other.get(day, np.nan) for other in others)]
        written = [_score(score, step) for score, step in zip(scores, steps, strict=True)]
        doses = str(int(life.is_taken[index])) if is_kept[index] else ""
        boxes = (values[index, 0] for values in life.diary.columns.values())
        yield (*calendar, written[0], doses, *written[1:], *("" if np.isnan(box) else f"{box:.0f}" for box in boxes))


def _score(score: float, step: float) -> str:
    """Write a score as a patient would; empty where there is none."""
    if math.isnan(score):
        return ""
    return f"{score:.10g}" if step > 0 else repr(score)
