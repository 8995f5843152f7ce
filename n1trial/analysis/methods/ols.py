"""Least squares on days as if they were independent: what most spreadsheets do, and wrong for a diary."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.covariates import covariates
from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates, Status, from_t
from n1trial.analysis.period_means import ROUNDING, PeriodMeans, period_means, ratio, total, usable_days, zero_unusable
from n1trial.diary.diary import Diary
from n1trial.diary.methods import OLS

DAY, TREATMENT, SCORE = 0, -2, -1
"""Columns of the model, in the order in which they are swept out; those that it adjusts for follow the day."""


@dataclass(frozen=True, eq=False)
class OrdinaryLeastSquares:
    """A least-squares fit of each replicate's days; arrays of shape (replicate,).

    Attributes
    ----------
    estimate, standard_error : ndarray of float
        Coefficient of the treatment and its standard error, on the score's scale.
    sigma : ndarray of float
        Residual standard deviation, on the score's scale.
    df : ndarray of float
        Usable days minus the rank of the model.
    n : ndarray of int
        Usable days.
    status : ndarray of int8
        A `Status` for each replicate.
    """

    estimate: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    sigma: NDArray[np.float64]
    df: NDArray[np.float64]
    n: NDArray[np.int64]
    status: NDArray[np.int8]


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:  # noqa: ARG001 - it asks for nothing here
    """Regress the usable days on treatment and the plan's terms, as if days were independent.

    Parameters
    ----------
    diary : Diary
        Terms of its plan: ``trend``, a straight line in days; ``cycle``, a level for each cycle; and the columns that
        it adjusts for.

    Returns
    -------
    Estimates
        Estimand "contrast". `TOO_FEW_ENTRIES` where no degree of freedom is left, `ONE_TREATMENT` or `CONFOUNDED`
        where the treatment has no coefficient of its own, `NO_VARIATION` where nothing is left over.
    """
    found = fit(diary)
    return from_t(
        OLS,
        diary.plan,
        estimate=found.estimate,
        standard_error=found.standard_error,
        df=found.df,
        status=found.status,
        n=found.n,
    )


def fit(diary: Diary) -> OrdinaryLeastSquares:
    """Fit by centered sums of squares and products, from which one column after the other is swept out.

    Treatment and cycle do not change within a period: single days matter only for what score and day do within
    periods, and all else is weighted period means.

    Parameters
    ----------
    diary : Diary
        As for `analyze`.
    """
    means = period_means(diary)
    n = means.count.sum(axis=0)
    moving_means, within = _within_periods(diary, means)
    columns = np.stack(np.broadcast_arrays(*moving_means, means.treatment, means.mean), axis=1)
    level = means.cycle if "cycle" in diary.plan.terms else np.ones_like(means.cycle)
    centered, levels = _center(columns, means.count, level)
    products = within + total(
        means.count[:, np.newaxis, np.newaxis] * centered[:, :, np.newaxis] * centered[:, np.newaxis]
    )

    explained, slopes = products, np.zeros_like(n)
    for column in range(len(moving_means)):
        has_slope = explained[column, column] > ROUNDING * n
        explained, slopes = _sweep(explained, column, has_slope), slopes + has_slope
    treatment_left = explained[TREATMENT, TREATMENT]
    has_contrast = treatment_left > ROUNDING * n
    rss = _sweep(explained, TREATMENT, has_contrast)[SCORE, SCORE]
    df = n - levels - slopes - 1.0
    on_drug = (means.count * (means.treatment == 1)).sum(axis=0)
    status = np.select(
        [
            df < 1,
            (on_drug == 0) | (on_drug == n),
            ~has_contrast,
            rss <= np.maximum(ROUNDING * products[SCORE, SCORE], n * means.rounding_error**2),
        ],
        [Status.TOO_FEW_ENTRIES, Status.ONE_TREATMENT, Status.CONFOUNDED, Status.NO_VARIATION],
        Status.OK,
    )
    sigma = np.sqrt(ratio(np.maximum(rss, 0), df))
    return OrdinaryLeastSquares(
        estimate=ratio(explained[TREATMENT, SCORE], treatment_left * has_contrast),
        standard_error=ratio(sigma, np.sqrt(np.maximum(treatment_left, 0)) * has_contrast),
        sigma=sigma,
        df=df,
        n=n,
        status=status.astype(np.int8),
    )


def _within_periods(diary: Diary, means: PeriodMeans) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
    """Return period means of the columns that move within periods (period, replicate), and centered products.

    These columns are the day and what the plan adjusts for; products have shape (column, column, replicate).
    """
    has_trend = "trend" in diary.plan.terms
    # Whole or half numbers, whose sums are exact; the same for every replicate, whoever stands beside it.
    offset = (diary.day - (diary.day[0] + diary.day[-1]) / 2)[:, np.newaxis] if has_trend else None
    adjusted = covariates(diary, diary.is_usable())
    moving_means = [np.zeros_like(means.mean) for _ in range(1 + len(adjusted))]
    products = np.zeros((len(adjusted) + 3, len(adjusted) + 3, diary.replicates))
    for row, mean in enumerate(means.mean):
        days, usable = usable_days(diary, row + 1)
        residual = zero_unusable(diary.score[days] - mean, usable)
        products[SCORE, SCORE] += total(residual**2)
        entries = np.maximum(means.count[row], 1)
        if offset is not None:
            moving_means[DAY][row] = total(offset[days] * usable) / entries
            products[DAY, DAY] += total(offset[days] ** 2 * usable) - entries * moving_means[DAY][row] ** 2
            products[DAY, SCORE] += total(offset[days] * residual)
        centered = []
        for place, column in enumerate(adjusted, start=1):
            values = column[days] * usable
            moving_means[place][row] = total(values) / entries
            centered.append((values - moving_means[place][row]) * usable)
            products[place, SCORE] += total(values * residual)
            if offset is not None:
                products[DAY, place] += total(offset[days] * centered[-1])
            for other, earlier in enumerate(centered, start=1):
                products[other, place] += total(earlier * centered[-1])
    for one, other in combinations(range(len(products)), 2):
        products[other, one] = products[one, other]
    return moving_means, products


def _center(
    columns: NDArray[np.float64], count: NDArray[np.int64], level: NDArray[np.int8]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Center columns (period, column, replicate) on the mean of their level, and count the levels that have days."""
    centered = np.zeros_like(columns)
    levels = np.zeros(count.shape[1], dtype=np.int64)
    for number in range(1, int(level.max(initial=0)) + 1):
        weight = (count * (level == number))[:, np.newaxis]
        days = weight.sum(axis=0)
        mean = total(weight * columns) / np.maximum(days, 1)
        centered += (weight > 0) * (columns - mean)
        levels += days[0] > 0
    return centered, levels


def _sweep(products: NDArray[np.float64], column: int, keep: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sweep one column out of the products (column, column, replicate) of the others."""
    pivot_row = products[column]
    share = np.where(keep, ratio(pivot_row, products[column, column]), 0)
    swept: NDArray[np.float64] = products - share[:, np.newaxis] * pivot_row
    return swept
