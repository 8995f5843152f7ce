"""Belief in the benefit before the trial."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr

from n1trial import formulas


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
    def overall_mean(self) -> float:
        """Mean benefit over all patients."""
        return self.responders * self.mean

    @property
    def lowest(self) -> float:
        """Lowest benefit that is thought possible."""
        if self.responders and self.sd:
            return -math.inf
        return min([self.mean] * (self.responders > 0) + [0.0] * (self.responders < 1))

    def share_above(self, benefit: float) -> float:
        """Return the share of all patients whose benefit is `benefit` or more, which is not 0, or just above 0."""
        if self.sd == 0:
            return self.responders * (self.mean >= benefit and self.mean > 0)
        return self.responders * float(ndtr((self.mean - benefit) / self.sd))


def perfect_information(prior: Prior, threshold: float) -> float:
    """Return the gain of knowing each patient's benefit before deciding, against deciding once for all."""
    above = formulas.evpi(prior.mean, prior.sd, threshold) + max(prior.mean - threshold, 0.0)
    known = prior.responders * above + (1 - prior.responders) * max(-threshold, 0.0)
    return known - max(prior.overall_mean - threshold, 0.0)
