from __future__ import annotations

import pytest

from n1trial.report import words
from n1trial.scenario.file.load import load_scenario


@pytest.mark.parametrize(
    ("unit", "one"),
    [("points", "point"), ("minutes", "minute"), ("mmHg", "mmHg"), ("attacks", "attack"), ("glasses", "glass"),
     ("hours of sleep", "hour of sleep"), ("ms", "ms")],
)  # fmt: skip
def test_one_of_what_scores_are_counted_in(unit: str, one: str) -> None:
    assert words.singular(unit) == one
    assert words.points(1, unit) == f"1 {one}"
    assert words.points(2.5, unit) == f"2.5 {unit}"


@pytest.mark.parametrize(
    ("form", "several"),
    [("capsule", "capsules"), ("eye drop", "eye drops"), ("patch", "patches"), ("suppository", "suppositories"),
     ("ml", "ml"), ("spray", "sprays"), ("vial of 5 ml", "vials of 5 ml")],
)  # fmt: skip
def test_several_of_what_kits_hold(form: str, several: str) -> None:
    assert words.plural(form) == several


def test_an_effect_is_said_in_what_scores_are_counted_in() -> None:
    assert words.effect_in_words(30, "minutes") == "raised the score by 30 minutes"


def test_a_drug_without_effect_does_as_much_as_a_control_that_is_a_drug() -> None:
    plan = load_scenario("minimal")
    assert words.nothing_in_words(plan) == "did nothing"
    active = plan.replace(**{"control.name": "Iron", "control.kind": "active"})
    assert words.nothing_in_words(active) == "did as much as Iron"
