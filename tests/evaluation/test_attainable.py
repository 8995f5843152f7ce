from __future__ import annotations

import pytest

import n1trial
from n1trial.diary.plan import Plan
from n1trial.evaluation.attainable import Never, smallest_p, why_never, why_never_positive

RANDOMIZATION = {"analysis.primary": "randomization"}
AT_ONCE = {"treatment.onset_days": 0.0, "treatment.offset_days": 0.0}


@pytest.mark.parametrize(
    ("changes", "never"),
    [
        # 2 orders a round: 4, of which one is as drawn, and either direction has half of alpha
        ({"design.cycles": 2}, Never("few_orders", 4, False, 0.5, 0.05)),
        ({"design.cycles": 4}, Never("few_orders", 16, False, 0.125, 0.05)),
        ({"design.cycles": 4, "analysis.sides": 1}, Never("few_orders", 16, False, 0.0625, 0.05)),
        ({"design.cycles": 5}, Never("few_orders", 32, False, 0.0625, 0.05)),
        ({"design.cycles": 5, "analysis.sides": 1}, None),
        ({"design.cycles": 6}, None),
        ({"design.cycles": 5, "analysis.alpha": 0.1}, None),
        (
            {"design.cycles": 1, "design.switch_jitter_days": 7, "design.switch_jitter_step_days": 7},
            Never("few_orders", 6, True, 2 / 6, 0.05),
        ),
        (
            {"design.randomization": "fixed", "design.sequence": "ABABAB"},
            Never("fixed_order"),
        ),
    ],
)
def test_a_randomization_test_needs_enough_orders(changes: dict[str, object], never: Never | None) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**RANDOMIZATION, **changes)
    assert why_never(scenario.plan(), "randomization") == never


def test_a_rule_that_goes_by_a_probability_can_come_to_something_all_the_same() -> None:
    scenario = n1trial.load_scenario("minimal").replace(**RANDOMIZATION, **{"design.cycles": 2})
    assert why_never_positive(scenario.plan()) == why_never(scenario.plan(), "randomization") is not None
    assert why_never_positive(scenario.replace(**{"decision.rule": "probability"}).plan()) is None


@pytest.mark.parametrize("method", ["paired", "bayes"])
def test_rounds_that_are_compared_must_be_two(method: str) -> None:
    scenario = n1trial.load_scenario("minimal")
    assert why_never(scenario.replace(**{"design.cycles": 1}).plan(), method) == Never("one_round")
    assert why_never(scenario.replace(**{"design.cycles": 2}).plan(), method) is None


@pytest.mark.parametrize("method", ["exposure", "mixed", "ar1", "ols"])
def test_days_can_show_an_effect_in_a_single_round(method: str) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**{"design.cycles": 1})
    assert why_never(scenario.plan(), method) is None


def test_of_an_unknown_layout_nothing_is_said() -> None:
    plan = Plan()
    assert smallest_p(plan, 2) is None
    assert why_never(plan, "randomization") is None


@pytest.mark.parametrize("cycles", [2, 3, 5])
def test_no_simulated_trial_goes_below_the_smallest_p(cycles: int) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**RANDOMIZATION, **AT_ONCE, **{"design.cycles": cycles})
    scenario = scenario.replace(**{"treatment.effect": -5.0, "conduct.dropout_per_week": 0.0})
    diaries = n1trial.simulate(scenario, replicates=40, seed=1)
    found = n1trial.analyze(diaries.observed, method="randomization")
    assert found.p_value.min() == pytest.approx(smallest_p(scenario.plan(), 2))
    is_never = why_never(scenario.plan(), "randomization") is not None
    assert is_never == (found.p_value.min() > scenario.analysis.alpha)
