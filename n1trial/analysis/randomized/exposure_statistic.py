"""The exposure that each assignment predicts, held against the scores: the randomization test's usual statistic.

T(a) = x̃ₐᵀy/√(x̃ₐᵀx̃ₐ), x̃ₐ the predicted exposure without its mean and trend over the written days. Within a cycle
exposure is b + s·r: what builds up from none, and what remains of the exposure s on the eve of the cycle. As b and r
are alike in all cycles of a kind, a diary enters by sums over the days of each cycle and kind, not by assignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import Status
from n1trial.analysis.period_means import ROUNDING, ratio, total, zero_unusable
from n1trial.analysis.randomized.reference_set import Own
from n1trial.analysis.randomized.statistic import LinearStatistic, cycle_kinds, sums_by_cycle
from n1trial.arrays import Floats, Integers
from n1trial.design.layout import Layout
from n1trial.design.randomization import Assignment
from n1trial.exposure import course, step_share

INDISTINCT = 1e-10
"""An exposure of which mean and trend leave no more than this share tells nothing apart."""

ALONE = 1e-9
"""Where fitting the estimate leaves no more than this, all other assignments are mirror images of the observed one."""


class ExposureStatistic:
    """The statistic for a list of assignments.

    Parameters
    ----------
    layout : Layout
        A crossover.
    listed : Assignment
        The assignments, as replicates.
    onset_days, offset_days : float
        Assumed time constants of rise and fall in days, 0 or more.
    """

    def __init__(self, layout: Layout, listed: Assignment, onset_days: float, offset_days: float) -> None:
        kinds = cycle_kinds(layout, listed)
        rise, fall = step_share(onset_days), step_share(offset_days)
        built = course(kinds.on_drug, onset_days, offset_days)
        remaining = np.multiply.accumulate(np.where(kinds.on_drug, 1.0 - rise, 1.0 - fall))
        start = np.zeros((*kinds.of_cycle.shape, 1))
        for cycle, kind in enumerate(kinds.of_cycle[:-1]):
            start[cycle + 1, :, 0] = built[-1, kind] + remaining[-1, kind] * start[cycle, :, 0]

        self._days, self._constants = layout.treated_days, (onset_days, offset_days)
        self._kind, self._start = kinds.of_cycle, start
        self._course = (built.T.copy(), remaining.T.copy())
        self._square = ((built**2).T.copy(), (2 * built * remaining).T.copy(), (remaining**2).T.copy())

    def unit_effect(self, own: Own) -> Floats:
        """Return the predicted exposure."""
        return course(own.on_drug, *self._constants)

    def compare(self, score: Floats, unit_effect: Floats, own: Own) -> LinearStatistic:
        """Compute it; see `Statistic`."""
        written = _WrittenDays.of(~np.isnan(score))
        over_length = self._over_length_of_full if written.is_full else self._over_length(written)
        scores, exposure = written.without_trend(score), written.without_trend(unit_effect)
        square = total(exposure**2)
        tells = square > INDISTINCT * total(zero_unusable(unit_effect, written.is_written) ** 2)
        length = np.sqrt(tells * square)

        listed_score = over_length * self._sums(self._course, scores)
        listed_effect = over_length * self._sums(self._course, exposure)
        own_score = np.where(tells, ratio(total(exposure * scores), length), 0)
        spread, left = _spread(listed_score, listed_effect, over_length, ratio(own_score, length), square)
        rounding = ROUNDING * np.sqrt(written.n) * np.abs(zero_unusable(score, written.is_written)).max(axis=0)
        return LinearStatistic(
            score=listed_score,
            effect=listed_effect,
            own_score=own_score,
            own_effect=length,
            standard_error=ratio(spread, length),
            rounding=rounding,
            status=np.select(
                [written.n < 3, written.is_alike(own.on_drug), ~tells, left <= ALONE, spread <= rounding],
                [
                    Status.TOO_FEW_ENTRIES,
                    Status.ONE_TREATMENT,
                    Status.CONFOUNDED,
                    Status.TOO_FEW_CYCLES,
                    Status.NO_VARIATION,
                ],
                Status.OK,
            ).astype(np.int8),
            n=written.n,
        )

    @cached_property
    def _over_length_of_full(self) -> Floats:
        """One over the length of every exposure where nothing is missing. Shape (assignment, 1)."""
        # Of two replicates, for the reason given in `Statistic`.
        return self._over_length(_WrittenDays.of(np.ones((self._days, 2), dtype=np.bool_)))[:, :1]

    def _over_length(self, written: _WrittenDays) -> Floats:
        """Compute one over √(x̃ₐᵀx̃ₐ), 0 where that is 0. Shape (assignment, replicate)."""
        is_written = written.is_written.astype(np.float64)
        whole = self._sums(self._square, is_written)
        square = whole - self._sums(self._course, is_written) ** 2 / np.maximum(written.n, 1)
        square -= self._sums(self._course, written.day) ** 2 * written.over_day_square
        tells = square > INDISTINCT * whole
        return np.where(tells, 1 / np.sqrt(np.where(tells, square, 1)), 0)

    def _sums(self, powers: Sequence[Floats], values: Floats) -> Floats:
        """Sum values over all days, weighted by a polynomial in the exposure at the start of each cycle."""
        coefficients = [sums_by_cycle(power, values) for power in powers]
        sums: Floats = np.zeros((self._kind.shape[1], values.shape[1]))
        part = np.empty_like(sums)
        for cycle, (kind, start) in enumerate(zip(self._kind, self._start, strict=True)):
            for power, coefficient in enumerate(coefficients if cycle > 0 else coefficients[:1]):
                np.take(coefficient[cycle], kind, axis=0, out=part, mode="clip")
                if power > 0:
                    part *= start**power
                sums += part
        return sums


def _spread(
    score: Floats, effect: Floats, over_length: Floats, estimate: Floats, square: Floats
) -> tuple[Floats, Floats]:
    """Return the standard deviation of T under chance alone, and the share of T² that fitting the estimate leaves.

    T(y − θ̂x) has lost what fitting θ̂ takes from it: with independent days the share ρₐ², ρₐ the correlation of x̃ₐ with
    the observed x̃. So its mean square over the assignments is divided by the mean of 1 − ρₐ².
    """
    exists = np.maximum((over_length > 0).sum(axis=0), 1)
    left = 1 - ratio(total(effect**2), square) / exists
    mean_square = total((score - estimate * effect) ** 2) / exists
    return np.sqrt(ratio(mean_square, left)), left


@dataclass(frozen=True, eq=False)
class _WrittenDays:
    """Written days, and what it takes to remove mean and trend over them.

    Attributes
    ----------
    is_written : ndarray of bool, shape (day, replicate)
    n : ndarray of int, shape (replicate,)
        Days written.
    day : ndarray of float, shape (day, replicate)
        Days since the mean of those written; 0 where missing.
    over_day_square : ndarray of float, shape (replicate,)
        One over the sum of squares of `day`; 0 with fewer than two days.
    """

    is_written: NDArray[np.bool_]
    n: Integers
    day: Floats
    over_day_square: Floats

    @classmethod
    def of(cls, is_written: NDArray[np.bool_]) -> _WrittenDays:
        n = is_written.sum(axis=0)
        number = np.arange(len(is_written), dtype=np.float64)[:, np.newaxis]
        day = (number - total(number * is_written) / np.maximum(n, 1)) * is_written
        return cls(is_written, n, day, np.nan_to_num(ratio(np.ones(n.shape), total(day**2))))

    @property
    def is_full(self) -> bool:
        """Whether no day of any replicate is missing."""
        return bool(self.is_written.all())

    def is_alike(self, values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether values are the same on all written days. Shape (replicate,)."""
        days = (values & self.is_written).sum(axis=0)
        alike: NDArray[np.bool_] = (days == 0) | (days == self.n)
        return alike

    def without_trend(self, values: Floats) -> Floats:
        """Take mean and trend over the written days from values; 0 where missing. Shape (day, replicate)."""
        values = zero_unusable(values, self.is_written)
        centered = (values - total(values) / np.maximum(self.n, 1)) * self.is_written
        slope = total(centered * self.day) * self.over_day_square
        return centered - slope * self.day
