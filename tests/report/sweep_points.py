"""Points of a sweep as a test would have them, without simulating any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from n1trial.evaluation.characteristics import rate
from n1trial.evaluation.verdict import Facts, judge
from n1trial.scenario.file.grid import Changes, Grid, read_grid
from n1trial.study.sweep.combination import Point

TRIALS = 10_000


def grid_of(*varied: str, source: str = "fast-drug-2-week", skip_invalid: bool = False) -> Grid:
    pairs = [(key, text) for key, _, text in (one.partition("=") for one in varied)]
    return read_grid(source, pairs, {}, skip_invalid=skip_invalid)


def point(values: tuple[object, ...], power: float = 0.6, type_1: float = 0.05, **others: Any) -> Point:
    detect, false = rate(round(power * TRIALS), TRIALS), rate(round(type_1 * TRIALS), TRIALS)
    shown = {
        "power_planned": detect, "right": detect, "right_null": rate(TRIALS - round(type_1 * TRIALS), TRIALS),
        "alpha": 0.05, "weeks": 20.0, "weeks_on_control": (9.0, 9.0),
    }  # fmt: skip
    answer = judge(Facts(detect, false, 0.05, True, (), None, {})).answer
    return Point(values=values, answer=answer, power=detect, type_1=false, **{**shown, **others})


def points_of(grid: Grid, make: Callable[[Changes], dict[str, Any]]) -> list[Point]:
    """A point for each combination, of what `make` gives for its values."""
    return [point(tuple(changes.values()), **make(changes)) for changes, _ in grid]
