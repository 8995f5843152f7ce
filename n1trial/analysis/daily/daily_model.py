"""What the daily models share: from a diary and a course of treatment to what may be concluded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.covariates import covariates
from n1trial.analysis.daily.cross_products import CrossProducts
from n1trial.analysis.daily.figures import beside, conclude
from n1trial.analysis.daily.gather import gather
from n1trial.analysis.daily.stretch_model import AUTOCORRELATIONS, SHIFT_RATIOS, least_squares, posterior
from n1trial.analysis.estimates import AnalysisRequest, Estimates, Status
from n1trial.analysis.period_means import ROUNDING, mean_and_count, total
from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.diary.methods import Method

FEWEST_DF = 3
"""Below it Student's t has no variance."""

SHARE_LEFT = 1e-10
"""A column, or the scores, must keep this share of their sum of squares for anything to be concluded."""

WIDTH = 625
"""Replicates at a time, so that what a step works on stays in the processor's cache."""


@dataclass(frozen=True, eq=False)
class DailyModel:
    """The days, and the columns that explain their scores.

    Attributes
    ----------
    usable : ndarray of bool, shape (day, replicate)
        Entries to be used; days of the diary, in its order.
    treatment : ndarray of float, shape (day, replicate or 1)
        Column whose coefficient is the estimate: 0/1, or the predicted exposure.
    terms : sequence of {"trend", "cycle"}
        Further columns.
    """

    usable: NDArray[np.bool_]
    treatment: Floats
    terms: Sequence[str]


def analyze_daily(
    method: Method,
    diary: Diary,
    request: AnalysisRequest,
    model: Callable[[Diary], DailyModel],
) -> Estimates:
    """Average the daily model over autocorrelations and shifts.

    Parameters
    ----------
    method : Method
        Whose estimates they are.
    diary : Diary
        The entries and the plan they were kept for.
    request : AnalysisRequest
        How much is asked for.
    model : callable
        Makes the columns, for some of the replicates at a time.

    Returns
    -------
    Estimates
        `TOO_FEW_ENTRIES` where fewer than three degrees of freedom are left, `ONE_TREATMENT` or `CONFOUNDED` where
        the treatment has no coefficient of its own, `NO_VARIATION` where nothing is left over, `NOT_CONVERGED` where
        numbers are too large to compute with. Details: the posterior means of autocorrelation and shift ratio.
    """
    parts = []
    for start in range(0, max(diary.replicates, 1), WIDTH):
        part = slice(start, start + WIDTH)
        truth = None if request.truth is None else request.truth[part]
        intervals = None if request.intervals is None else max(request.intervals - start, 0)
        some = diary if diary.replicates <= WIDTH else diary.take(part)
        parts.append(_conclude(method, some, AnalysisRequest(truth, intervals), model(some)))
    return beside(parts)


def stretch_of(diary: Diary) -> NDArray[np.int64]:
    """Return the stretch of the calendar that each day belongs to, from 0; −1 in the run-in.

    By the plan's layout, whose last stretch goes on as long as the diary does; without one, the diary's periods with
    the washouts after them. Shape (day, replicate or 1).
    """
    layout = diary.plan.layout
    if layout is None:
        stretch = np.maximum(np.maximum.accumulate(diary.period.astype(np.int64), axis=0) - 1, 0)
    else:
        row = np.clip(diary.day - layout.days[0], 0, layout.days.size - 1)
        stretch = layout.stretch_of_day[row][:, np.newaxis]
    return np.where(diary.day[:, np.newaxis] < 0, -1, stretch)


def _conclude(method: Method, diary: Diary, request: AnalysisRequest, model: DailyModel) -> Estimates:
    """Estimate the effect of a few replicates."""
    # What cannot be computed is told by the status and not by a warning.
    with np.errstate(all="ignore"):
        mean, n = mean_and_count(diary.score, model.usable)
        cross = _gather(diary, model, diary.score - mean)
        simple = least_squares(cross, SHARE_LEFT)
        df = n - simple.is_kept.sum(axis=0, dtype=np.float64)
        mixture = posterior(cross, simple.is_kept, df)
        drug_days = (model.usable & (diary.treatment == 1)).sum(axis=0)
        status = np.select(
            [
                df < FEWEST_DF,
                (drug_days == 0) | (drug_days == n),
                ~simple.is_kept[-1],
                simple.residual <= np.maximum(SHARE_LEFT * simple.about_mean, n * (ROUNDING * mean) ** 2),
                ~np.isfinite(total(mixture.weight)),
            ],
            [
                Status.TOO_FEW_ENTRIES,
                Status.ONE_TREATMENT,
                Status.CONFOUNDED,
                Status.NO_VARIATION,
                Status.NOT_CONVERGED,
            ],
            Status.OK,
        ).astype(np.int8)
    estimable = np.flatnonzero(status == Status.OK)
    if estimable.size < status.size:
        mixture = mixture.of(estimable)
    averaged = {
        "autocorrelation": np.repeat(AUTOCORRELATIONS, SHIFT_RATIOS.size),
        "shift_ratio": np.tile(SHIFT_RATIOS, AUTOCORRELATIONS.size),
    }
    found = conclude(method, diary.plan, request, mixture, status, n, averaged)
    return replace(found, estimate=np.where(status == Status.NO_VARIATION, simple.estimate, found.estimate))


def _gather(diary: Diary, model: DailyModel, score: Floats) -> CrossProducts:
    """Sum up cross-products of the model's columns and the score, over every day of the calendar."""
    calendar = Calendar(diary.day)
    return gather(
        calendar.spread(score, np.nan),
        calendar.spread(model.usable, False),
        np.maximum.accumulate(calendar.spread(np.maximum(stretch_of(diary), 0), 0), axis=0),
        [calendar.spread(column, 0) for column in _columns(diary, model)],
    )


def _columns(diary: Diary, model: DailyModel) -> list[Floats]:
    """List the columns between intercept and score, the treatment last."""
    columns: list[Floats] = []
    if "cycle" in model.terms:
        columns += [
            (diary.cycle == cycle).astype(np.float64) for cycle in range(2, int(diary.cycle.max(initial=0)) + 1)
        ]
    if "trend" in model.terms:
        columns.append(diary.day[:, np.newaxis] / 7)
    return [*columns, *covariates(diary, model.usable), model.treatment]


class Calendar:
    """Every day from the first to the last of a diary that may lack some."""

    def __init__(self, day: NDArray[np.int64]) -> None:
        self.row = day - day[:1]
        self.days = int(np.ptp(day)) + 1 if day.size else 0

    def spread(self, values: NDArray[Any], absent: float) -> NDArray[Any]:
        """Spread values (day, ...) of the diary's days over all days."""
        if self.days == self.row.size:
            return values
        full = np.full((self.days, *values.shape[1:]), absent, dtype=values.dtype)
        full[self.row] = values
        return full
