"""What closed forms expect of a plan: at once, before anything is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from n1trial.evaluation.screen import screen
from n1trial.evaluation.screening.candidate import SCREENED_METHODS, Candidate
from n1trial.scenario.model import Scenario
from n1trial.study.findings import explored_effects


@dataclass(frozen=True)
class Expected:
    """The chances that closed forms give; they are good to some hundredths.

    Attributes
    ----------
    curve : dict of float to float
        Chance to detect by benefit, positive where better, from 0 on.
    detect : float
        At the smallest worthwhile benefit.
    type_1 : float
        Chance to detect an effect where there is none.
    """

    curve: Mapping[float, float]
    detect: float
    type_1: float


def expect(scenario: Scenario) -> Expected | None:
    """Expect the chances of a plan by closed form.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Expected or None
        None where there is no closed form: in the open-label layout, and for the methods that have none.
    """
    analysis, plan = scenario.analysis, scenario.plan()
    if scenario.design.layout != "crossover" or analysis.primary not in SCREENED_METHODS:
        return None
    candidate = Candidate(scenario.layout(), analysis.discard_days, analysis.primary)
    effects = (*explored_effects(scenario), scenario.treatment.effect)
    benefits = {plan.mcid, *(benefit for effect in effects if (benefit := plan.benefit_sign * effect) > 0)}
    seen = {benefit: next(iter(screen(scenario, [candidate], benefit))) for benefit in sorted(benefits)}
    type_1 = seen[plan.mcid].type_1
    curve = {0.0: type_1, **{benefit: one.power for benefit, one in seen.items()}}
    return Expected(curve, seen[plan.mcid].power, type_1)
