"""Rows of a diary file put on the calendar: do days, periods, cycles and treatments go together?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from n1trial.arrays import Floats
from n1trial.design.layout import Layout
from n1trial.diary.file.sheet import Sheet
from n1trial.diary.wording import note

LONGEST_GAP_DAYS = 120
"""Most days that a diary may be without a row: beyond, a date was mistyped."""


@dataclass(eq=False)
class CalendarRows:
    """Day, period, cycle and treatment of each row, NaN where not known; each of shape (row,)."""

    day: Floats
    period: Floats
    cycle: Floats
    treatment: Floats


def day_numbers(sheet: Sheet, day: Floats | None, date: Floats | None, period: Floats) -> Floats:
    """Number the rows by their days.

    Parameters
    ----------
    sheet : Sheet
        Takes the faults: days or dates that are empty, given twice, or do not agree.
    day, date : ndarray of float, shape (row,), or None
        As the file has them; dates counted from an arbitrary day. One of them must be there.
    period : ndarray of float, shape (row,)
        Days are counted from the first row of a period where there are dates alone.

    Returns
    -------
    ndarray of float, shape (row,)
    """
    if day is None:
        assert date is not None
        refuse_empty(sheet, "date")
        blinded = date[(period > 0) & np.isfinite(date)]
        numbers = date - (blinded.min() if blinded.size else 0)
    else:
        numbers = day
        refuse_empty(sheet, "day")
        if date is not None:
            _refuse_disagreement(sheet, day, date)
    refuse_twice(sheet, numbers, by_date=day is None)
    return numbers


def refuse_twice(sheet: Sheet, numbers: Floats, *, by_date: bool) -> None:
    """Find days that are there twice, told by their dates or by their numbers."""
    first_row: dict[float, int] = {}
    for row in np.flatnonzero(np.isfinite(numbers)):
        earlier = first_row.setdefault(numbers[row], int(row))
        if earlier != row:
            line, first = sheet.line[row], sheet.line[earlier]
            if by_date:
                sheet.fault(line, "date_twice", "date", cell=sheet.columns["date"][row], line=first)
            else:
                sheet.fault(line, "day_twice", day=numbers[row], line=first)


def check_periods(sheet: Sheet, rows: CalendarRows) -> None:
    """Find rows whose period, cycle and treatment do not go together.

    Parameters
    ----------
    sheet : Sheet
        Takes the faults.
    rows : CalendarRows
        In any order; those without a day are left out, if others have one.
    """
    is_placed = np.isfinite(rows.day) | ~np.isfinite(rows.day).any()
    order = np.argsort(rows.day, kind="stable")
    first: dict[float, int] = {}
    told: set[tuple[str, float]] = set()
    newest = 0.0
    for row in order[is_placed[order] & np.isfinite(rows.period[order])]:
        period = rows.period[row]
        _check_presence(sheet, rows, row)
        if period == 0:
            continue
        found = _changes(sheet, rows, first.setdefault(period, int(row)), row)
        if period < newest:
            found["period"] = ("period_order", {"period": period, "newest": newest})
        newest = max(newest, period)
        for name in sorted(found.keys() - {name for name, of in told if of == period}):
            kind, facts = found[name]
            sheet.fault(sheet.line[row], kind, name, **facts)
            told.add((name, period))


def _check_presence(sheet: Sheet, rows: CalendarRows, row: int) -> None:
    """Find cycle and treatment outside a period, and a period without."""
    line, period = sheet.line[row], rows.period[row]
    for name, value in (("cycle", rows.cycle[row]), ("treatment", rows.treatment[row])):
        if period == 0 and value > 0:
            sheet.fault(line, "outside_periods", name, value=value)
        elif period > 0 and (not sheet.columns[name][row] or (name == "cycle" and value == 0)):
            sheet.fault(line, "within_period", name, period=period)


def _changes(sheet: Sheet, rows: CalendarRows, start: int, row: int) -> dict[str, tuple[str, dict[str, object]]]:
    """Find what differs from the first row of the period."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    for name, values in (("cycle", rows.cycle), ("treatment", rows.treatment)):
        was, here = sheet.columns[name][start], sheet.columns[name][row]
        if was and here and np.isfinite(values[[start, row]]).all() and values[start] != values[row]:
            facts = {"period": rows.period[row], "was": was, "line": sheet.line[start], "here": here}
            found[name] = ("changes", facts)
    return found


def from_first_blinded_day(rows: CalendarRows, layout: Layout | None) -> tuple[Floats, str | None]:
    """Count days from the first blinded day, where the file plainly does not.

    Parameters
    ----------
    rows : CalendarRows
        Sorted by day, without fault.
    layout : Layout or None
        The planned calendar, if known: days are then counted otherwise if cycles all begin later by as much.

    Returns
    -------
    day : ndarray of float, shape (row,)
    note : str or None
        What was changed.
    """
    day, is_blinded = rows.day, rows.period > 0
    if not is_blinded.any():
        return day, None
    first = day[is_blinded][0]
    offset = 0.0
    if layout is not None and not layout.is_open_label:
        late = {
            period: day[rows.period == period][0] - (period - 1) // 2 * layout.cycle_days
            for period in np.unique(rows.period[is_blinded])
            if period % 2 == 1
        }
        # One late period is a late period, or lacks its first rows; all are late where days are counted otherwise.
        if list(late.values()).count(late.get(1)) > 1 or list(late) == [1]:
            offset = late[1]
    elif first < 0 or (~is_blinded & (day >= 0) & (day < first)).any():
        offset = first
    if offset == 0:
        return day, None
    return day - offset, note("day_0", day=offset)


def refuse_empty(sheet: Sheet, name: str) -> None:
    """Find rows that lack what every row must have."""
    for line, cell in zip(sheet.line, sheet.columns[name], strict=True):
        if not cell:
            sheet.fault(line, "empty", name)


def _refuse_disagreement(sheet: Sheet, day: Floats, date: Floats) -> None:
    """Find rows whose date is not as far from their day number as in most rows."""
    distance = date - day
    known = distance[np.isfinite(distance)]
    if not known.size:
        return
    values, counts = np.unique(known, return_counts=True)
    usual = values[counts.argmax()]
    for row in np.flatnonzero(np.isfinite(distance) & (distance != usual)):
        cell = sheet.columns["date"][row]
        sheet.fault(sheet.line[row], "disagrees", "date", cell=cell, day=day[row], usual=date[row] - usual)


def refuse_long_gaps(sheet: Sheet, numbers: Floats) -> None:
    """Find rows so long after the one before that a date must be wrong."""
    name = "day" if "day" in sheet.columns else "date"
    rows = np.flatnonzero(np.isfinite(numbers))
    rows = rows[np.argsort(numbers[rows], kind="stable")]
    for before, row in pairwise(rows):
        gap = numbers[row] - numbers[before]
        if gap > LONGEST_GAP_DAYS:
            facts = {"cell": sheet.columns[name][row], "days": gap, "line": sheet.line[before]}
            sheet.fault(sheet.line[row], "long_gap", name, most=LONGEST_GAP_DAYS, **facts)
