"""How often the planned analysis would be right: evaluated before the pack is sealed, and printed on its papers."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from n1trial.evaluation.characteristics import rate
from n1trial.evaluation.verdict import Facts, judge
from n1trial.study.measure import Cell, Progress, measure

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario


@dataclass(frozen=True)
class Planned:
    """Operating characteristics of the primary method, all losses in.

    Attributes
    ----------
    replicates : int
        Simulated trials at each truth.
    detect_planned, detect_worthwhile : float
        Chance to show an effect as large as planned for, and as large as the smallest worthwhile one.
    false_alarms : float
        Chance to show an effect, for better or worse, where there is none.
    adopt_null : float
        Chance to adopt the treatment where there is no effect.
    answer : str
        The verdict: likely, may, unlikely or misleading.
    words : str
        The verdict in words.
    """

    replicates: int
    detect_planned: float
    detect_worthwhile: float
    false_alarms: float
    adopt_null: float
    answer: str
    words: str


def trials_to_evaluate(scenario: Scenario) -> int:
    """Simulated trials that `evaluate` asks for."""
    return 3 * scenario.simulation.replicates


def evaluate(scenario: Scenario, pool: Executor | None = None, progress: Progress | None = None) -> Planned:
    """Simulate the trial at the planned effect, at none and at the smallest worthwhile one.

    Parameters
    ----------
    scenario : Scenario
        A crossover; its own seed and number of replicates are used, and neither has to do with the allocation.
    pool : Executor, optional
    progress : callable, optional

    Returns
    -------
    Planned
    """
    plan, replicates = scenario.plan(), scenario.simulation.replicates
    effects = (scenario.treatment.effect, 0.0, plan.benefit_sign * plan.mcid)
    cells = [Cell(scenario, effect, (plan.primary,), replicates) for effect in effects]
    planned, null, worthwhile = (
        seen.tallies[plan.primary] for seen in measure(cells, scenario.simulation.seed, pool, progress)
    )
    detect, false_alarms = rate(worthwhile.detected, replicates), rate(null.detected, replicates)
    verdict = judge(Facts(detect, false_alarms, plan.alpha, True, (), None, {}))
    return Planned(
        replicates,
        planned.detected / replicates,
        worthwhile.detected / replicates,
        null.detected / replicates,
        null.adopted / replicates,
        verdict.answer,
        verdict.words,
    )
