"""What a run is worth, and what its answers would mean, to the plan's belief and to a skeptic."""

from __future__ import annotations

from collections.abc import Mapping

from n1trial.evaluation.value.finished import Finished, rates_of_finished
from n1trial.evaluation.value.meaning import Meaning, meaning_of
from n1trial.evaluation.value.prior import Prior
from n1trial.evaluation.value.worth import TrialValue, value_of
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Measurement
from n1trial.study.run.cells import SKEPTICAL, Address

Measured = Mapping[Address, Measurement]
PRIOR, MCID, NULL = Address("prior"), Address("mcid"), Address("null")


def prior_of(scenario: Scenario, responders: float) -> Prior:
    """Return a scenario's belief in the benefit, with a share of responders in place of its own."""
    treatment = scenario.treatment
    return Prior(scenario.plan().benefit_sign * treatment.effect, treatment.effect_sd, responders)


def worth(scenario: Scenario, measurements: Measured) -> tuple[TrialValue, TrialValue | None]:
    """Return the worth of the trial to the plan's belief, and to a skeptic where one is stated."""
    threshold, primary = scenario.plan().decision_benefit, scenario.analysis.primary

    def value(cell: Address, responders: float) -> TrialValue:
        return value_of(measurements[cell].tallies[primary], prior_of(scenario, responders), threshold)

    skeptical = scenario.treatment.skeptical_responders
    own = value(PRIOR, scenario.treatment.responders)
    return own, None if skeptical is None else value(SKEPTICAL, skeptical)


def answers(
    scenario: Scenario, measurements: Measured, *, finished_alone: bool = False
) -> tuple[Meaning, Meaning | None]:
    """Say what answers would mean to the plan's belief and to a skeptic, who comes first where the plan is certain.

    Of all trials, or of those alone that nobody leaves early.
    """
    mcid, primary = scenario.outcome.mcid, scenario.analysis.primary

    def meaning(cell: Address, responders: float) -> Meaning:
        seen = measurements[cell]
        tallies = seen.among_finished if finished_alone else seen.tallies
        return meaning_of(tallies[primary], prior_of(scenario, responders), mcid)

    skeptical = scenario.treatment.skeptical_responders
    own = meaning(PRIOR, scenario.treatment.responders)
    doubted = None if skeptical is None else meaning(SKEPTICAL, skeptical)
    return (doubted, None) if own.reason is not None and doubted is not None else (own, doubted)


def among_finished(scenario: Scenario, measurements: Measured) -> Finished:
    """Return what the primary method finds in those trials alone that nobody leaves early."""
    plan, all_trials = scenario.plan(), measurements[MCID].tallies[scenario.analysis.primary].replicates
    worthwhile, null = (measurements[cell].among_finished[plan.primary] for cell in (MCID, NULL))
    means, _ = answers(scenario, measurements, finished_alone=True)
    return rates_of_finished(worthwhile, null, all_trials, plan.benefit_sign * plan.mcid, means)
