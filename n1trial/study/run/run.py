"""The main job: simulate a scenario at every truth that matters and judge it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from itertools import islice

from n1trial.analysis.own import OwnAnalysis
from n1trial.evaluation.ceiling.chance import Ceiling
from n1trial.evaluation.characteristics import NO_FIGURE, Figure, characterize
from n1trial.provenance import code_digest
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Measurement, Progress, measure, measure_each
from n1trial.study.batches.workers import Aside
from n1trial.study.run.ceiling import ceiling_of
from n1trial.study.run.cells import (
    MOST_BESIDE,
    PLANNED,
    WORTHWHILE,
    Address,
    cells_of_a_run,
    effect_cell,
    explored_effects,
)
from n1trial.study.run.detectable import TARGETS, Powers, smallest_detectable
from n1trial.study.run.endings.stopping import stopped_by_chance
from n1trial.study.run.endings.without_result import WithoutResult, why_without_result
from n1trial.study.run.findings import Findings
from n1trial.study.run.headline import (
    HEADLINE,
    Listener,
    by_other_methods,
    cells_of_the_headline,
    join_headline,
)
from n1trial.study.run.overall.overall import FEWEST_SETS, SETS, TRIALS, overall
from n1trial.study.run.result import Result
from n1trial.study.run.stress import Truth, departures, stress

LOOKS = 4
"""Looks for the smallest detectable effects that a method is expected to need at most, for who waits."""


def run_with(
    pool: Executor | None,
    scenario: Scenario,
    progress: Callable[[int], Progress] | None = None,
    *,
    first_answer: Listener | None = None,
    under_stress: bool = False,
    over_all: bool = False,
    own: tuple[OwnAnalysis, ...] = (),
) -> Result:
    """Simulate a scenario at every truth that matters, by workers that are there already, and judge the trial.

    Parameters
    ----------
    pool : Executor or None
        Where the work is done; None works in this process. It changes nothing in the result.
    scenario : Scenario
        Simulated with its own seed and as many replicates as it says.
    progress : callable, optional
        Called with the number of trials to be simulated, at most; gives a function that is called with how many more
        were. What either raises ends the run, and drops what was handed out.
    first_answer : callable, optional
        Given a `FirstAnswer` once the first batch of trials is measured, and again once all are, before anything else
        is; not in a run of no more trials than a batch has.
    under_stress : bool
        Whether every method is also put to departures from the plan (`Result.stress`). Not in the open-label layout.
    over_all : bool
        Whether the primary method is also put to parameter sets from all stated ranges (`Result.overall`).
    own : tuple of OwnAnalysis
        Analyses of the user's own, evaluated beside those of the scenario.
    """
    replicates, seed = scenario.simulation.replicates, scenario.simulation.seed
    cells = cells_of_a_run(scenario, own)
    first, others = cells_of_the_headline(cells), _other_cells(cells)
    beside, methods = min(replicates, MOST_BESIDE), cells[PLANNED].methods
    is_stressed = under_stress and scenario.design.layout == "crossover"
    trials = sum(cell.replicates for cell in (*first, *others.values())) + LOOKS * len(methods) * beside
    trials += 2 * len(departures(scenario)) * beside if is_stressed else 0
    trials += over_all * 2 * math.prod(_sets_and_trials(replicates))
    advance = progress(trials) if progress is not None else None
    with Aside(pool) as aside:
        answers = measure_each([*first, *others.values()], seed, pool, advance)
        headline = join_headline(scenario, islice(answers, len(first)), first_answer)
        digest = aside.start(code_digest)  # slow for the first time
        endings = aside.start(partial(_endings, scenario, headline[WORTHWHILE]))
        seen, pairs = {cells[name]: found for name, found in headline.items()}, zip(others, answers, strict=True)
        _add(seen, islice(pairs, len(set(_before_looks(cells)) & set(others))))
        measured = {name: seen[cell] for name, cell in cells.items() if cell in seen}
        looks = aside.start(
            partial(_detectable, cells[PLANNED], _first_powers(scenario, measured), seed, pool, advance)
        )
        _add(seen, pairs)
        measured = {name: seen[cell] for name, cell in cells.items()}
        (stopped, ceiling, without_result), detectable, _ = endings(), looks(), digest()
    null, worthwhile = (Truth(cells[name], measured[name]) for name in (Address("null"), WORTHWHILE))
    rows = stress(null, worthwhile, seed, pool, advance) if is_stressed else ()
    everything = overall(scenario, *_sets_and_trials(replicates), seed, pool, advance) if over_all else None
    result = Findings(scenario, measured).result(detectable, rows)
    return replace(result, stopped=stopped, ceiling=ceiling, overall=everything, without_result=without_result)


def _other_cells(cells: Mapping[Address, Cell]) -> dict[Cell, Cell]:
    """Give each cell what is measured of it after the first answer; those first that looks begin from."""
    headline = {cells[name] for name in HEADLINE}
    left = {
        cell: by_other_methods(cell) if cell in headline else cell for cell in (*_before_looks(cells), *cells.values())
    }
    return {cell: rest for cell, rest in left.items() if rest is not None}


def _before_looks(cells: Mapping[Address, Cell]) -> list[Cell]:
    """List the cells that looks for the smallest detectable effects begin from."""
    return [cell for name, cell in cells.items() if name in (WORTHWHILE, PLANNED) or name.kind == "effect"]


def _add(measurements: dict[Cell, Measurement], pairs: Iterable[tuple[Cell, Measurement]]) -> None:
    """Add what was measured to the cells that it is of."""
    for cell, measurement in pairs:
        before = measurements.get(cell)
        measurements[cell] = measurement if before is None else before.with_methods_of(measurement)


def _endings(scenario: Scenario, worthwhile: Measurement) -> tuple[Figure | None, Ceiling, WithoutResult | None]:
    """Find how often the stop rule stops for nothing, what could be shown at best, and why trials have no result."""
    tally = worthwhile.tallies[scenario.analysis.primary]
    lost = characterize(tally, None)["not_estimable"].value or 0.0
    return stopped_by_chance(scenario), ceiling_of(scenario), why_without_result(scenario, lost)


def _sets_and_trials(replicates: int) -> tuple[int, int]:
    """Count parameter sets and trials of each; a run of few trials takes few."""
    return min(SETS, max(FEWEST_SETS, replicates)), min(TRIALS, replicates)


def _first_powers(scenario: Scenario, measurements: Mapping[Address, Measurement]) -> dict[str, dict[float, float]]:
    """Return powers by method and benefit, as the first trials of the truths and of the curve have shown them."""
    sign, effects = scenario.plan().benefit_sign, explored_effects(scenario)
    seen = {sign * effect: measurements[effect_cell(effect)] for effect in effects}
    seen |= {sign * scenario.treatment.effect: measurements[PLANNED], scenario.outcome.mcid: measurements[WORTHWHILE]}
    powers: dict[str, dict[float, float]] = {}
    for benefit, one in seen.items():
        for method, happens in one.first_events.items():
            powers.setdefault(method, {})[benefit] = float(happens.detect.mean())
    return powers


def _detectable(
    cell: Cell, start_powers: Mapping[str, Powers], seed: int, pool: Executor | None, progress: Progress | None
) -> dict[str, dict[float, Figure]]:
    """Find the smallest detectable effects by method; none in the open-label layout, where any change is detected."""
    scenario, methods, plan = cell.scenario, cell.methods, cell.scenario.plan()
    if scenario.design.layout == "open-label":
        return {method: dict.fromkeys(TARGETS, NO_FIGURE) for method in methods}
    replicates = min(cell.replicates, MOST_BESIDE)

    def powers_at(what: Mapping[float, Sequence[str]]) -> dict[float, Mapping[str, float]]:
        cells = [
            Cell(scenario, plan.benefit_sign * benefit, tuple(several), replicates, own=cell.own)
            for benefit, several in what.items()
        ]
        return {
            benefit: {method: tally.detected / tally.replicates for method, tally in seen.tallies.items()}
            for benefit, seen in zip(what, measure(cells, seed, pool, progress), strict=True)
        }

    low, high = scenario.outcome.scale
    at_none = plan.alpha / plan.sides
    return smallest_detectable(powers_at, methods, plan.mcid, high - low, at_none, replicates, start_powers)
