from __future__ import annotations

import re
from typing import Any

import pytest

from n1trial.scenario.file import library
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.model.entries import entries
from n1trial.scenario.scenario import Scenario
from n1trial.web.shared.plan.designs import UNTOLD_TABLES
from n1trial.web.shared.plan.value_words import value_in_words, with_unit

MINUS = "\N{MINUS SIGN}"


def told(scenario: Scenario) -> dict[str, str]:
    held = (entry for entry in entries(scenario) if entry.section not in UNTOLD_TABLES)
    return {entry.path: value_in_words(entry) for entry in held}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("treatment.abrupt_stop_safe", True, "yes"),
        ("treatment.abrupt_stop_safe", False, "no"),
        ("treatment.dose", "", "none"),
        ("treatment.onset_range", None, "none"),
        ("treatment.onset_range", [7, 42], "7 to 42 days"),
        ("treatment.further_effects", [-0.75, -0.5], f"{MINUS}0.75 and {MINUS}0.5 points"),
        ("treatment.further_effects", [], "none"),
        ("treatment.effect", -1.0, f"{MINUS}1 point"),
        ("treatment.name", "Iron", "Iron"),
        ("outcome.scale", [0, 10], "0 to 10 points"),
        ("patient.autocorrelation", 0.3, "0.3"),
        ("patient.enrolled_when_worse", 1.0, "1 standard deviation"),
        ("conduct.missing", 0.15, "15 of 100"),
        ("conduct.dropout_per_week", 0.005, "0.005 a week"),
        ("design.cycles", 4, "4"),
        ("design.layout", "crossover", "crossover"),
        ("analysis.alpha", 0.05, "5 of 100"),
        ("analysis.methods", ["paired", "ar1", "bayes"], "paired, ar1 and bayes"),
        ("analysis.primary", "ols", "ols: a comparison of days as if they were independent, which they are not"),
        ("simulation.seed", 20261122, "20261122"),
    ],
)
def test_values_are_told_in_words(key: str, value: Any, words: str) -> None:
    assert told(load_scenario("minimal").replace(**{key: value}))[key] == words


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1, "days", "1 day"),
        (1, "days a week", "1 day a week"),
        (-1, "points", f"{MINUS}1 point"),
        (0.0, "points per square root of a day", "0 points per square root of a day"),
        (0.01, "chance in a period on the drug", "1 of 100 periods on the drug"),
        (0.005, "share a day", "0.5 of 100 a day"),
        (2.0, "in 30 days", "2 in 30 days"),
    ],
)
def test_numbers_have_their_unit(number: float, unit: str, words: str) -> None:
    assert with_unit(number, unit) == words


@pytest.mark.parametrize("name", library.paths())
def test_no_value_is_told_as_a_file_has_it(name: str) -> None:
    for key, words in told(load_scenario(name)).items():
        assert words, key
        assert not re.search(r"^(true|false|None)$|^\[|^\"|\d\.0\b", words), (key, words)
