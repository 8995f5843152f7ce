"""Daily model of the drug's predicted rise and fall beside a placebo response, slow wandering, shifts and noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.covariates import covariates, without
from n1trial.analysis.daily.daily_model import SHARE_LEFT, Calendar, stretch_of
from n1trial.analysis.daily.figures import beside, conclude
from n1trial.analysis.daily.neighbors import Entries
from n1trial.analysis.daily.random_walk import NoiseColumns
from n1trial.analysis.daily.random_walk_model import (
    AUTOCORRELATIONS,
    DRIFT_RATIOS,
    SHIFT_RATIOS,
    by_component,
    posterior,
)
from n1trial.analysis.daily.t_mixture import TMixture
from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates, Status
from n1trial.analysis.period_means import ROUNDING, mean_and_count, ratio, total, zero_unusable
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.arrays import Flags, Floats, Integers
from n1trial.diary.diary import Diary
from n1trial.diary.methods import COURSE
from n1trial.diary.plan import Plan

FEWEST_ENTRIES = 6
WIDTH, COMPLETE_WIDTH, LANES = 64, 480, 8
"""Replicates at a time, so that what a step works on stays in the processor's cache; filled up to a multiple of the
last, so that a processor that works on several at once treats all alike."""
AVERAGED = {
    "autocorrelation": by_component(3, AUTOCORRELATIONS),
    "shift_ratio": by_component(1, SHIFT_RATIOS),
    "drift_ratio": by_component(2, DRIFT_RATIOS),
}


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Estimate the full effect from the course that it should take, beside all else that moves a diary slowly.

    Scores are a level, the effect times the predicted exposure, a placebo response that builds up from the first
    blinded dose, a shift for each stretch of the calendar, a random walk and AR(1) noise; there is no trend, which
    the random walk takes. See `n1trial.analysis.daily.random_walk_model` for the prior, which is discrete.

    Parameters
    ----------
    diary : Diary
        All its blinded days are used, and its run-in where that is blinded placebo.
    request : AnalysisRequest, optional
        How much is asked for.

    Returns
    -------
    Estimates
        Estimand "full effect". `TOO_FEW_ENTRIES` below six, `ONE_TREATMENT` where no day of a period on either
        treatment is written, `CONFOUNDED` where exposure never changes, `NO_VARIATION` where nothing is left over,
        `NOT_CONVERGED` where numbers are too large to compute with. Details: the posterior means of autocorrelation,
        shift ratio and drift ratio. As good as the assumed constants: see `n1trial.analysis.analyze.sensitivity`.
    """
    stretch = stretch_of(diary)
    if stretch.shape[1] > 1:
        each = range(diary.replicates)
        return beside([analyze(diary.take(slice(one, one + 1)), _request_of(request, np.array([one]))) for one in each])
    data = _Data.of(diary, stretch[:, 0])
    groups = list(data.groups())
    found = beside([data.conclude(diary.plan, _request_of(request, group), group) for group in groups])
    return _reorder(found, np.argsort(np.concatenate(groups)))


@dataclass(frozen=True, eq=False)
class _Data:
    """Entries used, on every day of the calendar, and what least squares on exposure tell of them.

    `own` holds what is adjusted for, exposure and score, 0 where there is no entry, the score less its mean; of what is
    adjusted for, `is_kept` says in which replicates it has a coefficient.
    """

    is_entry: Flags
    own: list[Floats]
    is_kept: list[Flags]
    columns: NoiseColumns
    n: Integers
    is_complete: Flags
    slope: Floats
    status: NDArray[np.int8]

    @classmethod
    def of(cls, diary: Diary, stretch: Integers) -> _Data:
        layout, plan = diary.plan.layout, diary.plan
        has_placebo = layout is not None and layout.run_in == "placebo"
        first_day = -layout.run_in_days if layout is not None and has_placebo else 0
        is_blinded = (diary.day >= 0) | has_placebo
        used = ~np.isnan(diary.score) & is_blinded[:, np.newaxis]
        mean, n = mean_and_count(diary.score, used)
        exposure = predicted_exposure(diary, plan.assumed_onset_days, plan.assumed_offset_days)
        exposure, score = (
            zero_unusable(np.broadcast_to(exposure, used.shape).copy(), used),
            zero_unusable(diary.score - mean, used),
        )
        adjusted = covariates(diary, used)
        (exposure_left, score_left), is_kept = without(adjusted, [exposure, score])
        slope, is_constant, is_fitted = _least_squares(exposure_left, score_left, total(exposure**2), mean, n)
        treatment = np.where(diary.period > 0, diary.treatment, -1)
        has_both = np.all([(used & (treatment == each)).any(axis=0) for each in (0, 1)], axis=0)
        status = np.select(
            [n - len(adjusted) < FEWEST_ENTRIES, ~has_both, is_constant, is_fitted],
            [Status.TOO_FEW_ENTRIES, Status.ONE_TREATMENT, Status.CONFOUNDED, Status.NO_VARIATION],
            Status.OK,
        ).astype(np.int8)
        calendar = Calendar(diary.day)
        day = np.arange(calendar.days) + int(diary.day[0]) if calendar.days else diary.day
        label = calendar.spread(stretch + has_placebo, -1)
        return cls(
            calendar.spread(used, False),
            [calendar.spread(column, 0) for column in (*adjusted, exposure, score)], is_kept,
            NoiseColumns.of(day, label, first_day), n, n == ((day >= 0) | has_placebo).sum(), slope, status,
        )  # fmt: skip

    def groups(self) -> Iterator[Integers]:
        """Yield some replicates at a time: those without a missing day, whose columns are alike, and the others."""
        for which, width in ((self.is_complete, COMPLETE_WIDTH), (~self.is_complete, WIDTH)):
            replicates = np.flatnonzero(which)
            for start in range(0, replicates.size, width):
                yield replicates[start : start + width]

    def conclude(self, plan: Plan, request: AnalysisRequest, group: Integers) -> Estimates:
        """Estimate the effect in one group."""
        # What cannot be computed is told by the status and not by a warning.
        with np.errstate(all="ignore"):
            mixture = self._posterior(group)
        status = self.status[group]
        status[(status == Status.OK) & ~np.isfinite(total(mixture.weight))] = Status.NOT_CONVERGED
        mixture = mixture.of(np.flatnonzero(status == Status.OK))
        found = conclude(COURSE, plan, request, mixture, status, self.n[group], AVERAGED)
        return replace(found, estimate=np.where(status == Status.NO_VARIATION, self.slope[group], found.estimate))

    def _posterior(self, group: Integers) -> TMixture:
        # By np.take, which leaves days in rows, so that sums over them keep their order.
        filled = np.resize(group, -(-group.size // LANES) * LANES)
        is_entry = np.take(self.is_entry, group[:1] if self.is_complete[group[0]] else filled, axis=1)
        own = np.stack([np.take(values, filled, axis=1) for values in self.own])
        is_kept = [kept[filled] for kept in self.is_kept]
        df = self.n[filled].astype(np.float64) - 2 - sum(is_kept)
        mixture = posterior(Entries(is_entry, own, self.columns), df, is_kept)
        return mixture.of(np.arange(group.size))


def _least_squares(
    exposure: Floats, score: Floats, whole: Floats, mean: Floats, n: Integers
) -> tuple[Floats, Flags, Flags]:
    """Compute the slope on exposure, whether exposure does not vary, and whether the slope leaves nothing over.

    Of exposure and score what is left beside what is adjusted for; `whole` is the sum of squares of all exposure.
    """
    sums, square = total(exposure), total(exposure**2)
    varied = square - ratio(sums**2, n)
    slope = ratio(total(exposure * score), varied)
    about_mean = total(score**2)
    left = about_mean - slope**2 * varied
    return (
        slope,
        ~(varied > SHARE_LEFT * whole),
        left <= np.maximum(SHARE_LEFT * about_mean, n * (ROUNDING * mean) ** 2),
    )


def _request_of(request: AnalysisRequest, group: Integers) -> AnalysisRequest:
    """Return what is asked for of some replicates."""
    truth = None if request.truth is None else request.truth[group]
    intervals = None if request.intervals is None else int((group < request.intervals).sum())
    return AnalysisRequest(truth, intervals)


def _reorder(estimates: Estimates, order: Integers) -> Estimates:
    """Put estimates into another order of the replicates."""
    arrays: dict[str, Any] = {
        field.name: getattr(estimates, field.name)[order]
        for field in fields(Estimates)
        if isinstance(getattr(estimates, field.name), np.ndarray)
    }
    return replace(estimates, **arrays, details={name: values[order] for name, values in estimates.details.items()})
