"""The analysis as it was fixed in advance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from n1trial.design.layout import Layout
from n1trial.diary.methods import PAIRED, methods_for


@dataclass(frozen=True)
class Plan:
    """What an analyst is told before the first entry: the design, the outcome's direction and every setting.

    Nothing in it says what the patient is like. Defaults are those of a diary that comes without a plan.

    Parameters
    ----------
    layout : Layout or None
        The design, with its randomization scheme; None when unknown.
    better : {"lower", "higher"}
        Which way the score improves.
    mcid : float
        Smallest worthwhile difference, positive, on the score's scale.
    scale : tuple of float
        Lowest and highest score possible.
    primary : str
        The method that decides.
    methods : tuple of str
        All methods to run.
    alpha : float
        Two- or one-sided significance level (`sides`), in (0, 1).
    sides : {1, 2}
        Sides of the test; one-sided means in the direction of benefit.
    discard_days : int
        Settling-in days left out at the start of every period.
    minimum_days : int
        Entries that a period needs to count.
    terms : tuple of {"trend", "cycle"}
        Further terms of the daily models.
    df : {"satterthwaite", "residual"}
        Degrees of freedom of `ar1`.
    statistic : {"exposure", "cycle"}
        Statistic of the randomization test.
    max_assignments : int
        Most assignments that the randomization test goes through in simulation; beyond it a sample is drawn.
    assumed_onset_days, assumed_offset_days : float
        Time constants of the drug that the analyst believes in, in days, 0 or more.
    dose_every_days : int
        Days from one dose to the next.
    prior_mean, prior_sd, sd_scale : float
        Priors of `bayes`: mean and SD of the difference, scale of the half-t prior of the SD between cycles.
    decision_rule : {"detected", "probability"}
        When the treatment is adopted.
    decision_benefit : float
        Benefit that the decision is about, on the score's scale.
    decision_threshold : float
        Probability asked for by the rule "probability".
    """

    layout: Layout | None = None
    better: Literal["lower", "higher"] = "lower"
    mcid: float = 1.0
    scale: tuple[float, float] = (float("-inf"), float("inf"))
    primary: str = PAIRED.name
    methods: tuple[str, ...] = methods_for("crossover")
    alpha: float = 0.05
    sides: int = 2
    discard_days: int = 14
    minimum_days: int = 14
    terms: tuple[str, ...] = ()
    df: Literal["satterthwaite", "residual"] = "satterthwaite"
    statistic: Literal["exposure", "cycle"] = "exposure"
    max_assignments: int = 5000
    assumed_onset_days: float = 0.0
    assumed_offset_days: float = 0.0
    dose_every_days: int = 1
    prior_mean: float = 0.0
    prior_sd: float = 2.0
    sd_scale: float = 1.0
    decision_rule: Literal["detected", "probability"] = "detected"
    decision_benefit: float = 0.0
    decision_threshold: float = 0.8

    @property
    def benefit_sign(self) -> int:
        """−1 when lower scores are better, else +1: benefit = benefit_sign · (drug − control)."""
        return -1 if self.better == "lower" else 1
