"""How often the stop rule would stop a patient to whom the drug does nothing."""

from __future__ import annotations

import numpy as np

from n1trial.diary.stop_rule import FEWEST_IN_RUN_IN, judge
from n1trial.evaluation.characteristics import Figure, rate
from n1trial.scenario.check.stopping import stop_rule
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH, simulate_batch
from n1trial.study.run.improvements import without_secondaries

MOST_TRIALS = BATCH_WIDTH
"""Simulated trials at most: the share is known to a third of a percent, in a fraction of a second."""


def trials_to_stop(scenario: Scenario) -> int:
    """Count the simulated trials that `stopped_by_chance` asks for."""
    return min(scenario.simulation.replicates, MOST_TRIALS) if can_be_judged(scenario) else 0


def can_be_judged(scenario: Scenario) -> bool:
    """Whether there is a pack to be made, and a run-in that is long enough to compare with."""
    return scenario.design.layout == "crossover" and scenario.design.run_in_days >= FEWEST_IN_RUN_IN


def stopped_by_chance(scenario: Scenario) -> Figure | None:
    """Return the share of trials that meet the stop rule although the drug does nothing.

    Parameters
    ----------
    scenario : Scenario
        Its own seed is used.

    Returns
    -------
    Figure or None
        Share of all simulated trials, and its Monte Carlo standard error; None where the rule cannot be judged.
    """
    if not can_be_judged(scenario):
        return None
    trials = trials_to_stop(scenario)
    seen = simulate_batch(without_secondaries(scenario), 0, scenario.simulation.seed, 0.0, first=trials)
    diary = seen.diaries.observed
    is_met = judge(stop_rule(scenario), diary.day, diary.score).is_met
    return rate(int(np.count_nonzero(is_met.any(axis=0))), trials)
