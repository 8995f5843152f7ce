"""What is simulated: the truths, and everything else that an answer looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from n1trial.study.ends import at_unsettled
from n1trial.study.findings import course_cell, effect_cell, explored_effects, time_courses, unsettled_cell
from n1trial.study.measure import Cell
from n1trial.study.relief import moved, reliefs

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

KEPT = 10_000
"""Replicates of each truth whose estimates are written out one by one."""
EXPLORED = 10_000
"""Most replicates for what is explored beside the main figures: reliefs, time courses, what is not known,
further effects."""


def cells_of_a_run(scenario: Scenario) -> dict[str, Cell]:
    """Everything that a run simulates, by name; cells that are the same trials need to be simulated once only."""
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


def cells_of_a_glance(scenario: Scenario) -> dict[str, Cell]:
    """Of a run's cells those that its verdict and its curve come from, analyzed by the primary method alone.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    dict of str to Cell
        By name, the most wanted first: what is seen in them is what a run sees there, to the last digit.
    """
    cells, primary = cells_of_a_run(scenario), scenario.analysis.primary
    judged = [course_cell(*days) for _, *days, is_end in time_courses(scenario) if is_end]
    judged += [unsettled_cell(each.key, end) for each in scenario.unsettled for end in each.range]
    curve = [effect_cell(effect) for effect in explored_effects(scenario)]
    wanted = dict.fromkeys(["mcid", "null", "explored", "planned", *judged, *curve])
    return {name: replace(cells[name], methods=(primary,), kept=0) for name in wanted}
