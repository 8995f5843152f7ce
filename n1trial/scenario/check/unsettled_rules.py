"""Rules of numbers that are not known: each is one of the patient's, and the scenario holds at both ends of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from n1trial.scenario.check import keys
from n1trial.scenario.check.entries import entries
from n1trial.scenario.check.fault import Fault, near_miss, shown

if TYPE_CHECKING:
    from n1trial.scenario.model.about import Unsettled
    from n1trial.scenario.model.scenario import Scenario

OF_THE_PATIENT = ("patient", "trigger", "placebo", "blinding", "conduct")
"""Sections of numbers that may be unsettled: not the drug's, whose effect is varied anyway and whose time course has
ranges of its own, and nothing that is decided."""

WITHOUT_NUMBERS = ("evidence", "unsettled", "considered", "theory")
"""Arrays that no number of the patient has a part in; without them many unsettled numbers take little time."""


def unsettled_is_about_the_patient(scenario: Scenario) -> Iterator[Fault]:
    """Let what is not known be a number that says what the patient is like."""
    numbers = _numbers(scenario)
    for unsettled in scenario.unsettled:
        if unsettled.key not in numbers:
            rule = f"must name a number of {', '.join(OF_THE_PATIENT[:-1])} or {OF_THE_PATIENT[-1]}"
            hint = {
                "treatment.onset_days": " (treatment.onset_range says how unsure it is)",
                "treatment.offset_days": " (treatment.offset_range says how unsure it is)",
            }.get(unsettled.key) or near_miss(unsettled.key, numbers)
            yield Fault(f"unsettled.{unsettled.key}.key", f"{rule}, but is {shown(unsettled.key)}{hint}")


def unsettled_ends_differ(scenario: Scenario) -> Iterator[Fault]:
    """Ask for a range with width: else the number is known."""
    for unsettled in _with_range(scenario):
        if unsettled.range[0] == unsettled.range[1]:
            rule = f"must be two different numbers, the lower first, but is {shown(unsettled.range)}"
            yield Fault(f"unsettled.{unsettled.key}.range", rule)


def scenario_holds_at_both_ends(scenario: Scenario) -> Iterator[Fault]:
    """Let the scenario keep all rules with either end of a range in place of the number."""
    numbers = _numbers(scenario)
    for unsettled in _with_range(scenario):
        if unsettled.key in numbers:
            for end in dict.fromkeys(unsettled.range):
                yield from _faults_at(scenario, unsettled, end)


def _faults_at(scenario: Scenario, unsettled: Unsettled, end: float) -> Iterator[Fault]:
    """Faults that speak of the number, with one end in its place."""
    # Here and not above, because explaining faults needs the rules.
    from n1trial.scenario.check.explain import faults_in

    values = {section: held for section, held in scenario.given().items() if section not in WITHOUT_NUMBERS}
    keys.put(values, unsettled.key, end)
    for fault in faults_in(type(scenario), values):
        if unsettled.key in (fault.key, *fault.others):
            told = fault.rule if fault.key == unsettled.key else str(fault)
            yield Fault(f"unsettled.{unsettled.key}.range", f"at its end {shown(end)}, {told}", (unsettled.key,))


def _with_range(scenario: Scenario) -> Iterator[Unsettled]:
    """Those whose key and range are themselves without fault."""
    return (unsettled for unsettled in scenario.unsettled if {"key", "range"} <= vars(unsettled).keys())


def _numbers(scenario: Scenario) -> tuple[str, ...]:
    """Keys of numbers that may be unsettled."""
    if not scenario.unsettled:
        return ()
    return tuple(entry.path for entry in entries(scenario) if entry.section in OF_THE_PATIENT and entry.is_number)


RULES: tuple[Callable[[Scenario], Iterator[Fault]], ...] = (
    unsettled_is_about_the_patient,
    unsettled_ends_differ,
    scenario_holds_at_both_ends,
)
"""Rules of what is unsettled."""
