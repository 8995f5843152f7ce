"""Rules of numbers that are not known: each is one of the patient's, and has a range with width."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.rules.rule import Rule, rule
from n1trial.scenario.check.rules.sound_values import NUMBERS
from n1trial.wording import nearest

OF_THE_PATIENT = ("patient", "trigger", "placebo", "blinding", "conduct")
"""Sections of numbers that may be unsettled: not the drug's, whose effect is varied anyway and whose time course has
ranges of its own, and nothing that is decided."""
RANGES = {
    "treatment.onset_days": "treatment.onset_range",
    "treatment.offset_days": "treatment.offset_range",
}


@rule("unsettled[].key", NUMBERS)
def unsettled_is_about_the_patient(key: str, numbers: tuple[str, ...]) -> Iterator[Fault]:
    """Let what is not known be a number that says what the patient is like."""
    known = of_the_patient(numbers)
    if key not in known:
        own, meant = RANGES.get(key), nearest(key, known)
        facts = {"sections": OF_THE_PATIENT, "value": key, "range": own, "meant": meant}
        yield Fault("has_range" if own else "not_of_patient", "unsettled[].key", facts)


@rule("unsettled[].range")
def unsettled_ends_differ(span: tuple[float, float]) -> Iterator[Fault]:
    """Ask for a range with width: else the number is known."""
    if span[0] == span[1]:
        yield Fault("no_width", "unsettled[].range", {"value": span})


def of_the_patient(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """List those keys of numbers that may be unsettled."""
    return tuple(key for key in numbers if key.partition(".")[0] in OF_THE_PATIENT)


RULES: tuple[Rule, ...] = (unsettled_is_about_the_patient, unsettled_ends_differ)
"""Rules of what is unsettled."""
