"""The ceiling of a scenario: its effects, its diaries, and why there may be none."""

from __future__ import annotations

import numpy as np
import pytest

import n1trial
from n1trial.evaluation.ceiling.chance import Ceiling, chance_to_show
from n1trial.evaluation.ceiling.information import information
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate
from n1trial.study.run.ceiling import ceiling_of
from n1trial.study.run.improvements import perfectly_blinded


def few(name: str, **changes: object) -> Scenario:
    return n1trial.load_scenario(name).replace(**{"simulation.replicates": 60, **changes})


def test_larger_effects_are_shown_more_often_and_guessing_is_left_out() -> None:
    scenario = few("b12-6-to-8-week", **{"treatment.effect": -2.0})
    found = ceiling_of(scenario)
    assert found.mcid.value is not None
    assert found.planned.value is not None
    assert 0.1 < found.mcid.value < found.planned.value < 1
    leaky = ceiling_of(scenario.replace(**{"blinding.leak": 0.9, "blinding.learning": 0.2}))
    assert leaky == found


def test_entries_made_up_later_are_none() -> None:
    scenario = few("b12-6-to-8-week", **{"conduct.backfilled": 1.0, "conduct.dropout_when_worse": 0.5})
    blinded, plan = perfectly_blinded(scenario), scenario.plan()
    kept = simulate(blinded, 60, effect=-1.0)
    honest = simulate(blinded.replace(**{"conduct.backfilled": 0.0, "conduct.dropout_per_week": 0.0}), 60, effect=-1.0)
    made = ~np.isnan(honest.score) & (kept.observed.day[:, np.newaxis] < kept.dropout_day)
    assert made.sum() < 0.9 * (~np.isnan(kept.score)).sum()
    expected = chance_to_show(information(blinded, kept.observed, made), -1.0, plan)
    assert ceiling_of(scenario).mcid == expected


def test_why_there_is_none() -> None:
    assert ceiling_of(few("b12-6-month-open-label")) == Ceiling(reason="no_control")
    assert ceiling_of(few("minimal", **{"conduct.dropout_per_week": 10.0})).reason == "not_estimable"


@pytest.mark.usefixtures("one_look")
@pytest.mark.parametrize("name", ["minimal", "b12-6-to-8-week"])
def test_a_run_has_the_planned_analysis_with_perfect_blinding_beside_it(name: str) -> None:
    scenario = few(name, **{"analysis.methods": []})
    result = n1trial.run(scenario)
    assert result.ceiling == ceiling_of(scenario)
    improved = result.improvements.get("perfect_blinding")
    blinded = n1trial.run(perfectly_blinded(scenario))
    for truth in ("planned", "mcid"):
        assert result.blind[truth] == blinded.figures[result.primary][truth]["detect_right"]
    assert (improved is None) == (name == "minimal")
