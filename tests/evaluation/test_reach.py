from __future__ import annotations

import pytest

import n1trial
from n1trial.diary.plan import Plan
from n1trial.evaluation.reach import smallest_p, why_never, why_never_positive

RANDOMIZATION = {"analysis.primary": "randomization"}
AT_ONCE = {"treatment.onset_days": 0.0, "treatment.offset_days": 0.0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        # 2 orders a round: 4, of which one is as drawn, and at once with its mirror image
        ({"design.cycles": 2}, "with 4 possible orders the smallest p is 0.25, above 0.05"),
        ({"design.cycles": 2, **AT_ONCE}, "with 4 possible orders the smallest p is 0.5, above 0.05"),
        ({"design.cycles": 4}, "with 16 possible orders the smallest p is 0.062, above 0.05"),
        ({"design.cycles": 5}, ""),
        ({"design.cycles": 5, **AT_ONCE}, "with 32 possible orders the smallest p is 0.062, above 0.05"),
        ({"design.cycles": 6, **AT_ONCE}, ""),
        ({"design.cycles": 4, "analysis.alpha": 0.1}, ""),
        (
            {"design.cycles": 1, "design.switch_jitter_days": 7, "design.switch_jitter_step_days": 7},
            "with 6 possible orders and change-overs the smallest p is 0.17, above 0.05",
        ),
        (
            {"design.randomization": "fixed", "design.sequence": "ABABAB"},
            "the order is fixed, so that there is no randomization test",
        ),
    ],
)
def test_a_randomization_test_needs_enough_orders(changes: dict[str, object], told: str) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**RANDOMIZATION, **changes)
    assert why_never(scenario.plan(), "randomization") == told


def test_a_rule_that_goes_by_a_probability_can_come_to_something_all_the_same() -> None:
    scenario = n1trial.load_scenario("minimal").replace(**RANDOMIZATION, **{"design.cycles": 2})
    assert why_never_positive(scenario.plan()) == why_never(scenario.plan(), "randomization") != ""
    assert why_never_positive(scenario.replace(**{"decision.rule": "probability"}).plan()) == ""


@pytest.mark.parametrize("method", ["paired", "bayes"])
def test_rounds_that_are_compared_must_be_two(method: str) -> None:
    scenario = n1trial.load_scenario("minimal")
    assert "single difference" in why_never(scenario.replace(**{"design.cycles": 1}).plan(), method)
    assert why_never(scenario.replace(**{"design.cycles": 2}).plan(), method) == ""


@pytest.mark.parametrize("method", ["exposure", "mixed", "ar1", "ols"])
def test_days_can_show_an_effect_in_a_single_round(method: str) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**{"design.cycles": 1})
    assert why_never(scenario.plan(), method) == ""


def test_of_an_unknown_layout_nothing_is_said() -> None:
    plan = Plan()
    assert smallest_p(plan, 2) is None
    assert why_never(plan, "randomization") == ""


@pytest.mark.parametrize("cycles", [2, 3, 5])
def test_no_simulated_trial_goes_below_the_smallest_p(cycles: int) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**RANDOMIZATION, **AT_ONCE, **{"design.cycles": cycles})
    scenario = scenario.replace(**{"treatment.effect": -5.0, "conduct.dropout_per_week": 0.0})
    diaries = n1trial.simulate(scenario, replicates=40, seed=1)
    found = n1trial.analyze(diaries.observed, method="randomization")
    assert found.p_value.min() == pytest.approx(smallest_p(scenario.plan(), 2))
    assert bool(why_never(scenario.plan(), "randomization")) == (found.p_value.min() > scenario.analysis.alpha)
