"""Chance that the best unbiased analysis shows an effect, by what each diary tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from n1trial.arrays import Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.characteristics import NO_FIGURE, Figure, mean


@dataclass(frozen=True)
class Ceiling:
    """Chance that an unbiased z test shows the effect, all variances and time courses known to it.

    It estimates the level and the size of the placebo response beside the effect, in diaries of patients who cannot
    guess what they take. A biased analysis, with a prior on the placebo response, could show the effect more often.

    Attributes
    ----------
    planned, mcid : Figure
        At the planned effect and at the smallest worthwhile one.
    reason : {"no_control", "not_estimable"} or None
        Why there is no figure: nothing is compared with the drug, or no simulated diary can be analyzed.
    """

    planned: Figure = NO_FIGURE
    mcid: Figure = NO_FIGURE
    reason: Literal["no_control", "not_estimable"] | None = None


def chance_to_show(information: Floats, effect: float, plan: Plan) -> Figure:
    """Return the chance that a z test shows an effect, averaged over diaries.

    Parameters
    ----------
    information : ndarray of float, shape (replicate,)
        Inverse variance of the estimate; NaN where the diary cannot be analyzed, which shows nothing.
    effect : float
        Full effect, on the outcome's scale.
    plan : Plan
        Its alpha, sides and better direction.
    """
    quantile = ndtri(1 - plan.alpha / plan.sides)
    signal = plan.benefit_sign * effect * np.sqrt(information)
    shown = ndtr(signal - quantile)
    if plan.sides == 2:
        shown = shown + ndtr(-signal - quantile)
    shown = np.where(np.isnan(information), 0.0, shown)
    return mean(float(shown.sum()), float((shown**2).sum()), shown.size)
