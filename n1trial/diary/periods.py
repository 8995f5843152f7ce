"""Days of a period counted from its first, where some of them may have no row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.design.layout import Layout
from n1trial.diary.wording import note


def days_of_periods(
    day: NDArray[np.int64], period: NDArray[np.int64], layout: Layout | None
) -> tuple[NDArray[np.int64], list[str]]:
    """Count days since the first of each day's period; −1 outside periods.

    Parameters
    ----------
    day, period : ndarray of int, shape (row,)
        Sorted by day.
    layout : Layout or None
        The planned calendar, which tells when a period began whose first days have no row.

    Returns
    -------
    day_of_period : ndarray of int, shape (row,)
    notes : list of str
        Periods whose first day is not certain.
    """
    count, notes = np.full(day.shape, -1), []
    for number in np.unique(period[period > 0]):
        rows = np.flatnonzero(period == number)
        begin, before = int(day[rows[0]]), int(day[rows[0] - 1]) if rows[0] else None
        if before is not None and begin - before > 1:
            possible = [start for start in _planned_starts(int(number), layout) if before < start <= begin]
            begin = possible[0] if len(possible) == 1 else begin
            kind = "start_as_planned" if len(possible) == 1 else "start_with_row"
            notes.append(note(kind, period=number, day=begin))
        count[rows] = day[rows] - begin
    return count, notes


def _planned_starts(period: int, layout: Layout | None) -> list[int]:
    """List all days on which a period can begin."""
    if layout is None or layout.is_open_label or period > layout.periods:
        return []
    start = (period - 1) // 2 * layout.cycle_days
    if period % 2 == 1:
        return [start]
    switches = layout.randomization.switches if layout.randomization else (0,)
    return [start + layout.period_days + layout.washout_days + switch for switch in switches]
