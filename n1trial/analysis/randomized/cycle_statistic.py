"""The mean cycle difference, with the settled days of each assignment: the randomization test's simple statistic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import Status
from n1trial.analysis.period_means import ROUNDING, ratio, total, zero_unusable
from n1trial.analysis.randomized.reference_set import Own
from n1trial.analysis.randomized.statistic import LinearStatistic, one_cycle, sums_by_cycle
from n1trial.arrays import Floats
from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.schedule import lay_out


class CycleStatistic:
    """The statistic for a list of assignments.

    Cycle k compares the k-th period on the drug with the k-th on control, as `paired` does.

    Parameters
    ----------
    layout : Layout
        A crossover.
    listed : Assignment
        The assignments, as replicates.
    discard_days : int
        Settling-in days left out at the start of every period of every assignment.
    minimum_days : int
        Entries that a period needs to count; a cycle that has lost a period is left out.
    """

    run_in_days = 0

    def __init__(self, layout: Layout, assignments: Assignment, discard_days: int, minimum_days: int) -> None:
        self._switches = np.unique(assignments.shift)
        self._minimum_days = max(minimum_days, 1)
        size = self._switches.size
        any_order = np.repeat([[True], [False]], size, axis=1)
        schedule = lay_out(one_cycle(layout), Assignment(any_order, self._switches[np.newaxis]))
        is_settled = schedule.day_of_period >= discard_days
        halves = [np.broadcast_to((schedule.period == half) & is_settled, (schedule.day.size, size)) for half in (1, 2)]
        washout = np.zeros((layout.washout_days, 2 * size))
        self._settled = np.concatenate([np.concatenate(halves, axis=1), washout]).T.copy()
        self._listed = self._rows(assignments)

    def unit_effect(self, own: Own) -> Floats:
        """Return the treatment, 1 on the drug."""
        return own.on_drug.astype(np.float64)

    def compare(self, score: Floats, unit_effect: Floats, own: Own) -> LinearStatistic:
        """Compute it; see `Statistic`."""
        is_written = ~np.isnan(score)
        written, scores = is_written.astype(np.float64), zero_unusable(score, is_written)
        days = self._sums(written)
        counts = days >= self._minimum_days
        means = np.stack([self._sums(scores), self._sums(written * unit_effect)]) / np.maximum(days, 1)

        listed_score, listed_effect = _mean_difference(means, counts, self._listed)

        rows, replicate = self._rows(own.assignment), np.arange(score.shape[1])
        is_pair, own_means = counts[rows, replicate].all(axis=0), means[0][rows, replicate]
        pairs = is_pair.sum(axis=0)
        difference = is_pair * (own_means[0] - own_means[1])
        estimate = ratio(total(difference), pairs)
        variance = ratio(total(is_pair * (difference - estimate) ** 2), pairs - 1)
        rounding = ROUNDING * np.abs(scores).max(axis=0)
        status = np.select(
            [pairs < 2, variance <= rounding**2], [Status.TOO_FEW_CYCLES, Status.NO_VARIATION], Status.OK
        )
        return LinearStatistic(
            score=listed_score,
            effect=listed_effect,
            own_score=np.where(pairs > 0, estimate, 0),
            own_effect=np.where(pairs > 0, 1.0, 0.0),
            standard_error=np.sqrt(ratio(variance, pairs)),
            rounding_error=rounding,
            status=status.astype(np.int8),
            n=(is_pair * days[rows, replicate].sum(axis=0)).sum(axis=0).astype(np.int64),
        )

    def _sums(self, values: Floats) -> Floats:
        """Sum over settled days, by period and switch: a row for each switch of every period, periods outermost."""
        sums = sums_by_cycle(self._settled, values)
        return sums.reshape(-1, values.shape[1])

    def _rows(self, assignment: Assignment) -> NDArray[np.intp]:
        """Return the rows of `_sums` that each cycle compares: (drug or control, cycle, assignment)."""
        cycles = len(assignment.shift)
        # The periods on the drug in their order, then those on control.
        period = np.argsort(~assignment.order, axis=0, kind="stable")
        switch = np.searchsorted(self._switches, assignment.shift)
        row = period * self._switches.size + np.take_along_axis(switch, period // 2, axis=0)
        return row.reshape(2, cycles, -1)


def _mean_difference(means: Floats, counts: NDArray[np.bool_], rows: NDArray[np.intp]) -> Floats:
    """Average drug minus control over the cycles of which both periods count, 0 without any.

    Of means (quantity, row, replicate) and rows (drug or control, cycle, assignment), of shape (quantity, assignment,
    replicate).
    """
    difference: Floats = np.zeros((len(means), rows.shape[2], means.shape[2]))
    pairs = np.zeros(difference.shape[1:])
    for drug, control in zip(*rows, strict=True):
        is_pair = np.take(counts, drug, axis=0) & np.take(counts, control, axis=0)
        difference += is_pair * (np.take(means, drug, axis=1) - np.take(means, control, axis=1))
        pairs += is_pair
    return difference / np.maximum(pairs, 1)
