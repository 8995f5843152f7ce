"""The analysis as fixed in advance, and what holds where nothing was fixed."""

from __future__ import annotations

from dataclasses import asdict, fields, replace

import pytest

from n1trial.diary.methods import METHODS
from n1trial.diary.plan import Plan
from n1trial.scenario.scenario import Scenario

LEAST = {
    "name": "least",
    "treatment": {"name": "drug", "effect": -1.0, "onset_days": 0.0, "offset_days": 0.0},
    "outcome": {"name": "score", "scale": [0, 10], "better": "lower", "mcid": 1.0},
    "patient": {"baseline": 6.0, "daily_sd": 1.4, "autocorrelation": 0.3},
}


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_benefit_is_counted_in_the_direction_that_is_better(better: str, sign: int) -> None:
    assert replace(Plan(), better=better).benefit_sign == sign  # type: ignore[arg-type]


def test_every_method_that_a_plan_names_exists() -> None:
    assert {Plan().primary, *Plan().methods} <= set(METHODS)


def test_a_diary_without_a_plan_is_analyzed_as_a_scenario_would_by_default() -> None:
    planned, without = asdict(Scenario.of(LEAST).plan()), asdict(Plan())
    stated = {"layout", "scale"}
    assert {name: planned[name] for name in planned if name not in stated} == {
        name: without[name] for name in without if name not in stated
    }


def test_a_plan_says_nothing_of_what_the_patient_is_like() -> None:
    changes = {
        "treatment.effect": -2.0, "treatment.effect_sd": 1.0, "treatment.responders": 0.5, "patient.baseline": 3.0,
        "patient.daily_sd": 0.7, "patient.autocorrelation": 0.9, "placebo.response": -1.0, "blinding.leak": 0.5,
        "conduct.adherence": 0.5, "conduct.missing": 0.5,
    }  # fmt: skip
    scenario = Scenario.of(LEAST)
    assert scenario.replace(**changes).plan() == scenario.plan()
    other_course = scenario.replace(**{"treatment.onset_days": 21.0}).plan()
    differs = {
        item.name for item in fields(Plan) if getattr(other_course, item.name) != getattr(scenario.plan(), item.name)
    }
    assert differs == {"assumed_onset_days"}
