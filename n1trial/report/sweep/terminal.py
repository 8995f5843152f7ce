"""What a sweep found, on the terminal: a table of combinations for readers, and which of them to look at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from n1trial.evaluation.verdict import FLAG_FACTOR, LIKELY, is_inflated
from n1trial.report.lines import table, wrap
from n1trial.report.rates import cell, in_100
from n1trial.report.sweep.pictures import has_planned
from n1trial.report.sweep.words import axes_in_words, value_in_words
from n1trial.report.verdict import HEADLINES
from n1trial.report.words import control_in_words, count_of, drug_in_words, effect_in_words, nothing_in_words, weeks
from n1trial.scenario.file.grid import Grid
from n1trial.study.sweep.combination import Point

MOST_ROWS = 24
"""Combinations up to which all are shown."""
BEST_ROWS = 12
"""Of more combinations, so many of those that show most."""
FLAG = "!"
ASSUMPTIONS = {
    "treatment.onset_days": "analysis.assumed_onset_days",
    "treatment.offset_days": "analysis.assumed_offset_days",
}
"""Numbers of the drug by which an analysis can go, and what it assumes of them."""


def sweep_answer(grid: Grid, points: Sequence[Point]) -> str:
    """Say what a sweep found, for a clinician.

    Parameters
    ----------
    grid : Grid
    points : sequence of Point
        In the order of the grid.

    Returns
    -------
    str
        Lines, ending with a newline.
    """
    base = grid.base
    worthwhile = base.plan().benefit_sign * base.plan().mcid
    versus = f" or {base.control.name}" if base.design.layout == "crossover" else ", openly"
    lines = wrap(f"{drug_in_words(base)}{versus}: {axes_in_words(grid.axes)}", then="  ")
    lines += wrap(
        f"{count_of(len(points), 'combination')}, {count_of(base.simulation.replicates, 'simulated trial')} of each if"
        f" the drug {effect_in_words(worthwhile, base.outcome.unit)}, as many if it {nothing_in_words(base)}."
        " Of 100 trials:",
        then="  ",
    )
    shown = list(points) if len(points) <= MOST_ROWS else _by_power(points)[:BEST_ROWS]
    lines += ["", *_table(grid, shown), ""]
    if len(shown) < len(points):
        lines += wrap(f"These {len(shown)} of {len(points):,} show most; the others are in the table.", then="  ")
    for sentence in _sentences(grid, points):
        lines += wrap(sentence, then="  ")
    return "\n".join(lines) + "\n"


def _table(grid: Grid, points: Sequence[Point]) -> list[str]:
    """Write a row a combination."""
    planned = has_planned(points)
    control = control_in_words(grid.base)
    heading = [*_short_keys(grid), "weeks", f"on {control}", "shown", *(["as planned"] if planned else []),
               "false alarms", "right: effect/none", "verdict"]  # fmt: skip
    return table([heading, *([*_row(point, planned)] for point in points)], left={len(heading) - 1})


def _row(point: Point, is_plan: bool) -> Iterator[str]:
    yield from (value_in_words(value) for value in point.values)
    least, most = point.weeks_on_control
    yield f"{point.weeks:.3g}"
    yield f"{most:.3g}" if least == most else f"{least:.3g}-{most:.3g}"
    yield cell(point.power)
    if is_plan:
        yield cell(point.power_planned)
    yield f"{cell(point.type_1)}{FLAG if _is_flagged(point) else ''}"
    yield f"{cell(point.right)}/{cell(point.right_null)}"
    yield HEADLINES[point.answer]


def _sentences(grid: Grid, points: Sequence[Point]) -> Iterator[str]:
    sound = [point for point in points if point.answer != "misleading"]
    if not sound:
        yield (
            f"{HEADLINES['misleading']}, whatever the values: every combination gives false alarms, or has no control."
        )
    else:
        best = _by_power(sound)[0]
        yield f"Shows most: {_named(grid, best)}, {weeks(best.weeks)}: shown in {_sure(best)} trials."
        good = [point for point in sound if point.answer == "likely"]
        if good:
            short = min(good, key=lambda point: (point.weeks, -(point.power.value or 0.0)))
            yield (
                f"The shortest with a good chance of a clear answer ({in_100(LIKELY)} or more): {_named(grid, short)},"
                f" {weeks(short.weeks)}: shown in {_sure(short)} trials."
            )
        else:
            yield f"None has a good chance of a clear answer ({in_100(LIKELY)} trials or more)."
        if len(sound) < len(points):
            yield f"{HEADLINES['misleading']}: {count_of(len(points) - len(sound), 'combination')} of {len(points):,}."
    if any(map(_is_flagged, points)):
        yield f"{FLAG} false alarms are more frequent than was asked for, beyond chance."
    apart = max((2 * math.sqrt(2) * 100 * (point.power.mcse or 0.0) for point in points), default=0.0)
    yield f"Combinations that are fewer than {math.ceil(apart)} of 100 apart may differ by chance alone."
    if grid.left_out:
        yield f"Left out, since they break a rule of the scenario: {count_of(len(grid.left_out), 'combination')}."
    for remark in grid.idle:
        yield f"{remark.place} {remark.rule}."
    yield from _assumptions(grid)


def _assumptions(grid: Grid) -> Iterator[str]:
    """Say of a time course that is varied whether the analysis knows it."""
    if not grid.base.plan().is_course_assumed:
        return
    varied = {axis.key for axis in grid.axes}
    for key, setting in ASSUMPTIONS.items():
        if key not in varied or setting in varied:
            continue
        assumed = grid.base.value(setting)
        if assumed is None:
            yield f"Each analysis is planned on the {key} of its combination; with {setting} it would assume another."
        else:
            yield f"Each analysis goes on assuming {assumed:g} ({setting}), whatever {key} is."


def _named(grid: Grid, point: Point) -> str:
    return ", ".join(
        f"{axis.key} = {value_in_words(value)}" for axis, value in zip(grid.axes, point.values, strict=True)
    )


def _sure(point: Point) -> str:
    return f"{in_100(point.power.value)} (give or take {max(1, math.ceil(200 * (point.power.mcse or 0.0)))})"


def _by_power(points: Sequence[Point]) -> list[Point]:
    """Sort those that can be relied on first, then those that show most; of equal ones the shorter."""
    return sorted(points, key=lambda one: (one.answer == "misleading", -(one.power.value or 0.0), one.weeks))


def _short_keys(grid: Grid) -> list[str]:
    """Return keys without their sections where that is clear."""
    last = [axis.key.rpartition(".")[2] for axis in grid.axes]
    return [axis.key if last.count(name) > 1 else name for axis, name in zip(grid.axes, last, strict=True)]


def _is_flagged(point: Point) -> bool:
    return is_inflated(point.type_1, point.alpha, FLAG_FACTOR)
