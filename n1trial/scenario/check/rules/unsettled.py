"""Rules of numbers that are not known: each is one of the patient's, and has a range with width."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.fault import Fault, shown
from n1trial.scenario.check.rules.known import NUMBERS
from n1trial.scenario.check.rules.rule import Rule, rule
from n1trial.texts import near_miss

OF_THE_PATIENT = ("patient", "trigger", "placebo", "blinding", "conduct")
"""Sections of numbers that may be unsettled: not the drug's, whose effect is varied anyway and whose time course has
ranges of its own, and nothing that is decided."""
HINTS = {
    "treatment.onset_days": " (treatment.onset_range says how unsure it is)",
    "treatment.offset_days": " (treatment.offset_range says how unsure it is)",
}


@rule("unsettled[].key", NUMBERS)
def unsettled_is_about_the_patient(key: str, numbers: tuple[str, ...]) -> Iterator[Fault]:
    """Let what is not known be a number that says what the patient is like."""
    known = of_the_patient(numbers)
    if key not in known:
        words = f"must name a number of {', '.join(OF_THE_PATIENT[:-1])} or {OF_THE_PATIENT[-1]}"
        hint = HINTS.get(key) or near_miss(key, known)
        yield Fault("unsettled[].key", f"{words}, but is {shown(key)}{hint}")


@rule("unsettled[].range")
def unsettled_ends_differ(span: tuple[float, float]) -> Iterator[Fault]:
    """Ask for a range with width: else the number is known."""
    if span[0] == span[1]:
        yield Fault("unsettled[].range", f"must be two different numbers, the lower first, but is {shown(span)}")


def of_the_patient(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Those keys of numbers that may be unsettled."""
    return tuple(key for key in numbers if key.partition(".")[0] in OF_THE_PATIENT)


RULES: tuple[Rule, ...] = (unsettled_is_about_the_patient, unsettled_ends_differ)
"""Rules of what is unsettled."""
