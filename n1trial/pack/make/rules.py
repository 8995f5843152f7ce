"""What a scenario must be like before a pack may be made of it, each rule with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from n1trial.errors import InputError
from n1trial.pack.papers.diary_page import room
from n1trial.pack.trial.columns import asked_daily
from n1trial.scenario.check.answers import forbidden_by_answers
from n1trial.scenario.scenario import Scenario
from n1trial.wording import plain, show

CALLED_PLACEBO = re.compile(r"pla[cz][eé]bo", re.IGNORECASE)
AMOUNT = re.compile(r"\d\s*(?:(?:mg|mcg|µg|μg|ug|g|ml|µl|iu|units?|mmol|meq)\b|%)", re.IGNORECASE)
"""An amount of something: who gives it names a drug."""


def faults_of_control(scenario: Scenario) -> Iterator[str]:
    """Say why no pack may be made with this control: what it is, is not known, or what must be known of it lacks."""
    if scenario.design.layout == "open-label":
        return
    if scenario.control.is_active:
        yield from _faults_of_control(scenario)
        return
    control, name = scenario.control, show(scenario.control.name)
    looks_like = "has a dose or cautions" if control.dose or control.cautions else f"is named {name}"
    if control.dose or control.cautions or AMOUNT.search(control.name):
        yield (
            f'control.kind: the control {looks_like}, as a drug does: set control.kind = "active", with control.dose, '
            "control.cautions and control.abrupt_stop_safe"
        )
    elif control.kind is None and not CALLED_PLACEBO.search(control.name):
        yield (
            f'control.kind: must be "placebo" or "active" where the control is not called a placebo but {name}: papers '
            "say by it what an emergency is treated for"
        )


def _faults_of_control(scenario: Scenario) -> Iterator[str]:
    """Say what must be stated of a control that is a drug and is not, and what cannot be done with one."""
    control, treatment, design = scenario.control, scenario.treatment, scenario.design
    if not control.dose and not AMOUNT.search(control.name):
        yield f"control.dose: must be given, since {control.name} is a drug: papers and emergencies name it"
    if not any(text.strip() for text in control.cautions):
        yield f"control.cautions: must say what must be known of {control.name} before it is given, and is empty"
    if not control.abrupt_stop_safe:
        yield (
            f"control.abrupt_stop_safe: must be true, stated by someone who knows that {control.name} may be stopped "
            "from one day to the next, and is false; every change-over is such a stop"
        )
    if control.route and control.route != treatment.route:
        yield (
            f"control.route: must be the same as treatment.route, {show(treatment.route)}, but is "
            f"{show(control.route)}: another form gives the drug away"
        )
    if design.run_in == "placebo":
        yield f'design.run_in: must be "open", but is "placebo": the run-in would be on {control.name}, a drug'
    if design.washout_days:
        yield (
            f"design.washout_days: must be 0, but is {design.washout_days}: kits of a washout hold the control, and "
            f"{control.name} is a drug"
        )


SHORTEST_RUN_IN_DAYS = 14
"""The stop rules compare two weeks with the run-in: so that long it must be."""
WORST_LEAK = 0.5
"""From here on patients know more often than not what they take: that is no blinded trial."""
MOST_KITS = 1000
MOST_ASKED = 26
"""A letter stands for each further question where the page is full."""


def check_packable(scenario: Scenario) -> None:
    """Refuse a scenario that no blinded pack can, or may, be made of.

    Raises
    ------
    InputError
        With every reason.
    """
    faults = [fault for rule in RULES for fault in rule(scenario)]
    if faults:
        raise InputError(f"{scenario.name}: no pack is made: {fault}" for fault in faults)


def layout_is_blinded(scenario: Scenario) -> Iterator[str]:
    """Let there be something to blind."""
    if scenario.design.layout == "open-label":
        yield 'design.layout: "open-label" has no control and nothing to blind'


def stopping_is_safe(scenario: Scenario) -> Iterator[str]:
    """Let every change-over be a safe abrupt stop."""
    if not scenario.treatment.abrupt_stop_safe:
        yield (
            "treatment.abrupt_stop_safe: must be true, stated by someone who knows that "
            f"{scenario.treatment.name} may be stopped from one day to the next, and is false; every change-over is "
            "such a stop"
        )


def answers_allow_it(scenario: Scenario) -> Iterator[str]:
    """Make no pack of a trial that an answer to the questions before planning forbids."""
    yield from map(str, forbidden_by_answers(scenario))


def blinding_can_hold(scenario: Scenario) -> Iterator[str]:
    """Refuse what cannot be blinded."""
    if scenario.blinding.leak >= WORST_LEAK:
        yield (
            f"blinding.leak: must be below {WORST_LEAK}, but is {plain(scenario.blinding.leak)}: the kits would give "
            "themselves away, and no pack can change that"
        )


def order_is_drawn(scenario: Scenario) -> Iterator[str]:
    """Refuse an order that stands in the scenario for all to read."""
    if scenario.design.layout == "crossover" and scenario.design.randomization == "fixed":
        yield 'design.randomization: "fixed" states the order for all to read; nothing would be concealed'


def kits_are_whole(scenario: Scenario) -> Iterator[str]:
    """Let nothing begin or end within a kit, so that no kit holds both treatments and no dose is split."""
    design, kit_days = scenario.design, scenario.pack.kit_days
    if design.layout == "open-label":
        return
    lengths = {"design.period_days": design.period_days, "design.washout_days": design.washout_days}
    if design.switch_jitter_days:
        lengths["design.switch_jitter_step_days"] = design.switch_jitter_step_days
    if design.run_in == "placebo":
        lengths["design.run_in_days"] = design.run_in_days
    for key, days in lengths.items():
        if days % kit_days:
            yield f"{key}: must be whole kits of {kit_days} days (pack.kit_days), but is {days}"
    if kit_days % scenario.treatment.every_days:
        yield (
            f"pack.kit_days: must be a multiple of treatment.every_days, {scenario.treatment.every_days}, but is "
            f"{kit_days}: with a dose across two kits the days of dosing would tell the change-over"
        )
    kits = scenario.layout().treated_days // kit_days
    if kits > MOST_KITS:
        yield f"pack.kit_days: {kits} kits of {kit_days} days are more than the {MOST_KITS} that a pack can have"


def run_in_means_something(scenario: Scenario) -> Iterator[str]:
    """Ask for a run-in that the stop rules can compare with."""
    days = scenario.design.run_in_days
    if days < SHORTEST_RUN_IN_DAYS:
        yield (
            f"design.run_in_days: must be at least {SHORTEST_RUN_IN_DAYS}, but is {days}: the stop rules compare with "
            "the run-in, and a diary that is not kept then will not be kept later"
        )


def kits_keep(scenario: Scenario) -> Iterator[str]:
    """Let no capsule be taken that has gone off."""
    days, kit_days = scenario.pack.shelf_life_days, scenario.pack.kit_days
    if days < kit_days:
        yield (
            f"pack.shelf_life_days: must be at least pack.kit_days, {kit_days}, but is {days}: a kit that is filled on "
            "the day it is opened would not keep until it is used up"
        )


def diary_fits(scenario: Scenario) -> Iterator[str]:
    """Let every week of the diary be one page that can be written on."""
    if scenario.design.layout == "open-label":
        return
    if len(asked_daily(scenario)) > MOST_ASKED or not room(scenario).is_enough:
        yield (
            "outcome.also_asked: a week of the diary must fit on one page, and does not: ask fewer or shorter things "
            "(outcome.also_asked, question, window, lowest_means, highest_means and places, names of triggers and of "
            "pack.times_of_day, daily secondary outcomes)"
        )


def check_use_by(scenario: Scenario, start: date) -> None:
    """Refuse a use-by date before the last kit is used up.

    Raises
    ------
    InputError
        With both dates.
    """
    last = start + timedelta(days=len(scenario.layout().days) - 1)
    if scenario.pack.use_by and date.fromisoformat(scenario.pack.use_by) < last:
        raise InputError(
            f"{scenario.name}: no pack is made: pack.use_by: must be {last} or later, when the last kit is used up, but"
            f" is {scenario.pack.use_by}; left empty, each fill's labels get a date of their own"
        )


RULES: tuple[Callable[[Scenario], Iterator[str]], ...] = (
    layout_is_blinded,
    stopping_is_safe,
    faults_of_control,
    answers_allow_it,
    blinding_can_hold,
    order_is_drawn,
    kits_are_whole,
    run_in_means_something,
    kits_keep,
    diary_fits,
)
