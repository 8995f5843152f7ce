"""A secondary outcome in the place of the primary one of a diary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan
from n1trial.scenario.model.outcome import Secondary


def plan_of(plan: Plan, outcome: Secondary) -> Plan:
    """Plan the same analysis for a secondary outcome, on its own scale.

    A period needs fewer entries in proportion where the outcome is asked for seldom, one at least; priors in points of
    the primary outcome give way to those that follow `mcid`.
    """
    return replace(
        plan,
        scale=outcome.scale,
        better=outcome.better,
        mcid=outcome.mcid,
        minimum_days=max(1, plan.minimum_days // outcome.every_days),
        decision_benefit=0.0,
        prior_mean=0.0,
        prior_sd=None,
        sd_scale=None,
    )


def diary_of(diary: Diary, outcome: Secondary, day: NDArray[np.int64], score: Floats) -> Diary:
    """Put a secondary outcome in the place of the primary one of a diary.

    Parameters
    ----------
    diary : Diary
    outcome : Secondary
    day : ndarray of int, shape (own day,)
        Days of the diary on which it was asked for.
    score : ndarray of float, shape (own day, replicate)
    """
    scores = np.full((diary.day.size, score.shape[1]), np.nan)
    scores[np.searchsorted(diary.day, day)] = score
    return replace(diary, score=scores, plan=plan_of(diary.plan, outcome))
