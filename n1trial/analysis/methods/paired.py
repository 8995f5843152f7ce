"""Paired t test on cycles: within each cycle, the mean on the drug minus the mean on control."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates, Status, from_t
from n1trial.analysis.period_means import PeriodMeans, period_means, ratio, total
from n1trial.diary.diary import Diary
from n1trial.diary.methods import PAIRED


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:  # noqa: ARG001 - it asks for nothing here
    """Test the mean cycle difference by Student's t with cycles − 1 degrees of freedom.

    Parameters
    ----------
    diary : Diary
        Periods with fewer than `Plan.minimum_days` usable days are lost, and their cycle with them.

    Returns
    -------
    Estimates
        Estimand "contrast". `TOO_FEW_CYCLES` where fewer than two cycles are left, `NO_VARIATION` where all their
        differences are the same.
    """
    means = period_means(diary)
    difference, is_pair, entries = cycle_differences(means, diary.plan.minimum_days)
    pairs = is_pair.sum(axis=0)
    estimate = ratio(total(difference), pairs)
    variance = ratio(total(is_pair * (difference - estimate) ** 2), pairs - 1)
    status = np.select(
        [pairs < 2, variance <= means.rounding_error**2],
        [Status.TOO_FEW_CYCLES, Status.NO_VARIATION],
        Status.OK,
    )
    return from_t(
        PAIRED,
        diary.plan,
        estimate=estimate,
        standard_error=np.sqrt(ratio(variance, pairs)),
        df=pairs - 1.0,
        status=status.astype(np.int8),
        n=(is_pair * entries).sum(axis=0),
    )


def cycle_differences(
    means: PeriodMeans, minimum_days: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Compute the mean on the drug minus the mean on control within each cycle.

    Parameters
    ----------
    means : PeriodMeans
        A cycle's two periods need not follow each other; should it have several on one treatment, their means are
        averaged.
    minimum_days : int
        Usable days that a period needs to count.

    Returns
    -------
    difference : ndarray of float, shape (cycle, replicate)
        0 where the cycle is no pair.
    is_pair : ndarray of bool, shape (cycle, replicate)
        Whether the cycle has a period that counts on each treatment.
    entries : ndarray of int, shape (cycle, replicate)
        Usable days of the periods that count.
    """
    counts = means.count >= max(minimum_days, 1)
    cycles = int(means.cycle.max(initial=0))
    difference = np.empty((cycles, counts.shape[1]))
    is_pair = np.empty(difference.shape, dtype=np.bool_)
    entries = np.empty(difference.shape, dtype=np.int64)
    for row in range(cycles):
        of_cycle = counts & (means.cycle == row + 1)
        on_drug, on_control = of_cycle & (means.treatment == 1), of_cycle & (means.treatment == 0)
        drugs, controls = on_drug.sum(axis=0), on_control.sum(axis=0)
        is_pair[row] = (drugs > 0) & (controls > 0)
        drug = total(means.mean * on_drug) / np.maximum(drugs, 1)
        control = total(means.mean * on_control) / np.maximum(controls, 1)
        difference[row] = is_pair[row] * (drug - control)
        entries[row] = (means.count * of_cycle).sum(axis=0)
    return difference, is_pair, entries
