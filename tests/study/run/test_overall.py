"""Numbers drawn from stated ranges are those that are uncertain, within their ranges, and the same for every design."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.stats import kstest, triang

import n1trial
from n1trial.errors import InputError
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.overall.overall import influences, overall, spread
from n1trial.study.run.overall.ranges import StatedRange, draw_sets, uncertain

FLAGSHIP = "b12-6-to-8-week"


def uncertain_patient(**changes: object) -> Scenario:
    """Give the smallest scenario three numbers that are not known."""
    ranges = {"patient.autocorrelation": [0.0, 0.6], "patient.period_sd": [0.1, 1.5], "conduct.missing": [0.0, 0.4]}
    unsettled = [{"key": key, "range": span} for key, span in ranges.items()]
    values = {"unsettled": unsettled, "patient.period_sd": 0.5, "conduct.missing": 0.1}
    return n1trial.load_scenario("minimal").replace(**{**values, **changes})


def test_effects_what_is_worthwhile_secondaries_and_decisions_are_held() -> None:
    scenario = n1trial.load_scenario(FLAGSHIP)
    keys = {one.key for one in uncertain(scenario)}
    assert {"treatment.onset_days", "treatment.offset_days", "patient.daily_sd", "conduct.missing"} <= keys
    assert not keys & {"treatment.effect", "treatment.established_effect", "outcome.mcid"}
    assert not any(key.startswith(("secondary", "design", "analysis")) for key in keys)
    for values, changed in zip(*draw_sets(scenario, 20, seed=3)[:2], strict=True):
        assert all(changed.value(key) == value for key, value in values.items())
        assert changed.plan().assumed_onset_days == scenario.plan().assumed_onset_days
        assert changed.plan().assumed_offset_days == scenario.plan().assumed_offset_days
        assert changed.treatment.effect == scenario.treatment.effect


def test_a_number_that_does_nothing_and_a_changed_one_are_not_drawn() -> None:
    scenario = n1trial.load_scenario(FLAGSHIP)
    keys = {one.key for one in uncertain(scenario.replace(**{"patient.daily_sd": 1.5, "placebo.response": 0.0}))}
    assert "patient.daily_sd" not in keys, "its evidence speaks for 1.4"
    assert "placebo.response" not in keys
    assert uncertain(n1trial.load_scenario("b12-6-month-open-label")) == ()


def test_what_is_unsettled_goes_before_evidence() -> None:
    unsettled = [{"key": "patient.daily_sd", "range": [2.0, 3.0]}]
    found = uncertain(n1trial.load_scenario(FLAGSHIP).replace(unsettled=unsettled))
    (sd,) = (one for one in found if one.key == "patient.daily_sd")
    assert (sd.low, sd.high, sd.value) == (2.0, 3.0, 1.4)


@pytest.mark.parametrize(
    ("number", "to_01"),
    [
        (StatedRange("patient.baseline", 4.0, 8.0, 5.0), lambda x: triang(0.25, 4, 4).cdf(x)),
        (
            StatedRange("treatment.offset_days", 9.0, 770.0, 45.0),
            lambda x: triang(np.log(5) / np.log(770 / 9), np.log(9), np.log(770 / 9)).cdf(np.log(x)),
        ),
        (StatedRange("patient.daily_sd", 2.0, 3.0, 1.4), lambda x: np.log(x / 2) / np.log(1.5)),
        (StatedRange("conduct.missing", 0.0, 0.5, 0.9), lambda x: x / 0.5),
    ],
    ids=["triangle", "triangle of logs", "value outside, logs", "value outside"],
)
def test_a_number_has_its_value_as_mode_and_else_any_value_alike(number: StatedRange, to_01: object) -> None:
    generator = np.random.default_rng(1)
    drawn = np.array([number.draw(generator) for _ in range(2_000)])
    assert number.low <= drawn.min() <= drawn.max() <= number.high
    assert kstest(to_01(drawn), "uniform").pvalue > 1e-4  # type: ignore[operator]


def test_a_whole_number_stays_one() -> None:
    scenario = n1trial.load_scenario("b12-8-week").replace(unsettled=[{"key": "patient.shift_days", "range": [20, 80]}])
    values, scenarios, _ = draw_sets(scenario, 20, seed=1)
    assert {type(each["patient.shift_days"]) for each in values} == {int}
    assert all(20 <= one.patient.shift_days <= 80 for one in scenarios)


def test_every_design_gets_the_same_sets_and_more_of_them_begin_with_the_fewer() -> None:
    one, other = uncertain_patient(), uncertain_patient(**{"design.cycles": 5})
    assert draw_sets(one, 20, seed=1)[0] == draw_sets(other, 20, seed=1)[0]
    assert draw_sets(one, 30, seed=1)[0][:20] == draw_sets(one, 20, seed=1)[0]
    assert draw_sets(one, 20, seed=2)[0] != draw_sets(one, 20, seed=1)[0]
    fewer = [each for each in one.unsettled if each.key != "conduct.missing"]
    for bare, whole in zip(
        draw_sets(one.replace(unsettled=fewer), 20, seed=1)[0], draw_sets(one, 20, 1)[0], strict=True
    ):
        assert bare.items() <= whole.items(), "a number more leaves the others as they were"


def test_a_set_that_breaks_a_rule_is_drawn_again_and_counted() -> None:
    ranges = {"conduct.adherence": [0.2, 1.0], "conduct.adherence_weekend_drop": [0.0, 0.8]}
    unsettled = [{"key": key, "range": span} for key, span in ranges.items()]
    together = {"conduct.adherence": 0.9, "conduct.adherence_weekend_drop": 0.1}
    scenario = n1trial.load_scenario("minimal").replace(**{**together, "unsettled": unsettled})
    values, _, redrawn = draw_sets(scenario, 20, seed=1)
    assert redrawn > 0
    assert all(each["conduct.adherence_weekend_drop"] <= each["conduct.adherence"] for each in values)


def test_workers_change_nothing_and_the_strongest_number_is_named() -> None:
    scenario = uncertain_patient(**{"analysis.primary": "paired", "design.cycles": 3})
    found = overall(scenario, sets=60, trials=60, seed=1)
    with ThreadPoolExecutor(2) as pool:
        apart, here = (overall(scenario, sets=8, trials=60, seed=1, pool=each) for each in (pool, None))
    assert apart == here
    assert (found.sets, found.trials, found.redrawn) == (60, 60, 0)
    assert found.influences[0].key == "patient.period_sd"
    assert found.influences[0].correlation < 0
    assert (found.detect.low.value or 0) < (found.detect.mean.value or 0) < (found.detect.high.value or 0)


def test_nothing_is_named_where_counts_are_by_chance() -> None:
    values = [{"patient.baseline": float(number)} for number in np.random.default_rng(1).permutation(200)]
    assert influences(values, np.random.default_rng(2).binomial(300, 0.2, 200).astype(float)) == ()
    assert influences(values, np.zeros(200)) == ()


def test_rates_that_are_the_same_in_all_sets_have_no_spread_but_noise() -> None:
    found = spread(np.full(200, 60.0), 300)
    for figure in (found.low, found.mean, found.high):
        assert figure.value == pytest.approx(0.2)


def test_a_scenario_without_ranges_is_refused() -> None:
    with pytest.raises(InputError, match=r"over_all: needs a range .* the scenario states none"):
        n1trial.run("minimal", replicates=20, over_all=True)
    with pytest.raises(InputError, match="over_all: needs a trial with a control"):
        n1trial.run("b12-6-month-open-label", replicates=20, over_all=True)
