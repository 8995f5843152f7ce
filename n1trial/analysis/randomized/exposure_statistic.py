"""The exposure that each assignment predicts, held against the scores: the randomization test's usual statistic.

T(a) = x̃ₐᵀMy/√(x̃ₐᵀMx̃ₐ), x̃ₐ the predicted exposure, M the inverse of the working covariance with the level projected out.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from n1trial.analysis.estimates import Status
from n1trial.analysis.period_means import ROUNDING, mean_and_count, ratio, total, zero_unusable
from n1trial.analysis.randomized.exposure_courses import ExposureCourses
from n1trial.analysis.randomized.memory import DayMemory
from n1trial.analysis.randomized.reference_set import Own
from n1trial.analysis.randomized.statistic import LinearStatistic
from n1trial.analysis.randomized.working_covariance import WorkingCovariance
from n1trial.arrays import Flags, Floats
from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.exposure import course

INDISTINCT = 1e-10
"""An exposure of which level and stretches leave no more than this share tells nothing apart."""

MEMORY_BYTES = 2**25
"""Of what is remembered by written days: for 216 assignments that of some ten thousand diaries."""

ALONE = 1e-9
"""Where fitting the slope leaves no more than this, all other assignments are mirror images of the observed one."""


class ExposureStatistic:
    """The statistic for a list of assignments.

    Parameters
    ----------
    layout : Layout
        A crossover. A blinded placebo run-in counts, as days without exposure.
    assignments : Assignment
        The assignments, as replicates.
    onset_days, offset_days : float
        Assumed time constants of rise and fall in days, 0 or more.
    """

    def __init__(self, layout: Layout, assignments: Assignment, onset_days: float, offset_days: float) -> None:
        self.run_in_days = layout.run_in_days if layout.run_in == "placebo" else 0
        days = layout.days >= -self.run_in_days
        self._stretch = layout.stretch_of_day[days].astype(np.int64) + (self.run_in_days > 0)
        self._constants = (onset_days, offset_days)
        self._courses = ExposureCourses.of(layout, assignments, onset_days, offset_days)
        self._memory = DayMemory(MEMORY_BYTES)

    def unit_effect(self, own: Own) -> Floats:
        """Return the predicted exposure."""
        exposure = course(own.on_drug, *self._constants)
        return np.concatenate([np.zeros((self.run_in_days, exposure.shape[1])), exposure])

    def compare(self, score: Floats, unit_effect: Floats, own: Own) -> LinearStatistic:
        """Compute it; see `Statistic`."""
        is_written = ~np.isnan(score)
        mean, n = mean_and_count(score, is_written)
        scores, exposure = zero_unusable(score - mean, is_written), zero_unusable(unit_effect, is_written)
        is_full = bool(is_written.all())
        weights, over_length = self._full if is_full else self._of_written(is_written)
        weighted_score, weighted_exposure = weights.multiply(scores), weights.multiply(exposure)
        square = total(exposure * weighted_exposure)
        tells = square > INDISTINCT * total(exposure**2)
        length = np.sqrt(tells * square)

        listed_score = over_length * self._courses.products(weighted_score[self.run_in_days :])
        listed_effect = over_length * self._courses.products(weighted_exposure[self.run_in_days :])
        own_score = np.where(tells, ratio(total(exposure * weighted_score), length), 0)
        spread, left = _spread(listed_score, listed_effect, over_length, ratio(own_score, length), square)
        rounding = ROUNDING * np.sqrt(n) * np.abs(zero_unusable(score, is_written)).max(axis=0)
        return LinearStatistic(
            score=listed_score,
            effect=listed_effect,
            own_score=own_score,
            own_effect=length,
            standard_error=ratio(spread, length),
            rounding_error=rounding,
            status=np.select(
                [
                    n < 3,
                    _is_alike(own.on_drug, is_written[self.run_in_days :]),
                    ~tells,
                    left <= ALONE,
                    spread <= rounding,
                ],
                [
                    Status.TOO_FEW_ENTRIES,
                    Status.ONE_TREATMENT,
                    Status.CONFOUNDED,
                    Status.TOO_FEW_CYCLES,
                    Status.NO_VARIATION,
                ],
                Status.OK,
            ).astype(np.int8),
            n=n,
        )

    @cached_property
    def _full(self) -> tuple[WorkingCovariance, Floats]:
        """Weights of diaries without a missing day, which they share, and one over the length of every exposure."""
        weights = WorkingCovariance(np.ones((self._stretch.size, 1), dtype=np.bool_), self._stretch)
        return weights, self._over_length(weights)

    def _of_written(self, is_written: Flags) -> tuple[WorkingCovariance, Floats]:
        """Return the same of diaries by their written days, which simulated trials of other effects share."""
        known = self._memory.get(is_written)
        if known is not None:
            root, over_length = known
            return WorkingCovariance(is_written, self._stretch, root), over_length
        weights = WorkingCovariance(is_written, self._stretch)
        over_length = self._over_length(weights)
        self._memory.keep(is_written, (weights.root, over_length))
        return weights, over_length

    def _over_length(self, weights: WorkingCovariance) -> Floats:
        """Compute one over √(x̃ₐᵀMx̃ₐ), 0 where that is 0. Shape (assignment, replicate)."""
        whole, taken = self._courses.squares(weights)
        square = whole - taken
        tells = square > INDISTINCT * whole
        return np.where(tells, 1 / np.sqrt(np.where(tells, square, 1)), 0)


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


def _is_alike(values: Flags, is_written: Flags) -> Flags:
    """Whether values are the same on all written days. Shape (replicate,)."""
    days, n = (values & is_written).sum(axis=0), is_written.sum(axis=0)
    alike: Flags = (days == 0) | (days == n)
    return alike
