from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from n1trial.analysis.estimates import AnalysisRequest, Status
from n1trial.analysis.methods.bayes import analyze
from n1trial.diary.diary import Diary
from tests.analysis.diaries import diaries, of_periods, side_by_side

NAN = float("nan")
ON_THE_SCALE = ("estimate", "standard_error", "ci_low", "ci_high")
PROBABILITIES = ("p_value", "p_benefit", "p_worthwhile", "p_decision")


def of_differences(*differences: float, **plan: Any) -> Diary:
    """Diary of one patient whose cycles differ by so much."""
    order = "AB" * len(differences)
    return of_periods(order, [[value] for difference in differences for value in (5 + difference, 5)], **plan)


def with_plan(diary: Diary, **changes: Any) -> Diary:
    return diary.with_plan(replace(diary.plan, **changes))


@pytest.mark.parametrize("differences", [(0.5, -1.5, 2.0, 1.0), (3.0, -1.0, 0.5, 2.5, 1.0, -0.5)], ids=["4", "6"])
@pytest.mark.parametrize("sides", [1, 2])
def test_without_prior_knowledge_it_is_a_t_with_two_degrees_of_freedom_less(
    differences: tuple[float, ...], sides: int
) -> None:
    # θ flat and τ flat: the integral over τ is that of a t with k − 2 df and scale √(Σ(d − d̄)²/(k·(k − 2))).
    cycles, mean = len(differences), float(np.mean(differences))
    spread = np.sqrt(np.sum((np.array(differences) - mean) ** 2) / cycles / (cycles - 2))
    expected = stats.t(cycles - 2, mean, spread)
    found = analyze(of_differences(*differences, prior_sd=1e5, sd_scale=1e5, better="higher", mcid=1.5, sides=sides))
    assert found.status[0] == Status.OK
    assert found.estimate[0] == pytest.approx(mean, abs=1e-4)
    tail = 0.05 / sides
    assert [found.ci_low[0], found.ci_high[0]] == pytest.approx(expected.ppf([tail, 1 - tail]), abs=1e-4)
    assert found.p_benefit[0] == pytest.approx(expected.sf(0), abs=1e-5)
    assert found.p_worthwhile[0] == pytest.approx(expected.sf(1.5), abs=1e-5)
    assert found.p_value[0] == pytest.approx(expected.cdf(0) * sides, abs=2e-5)


def test_a_sure_prior_is_left_as_it_was() -> None:
    found = analyze(of_differences(2.0, 0.0, 4.0, prior_mean=-1.0, prior_sd=1e-3))
    assert found.estimate[0] == pytest.approx(-1, abs=1e-5)
    assert found.standard_error[0] == pytest.approx(1e-3, rel=1e-4)
    assert found.p_benefit[0] == pytest.approx(1)


def test_the_estimate_lies_between_prior_and_mean_difference() -> None:
    skeptical, open_minded = (analyze(of_differences(-2.0, -1.0, -3.0, prior_sd=sd)) for sd in (0.5, 5.0))
    assert -2 < open_minded.estimate[0] < skeptical.estimate[0] < 0
    assert open_minded.p_benefit[0] > skeptical.p_benefit[0] > 0.5
    assert (skeptical.estimand, skeptical.n[0], skeptical.df[0]) == ("contrast", 6, np.inf)


@pytest.mark.parametrize("scores", [[[5], [4]], [[5], [4], [NAN], [3]], [[NAN], [NAN], [NAN], [NAN]]])
def test_one_cycle_does_not_tell_how_much_cycles_vary(scores: list[list[float]]) -> None:
    found = analyze(of_periods("ABAB"[: len(scores)], scores))
    assert found.status[0] == Status.TOO_FEW_CYCLES
    assert np.isnan([found.estimate[0], found.df[0], found.p_value[0]]).all()


def test_equal_differences_keep_the_estimate() -> None:
    found = analyze(of_periods("ABAB", [[5.1, 5.3], [4.1, 4.3], [2.1, 2.1], [1.1, 1.1]]))
    assert found.status[0] == Status.NO_VARIATION
    assert found.estimate[0] == pytest.approx(1)
    assert np.isnan([found.standard_error[0], found.p_value[0], found.ci_low[0], found.p_benefit[0]]).all()


def test_hardly_any_variation_is_not_too_little() -> None:
    found = analyze(of_differences(1.0, 1.0 + 1e-6, 1.0 - 1e-6))
    assert found.status[0] == Status.OK
    assert found.estimate[0] == pytest.approx(1, abs=1e-5)
    assert 0 < found.standard_error[0] < 1e-3


@given(diary=diaries(), truth=st.sampled_from([-0.5, 0.0, 0.25]))
def test_coverage_of_a_truth_is_what_the_ends_say(diary: Diary, truth: float) -> None:
    found = analyze(diary)
    told = analyze(diary, AnalysisRequest(np.full(diary.replicates, truth), intervals=1))
    assert found.covers is None
    assert told.covers is not None
    is_near = np.minimum(np.abs(found.ci_low - truth), np.abs(found.ci_high - truth)) < 1e-9
    is_within = (found.ci_low <= truth) & (truth <= found.ci_high)
    np.testing.assert_array_equal(told.covers[~is_near], is_within[~is_near])
    for field in fields(found):
        if field.name.startswith("ci_"):
            np.testing.assert_array_equal(getattr(told, field.name)[:1], getattr(found, field.name)[:1])
            assert np.isnan(getattr(told, field.name)[1:]).all()
        elif field.name == "details":
            np.testing.assert_equal(told.details, found.details)
        elif field.name != "covers":
            np.testing.assert_array_equal(getattr(told, field.name), getattr(found, field.name))


def test_the_first_replicates_keep_their_interval_wherever_they_stand() -> None:
    rng = np.random.default_rng(20261122)
    columns = [3 + 10.0 ** rng.integers(-3, 2) * rng.normal(size=6) for _ in range(40)]
    batch = side_by_side(*columns, cycles=3, period_days=1, order="ABBAAB")
    found, some = analyze(batch), analyze(batch, AnalysisRequest(intervals=17))
    np.testing.assert_array_equal(some.ci_high[:17], found.ci_high[:17])
    assert np.isnan(some.ci_high[17:]).all()
    assert np.isfinite(found.ci_high).all()
    for index in (0, 16, 39):
        alone = analyze(side_by_side(columns[index], cycles=3, period_days=1, order="ABBAAB"))
        for name in (*ON_THE_SCALE, *PROBABILITIES):
            assert getattr(alone, name)[0] == getattr(found, name)[index]


@given(diary=diaries(), factor=st.sampled_from([0.25, 3.0, 100.0]), shift=st.sampled_from([-20.0, 0.125]))
def test_a_new_unit_with_priors_in_it_scales_the_figures(diary: Diary, factor: float, shift: float) -> None:
    diary = with_plan(diary, prior_mean=-0.5)
    names = ("mcid", "decision_benefit", "prior_mean")
    changes = {name: factor * getattr(diary.plan, name) for name in names}
    found, scaled = analyze(diary), analyze(with_plan(replace(diary, score=factor * diary.score + shift), **changes))
    for name in PROBABILITIES:
        np.testing.assert_allclose(getattr(found, name), getattr(scaled, name), rtol=1e-7, atol=1e-9)
    for name in ON_THE_SCALE:
        np.testing.assert_allclose(factor * getattr(found, name), getattr(scaled, name), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(found.status, scaled.status)


@given(diary=diaries())
def test_swapped_labels_and_prior_turn_the_posterior_around(diary: Diary) -> None:
    diary = with_plan(diary, prior_mean=-0.5)
    swapped = replace(diary, treatment=np.where(diary.period > 0, 1 - diary.treatment, 0).astype(np.int8))
    better = "lower" if diary.plan.better == "higher" else "higher"
    found, mirrored = analyze(diary), analyze(with_plan(swapped, better=better, prior_mean=0.5))
    for name in (*PROBABILITIES, "standard_error"):
        np.testing.assert_allclose(getattr(found, name), getattr(mirrored, name), rtol=1e-7, atol=1e-9)
    for name, mirror in [("estimate", "estimate"), ("ci_low", "ci_high"), ("ci_high", "ci_low")]:
        np.testing.assert_allclose(getattr(found, name), -getattr(mirrored, mirror), rtol=1e-7, atol=1e-9)


def test_priors_follow_the_scale_unless_they_are_stated() -> None:
    """In the worthwhile difference: twice that for the effect, once for what rounds differ by."""
    usual = analyze(of_differences(2.0, 0.5, 4.0, mcid=0.3))
    stated = analyze(of_differences(2.0, 0.5, 4.0, mcid=0.3, prior_sd=0.6, sd_scale=0.3))
    other = analyze(of_differences(2.0, 0.5, 4.0, mcid=0.3, prior_sd=2.0, sd_scale=1.0))
    for name in (*ON_THE_SCALE, *PROBABILITIES):
        np.testing.assert_array_equal(getattr(usual, name), getattr(stated, name))
    assert usual.estimate[0] != other.estimate[0]


def test_the_differences_are_kept_beside_what_the_prior_makes_of_them() -> None:
    found = analyze(of_differences(2.0, 1.0, 3.0))
    assert found.details["data_estimate"][0] == pytest.approx(2)
    assert found.details["data_standard_error"][0] == pytest.approx(1 / np.sqrt(3))
    single = analyze(of_differences(2.0))
    assert np.isnan(single.details["data_estimate"]).all()
