"""What is counted of each simulated trial's analysis; tallies of batches add up, so only interval widths are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.estimates import Estimates, Status
from n1trial.arrays import Flags, Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.prior_conflict import conflicts

LIKELY = (0.8, 0.9, 0.95, 0.975)
"""Probabilities of a benefit from which on the drug could be continued."""


@dataclass(frozen=True, eq=False)
class DrawnTrials:
    """Trials one by one, each with a benefit of its own. All of shape (replicate,).

    Attributes
    ----------
    benefit : ndarray of float
        True benefit, positive is better.
    p_decision : ndarray of float
        Probability, or what stands in its place, that the benefit is above `decision.benefit`; NaN where not estimable.
    is_adopted : ndarray of bool
        Whether the decision rule says to continue the drug.
    """

    benefit: Floats
    p_decision: Floats
    is_adopted: Flags

    @classmethod
    def beside(cls, parts: Iterable[DrawnTrials]) -> DrawnTrials:
        """Join the trials of batches, in the order given."""
        held = [(part.benefit, part.p_decision, part.is_adopted) for part in parts]
        return cls(*map(np.concatenate, zip(*held, strict=True)))


@dataclass(frozen=True, eq=False)
class Events:
    """What happens in trials, one by one, by the metric whose rate counts it. All of shape (replicate,)."""

    detect: Flags
    detect_right: Flags
    adopt: Flags


@dataclass
class Tally:
    """Counts and sums over replicates of one method at one truth.

    `error` is the estimate less the true full effect, in points; sums run over estimable replicates only, and
    `half_widths` over those whose interval was found; `likely` counts, by a probability of `LIKELY`, the trials in
    which a benefit is at least so likely; `prior_conflicts` those whose data contradict the prior; `drawn` holds trials
    one by one where that is asked for.
    """

    replicates: int = 0
    estimable: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    detected: int = 0
    detected_right: int = 0
    detected_wrong_sign: int = 0
    adopted: int = 0
    decided_right: int = 0
    covered: int = 0
    error: float = 0.0
    error_2: float = 0.0
    error_4: float = 0.0
    estimate: float = 0.0
    estimate_2: float = 0.0
    estimate_3: float = 0.0
    estimate_4: float = 0.0
    variance: float = 0.0
    variance_2: float = 0.0
    detected_size: float = 0.0
    detected_size_2: float = 0.0
    half_widths: list[NDArray[np.float64]] = field(default_factory=list)
    adopted_gain: float = 0.0
    adopted_gain_2: float = 0.0
    likely: Counter[str] = field(default_factory=Counter)
    prior_conflicts: int = 0
    drawn: list[DrawnTrials] = field(default_factory=list)

    @classmethod
    def total(cls, parts: Iterable[Tally]) -> Tally:
        """Add up the tallies of batches, in the order given."""
        whole = cls()
        for part in parts:
            for item in fields(cls):
                setattr(whole, item.name, getattr(whole, item.name) + getattr(part, item.name))
        return whole


def detects(estimates: Estimates, plan: Plan) -> Flags:
    """Whether each analysis is positive: p at or below alpha at the stated sides."""
    positive: Flags = estimates.p_value <= plan.alpha
    return positive


def adopts(estimates: Estimates, plan: Plan) -> Flags:
    """Whether the decision rule, which always means in the drug's favor, says to continue the drug."""
    if plan.decision_rule == "probability":
        likely: Flags = estimates.p_decision >= plan.decision_threshold
        return likely
    return detects(estimates, plan) & (plan.benefit_sign * estimates.estimate > 0)


def decides_right(adopts: Flags, estimable: Flags, benefit: NDArray[np.float64], mcid: float) -> Flags:
    """Whether the decision is right: adopt a worthwhile benefit, do not adopt none, either in between."""
    either = (benefit > 0) & (benefit < mcid)
    right: Flags = estimable & (either | np.where(benefit > 0, adopts, ~adopts))
    return right


def events(estimates: Estimates, plan: Plan, truth: NDArray[np.float64]) -> Events:
    """Find what happens in each trial of a batch; see `tally`."""
    detected = detects(estimates, plan)
    right_sign = np.sign(estimates.estimate) == np.sign(truth)
    return Events(detected, detected & right_sign, adopts(estimates, plan))


def tally(estimates: Estimates, plan: Plan, truth: NDArray[np.float64], *, one_by_one: bool = False) -> Tally:
    """Count one batch.

    Parameters
    ----------
    estimates : Estimates
        Of one method.
    plan : Plan
    truth : ndarray of float, shape (replicate,)
        Full effect of the drug in each replicate.
    one_by_one : bool
        Whether the trials are also held one by one (`Tally.drawn`).
    """
    estimable = estimates.is_estimable
    happens = events(estimates, plan, truth)
    detected, adopted = happens.detect, happens.adopt
    benefit = plan.benefit_sign * truth
    gain = np.where(adopted, benefit - plan.decision_benefit, 0.0)

    estimate, effect = estimates.estimate[estimable], truth[estimable]
    error, variance = estimate - effect, estimates.standard_error[estimable] ** 2
    low, high = estimates.ci_low[estimable], estimates.ci_high[estimable]
    covers = (low <= effect) & (effect <= high) if estimates.covers is None else estimates.covers[estimable]
    size = np.abs(estimates.estimate[detected])
    return Tally(
        replicates=len(truth),
        estimable=int(estimable.sum()),
        reasons=_reasons(estimates),
        detected=int(detected.sum()),
        detected_right=int(happens.detect_right.sum()),
        detected_wrong_sign=int((detected & ~happens.detect_right).sum()),
        adopted=int(adopted.sum()),
        decided_right=int(decides_right(adopted, estimable, benefit, plan.mcid).sum()),
        covered=int(covers.sum()),
        error=float(error.sum()),
        error_2=float((error**2).sum()),
        error_4=float((error**4).sum()),
        estimate=float(estimate.sum()),
        estimate_2=float((estimate**2).sum()),
        estimate_3=float((estimate**3).sum()),
        estimate_4=float((estimate**4).sum()),
        variance=float(variance.sum()),
        variance_2=float((variance**2).sum()),
        detected_size=float(size.sum()),
        detected_size_2=float((size**2).sum()),
        half_widths=[(high - low)[~np.isnan(high - low)] / 2],
        adopted_gain=float(gain.sum()),
        adopted_gain_2=float((gain**2).sum()),
        likely=Counter({str(least): int((estimates.p_benefit[estimable] >= least).sum()) for least in LIKELY}),
        prior_conflicts=int(conflicts(estimates, plan).sum()),
        drawn=[DrawnTrials(benefit, _where(estimable, estimates.p_decision), adopted)] if one_by_one else [],
    )


def _where(estimable: Flags, values: Floats) -> Floats:
    return np.where(estimable, values, np.nan)


def _reasons(estimates: Estimates) -> Counter[str]:
    """Count how often each reason stood in the way of an estimate."""
    statuses, counts = np.unique(estimates.status[~estimates.is_estimable], return_counts=True)
    return Counter({Status(status).word: int(count) for status, count in zip(statuses, counts, strict=True)})
