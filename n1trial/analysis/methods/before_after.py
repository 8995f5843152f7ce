"""Before and after: drug days minus run-in days, the only comparison that an uncontrolled trial allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates, Status, from_t
from n1trial.analysis.period_means import ROUNDING, mean_and_count, ratio, total, zero_unusable
from n1trial.diary.diary import Diary
from n1trial.diary.methods import BEFORE_AFTER


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:  # noqa: ARG001 - it asks for nothing here
    """Compare drug days with run-in days by a two-sample t with pooled variance, as if days were independent.

    The interval is as naive as the design: whatever else changed since the run-in (expectation, regression to the
    mean, season, a trend) is taken for the drug.

    Parameters
    ----------
    diary : Diary
        All written run-in days, and all usable days on the drug; a control period, if any, is left out.

    Returns
    -------
    Estimates
        Estimand "none". `TOO_FEW_ENTRIES` where either side is empty or there are fewer than three days,
        `NO_VARIATION` where scores vary on neither side.
    """
    start = int(np.searchsorted(diary.day, 0))
    run_in, treated = diary.score[:start], diary.score[start:]
    on_drug = (diary.is_usable() & (diary.treatment == 1))[start:]
    mean_before, days_before, squares_before = _moments(run_in, ~np.isnan(run_in))
    mean_after, days_after, squares_after = _moments(treated, on_drug)

    n = days_before + days_after
    variance = ratio(squares_before + squares_after, n - 2)
    rounding = ROUNDING * np.maximum(np.abs(mean_before), np.abs(mean_after))
    status = np.select(
        [(days_before == 0) | (days_after == 0) | (n < 3), variance <= rounding**2],
        [Status.TOO_FEW_ENTRIES, Status.NO_VARIATION],
        Status.OK,
    )
    return from_t(
        BEFORE_AFTER,
        diary.plan,
        estimate=mean_after - mean_before,
        standard_error=np.sqrt(ratio(variance * n, days_before * days_after)),
        df=np.asarray(n - 2.0),
        status=status.astype(np.int8),
        n=n,
    )


def _moments(
    score: NDArray[np.float64], usable: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return mean, number and sum of squares about the mean of the usable days, each of shape (replicate,)."""
    mean, count = mean_and_count(score, usable)
    return mean, count, total(zero_unusable(score - mean, usable) ** 2)
