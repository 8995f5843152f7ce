"""Dates of a diary file, whichever way round they are written, and how far they are behind its day numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.file.sheet import Sheet

YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[ T]00:00(?::00)?)?")
LONG_ENOUGH = 7
"""Rows in a row that a shift of the dates must hold to be meant so."""
FARTHEST = 180
"""Days that a diary can be kept before or after its plan; beyond it is the year that is wrong."""

Reading = Callable[[str], int | None]
"""Day number of a date, counted by `date.toordinal`; None for what is none."""


def dates(sheet: Sheet, day: Floats | None) -> Floats:
    """Read the column of dates.

    Dates with the year last may have the day or the month first. That is settled by a date which only one of them
    allows, else by agreement with the day numbers, else by which of them makes most rows follow day by day;
    if none of these tells it is a fault.

    Parameters
    ----------
    sheet : Sheet
        Must have a column date.
    day : ndarray of float, shape (row,), or None
        Day numbers, where the file has them.

    Returns
    -------
    ndarray of float, shape (row,)
        Day numbers counted from an arbitrary day; NaN where a cell is empty or at fault.
    """
    cells = sheet.columns["date"]
    readings: dict[str, Reading] = {"day": _day_first, "month": _month_first}
    is_date = [not cell or any(reading(cell) is not None for reading in readings.values()) for cell in cells]
    for row, cell in enumerate(cells):
        if not is_date[row]:
            sheet.fault(sheet.line[row], "number_of_date" if cell.isdecimal() else "no_date", "date", cell=cell)
    valid = [cell if is_date[row] else "" for row, cell in enumerate(cells)]
    values = {first: _read(valid, reading) for first, reading in readings.items()}
    if np.array_equal(values["day"], values["month"], equal_nan=True):
        return values["day"]
    possible = {first: found for first, found in values.items() if _is_whole(found, valid)}
    for told_by in (_agrees, _is_daily):
        if len(possible) == 2:
            possible = {first: found for first, found in possible.items() if told_by(found, day)} or possible
    if len(possible) == 1:
        (first,) = possible
        sheet.note("first_part", first=first)
        return possible[first]
    if possible:
        row = next(row for row, cell in enumerate(valid) if cell and YEAR_LAST.fullmatch(cell))
        sheet.fault(sheet.line[row], "either_first", "date", cell=valid[row])
    else:
        other, row = sorted(int(np.flatnonzero(np.isfinite(found))[0]) for found in _only(values))
        facts = {"cell": valid[row], "other": valid[other], "line": sheet.line[other]}
        sheet.fault(sheet.line[row], "mixed_dates", "date", **facts)
    return np.full(len(cells), np.nan)


def dates_behind(sheet: Sheet, day: Floats, date: Floats, day_zero: int | None) -> Floats:
    """Count by how many days each row was written after its planned date.

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
            cell, usual = sheet.columns["date"][row], date[row] - level
            sheet.fault(sheet.line[row], "disagrees", "date", cell=cell, day=day[row], usual=usual)
    start = levels[0] if day_zero is None else day_zero
    behind[rows] = distance[rows] - start
    farthest = int(np.argmax(np.abs(levels - start)))
    if abs(levels[farthest] - start) > FARTHEST:
        row, days = rows[farthest], levels[farthest] - start
        kind, cell = "far_after" if days > 0 else "far_before", sheet.columns["date"][row]
        sheet.fault(sheet.line[row], kind, "date", cell=cell, days=abs(days))
    return behind


def _read(cells: list[str], reader: Reading) -> Floats:
    found = [reader(cell) for cell in cells]
    return np.array([np.nan if number is None else number for number in found], dtype=np.float64)


def _is_whole(values: Floats, cells: list[str]) -> bool:
    """Whether every date of the cells was read."""
    return bool((np.isfinite(values) == np.array([cell != "" for cell in cells])).all())


def _only(values: dict[str, Floats]) -> list[Floats]:
    """Return dates that only the one reading allows, and those that only the other does."""
    first, second = values.values()
    return [np.where(np.isnan(second), first, np.nan), np.where(np.isnan(first), second, np.nan)]


def _agrees(values: Floats, day: Floats | None) -> bool:
    """Whether all dates are equally far from their day numbers."""
    if day is None:
        return True
    distance = values - day
    distance = distance[np.isfinite(distance)]
    return bool((distance == distance[:1]).all())


def _is_daily(values: Floats, day: Floats | None) -> bool:  # noqa: ARG001
    """Whether most rows are a day after the one before."""
    return bool(np.mean(np.diff(values[np.isfinite(values)]) == 1) > 0.5) if np.isfinite(values).sum() > 1 else False


def _day_first(cell: str) -> int | None:
    return _ordinal(cell, day_first=True)


def _month_first(cell: str) -> int | None:
    return _ordinal(cell, day_first=False)


def _ordinal(cell: str, day_first: bool) -> int | None:
    if found := YEAR_FIRST.fullmatch(cell):
        year, month, day = (int(found[part]) for part in (1, 3, 4))
    elif found := YEAR_LAST.fullmatch(cell):
        first, second, year = (int(found[part]) for part in (1, 3, 4))
        if found[2] == "." and not day_first:
            return None  # dates with points have the day first everywhere
        day, month = (first, second) if day_first else (second, first)
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def _levels(distance: Floats) -> NDArray[np.float64]:
    """Find the distance of date and day that each row should have: with the fewest rows at fault, never falling.

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
