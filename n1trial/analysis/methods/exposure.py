"""Daily model of the predicted rise and fall of the drug's effect, autocorrelated noise and shifts of the calendar."""

from __future__ import annotations

import numpy as np

from n1trial.analysis.daily.daily_model import DailyModel, analyze_daily
from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.diary.diary import Diary
from n1trial.diary.methods import EXPOSURE


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Estimate the full effect from the course that it should take, averaged over what is not known of the noise.

    The model of `mixed`, with the predicted exposure in place of the treatment and always with a trend. Exposure
    follows from the treatment, the doses taken where the diary records them, and the plan's assumed onset and offset.

    Parameters
    ----------
    diary : Diary
        All its blinded days are used, washouts and settling-in days too.
    request : AnalysisRequest, optional
        How much is asked for.

    Returns
    -------
    Estimates
        Estimand "full effect"; statuses as in `analyze_daily`. An interval for the full effect is only as good as the
        assumed constants: see `n1trial.analysis.analyze.sensitivity`.
    """
    return analyze_daily(EXPOSURE, diary, request, _model)


def _model(diary: Diary) -> DailyModel:
    usable = (diary.day[:, np.newaxis] >= 0) & ~np.isnan(diary.score)
    exposure = predicted_exposure(diary, diary.plan.assumed_onset_days, diary.plan.assumed_offset_days)
    return DailyModel(usable, exposure, ("trend",))
