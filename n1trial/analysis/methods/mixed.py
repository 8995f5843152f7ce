"""Daily model with autocorrelated noise and a random shift for each stretch of the calendar, treatment as 0 or 1."""

from __future__ import annotations

import numpy as np

from n1trial.analysis.daily.daily_model import DailyModel, analyze_daily
from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates
from n1trial.diary.diary import Diary
from n1trial.diary.methods import MIXED


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Average a daily model over what is not known of the noise.

    Scores have covariance σ²(R(φ) + λ²ZZ'): R is AR(1) over the true days between entries, Z tells which stretch of
    the calendar a day belongs to. Coefficients are flat and σ has density 1/σ; φ is uniform on {0, 0.1, ..., 0.9, 0.95}
    and λ on {0, 0.2, ..., 1} with trapezoid weights. The posterior is a mixture of t distributions with n − p degrees
    of freedom: its mean and SD are estimate and standard error, its quantiles the interval, and the p-value is twice
    the lesser tail at 0 (one-sided: the tail against benefit). It is calibrated on average over that prior, not at
    each φ and λ.

    Parameters
    ----------
    diary : Diary
        Its usable days; terms of its plan: ``trend``, a straight line in days; ``cycle``, a level for each cycle.
    request : AnalysisRequest, optional
        How much is asked for.

    Returns
    -------
    Estimates
        Estimand "contrast"; statuses as in `analyze_daily`.
    """
    return analyze_daily(MIXED, diary, request, _model)


def _model(diary: Diary) -> DailyModel:
    return DailyModel(diary.is_usable(), (diary.treatment == 1).astype(np.float64), diary.plan.terms)
