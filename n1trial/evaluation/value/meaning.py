"""What an answer of the trial would mean: how many of those who get it the drug helps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import betaincinv

from n1trial.arrays import Flags
from n1trial.evaluation.characteristics import rate
from n1trial.evaluation.tally import DrawnTrials, Tally
from n1trial.evaluation.value.prior import Prior

FEWEST_TRIALS = 100
"""Trials of a group below which nothing is said of it."""
JUST_ABOVE_NOTHING = math.ulp(0.0)


@dataclass(frozen=True)
class GroupShare:
    """Share of a group of trials; None where the group is too small.

    Attributes
    ----------
    value, mcse : float or None
    low, high : float or None
        Ends of the 95% Jeffreys interval.
    trials : int
        Size of the group.
    """

    value: float | None
    mcse: float | None
    low: float | None
    high: float | None
    trials: int


@dataclass(frozen=True)
class Meaning:
    """What the answers of a trial would mean, to one who believes in a prior.

    Attributes
    ----------
    helped_before : GroupShare or None
        Share of patients with any benefit, before the trial.
    helped_after_positive, helped_after_negative : GroupShare or None
        The same of those whose trial says to continue the drug, and of those whose trial was analyzed and does not.
    not_estimable : GroupShare or None
        Share of all trials that could not be analyzed.
    worthwhile_before, worthwhile_after_positive, worthwhile_after_negative : GroupShare or None
        The same with a worthwhile benefit; None unless the prior is continuous.
    reason : {"certain"} or None
        Why there is none of it: the prior is certain of one benefit, so that no result could change it.
    """

    helped_before: GroupShare | None = None
    helped_after_positive: GroupShare | None = None
    helped_after_negative: GroupShare | None = None
    not_estimable: GroupShare | None = None
    worthwhile_before: GroupShare | None = None
    worthwhile_after_positive: GroupShare | None = None
    worthwhile_after_negative: GroupShare | None = None
    reason: Literal["certain"] | None = None


CERTAIN = Meaning(reason="certain")


def meaning_of(tally: Tally, prior: Prior, mcid: float) -> Meaning:
    """Say what answers would mean, from trials drawn from the prior.

    Parameters
    ----------
    tally : Tally
        Of the primary method, effects drawn from `prior`, trials held one by one.
    prior : Prior
    mcid : float
        Smallest worthwhile benefit.
    """
    if prior.is_point:
        return CERTAIN
    trials = DrawnTrials.beside(tally.drawn)
    is_analyzed = ~np.isnan(trials.p_decision)
    not_estimable = _share(~is_analyzed, np.ones_like(is_analyzed))
    helped = _before_and_after(trials, is_analyzed, prior, JUST_ABOVE_NOTHING)
    worthwhile = _before_and_after(trials, is_analyzed, prior, mcid) if prior.sd else (None, None, None)
    return Meaning(*helped, not_estimable, *worthwhile)


def _before_and_after(
    trials: DrawnTrials, is_analyzed: Flags, prior: Prior, least: float
) -> tuple[GroupShare, GroupShare, GroupShare]:
    """Return the share with at least some benefit before the trial, after it says so, and after it does not."""
    has_benefit, before = trials.benefit >= least, prior.share_above(least)
    return (
        GroupShare(before, 0.0, before, before, trials.benefit.size),
        _share(has_benefit, trials.is_adopted),
        _share(has_benefit, is_analyzed & ~trials.is_adopted),
    )


def _share(is_counted: Flags, group: Flags) -> GroupShare:
    of, count = int(group.sum()), int((is_counted & group).sum())
    if of < FEWEST_TRIALS:
        return GroupShare(None, None, None, None, of)
    share = rate(count, of)
    low, high = (float(betaincinv(count + 0.5, of - count + 0.5, at)) for at in (0.025, 0.975))
    return GroupShare(share.value, share.mcse, low if count else 0.0, high if count < of else 1.0, of)
