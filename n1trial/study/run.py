"""The main job: simulate a scenario at every truth that matters and judge it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from n1trial.study import workers as pools
from n1trial.study.detectable import STEPS, TARGETS, smallest_detectable
from n1trial.study.ends import at_unsettled
from n1trial.study.findings import (
    SEEN_SES,
    Findings,
    course_cell,
    effect_cell,
    explored_effects,
    time_courses,
    unsettled_cell,
)
from n1trial.study.measure import Cell, Progress, measure
from n1trial.study.relief import moved, reliefs
from n1trial.study.result import Result
from n1trial.study.stress import departures, stress

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

KEPT = 10_000
"""Replicates of each truth whose estimates are written out one by one."""
EXPLORED = 10_000
"""Most replicates for what is explored beside the main figures: reliefs, time courses, what is not known,
further effects."""
SEARCHED = 2_500
"""Most replicates at each step of the search for the smallest detectable effect."""
STRESSED = 5_000
"""Most replicates of each departure from the plan."""


def run(
    scenario: Scenario,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], Progress] | None = None,
    *,
    under_stress: bool = False,
) -> Result:
    """Say how often the planned analysis of a scenario would be right, and judge the trial by it.

    Parameters
    ----------
    scenario : Scenario
    replicates : int, optional
        Simulated trials at each truth, 1 or more; the scenario's by default.
    seed : int, optional
        Seed, 0 or more; the scenario's by default.
    workers : int
        Processes to use, 1 or more. It changes nothing in the result.
    progress : callable, optional
        Told how many trials are to be simulated, at most; gives a function that is told how many more were.
    under_stress : bool
        Whether every method is also put to departures from the plan (`Result.stress`). Not in the open-label layout.

    Returns
    -------
    Result
    """
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, but is {workers}")
    replicates = scenario.simulation.replicates if replicates is None else replicates
    seed = scenario.simulation.seed if seed is None else seed
    scenario = scenario.replace(**{"simulation.replicates": replicates, "simulation.seed": seed})
    cells = _cells(scenario)
    unique = list(dict.fromkeys(cells.values()))
    methods, stressed = cells["planned"].methods, min(replicates, STRESSED)
    is_stressed = under_stress and scenario.design.layout == "crossover"
    trials = sum(cell.replicates for cell in unique) + _most_looks(methods) * min(replicates, SEARCHED)
    trials += is_stressed * 2 * len(departures(scenario)) * stressed
    advance = progress(trials) if progress is not None else None
    with pools.executor(workers) as pool:
        seen = dict(zip(unique, measure(unique, seed, pool, advance), strict=True))
        measured = {name: seen[cell] for name, cell in cells.items()}
        detectable = _detectable(scenario, methods, seed, pool, advance)
        rows = stress(scenario, methods, stressed, seed, pool, advance) if is_stressed else ()
    return Findings(scenario, measured).result(detectable, rows)


def _cells(scenario: Scenario) -> dict[str, Cell]:
    """Everything that a run simulates, by name; cells that are the same trials are simulated once."""
    settings, plan = scenario.simulation, scenario.plan()
    methods = tuple(dict.fromkeys((plan.primary, *plan.methods)))
    explored = min(settings.replicates, EXPLORED)

    def cell(effect: float | None) -> Cell:
        return Cell(scenario, effect, methods, settings.replicates, KEPT)

    def explore(changed: Scenario, effect: float | None) -> Cell:
        return Cell(changed, effect, (plan.primary,), explored)

    treatment, worthwhile = scenario.treatment, plan.benefit_sign * plan.mcid
    is_certain = treatment.effect_sd == 0 and treatment.responders == 1
    cells = {
        "planned": cell(treatment.effect),
        "null": cell(0.0),
        "mcid": cell(worthwhile),
        "prior": cell(treatment.effect if is_certain else None),
    }
    cells["explored"] = cells["mcid"] if explored == settings.replicates else explore(scenario, worthwhile)
    cells |= {effect_cell(effect): explore(scenario, effect) for effect in explored_effects(scenario)}
    cells |= {f"relief {name}": explore(changed, worthwhile) for name, changed in reliefs(scenario).items()}
    own = (treatment.onset_days, treatment.offset_days)
    for _, *days, _ in time_courses(scenario):
        cells[course_cell(*days)] = explore(scenario if tuple(days) == own else moved(scenario, *days), worthwhile)
    for unsettled in scenario.unsettled:
        for end in unsettled.range:
            at_end = at_unsettled(scenario, unsettled.key, end)
            cells[unsettled_cell(unsettled.key, end)] = explore(at_end, worthwhile)
    if treatment.skeptical_responders is not None:
        doubted = scenario.replace(**{"treatment.responders": treatment.skeptical_responders})
        cells["skeptical"] = explore(doubted, None)
    return cells


def _most_looks(methods: Sequence[str]) -> int:
    """About the most cells that the search for the smallest detectable effects comes to."""
    return 2 + 2 * STEPS * len(methods)


def _detectable(
    scenario: Scenario, methods: Sequence[str], seed: int, pool: Executor | None, progress: Progress | None
) -> dict[str, dict[float, float | None]]:
    """Smallest detectable effects by method; none in the open-label layout, where any change is detected."""
    plan = scenario.plan()
    if scenario.design.layout == "open-label":
        return {method: dict.fromkeys(TARGETS) for method in methods}
    replicates = min(scenario.simulation.replicates, SEARCHED)

    def powers_at(wanted: Mapping[float, Sequence[str]]) -> dict[float, Mapping[str, float]]:
        cells = [
            Cell(scenario, plan.benefit_sign * benefit, tuple(asked), replicates) for benefit, asked in wanted.items()
        ]
        return {
            benefit: {method: tally.detected / tally.replicates for method, tally in seen.tallies.items()}
            for benefit, seen in zip(wanted, measure(cells, seed, pool, progress), strict=True)
        }

    low, high = scenario.outcome.scale
    margin = SEEN_SES * math.sqrt(TARGETS[0] * (1 - TARGETS[0]) / replicates)
    return smallest_detectable(powers_at, methods, plan.mcid, high - low, plan.alpha, margin)
