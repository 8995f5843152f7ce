"""Ends of what is believable: the scenarios that a verdict must hold at before it may be called sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from n1trial.study.run.findings import time_courses
from n1trial.study.run.improvements import moved

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario


def at_unsettled(scenario: Scenario, key: str, end: float) -> Scenario:
    """Return the scenario with a number that is not known at one end of its range, and nothing else unsettled."""
    return scenario.replace(**{key: end, "unsettled": None})


def ends_of(scenario: Scenario) -> tuple[Scenario, ...]:
    """Scenarios at the ends of the stated ranges of onset and offset, and of every number that is not known.

    One number, or one pair of time constants, is at its end at a time. None where nothing is stated as a range.
    """
    courses = [moved(scenario, *days) for _, *days, is_end in time_courses(scenario) if is_end]
    unsettled = [at_unsettled(scenario, each.key, end) for each in scenario.unsettled for end in each.range]
    return (*courses, *unsettled)
