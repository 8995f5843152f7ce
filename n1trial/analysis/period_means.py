"""Means of the usable days of each period: what the comparisons of treatments start from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.diary.diary import Diary

ROUNDING = 1e-12
"""Variation below this share of the scores themselves is taken for rounding error."""


@dataclass(frozen=True, eq=False)
class PeriodMeans:
    """Means and numbers of the usable days of each period.

    Attributes
    ----------
    mean : ndarray of float, shape (period, replicate)
        Mean score; 0 where no day is usable.
    count : ndarray of int, shape (period, replicate)
        Usable days.
    treatment : ndarray of int8, shape (period, replicate or 1)
        1 on the drug, 0 on control.
    cycle : ndarray of int8, shape (period, replicate or 1)
        From 1; 0 where a replicate has no such period.
    """

    mean: NDArray[np.float64]
    count: NDArray[np.int64]
    treatment: NDArray[np.int8]
    cycle: NDArray[np.int8]

    @property
    def rounding_error(self) -> NDArray[np.float64]:
        """Bound of what rounding alone can make of a mean, on the score's scale. Shape (replicate,)."""
        largest: NDArray[np.float64] = np.abs(self.mean).max(axis=0, initial=0)
        return ROUNDING * largest


def period_means(diary: Diary) -> PeriodMeans:
    """Average the usable days of each period.

    Parameters
    ----------
    diary : Diary
        Neither treatment nor cycle may change within a period.

    Returns
    -------
    PeriodMeans
        One row a period, up to the last that any replicate has.
    """
    periods = int(diary.period.max(initial=0))
    mean = np.empty((periods, diary.replicates))
    count = np.empty(mean.shape, dtype=np.int64)
    treatment = np.empty((periods, max(diary.period.shape[1], diary.treatment.shape[1])), dtype=np.int8)
    cycle = np.empty((periods, max(diary.period.shape[1], diary.cycle.shape[1])), dtype=np.int8)
    for row in range(periods):
        days, usable = usable_days(diary, row + 1)
        mean[row], count[row] = mean_and_count(diary.score[days], usable)
        of_period = (diary.period[days] == row + 1).view(np.int8)
        treatment[row] = (diary.treatment[days] * of_period).max(axis=0, initial=0)
        cycle[row] = (diary.cycle[days] * of_period).max(axis=0, initial=0)
    return PeriodMeans(mean, count, treatment, cycle)


def usable_days(diary: Diary, period: int) -> tuple[slice, NDArray[np.bool_]]:
    """Return the days of one period that are written and past its settling-in days.

    Parameters
    ----------
    diary : Diary
        The diary.
    period : int
        Number of the period, from 1.

    Returns
    -------
    days : slice
        Rows of the diary from the first to the last that are of this period in any replicate.
    usable : ndarray of bool, shape (day, replicate)
        Which of these days are usable.
    """
    rows = np.flatnonzero((diary.period == period).any(axis=1))
    days = slice(int(rows[0]), int(rows[-1]) + 1) if rows.size else slice(0, 0)
    settled = (diary.period[days] == period) & (diary.day_of_period[days] >= diary.plan.discard_days)
    return days, settled & ~np.isnan(diary.score[days])


def mean_and_count(
    score: NDArray[np.float64], usable: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Average the usable scores of each replicate.

    Parameters
    ----------
    score : ndarray of float, shape (day, replicate)
        NaN where missing.
    usable : ndarray of bool, shape (day, replicate)
        Never true where the score is missing.

    Returns
    -------
    mean : ndarray of float, shape (replicate,)
        0 where no day is usable.
    count : ndarray of int, shape (replicate,)
        Usable days.
    """
    count = np.add.reduce(usable.view(np.uint8), axis=0, dtype=np.int16).astype(np.int64)
    return total(zero_unusable(score, usable)) / np.maximum(count, 1), count


def zero_unusable(values: NDArray[np.float64], usable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return values where usable, else 0; a row in memory is a day, as `total` wants it."""
    # A mask of all bits: np.where guesses at every missing entry and takes four times as long.
    bits = usable.view(np.int8).astype(np.int64, order="C")
    np.negative(bits, out=bits)
    bits &= values.view(np.int64)
    return bits.view(np.float64)


def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over the first axis, row by row, so that a replicate's sum is the same whoever stands beside it."""
    if values.shape[1:] == (1,) and len(values):
        # NumPy would add a single column up in another order.
        last: NDArray[np.float64] = np.add.accumulate(values, axis=0)[-1]
        return last
    sums: NDArray[np.float64] = np.add.reduce(values, axis=0)
    return sums


def ratio(numerator: NDArray[np.float64], denominator: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.float64]:
    """Divide one by the other; NaN, and no warning, where the denominator is not above 0."""
    quotient = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, where=denominator > 0, out=quotient)
    return quotient
