"""What the trial is worth under the prior: what its answers would mean, and what knowing would gain."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial import formulas
from n1trial.evaluation.characteristics import NO_FIGURE, Figure, mean, rate
from n1trial.evaluation.tally import Tally

GRID = 4001
REACH_IN_SDS = 9.0


@dataclass(frozen=True)
class Prior:
    """Belief in the benefit before the trial: none with chance `1 − responders`, else normal.

    Attributes
    ----------
    mean, sd : float
        Of the benefit among those who respond, positive is better, on the outcome's scale.
    responders : float
        Share who respond, 0 to 1.
    """

    mean: float
    sd: float
    responders: float

    @property
    def is_point(self) -> bool:
        """Whether nothing is left to learn."""
        return self.responders == 0 or (self.sd == 0 and (self.responders == 1 or self.mean == 0))

    @property
    def expected(self) -> float:
        """Mean benefit over all patients."""
        return self.responders * self.mean


@dataclass(frozen=True)
class TrialValue:
    """Worth of the trial; benefits on the outcome's scale.

    Attributes
    ----------
    assurance : Figure
        Chance to detect the effect, in its true direction, over the prior.
    positive_means : Figure
        Share of trials that adopt in which the benefit is worthwhile; none under a point prior.
    negative_means : Figure
        Share of trials that do not adopt in which it is not; none under a point prior.
    gain : Figure
        Mean of (benefit − threshold) where adopted, less the better of always and never adopting; can be negative.
    evsi, evpi : Figure
        What the best use of this trial's estimate, and what perfect information, would gain; none under a point
        prior.
    """

    assurance: Figure
    positive_means: Figure
    negative_means: Figure
    gain: Figure
    evsi: Figure
    evpi: Figure


def value_of(tally: Tally, prior: Prior, threshold: float) -> TrialValue:
    """Compute the worth of the trial from a tally of trials drawn from the prior.

    Parameters
    ----------
    tally : Tally
        Of the primary method, effects drawn from `prior`.
    prior : Prior
    threshold : float
        Benefit above which the treatment is worth adopting (`decision.benefit`).
    """
    without = max(prior.expected - threshold, 0.0)
    per_trial = mean(tally.adopted_gain, tally.adopted_gain_2, tally.replicates)
    gain = NO_FIGURE if per_trial.value is None else Figure(per_trial.value - without, per_trial.mcse)
    assurance = rate(tally.detected_right, tally.replicates)
    if prior.is_point:
        return TrialValue(assurance, NO_FIGURE, NO_FIGURE, gain, NO_FIGURE, NO_FIGURE)
    not_adopted = tally.replicates - tally.adopted
    missed = tally.worthwhile - tally.worthwhile_adopted
    return TrialValue(
        assurance=assurance,
        positive_means=rate(tally.worthwhile_adopted, tally.adopted),
        negative_means=rate(not_adopted - missed, not_adopted),
        gain=gain,
        evsi=Figure(_sample_information(tally, prior, threshold)),
        evpi=Figure(perfect_information(prior, threshold)),
    )


def perfect_information(prior: Prior, threshold: float) -> float:
    """Return the gain of knowing each patient's benefit before deciding, against deciding once for all."""
    above = formulas.evpi(prior.mean, prior.sd, threshold) + max(prior.mean - threshold, 0.0)
    known = prior.responders * above + (1 - prior.responders) * max(-threshold, 0.0)
    return known - max(prior.expected - threshold, 0.0)


def sample_information(prior: Prior, threshold: float, slope: float, error_sd: float) -> float:
    """Return the gain of deciding by the posterior mean, given an estimate that is normal about `slope`·benefit.

    Parameters
    ----------
    prior : Prior
    threshold : float
    slope : float
        What the estimate moves by when the benefit moves by 1; carryover and missed doses make it less than 1.
    error_sd : float
        SD of the estimate at a fixed benefit, positive.

    Returns
    -------
    float
        On the outcome's scale; 0 or more.
    """
    spread = math.hypot(slope * prior.sd, error_sd)
    # fine enough for either: where the error is small, those who do not respond make a narrow peak
    peaks = [(slope * prior.mean, spread), (0.0, error_sd)]
    estimate = np.sort(
        [np.linspace(peak - REACH_IN_SDS * sd, peak + REACH_IN_SDS * sd, GRID) for peak, sd in peaks], axis=None
    )
    response = prior.responders * _normal_density(estimate, slope * prior.mean, spread)
    nothing = (1 - prior.responders) * _normal_density(estimate, 0.0, error_sd)
    shrunk = prior.mean + slope * prior.sd**2 / spread**2 * (estimate - slope * prior.mean)
    gain = np.maximum(response * (shrunk - threshold) - nothing * threshold, 0.0)
    with_trial = float(np.diff(estimate) @ (gain[1:] + gain[:-1])) / 2
    without = max(prior.expected - threshold, 0.0)
    rounding = 1e-9 * max(abs(prior.mean) + prior.sd, abs(threshold))
    return with_trial - without if with_trial - without > rounding else 0.0


def _sample_information(tally: Tally, prior: Prior, threshold: float) -> float | None:
    """Return the value of this trial's estimate, its slope and error taken from the simulated trials."""
    count = tally.estimable
    if count < 3:
        return None
    effects = tally.estimable_effect_2 - tally.estimable_effect**2 / count
    together = tally.estimate_effect - tally.estimate * tally.estimable_effect / count
    estimates = tally.estimate_2 - tally.estimate**2 / count
    if effects <= 0:
        return None
    slope = together / effects
    error_sd = math.sqrt(max(estimates - slope * together, 0.0) / (count - 2))
    answered = count / tally.replicates
    return answered * sample_information(prior, threshold, slope, error_sd) if error_sd > 0 else None


def _normal_density(value: NDArray[np.float64], center: float, sd: float) -> NDArray[np.float64]:
    z = (value - center) / sd
    density: NDArray[np.float64] = np.exp(-z * z / 2) / (sd * math.sqrt(2 * math.pi))
    return density
