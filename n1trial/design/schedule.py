"""An assignment on the calendar: which treatment, period and cycle each day holds."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout


@dataclass(frozen=True, eq=False, repr=False)
class Schedule:
    """Treatment of each day; of one patient or of a batch of replicates.

    Arrays are day first and replicate last; where all replicates share a calendar the last axis of `period`,
    `cycle` and `day_of_period` may be 1.

    Attributes
    ----------
    day : ndarray of int, shape (day,)
        0 is the first blinded day; the run-in is negative.
    period : ndarray of int8, shape (day, replicate or 1)
        From 1; 0 in run-in and washouts.
    cycle : ndarray of int8, shape (day, replicate or 1)
        From 1; 0 in run-in and washouts. In schemes whose cycles need not hold both treatments, cycle k is the
        k-th period on the drug and the k-th on control.
    treatment : ndarray of int8, shape (day, replicate or 1)
        1 on the drug, 0 on control (washouts and run-in included).
    day_of_period : ndarray of int16, shape (day, replicate or 1)
        Days since the first of the period, from 0; −1 outside periods.

    Examples
    --------
    >>> import numpy as np
    >>> from n1trial.design.schedule import lay_out
    >>> import n1trial
    >>> layout, rng = n1trial.load_scenario("minimal").layout(), np.random.default_rng(1)
    >>> lay_out(layout, layout.randomization.draw(rng, rng, 1))
    <Schedule of 1 patient: 350 days, 6 periods>
    """

    day: NDArray[np.int64]
    period: NDArray[np.int8]
    cycle: NDArray[np.int8]
    treatment: NDArray[np.int8]
    day_of_period: NDArray[np.int16]

    def __repr__(self) -> str:
        replicates = self.treatment.shape[1]
        whose = "1 patient" if replicates == 1 else f"{replicates:,} patients"
        return f"<Schedule of {whose}: {self.day.size} days, {int(self.period.max(initial=0))} periods>"

    def _repr_html_(self) -> str:
        """Show the periods of the first patient, without their treatments: whoever looks may be blinded."""
        import pandas as pd

        rows = pd.DataFrame({"period": self.period[:, 0], "cycle": self.cycle[:, 0], "day": self.day})
        periods = rows[rows.period > 0].groupby(["period", "cycle"]).day.agg(["min", "max", "size"]).reset_index()
        table = periods.set_axis(["period", "cycle", "first day", "last day", "days"], axis=1).to_html(index=False)
        return f"<p>{escape(repr(self))}</p><p>Periods of the first patient:</p>{table}"


def lay_out(layout: Layout, assignment: Assignment | None) -> Schedule:
    """Put an assignment on the calendar of a layout.

    Parameters
    ----------
    layout : Layout
        The calendar.
    assignment : Assignment or None
        Order and switches of each replicate; None for the open-label layout.

    Returns
    -------
    Schedule
        With as many replicates as the assignment has.
    """
    day = layout.days
    if assignment is None:
        treated = (day >= 0)[:, np.newaxis]
        first = treated.astype(np.int8)
        count = np.where(treated, day[:, np.newaxis], -1).astype(np.int16)
        return Schedule(day, first, first, first, count)

    replicates = assignment.order.shape[1]
    shared = 1 if not assignment.shift.any() else replicates
    period = np.zeros((len(day), shared), dtype=np.int8)
    day_of_period = np.full((len(day), shared), -1, dtype=np.int16)
    treatment = np.zeros((len(day), replicates), dtype=np.int8)

    shifts, inverse = np.unique(assignment.shift[:, :shared], return_inverse=True)
    which = inverse.reshape(layout.cycles, shared)
    is_first, is_second, count = _cycle_template(layout, shifts)
    for cycle in range(layout.cycles):
        start = layout.run_in_days + cycle * layout.cycle_days
        rows = slice(start, start + len(count))
        in_first, in_second = is_first[:, which[cycle]], is_second[:, which[cycle]]
        period[rows] = in_first * np.int8(2 * cycle + 1) + in_second * np.int8(2 * cycle + 2)
        day_of_period[rows] = count[:, which[cycle]]
        treatment[rows] = (in_first & assignment.order[2 * cycle]) | (in_second & assignment.order[2 * cycle + 1])
    return Schedule(day, period, _cycles(layout, assignment.order, period), treatment, day_of_period)


def _cycle_template(
    layout: Layout, shifts: NDArray[np.int16]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int16]]:
    """Whether each day of a cycle is in its first and in its second period, and days since that began.

    Arrays of shape (day of cycle, shift), for every shift of the switch in use.
    """
    position = np.arange(2 * layout.period_days + layout.washout_days, dtype=np.int16)[:, np.newaxis]
    switch = np.int16(layout.period_days) + shifts
    second_start = switch + np.int16(layout.washout_days)
    is_first, is_second = position < switch, position >= second_start
    count = np.where(is_first, position, np.where(is_second, position - second_start, np.int16(-1)))
    return is_first, is_second, count


def period_spans(layout: Layout, assignment: Assignment) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first day and length of every period.

    Parameters
    ----------
    layout : Layout
        A crossover.
    assignment : Assignment
        Its switches move the end of each cycle's first period.

    Returns
    -------
    start, length : ndarray of int, shape (period, replicate)
        In days; day 0 is the first blinded day.
    """
    shift = assignment.shift.astype(np.int64)
    length = np.repeat(shift, 2, axis=0)
    length[1::2] *= -1
    length += layout.period_days
    start = np.repeat(np.arange(layout.cycles)[:, np.newaxis] * layout.cycle_days, 2, axis=0)
    start = np.broadcast_to(start, length.shape).copy()
    start[1::2] += length[::2] + layout.washout_days
    return start, length


def _of_period(values: NDArray[np.int8], period: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the value of each day's period, given one per (period, replicate); 0 outside periods."""
    padded = np.vstack([np.zeros((1, values.shape[1]), dtype=np.int8), values])
    if period.shape[1] == 1:
        return padded[period[:, 0]]
    return np.take_along_axis(padded, period.astype(np.intp), axis=0)


def _cycles(layout: Layout, order: NDArray[np.bool_], period: NDArray[np.int8]) -> NDArray[np.int8]:
    """Number the cycle of each day: by the calendar, or by counting each treatment's periods."""
    if layout.randomization is None or layout.randomization.holds_both:
        return ((period + 1) // 2).astype(np.int8)
    rank = np.where(order, np.cumsum(order, axis=0), np.cumsum(~order, axis=0)).astype(np.int8)
    return _of_period(rank, period)
