"""What is simulated: the truths, and everything else that an answer looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from n1trial.study.run.bounds import at_unsettled
from n1trial.study.run.findings import course_cell, effect_cell, explored_effects, time_courses, unsettled_cell
from n1trial.study.run.improvements import moved, reliefs
from n1trial.study.work.measure import Cell

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario

KEPT = 10_000
"""Replicates of each truth whose estimates are written out one by one."""
EXPLORED = 10_000
"""Most replicates for what is explored beside the main figures: reliefs, time courses, what is not known,
further effects."""


def cells_of_a_run(scenario: Scenario) -> dict[str, Cell]:
    """Everything that a run simulates, by name; cells that are the same trials need to be simulated once only."""
    return {
        **_truths(scenario),
        **_curve(scenario),
        **{f"relief {name}": _explore(scenario, changed) for name, changed in reliefs(scenario).items()},
        **_courses(scenario),
        **_unsettled(scenario),
        **_skeptical(scenario),
    }


def cells_of_a_verdict(scenario: Scenario) -> dict[str, Cell]:
    """Of a run's cells those that its verdict comes from, and the planned effect, analyzed by the primary method alone.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    dict of str to Cell
        By name, the most wanted first: what is seen in them is what a run sees there, to the last digit.
    """
    truths = {name: cell for name, cell in _truths(scenario).items() if name != "prior"}
    return _by_primary(scenario, {**truths, **_courses(scenario, ends_alone=True), **_unsettled(scenario)})


def cells_of_a_curve(scenario: Scenario) -> dict[str, Cell]:
    """Of a run's cells those that its curve of power is drawn through beside those of `cells_of_a_verdict`."""
    return _by_primary(scenario, _curve(scenario))


def _by_primary(scenario: Scenario, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {name: replace(cell, methods=(scenario.analysis.primary,), kept=0) for name, cell in cells.items()}


def _truths(scenario: Scenario) -> dict[str, Cell]:
    settings, plan, treatment = scenario.simulation, scenario.plan(), scenario.treatment
    methods = tuple(dict.fromkeys((plan.primary, *plan.methods)))

    def cell(effect: float | None) -> Cell:
        return Cell(scenario, effect, methods, settings.replicates, KEPT)

    is_certain = treatment.effect_sd == 0 and treatment.responders == 1
    mcid = cell(_worthwhile(scenario))
    return {
        "mcid": mcid,
        "null": cell(0.0),
        "planned": cell(treatment.effect),
        "prior": cell(treatment.effect if is_certain else None),
        "explored": mcid if settings.replicates <= EXPLORED else _explore(scenario, scenario),
    }


def _curve(scenario: Scenario) -> dict[str, Cell]:
    return {effect_cell(effect): _at(scenario, scenario, effect) for effect in explored_effects(scenario)}


def _courses(scenario: Scenario, *, ends_alone: bool = False) -> dict[str, Cell]:
    own = (scenario.treatment.onset_days, scenario.treatment.offset_days)
    return {
        course_cell(onset, offset): _explore(
            scenario, scenario if (onset, offset) == own else moved(scenario, onset, offset)
        )
        for _, onset, offset, is_end in time_courses(scenario)
        if is_end or not ends_alone
    }


def _unsettled(scenario: Scenario) -> dict[str, Cell]:
    return {
        unsettled_cell(each.key, end): _explore(scenario, at_unsettled(scenario, each.key, end))
        for each in scenario.unsettled
        for end in each.range
    }


def _skeptical(scenario: Scenario) -> dict[str, Cell]:
    responders = scenario.treatment.skeptical_responders
    if responders is None:
        return {}
    return {"skeptical": _at(scenario, scenario.replace(**{"treatment.responders": responders}), None)}


def _explore(scenario: Scenario, changed: Scenario) -> Cell:
    """The smallest worthwhile effect in a changed scenario."""
    return _at(scenario, changed, _worthwhile(scenario))


def _at(scenario: Scenario, changed: Scenario, effect: float | None) -> Cell:
    replicates = min(scenario.simulation.replicates, EXPLORED)
    return Cell(changed, effect, (scenario.analysis.primary,), replicates)


def _worthwhile(scenario: Scenario) -> float:
    return -scenario.sign * scenario.outcome.mcid
