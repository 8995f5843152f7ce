"""How often the planned analysis would be right: evaluated before the pack is sealed, and printed on its papers."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from n1trial.evaluation.attainable import why_never_positive
from n1trial.evaluation.characteristics import NO_FIGURE, characterize, rate
from n1trial.evaluation.verdict import Facts, judge
from n1trial.report import verdict as words
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Progress, measure
from n1trial.study.run.bounds import ends_of
from n1trial.study.run.endings.stopping import stopped_by_chance, trials_to_stop

EXPLORED = 2_500
"""Most simulated trials at each end of what is believable."""


@dataclass(frozen=True)
class PlanCharacteristics:
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
    depends : bool
        Whether the verdict is another at an end of what is believable, or not known.
    least, most : float
        Chance to show the smallest worthwhile effect at the worst and at the best of these ends, and as planned.
    stopped, stopped_mcse : float or None
        Share of patients to whom the drug does nothing whom the stop rule stops all the same, and its Monte Carlo
        standard error; None where it cannot be judged, and in packs made before it was known.
    exaggeration : float or None
        How many times as large as it is a just worthwhile effect looks where it is shown; None where it is shown too
        seldom to know, and in packs made before it was known.
    """

    replicates: int
    detect_planned: float
    detect_worthwhile: float
    false_alarms: float
    adopt_null: float
    answer: str
    words: str
    depends: bool
    least: float
    most: float
    stopped: float | None = None
    stopped_mcse: float | None = None
    exaggeration: float | None = None


HARDLY, WEAK = 0.2, 0.5
"""Chances to show a just worthwhile effect: below the first a plan could hardly show one, below the second it is less
likely than not to show one."""


def is_hardly(characteristics: PlanCharacteristics) -> bool:
    """Whether a plan could hardly show an effect, so that an unclear ending says next to nothing of the drug."""
    return characteristics.detect_worthwhile < HARDLY


def is_weak(characteristics: PlanCharacteristics) -> bool:
    """Whether a plan is less likely than not to show an effect, so that an unclear ending says little of the drug."""
    return characteristics.detect_worthwhile < WEAK


def trials_to_evaluate(scenario: Scenario) -> int:
    """Count the simulated trials that `evaluate` asks for."""
    replicates = scenario.simulation.replicates
    return 3 * replicates + len(ends_of(scenario)) * min(replicates, EXPLORED) + trials_to_stop(scenario)


def evaluate(scenario: Scenario, pool: Executor | None = None, progress: Progress | None = None) -> PlanCharacteristics:
    """Simulate the trial at the planned effect, at none and at the smallest worthwhile one, this also at all ends.

    Parameters
    ----------
    scenario : Scenario
        A crossover; its own seed and number of replicates are used, and neither has to do with the allocation.
    pool : Executor, optional
    progress : callable, optional
    """
    plan, replicates = scenario.plan(), scenario.simulation.replicates
    worthwhile = plan.benefit_sign * plan.mcid
    effects, methods, explored = (
        (scenario.treatment.effect, 0.0, worthwhile),
        (plan.primary,),
        min(replicates, EXPLORED),
    )
    cells = [Cell(scenario, effect, methods, replicates) for effect in effects]
    cells += [Cell(end, worthwhile, methods, explored) for end in ends_of(scenario)]
    planned, null, just, *at_ends = (
        seen.tallies[plan.primary] for seen in measure(cells, scenario.simulation.seed, pool, progress)
    )
    detect, false_alarms = rate(just.detected, replicates), rate(null.detected, replicates)
    ends = [rate(tally.detected, explored) for tally in at_ends]
    verdict = judge(Facts(detect, false_alarms, plan.alpha, True, ends, None, {}, why_never_positive(plan)))
    stopped = stopped_by_chance(scenario) or NO_FIGURE
    if progress is not None:
        progress(trials_to_stop(scenario))
    shown = [tally.detected / tally.replicates for tally in (just, *at_ends)]
    return PlanCharacteristics(
        replicates,
        planned.detected / replicates,
        just.detected / replicates,
        null.detected / replicates,
        null.adopted / replicates,
        verdict.answer,
        words.words(verdict),
        verdict.depends,
        min(shown),
        max(shown),
        stopped.value,
        stopped.mcse,
        characterize(just, worthwhile)["exaggeration"].value,
    )
