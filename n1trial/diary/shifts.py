"""Dates of a returned diary against its day numbers: a late start and a pause move them, a slip of the pen does too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.sheet import Sheet

LONG_ENOUGH = 7
"""Rows in a row that a shift of the dates must hold to be meant so."""
FARTHEST = 180
"""Days that a diary can be kept before or after its plan; beyond it is the year that is wrong."""


def dates_behind(sheet: Sheet, day: Floats, date: Floats, day_zero: int | None) -> Floats:
    """By how many days each row was written after its planned date.

    Parameters
    ----------
    sheet : Sheet
        Takes the faults: dates that do not agree with the day numbers of the rows about them.
    day, date : ndarray of float, shape (row,)
        Day numbers; dates counted as `datetime.date.toordinal` does.
    day_zero : int or None
        Planned date of day 0, likewise; None where it is not known: the first rows are then taken to be in time.

    Returns
    -------
    ndarray of float, shape (row,)
        NaN where there is no date. It rises where the diary paused.
    """
    behind = np.full(day.shape, np.nan)
    order = np.argsort(day, kind="stable")
    rows = order[np.isfinite((date - day)[order])]
    if not rows.size:
        return behind
    distance = (date - day).astype(np.float64)
    levels = _levels(distance[rows])
    for row, level in zip(rows, levels, strict=True):
        if distance[row] != level:
            told = f"date: {sheet.columns['date'][row]} does not agree with day {day[row]:.0f}"
            sheet.fault(sheet.line[row], f"{told}: by the other rows it is day {date[row] - level:.0f}")
    start = levels[0] if day_zero is None else day_zero
    behind[rows] = distance[rows] - start
    farthest = int(np.argmax(np.abs(levels - start)))
    if abs(levels[farthest] - start) > FARTHEST:
        row, days = rows[farthest], levels[farthest] - start
        where = f"{abs(days):.0f} days {'after' if days > 0 else 'before'} its planned date"
        sheet.fault(sheet.line[row], f"date: {sheet.columns['date'][row]} is {where}; is the year right?")
    return behind


def _levels(distance: Floats) -> NDArray[np.float64]:
    """Distance of date and day that each row should have: with the fewest rows at fault, never falling.

    A rise, which is a pause, counts as much as `LONG_ENOUGH` − 1 rows at fault.
    """
    values = np.unique(distance)
    every = np.arange(len(values))
    came_from = np.empty((len(distance), len(values)), dtype=np.intp)
    faults = np.zeros(len(values))
    for row, found in enumerate(distance):
        least = np.minimum.accumulate(faults)
        # The place of the least so far, of several the last.
        lowest = np.maximum.accumulate(np.where(faults <= least, every, 0))
        rises = least + LONG_ENOUGH - 1 < faults
        came_from[row] = np.where(rises, lowest, every)
        faults = np.where(rises, least + LONG_ENOUGH - 1, faults) + (values != found)
    place = int(faults.argmin())
    levels = np.empty(len(distance))
    for row in range(len(distance) - 1, -1, -1):
        levels[row] = values[place]
        place = int(came_from[row, place])
    return levels
