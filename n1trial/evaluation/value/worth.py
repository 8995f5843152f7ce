"""What the trial is worth under the prior, and what knowing would gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from n1trial.arrays import Flags, Floats
from n1trial.evaluation.characteristics import NO_FIGURE, Figure, mean, rate
from n1trial.evaluation.tally import DrawnTrials, Tally
from n1trial.evaluation.value.prior import Prior, perfect_information

FEWEST_IN_HALF = 10
"""Trials in each half below which no use of the estimate can be found."""


@dataclass(frozen=True)
class TrialValue:
    """Worth of the trial; benefits on the outcome's scale.

    Attributes
    ----------
    assurance : Figure
        Chance to detect the effect, in its true direction, over the prior.
    gain : Figure
        Mean of (benefit − threshold) where adopted, less the better of always and never adopting; can be negative.
    evsi, evpi : Figure
        What the best use of this trial's estimate, and what perfect information, would gain.
    reason : {"certain", "no_harm"} or None
        Why the last two do not exist: the prior is certain of one benefit, or no benefit that it thinks possible is
        below the threshold, so that the drug is worth adopting without a trial.
    """

    assurance: Figure
    gain: Figure
    evsi: Figure
    evpi: Figure
    reason: Literal["certain", "no_harm"] | None = None


def value_of(tally: Tally, prior: Prior, threshold: float) -> TrialValue:
    """Compute the worth of the trial from a tally of trials drawn from the prior.

    Parameters
    ----------
    tally : Tally
        Of the primary method, effects drawn from `prior`, trials held one by one.
    prior : Prior
    threshold : float
        Benefit above which the treatment is worth adopting (`decision.benefit`).
    """
    without = max(prior.overall_mean - threshold, 0.0)
    per_trial = mean(tally.adopted_gain, tally.adopted_gain_2, tally.replicates)
    gain = NO_FIGURE if per_trial.value is None else Figure(per_trial.value - without, per_trial.mcse)
    assurance = rate(tally.detected_right, tally.replicates)
    if prior.is_point:
        return TrialValue(assurance, gain, NO_FIGURE, NO_FIGURE, "certain")
    if prior.lowest >= threshold:
        return TrialValue(assurance, gain, NO_FIGURE, NO_FIGURE, "no_harm")
    perfect = Figure(perfect_information(prior, threshold), 0.0)
    return TrialValue(assurance, gain, sample_information(DrawnTrials.beside(tally.drawn), prior, threshold), perfect)


def sample_information(trials: DrawnTrials, prior: Prior, threshold: float) -> Figure:
    """Estimate what the best use of this trial's analysis would gain over deciding without a trial.

    The mean benefit by `p_decision` is fitted by isotonic regression on one half of the trials, and the drug adopted in
    the other half where it is above the threshold; then the halves change places. Trials that could not be analyzed
    are a group of their own. So no trial speaks for itself, and the gain is that of a rule that could be followed: it
    can be negative by chance.

    Parameters
    ----------
    trials : DrawnTrials
        Benefits drawn from `prior`.
    prior : Prior
    threshold : float

    Returns
    -------
    Figure
        None of fewer than 20 trials.
    """
    if trials.benefit.size < 2 * FEWEST_IN_HALF:
        return NO_FIGURE
    is_even = np.arange(trials.benefit.size) % 2 == 0
    adopted = np.empty(is_even.shape, dtype=bool)
    for half in (is_even, ~is_even):
        adopted[~half] = _adopt(trials, half, threshold)[~half]
    # against what one would do anyway, trial by trial: the same gain on average, and less left to chance
    gain = (trials.benefit - threshold) * (adopted.astype(np.float64) - (prior.overall_mean > threshold))
    return mean(float(gain.sum()), float((gain**2).sum()), gain.size)


def _adopt(trials: DrawnTrials, is_fitted: Flags, threshold: float) -> Flags:
    """Whether to adopt after each trial, going by the mean benefit among those fitted."""
    is_analyzed = ~np.isnan(trials.p_decision)
    alone, known = trials.benefit[is_fitted & ~is_analyzed], is_fitted & is_analyzed
    least = _least_probability(trials.p_decision[known], trials.benefit[known], threshold)
    adopted: Flags = np.where(is_analyzed, trials.p_decision >= least, alone.size > 0 and alone.mean() > threshold)
    return adopted


def _least_probability(probability: Floats, benefit: Floats, threshold: float) -> float:
    """Find the least probability from which on the mean benefit is above the threshold; infinite if there is none."""
    if not probability.size:
        return np.inf
    level, which, count = np.unique(probability, return_inverse=True, return_counts=True)
    from scipy.optimize import isotonic_regression  # slow to import

    fit = isotonic_regression(np.bincount(which, benefit) / count, weights=count).x
    above = np.flatnonzero(fit > threshold)
    return float(level[above[0]]) if above.size else np.inf
