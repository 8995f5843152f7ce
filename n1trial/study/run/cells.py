"""Cells of a run: the truths, and everything else that an answer looks at, each by its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from n1trial.analysis.own import OwnAnalysis
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH
from n1trial.study.batches.measure import Cell
from n1trial.study.run.bounds import at_unsettled, time_courses
from n1trial.study.run.improvements import improvements, perfectly_blinded, with_time_course

KEPT = 10_000
"""Replicates of each truth whose estimates are written out one by one."""
MOST_DRAWN = 10_000
"""Most replicates whose effects are drawn from the skeptic's prior."""
MOST_BESIDE = BATCH_WIDTH
"""Most replicates of what is looked at beside a truth: improvements, time courses, what is not known, further effects,
perfect blinding, stress. Their numbers are those of the truth's first trials, and all of the truth's sharpen them."""

CURVE = (0.25, 0.5, 0.75, 1.5, 2.0, 3.0)
"""Benefits at which the chance to see them is shown, in smallest worthwhile ones."""


@dataclass(frozen=True)
class Address:
    """Address of a cell within a run.

    Attributes
    ----------
    kind : str
        A truth ("planned", "null", "mcid", "prior"); "skeptical"; or "improvement", "course", "unsettled", "effect" and
        "blinded", of which there are several.
    at : tuple of (str or float)
        Which of several: the improvement; onset and offset in days; the key and its value; the effect; the truth.
    """

    kind: str
    at: tuple[str | float, ...] = ()


PLANNED, WORTHWHILE, SKEPTICAL = Address("planned"), Address("mcid"), Address("skeptical")


def course_cell(onset_days: float, offset_days: float) -> Address:
    """Return the address of a time course; two of the same days are one."""
    return Address("course", (onset_days, offset_days))


def unsettled_cell(key: str, end: float) -> Address:
    """Return the address of one end of a number that is not known."""
    return Address("unsettled", (key, end))


def improvement_cell(name: str) -> Address:
    """Return the address of a hardship taken away."""
    return Address("improvement", (name,))


def effect_cell(effect: float) -> Address:
    """Return the address of an effect besides those of the truths."""
    return Address("effect", (effect,))


def blinded_cell(truth: str) -> Address:
    """Return the address of a truth seen in patients who never learn what they take."""
    return Address("blinded", (truth,))


def explored_effects(scenario: Scenario) -> tuple[float, ...]:
    """List the effects that are looked at besides the truths: the scenario's own, and those of the curve."""
    worthwhile = -scenario.sign * scenario.outcome.mcid
    own = scenario.treatment.further_effects
    curve = (worthwhile * times for times in CURVE)
    return (*own, *(effect for effect in curve if effect not in (*own, scenario.treatment.effect)))


def cells_of_a_run(scenario: Scenario, own: tuple[OwnAnalysis, ...] = ()) -> dict[Address, Cell]:
    """List all that a run simulates, by address; cells that are the same trials need to be simulated once only.

    Analyses of the user's own are run at the truths alone.
    """
    return {
        **_truths(scenario, own),
        **_curve(scenario),
        **{improvement_cell(name): _explore(scenario, changed) for name, changed in improvements(scenario).items()},
        **_courses(scenario, own),
        **_unsettled_cells(scenario),
        **_skeptical(scenario),
        **_blind_cells(scenario),
    }


def cells_of_a_verdict(scenario: Scenario) -> dict[Address, Cell]:
    """Choose the cells that a run's verdict comes from, and the planned effect, analyzed by the primary method alone.

    Returns
    -------
    dict of Address to Cell
        The most wanted first: what is seen in them is what a run sees there, to the last digit.
    """
    truths = {name: cell for name, cell in _truths(scenario).items() if name.kind != "prior"}
    return _by_primary(scenario, {**truths, **_courses(scenario, ends_alone=True), **_unsettled_cells(scenario)})


def cells_of_a_curve(scenario: Scenario) -> dict[Address, Cell]:
    """Choose the cells that a run's curve and its perfect blinding come from, beside those of `cells_of_a_verdict`."""
    return _by_primary(scenario, {**_curve(scenario), **_blind_cells(scenario)})


def _by_primary(scenario: Scenario, cells: Mapping[Address, Cell]) -> dict[Address, Cell]:
    return {
        name: replace(cell, methods=(scenario.analysis.primary,), sample_size=0, has_secondaries=False)
        for name, cell in cells.items()
    }


def _truths(scenario: Scenario, own: tuple[OwnAnalysis, ...] = ()) -> dict[Address, Cell]:
    settings, plan, treatment = scenario.simulation, scenario.plan(), scenario.treatment
    methods = tuple(dict.fromkeys((plan.primary, *plan.methods, *(analysis.name for analysis in own))))

    def cell(effect: float | None) -> Cell:
        has_secondaries = bool(scenario.secondary) and effect in (0.0, treatment.effect)
        return Cell(scenario, effect, methods, settings.replicates, KEPT, own, has_secondaries=has_secondaries)

    is_certain = treatment.effect_sd == 0 and treatment.responders == 1
    return {
        WORTHWHILE: cell(_worthwhile(scenario)),
        Address("null"): cell(0.0),
        PLANNED: cell(treatment.effect),
        Address("prior"): cell(treatment.effect if is_certain else None),
    }


def _curve(scenario: Scenario) -> dict[Address, Cell]:
    return {effect_cell(effect): _at(scenario, scenario, effect) for effect in explored_effects(scenario)}


def _courses(scenario: Scenario, own: tuple[OwnAnalysis, ...] = (), *, ends_alone: bool = False) -> dict[Address, Cell]:
    """Give the smallest worthwhile effect other time courses; with the drug's own it is the truth itself."""
    courses = [(onset, offset) for _, onset, offset, is_end in time_courses(scenario) if is_end or not ends_alone]
    stated, cells = (scenario.treatment.onset_days, scenario.treatment.offset_days), dict[Address, Cell]()
    for course in courses:
        second = None if ends_alone else _second_course(scenario, course)
        variant = scenario if course == stated else with_time_course(scenario, *course)
        row = replace(_explore(scenario, variant), second_course=second)
        is_truth = course == stated and second is None
        cells[course_cell(*course)] = _truths(scenario, own)[WORTHWHILE] if is_truth else row
    return cells


def _second_course(scenario: Scenario, course: tuple[float, float]) -> tuple[float, float] | None:
    """Return what an analysis planned on a time course assumes; None where the plan's assumes no other."""
    plan = scenario.plan()
    is_other = course != (plan.assumed_onset_days, plan.assumed_offset_days)
    return course if plan.is_course_assumed and is_other else None


def _unsettled_cells(scenario: Scenario) -> dict[Address, Cell]:
    return {
        unsettled_cell(each.key, end): _explore(scenario, at_unsettled(scenario, each.key, end))
        for each in scenario.unsettled
        for end in each.range
    }


def _blind_cells(scenario: Scenario) -> dict[Address, Cell]:
    """Give the planned effect and the smallest worthwhile one patients who never learn what they take.

    None where the scenario's never do, or where nothing is blinded.
    """
    blinded = perfectly_blinded(scenario)
    if blinded.blinding == scenario.blinding or scenario.design.layout == "open-label":
        return {}
    effects = {"planned": scenario.treatment.effect, "mcid": _worthwhile(scenario)}
    return {blinded_cell(truth): _at(scenario, blinded, effect) for truth, effect in effects.items()}


def _skeptical(scenario: Scenario) -> dict[Address, Cell]:
    responders = scenario.treatment.skeptical_responders
    if responders is None:
        return {}
    doubted, settings = scenario.replace(**{"treatment.responders": responders}), scenario.simulation
    return {SKEPTICAL: Cell(doubted, None, (scenario.analysis.primary,), min(settings.replicates, MOST_DRAWN))}


def _explore(scenario: Scenario, variant: Scenario) -> Cell:
    """Explore the smallest worthwhile effect in a changed scenario."""
    return _at(scenario, variant, _worthwhile(scenario))


def _at(scenario: Scenario, variant: Scenario, effect: float) -> Cell:
    return Cell(variant, effect, (scenario.analysis.primary,), min(scenario.simulation.replicates, MOST_BESIDE))


def _worthwhile(scenario: Scenario) -> float:
    return -scenario.sign * scenario.outcome.mcid
