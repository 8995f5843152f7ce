"""Whether what was believed beforehand and what a diary says contradict each other."""

from __future__ import annotations

import numpy as np

from n1trial.analysis.estimates import Estimates
from n1trial.arrays import Flags
from n1trial.diary.methods import method_of
from n1trial.diary.plan import Plan

MOST_DEVIATIONS = 2.0
"""Standard deviations of prior and data together that they may lie apart."""
EXPECTED, FREQUENT = 0.05, 2.0
"""Share of trials, about, in which a prior that is right is contradicted, and so many times as often is frequent."""


def conflicts(estimates: Estimates, plan: Plan) -> Flags:
    """Say whether the prior of an analysis contradicts the data that it was given.

    Parameters
    ----------
    estimates : Estimates
    plan : Plan
        Of it: the prior.

    Returns
    -------
    ndarray of bool, shape (replicate,)
        False where there is no estimate, and for every analysis without a prior in points.
    """
    if "data_estimate" not in estimates.details:
        return np.zeros(estimates.estimate.shape, dtype=np.bool_)
    error = np.hypot(estimates.details["data_standard_error"], plan.effect_prior_sd)
    apart: Flags = np.abs(estimates.details["data_estimate"] - plan.prior_mean) > MOST_DEVIATIONS * error
    return apart


def has_prior(method: str) -> bool:
    """Whether an analysis has a prior in points, which data can contradict."""
    return "prior_mean" in method_of(method).settings
