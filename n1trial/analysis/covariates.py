"""Covariates that a plan adjusts for: what the diary says of each day, apart from score and treatment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.period_means import mean_and_count, ratio, total, zero_unusable
from n1trial.arrays import Flags, Floats
from n1trial.diary.diary import Diary

SHARE_LEFT = 1e-10
"""A covariate must keep this share of its sum of squares beside the ones before it to have a coefficient."""


def covariates(diary: Diary, used: NDArray[np.bool_]) -> list[Floats]:
    """List the columns that the plan adjusts for, each less its mean over the entries that are used.

    A day with an entry on which nothing is written of a covariate counts as an average day: its value is that mean,
    and so 0 here. Days that are not used are 0, too.

    Parameters
    ----------
    diary : Diary
    used : ndarray of bool, shape (day, replicate)
        Entries that the analysis uses.

    Returns
    -------
    list of ndarray of float, shape (day, replicate)
    """
    columns = []
    for name in diary.plan.adjust:
        values = diary.columns[name]
        is_known = used & ~np.isnan(values)
        columns.append(zero_unusable(values - mean_and_count(values, is_known)[0], is_known))
    return columns


def without(columns: list[Floats], values: list[Floats]) -> tuple[list[Floats], list[Flags]]:
    """Take by least squares out of values what columns, of mean 0, account for.

    Returns
    -------
    values : list of ndarray of float, shape (day, replicate)
    is_kept : list of ndarray of bool, shape (replicate,)
        Whether each column adds anything to those before it.
    """
    is_kept: list[Flags] = []
    left = [*columns, *values]
    for place, column in enumerate(columns):
        first, square = left[place], total(left[place] ** 2)
        kept: Flags = square > SHARE_LEFT * total(column**2)
        is_kept.append(kept)
        for later in range(place + 1, len(left)):
            left[later] = left[later] - np.where(kept, ratio(total(first * left[later]), square), 0.0) * first
    return left[len(columns) :], is_kept
