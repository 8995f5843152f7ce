"""Rules of numbers that are not known: each is one of the patient's, and the scenario holds at both ends of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from n1trial.scenario.check.fault import Fault, shown
from n1trial.scenario.model.entries import entries
from n1trial.texts import near_miss

if TYPE_CHECKING:
    from n1trial.scenario.model.about import Unsettled
    from n1trial.scenario.model.tables import Tables

OF_THE_PATIENT = ("patient", "trigger", "placebo", "blinding", "conduct")
"""Sections of numbers that may be unsettled: not the drug's, whose effect is varied anyway and whose time course has
ranges of its own, and nothing that is decided."""


def unsettled_is_about_the_patient(scenario: Tables) -> Iterator[Fault]:
    """Let what is not known be a number that says what the patient is like."""
    numbers = numbers_of_the_patient(scenario)
    for unsettled in scenario.unsettled:
        if unsettled.key not in numbers:
            rule = f"must name a number of {', '.join(OF_THE_PATIENT[:-1])} or {OF_THE_PATIENT[-1]}"
            hint = {
                "treatment.onset_days": " (treatment.onset_range says how unsure it is)",
                "treatment.offset_days": " (treatment.offset_range says how unsure it is)",
            }.get(unsettled.key) or near_miss(unsettled.key, numbers)
            yield Fault(f"unsettled.{unsettled.key}.key", f"{rule}, but is {shown(unsettled.key)}{hint}")


def unsettled_ends_differ(scenario: Tables) -> Iterator[Fault]:
    """Ask for a range with width: else the number is known."""
    for unsettled in with_range(scenario):
        if unsettled.range[0] == unsettled.range[1]:
            rule = f"must be two different numbers, the lower first, but is {shown(unsettled.range)}"
            yield Fault(f"unsettled.{unsettled.key}.range", rule)


def with_range(scenario: Tables) -> Iterator[Unsettled]:
    """Those whose key and range are themselves without fault."""
    return (unsettled for unsettled in scenario.unsettled if {"key", "range"} <= vars(unsettled).keys())


def numbers_of_the_patient(scenario: Tables) -> tuple[str, ...]:
    """Keys of numbers that may be unsettled."""
    if not scenario.unsettled:
        return ()
    return tuple(entry.path for entry in entries(scenario) if entry.section in OF_THE_PATIENT and entry.is_number)


RULES: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    unsettled_is_about_the_patient,
    unsettled_ends_differ,
)
"""Rules of what is unsettled."""
