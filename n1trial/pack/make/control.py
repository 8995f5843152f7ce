"""What a pack needs to know of its control: a placebo, or a drug of its own, which papers must name too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from n1trial.scenario.scenario import Scenario
from n1trial.wording import shown

CALLED_PLACEBO = re.compile(r"pla[cz][eé]bo", re.IGNORECASE)
AMOUNT = re.compile(r"\d\s*(?:(?:mg|mcg|µg|μg|ug|g|ml|µl|iu|units?|mmol|meq)\b|%)", re.IGNORECASE)
"""An amount of something: who gives it names a drug."""


def faults_of_control(scenario: Scenario) -> Iterator[str]:
    """Say why no pack may be made with this control: what it is, is not known, or what must be known of it lacks."""
    if scenario.design.layout == "open-label":
        return
    if scenario.control.is_active:
        yield from _lacking(scenario)
        return
    control, name = scenario.control, shown(scenario.control.name)
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


def _lacking(scenario: Scenario) -> Iterator[str]:
    """What must be stated of a control that is a drug and is not, and what cannot be done with one."""
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
            f"control.route: must be the same as treatment.route, {shown(treatment.route)}, but is "
            f"{shown(control.route)}: another form gives the drug away"
        )
    if design.run_in == "placebo":
        yield f'design.run_in: must be "open", but is "placebo": the run-in would be on {control.name}, a drug'
    if design.washout_days:
        yield (
            f"design.washout_days: must be 0, but is {design.washout_days}: kits of a washout hold the control, and "
            f"{control.name} is a drug"
        )
