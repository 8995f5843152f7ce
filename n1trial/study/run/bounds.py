"""Ends of what is believable: the scenarios that a verdict must hold at before it may be called sure."""

from __future__ import annotations

from collections.abc import Callable

from n1trial.scenario.scenario import Scenario
from n1trial.study.run.improvements import with_time_course

COURSE = "time course"
"""Name of onset and offset together, among what a verdict may depend on."""


def time_courses(scenario: Scenario) -> list[tuple[str, float, float, bool]]:
    """List time courses to look at: name, onset and offset in days, and whether each is an end of a range.

    None in the open-label layout, which cannot tell the drug from time whatever its course.
    """
    treatment = scenario.treatment
    if scenario.design.layout == "open-label":
        return []
    onset, offset = treatment.onset_days, treatment.offset_days
    onsets, offsets = treatment.onset_range or (onset, onset), treatment.offset_range or (offset, offset)
    ends = {
        (onset, offsets[1]): "fades slowly",
        (onset, offsets[0]): "fades fast",
        (onsets[1], offsets[1]): "slow",
        (onsets[0], offsets[0]): "fast",
    }
    has_range = treatment.onset_range is not None or treatment.offset_range is not None
    named = {(onset, offset): "as assumed"}
    named |= {days: name for days, name in reversed(ends.items()) if days not in named}
    rows = [(name, *days, has_range and days in ends) for days, name in named.items()]
    return rows + [(theory.name, theory.onset_days, theory.offset_days, False) for theory in scenario.theory]


def at_unsettled(scenario: Scenario, key: str, end: float) -> Scenario:
    """Return the scenario with a number that is not known at one end of its range, and nothing else unsettled."""
    return scenario.replace(**{key: end, "unsettled": None})


def moves_to_bounds(scenario: Scenario) -> list[tuple[str, Callable[[Scenario], Scenario]]]:
    """Give what is not known (`COURSE`, or a key) with what moves a scenario to each end of its range."""

    def to_course(onset_days: float, offset_days: float) -> Callable[[Scenario], Scenario]:
        return lambda variant: with_time_course(variant, onset_days, offset_days)

    def to_end(key: str, end: float) -> Callable[[Scenario], Scenario]:
        return lambda variant: at_unsettled(variant, key, end)

    ends = [(COURSE, to_course(*days)) for _, *days, is_end in time_courses(scenario) if is_end]
    return ends + [(each.key, to_end(each.key, end)) for each in scenario.unsettled for end in each.range]


def ends_of(scenario: Scenario) -> tuple[Scenario, ...]:
    """Give the scenario at the ends of the stated ranges of onset and offset, and of every number that is not known.

    One number, or one pair of time constants, is at its end at a time. None where nothing is stated as a range.
    """
    return tuple(move(scenario) for _, move in moves_to_bounds(scenario))
