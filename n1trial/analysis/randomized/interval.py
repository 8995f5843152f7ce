"""Where one assignment overtakes another as the effect that is tested changes: the estimate and the interval.

An effect θ is tested on the scores y − θ·x, x the observed assignment's. T is linear, so with δ = θ − θ̂, θ̂ the slope,
it comes to r − δ·B under an assignment, r = T(y − θ̂x) and B = T(x), and to −δ·B₀ under the observed one, B ≤ B₀. Hence
an assignment is at or above the observed one from its crossing δ = −r/(B₀ − B) on, and at or below it up to there; one
that is parallel never crosses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from n1trial.analysis.period_means import ratio
from n1trial.analysis.randomized.statistic import TIE, LinearStatistic
from n1trial.arrays import Flags, Floats


@dataclass(frozen=True, eq=False)
class Crossings:
    """The effects at which the assignments listed overtake the observed one, from its slope.

    Attributes
    ----------
    slope : ndarray of float, shape (replicate,)
    crossing : ndarray of float, shape (assignment, replicate)
        Infinite where parallel: on the side on which such an assignment never counts.
    is_parallel, is_same : ndarray of bool, shape (assignment, replicate)
        Whether an assignment never crosses, and whether it is then equal to the observed one.
    """

    slope: Floats
    crossing: Floats
    is_parallel: Flags
    is_same: Flags

    @classmethod
    def of(cls, statistic: LinearStatistic) -> Crossings:
        """Find the crossings of replicates that have a slope; whatever those of the others come to."""
        remainder = statistic.score - statistic.slope * statistic.effect
        is_parallel = statistic.effect >= (1 - TIE) * statistic.own_effect
        is_nil = np.abs(remainder) <= statistic.rounding_error + TIE * np.abs(remainder).max(axis=0)
        crossing = ratio(-remainder, statistic.own_effect - statistic.effect)
        crossing = np.where(is_parallel, -np.copysign(np.inf, remainder), crossing)
        return cls(statistic.slope, crossing, is_parallel, is_parallel & is_nil)

    def first(self, replicates: int) -> Crossings:
        """Return the first replicates alone."""
        rows = {name: array[..., :replicates] for name, array in vars(self).items()}
        return Crossings(**rows)

    def median(self) -> Floats:
        """Return the median of the crossings; the slope where all are parallel. Shape (replicate,)."""
        crossing = np.where(self.is_parallel, np.inf, self.crossing)
        crossed = np.maximum((~self.is_parallel).sum(axis=0), 1)
        middle = np.stack([(crossed - 1) // 2, crossed // 2])
        in_order = np.partition(crossing, np.unique(middle), axis=0)
        median = np.take_along_axis(in_order, middle, axis=0).mean(axis=0)
        return self.slope + np.where(np.isfinite(median), median, 0)

    def interval(self, added: int, level: float) -> tuple[Floats, Floats]:
        """Find the ends of the effects that neither one-sided test rejects.

        Parameters
        ----------
        added : int
            1 where the observed assignment counts on top of those listed, else 0.
        level : float
            Of each test, in (0, 1).

        Returns
        -------
        low, high : ndarray of float, shape (replicate,)
            Infinite where no effect, however large, is rejected.
        """
        listed = len(self.crossing)
        p_values = np.arange(1, listed + added + 1) / (listed + added)
        enough = int(np.searchsorted(p_values, level, side="right")) + 1 - added
        if enough < 1:
            infinite = np.full(self.slope.shape, np.inf)
            return -infinite, infinite
        below, above = (np.where(self.is_same, end, self.crossing) for end in (-np.inf, np.inf))
        return (
            self.slope + np.partition(below, enough - 1, axis=0)[enough - 1],
            self.slope + np.partition(above, listed - enough, axis=0)[listed - enough],
        )
