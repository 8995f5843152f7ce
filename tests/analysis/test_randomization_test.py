"""The randomization test."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.analysis.estimates import AnalysisRequest, Estimates, Status
from n1trial.analysis.methods import paired, randomization
from n1trial.analysis.randomized.reference_set import reference_set
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan
from tests.analysis.diaries import diaries, of_periods

STATISTICS: dict[str, dict[str, Any]] = {
    "instant exposure": {"statistic": "exposure"},
    "slow exposure": {"statistic": "exposure", "assumed_onset_days": 2.0, "assumed_offset_days": 5.0},
    "cycle": {"statistic": "cycle"},
}
every_statistic = pytest.mark.parametrize("settings_of", STATISTICS.values(), ids=STATISTICS)
law = settings(max_examples=25, deadline=None)


def a_diary(
    scheme: Randomization, period_days: int = 6, missing: float = 0.0, replicates: int = 12, seed: int = 1, **plan: Any
) -> Diary:
    """Diaries of independent days on drawn assignments."""
    rng = np.random.default_rng(seed)
    layout = Layout("crossover", 2, "open", scheme.cycles, period_days, 0, scheme)
    schedule = lay_out(layout, scheme.draw(rng, rng, replicates))
    score = rng.normal(5, 1, (schedule.day.size, replicates))
    score[rng.random(score.shape) < missing] = np.nan
    return Diary.of(schedule, score, Plan(layout=layout, **{"discard_days": 0, "minimum_days": 1} | plan))


def with_settings(diary: Diary, settings_of: dict[str, Any]) -> Diary:
    return diary.with_plan(replace(diary.plan, **settings_of))


def arrays(found: Estimates) -> dict[str, NDArray[Any]]:
    names = [field.name for field in fields(Estimates) if field.name not in ("method", "estimand", "covers", "details")]
    return {name: getattr(found, name) for name in names}


def replicates_of(diary: Diary, which: slice) -> Diary:
    names = ("period", "cycle", "treatment", "day_of_period", "score")
    columns = {name: getattr(diary, name) for name in names}
    return replace(
        diary, **{name: array if array.shape[1] == 1 else array[:, which] for name, array in columns.items()}
    )


def test_two_pairs_by_hand() -> None:
    """Cycle differences 3 and 1: the mean is 2, −2, 1 and −1 under the four orders."""
    scheme = Randomization("pairs", 2)
    layout = Layout("crossover", 0, "open", 2, 2, 0, scheme)
    diary = of_periods("ABBA", [[5, 5], [2, 2], [4, 4], [5, 5]], layout=layout, statistic="cycle", better="higher")
    found = randomization.analyze(diary)
    assert (found.method, found.estimand) == ("randomization", "contrast")
    assert found.estimate[0] == 2
    assert found.p_value[0] == 2 / 4
    assert found.p_benefit[0] == 1 - 1 / 4
    assert found.n[0] == 8
    assert found.df[0] == np.inf
    one_sided = randomization.analyze(with_settings(diary, {"sides": 1}))
    assert one_sided.p_value[0] == 1 / 4
    against = randomization.analyze(with_settings(diary, {"sides": 1, "better": "lower"}))
    assert against.p_value[0] == 1


def test_the_estimate_is_what_as_many_assignments_overtake_on_either_side() -> None:
    """So it lies in its own interval and on the side that the test leans to, where the slope need not."""
    diary = a_diary(Randomization("pairs", 4), replicates=200, alpha=0.5, **STATISTICS["slow exposure"])
    found = randomization.analyze(diary)
    assert found.estimand == "full effect"
    assert ((found.ci_low <= found.estimate) & (found.estimate <= found.ci_high)).all()
    leans = np.abs(found.p_benefit - 0.5) > 1 / 16
    benefit = diary.plan.benefit_sign * found.estimate
    np.testing.assert_array_equal(benefit[leans] > 0, found.p_benefit[leans] > 0.5)


@every_statistic
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_covers_is_what_the_ends_say(settings_of: dict[str, Any], missing: float) -> None:
    diary = a_diary(Randomization("pairs", 4), missing=missing, alpha=0.2, **settings_of)
    for sides in (1, 2):
        one = with_settings(diary, {"sides": sides})
        ends = randomization.analyze(one)
        for truth in (-1.0, -0.3, 0.0, 0.4, 2.0):
            told = randomization.analyze(one, AnalysisRequest(truth=np.full(12, truth), intervals=0))
            np.testing.assert_array_equal(told.covers, (ends.ci_low <= truth) & (truth <= ends.ci_high))


@every_statistic
def test_the_interval_is_infinite_where_the_test_cannot_reject(settings_of: dict[str, Any]) -> None:
    diary = a_diary(Randomization("pairs", 3), alpha=0.05, **settings_of)
    found = randomization.analyze(diary, AnalysisRequest(truth=np.full(12, 1e6)))
    assert (found.p_value > 0.05).all()
    assert (found.ci_low == -np.inf).all()
    assert (found.ci_high == np.inf).all()
    assert found.covers is not None
    assert found.covers.all()


def test_the_interval_is_found_where_it_is_asked_for() -> None:
    diary = a_diary(Randomization("pairs", 4), alpha=0.2)
    everything = randomization.analyze(diary)
    some = randomization.analyze(diary, AnalysisRequest(intervals=5))
    for name in ("ci_low", "ci_high"):
        np.testing.assert_array_equal(getattr(some, name)[:5], getattr(everything, name)[:5])
        assert np.isnan(getattr(some, name)[5:]).all()
        assert np.isfinite(getattr(everything, name)).all()
    np.testing.assert_array_equal(some.p_value, everything.p_value)


def test_confidence_in_a_benefit_is_a_test_of_the_shifted_scores() -> None:
    diary = a_diary(Randomization("pairs", 4), statistic="cycle", better="lower", mcid=0.7, decision_benefit=0.2)
    found = randomization.analyze(diary)
    for benefit, confidence in ((0.7, found.p_worthwhile), (0.2, found.p_decision)):
        less = replace(diary, score=diary.score + benefit * diary.treatment)
        np.testing.assert_array_equal(randomization.analyze(less).p_benefit, confidence)


@pytest.mark.parametrize(
    "layout",
    [
        None,
        Layout("open-label", 2, "open", 2, 6, 0, None),
        Layout("crossover", 2, "open", 2, 6, 0, Randomization("fixed", 2, sequence="ABBA")),
    ],
)
def test_without_chance_there_is_no_test(layout: Layout | None) -> None:
    diary = a_diary(Randomization("pairs", 2))
    found = randomization.analyze(with_settings(diary, {"layout": layout}), AnalysisRequest(truth=np.zeros(12)))
    assert (found.status == Status.NOT_RANDOMIZED).all()
    assert np.isnan(found.p_value).all()
    assert np.isnan(found.estimate).all()
    assert found.covers is not None
    assert not found.covers.any()


def test_a_fixed_order_can_be_tested_over_its_switches() -> None:
    scheme = Randomization("fixed", 2, sequence="ABBA", jitter_days=1, jitter_step_days=1)
    found = randomization.analyze(a_diary(scheme))
    assert found.is_estimable.all()
    assert set(np.round(9 * found.p_value)) <= set(range(1, 10))


def test_what_the_scheme_could_not_have_drawn_is_not_tested() -> None:
    diary = a_diary(Randomization("balanced", 2), replicates=30)
    layout = diary.plan.layout
    assert layout is not None
    found = randomization.analyze(
        with_settings(diary, {"layout": replace(layout, randomization=Randomization("pairs", 2))})
    )
    order = diary.treatment[2::6]
    is_pair = (order[::2] != order[1::2]).all(axis=0)
    assert 0 < is_pair.sum() < 30
    np.testing.assert_array_equal(found.status == Status.NOT_RANDOMIZED, ~is_pair)
    np.testing.assert_array_equal(np.isnan(found.p_value), ~is_pair)


@pytest.mark.parametrize("settings_of", [STATISTICS["instant exposure"], STATISTICS["cycle"]])
def test_why_there_is_no_estimate(settings_of: dict[str, Any]) -> None:
    diary = a_diary(Randomization("pairs", 3), replicates=4, seed=3, **settings_of)
    score = diary.score.copy()
    score[:, 0] = np.nan
    score[:, 1] = 5.0
    score[diary.period[:, 0] != 1, 2] = np.nan
    found = randomization.analyze(replace(diary, score=score))
    is_cycle = settings_of["statistic"] == "cycle"
    assert found.status[0] == (Status.TOO_FEW_CYCLES if is_cycle else Status.TOO_FEW_ENTRIES)
    assert found.status[1] == Status.NO_VARIATION
    assert found.estimate[1] == pytest.approx(0, abs=1e-12)
    assert found.status[2] == (Status.TOO_FEW_CYCLES if is_cycle else Status.ONE_TREATMENT)
    assert found.status[3] == Status.OK


@pytest.mark.parametrize("statistic", ["exposure", "cycle"])
def test_a_single_cycle_and_its_mirror_image_have_no_error_to_measure(statistic: str) -> None:
    found = randomization.analyze(a_diary(Randomization("pairs", 1), statistic=statistic))
    assert (found.status == Status.TOO_FEW_CYCLES).all()


def test_the_standard_error_is_that_of_the_slope_with_independent_days() -> None:
    """On average over patients, and so on average over assignments."""
    diary = a_diary(Randomization("pairs", 4), replicates=2000, **STATISTICS["slow exposure"])
    found = randomization.analyze(diary, AnalysisRequest(intervals=0))
    variance = found.standard_error**2
    standard_error = np.hypot(variance.std(), found.estimate.var() * np.sqrt(2)) / np.sqrt(2000)
    assert abs(variance.mean() - found.estimate.var()) < 4 * standard_error


def test_the_cycle_statistic_has_the_estimate_and_standard_error_of_paired() -> None:
    """With a random switch, lost periods, and orders whose cycles do not hold both treatments."""
    for scheme in (Randomization("pairs", 4, jitter_days=2, jitter_step_days=1), Randomization("balanced", 4)):
        diary = a_diary(scheme, missing=0.4, statistic="cycle", discard_days=1, minimum_days=3)
        found, student = randomization.analyze(diary), paired.analyze(diary)
        assert 0 < student.is_estimable.sum() < 12
        np.testing.assert_array_equal(found.status, student.status)
        np.testing.assert_allclose(found.estimate, student.estimate, rtol=1e-12)
        np.testing.assert_allclose(found.standard_error, student.standard_error, rtol=1e-12)
        np.testing.assert_array_equal(found.n, student.n)


def test_in_simulation_assignments_beyond_the_plan_are_drawn() -> None:
    diary = a_diary(Randomization("pairs", 6), max_assignments=20)
    drawn = randomization.analyze(diary, AnalysisRequest(truth=np.zeros(12)))
    np.testing.assert_allclose(21 * drawn.p_value, np.round(21 * drawn.p_value), atol=1e-12)
    whole = randomization.analyze(diary)
    np.testing.assert_allclose(64 * whole.p_value, np.round(64 * whole.p_value), atol=1e-12)
    assert np.abs(drawn.p_benefit - whole.p_benefit).max() < 4 * 0.5 / np.sqrt(20)


def test_a_sample_is_the_same_for_every_diary() -> None:
    diary = a_diary(Randomization("pairs", 6), max_assignments=20)
    request = AnalysisRequest(truth=np.zeros(12))
    found = randomization.analyze(diary, request)
    reference_set.cache_clear()
    for name, array in arrays(randomization.analyze(diary, request)).items():
        np.testing.assert_array_equal(array, getattr(found, name))


def test_the_interval_of_a_sample_agrees_with_its_test() -> None:
    diary = a_diary(Randomization("pairs", 8), max_assignments=60, alpha=0.1)
    for truth in np.linspace(-1.5, 1.5, 31):
        found = randomization.analyze(diary, AnalysisRequest(truth=np.full(12, truth)))
        np.testing.assert_array_equal(found.covers, (found.ci_low <= truth) & (truth <= found.ci_high))


def test_an_early_stop_is_tested_on_what_there_is() -> None:
    """The days after it change nothing, whether they are in the file without entries or not in the file at all."""
    diary = a_diary(Randomization("pairs", 4, jitter_days=1, jitter_step_days=1), **STATISTICS["slow exposure"])
    last = 40
    blank = replace(diary, score=np.where(diary.day[:, np.newaxis] < last, diary.score, np.nan))
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score")
    ended = replace(diary, **{name: getattr(diary, name)[diary.day < last] for name in names})
    for name, array in arrays(randomization.analyze(blank)).items():
        np.testing.assert_array_equal(array, getattr(randomization.analyze(ended), name))


def test_blocks_of_replicates_do_not_show() -> None:
    """More replicates than are tested at a time, complete and incomplete ones side by side."""
    diary = a_diary(Randomization("pairs", 3), replicates=300, **STATISTICS["slow exposure"])
    score = diary.score.copy()
    score[np.random.default_rng(5).random(score.shape) < 0.1] = np.nan
    score[:, ::2] = diary.score[:, ::2]
    diary = replace(diary, score=score)
    found = arrays(randomization.analyze(diary))
    for part in (slice(0, 1), slice(1, 3), slice(3, 132), slice(132, 300), slice(299, 300)):
        for name, array in arrays(randomization.analyze(replicates_of(diary, part))).items():
            np.testing.assert_array_equal(array, found[name][part], err_msg=name)


@every_statistic
@law
@given(diary=diaries(least_replicates=2), cut=st.integers(1, 4))
def test_a_batch_in_two_parts_is_the_same_to_the_last_bit(settings_of: dict[str, Any], diary: Diary, cut: int) -> None:
    diary = with_settings(diary, settings_of)
    found = arrays(randomization.analyze(diary))
    for part in (slice(None, cut), slice(cut, None)):
        if range(diary.replicates)[part]:
            for name, array in arrays(randomization.analyze(replicates_of(diary, part))).items():
                np.testing.assert_array_equal(array, found[name][part], err_msg=name)


@every_statistic
@law
@given(diary=diaries())
def test_a_figure_is_missing_where_a_status_says_so_and_nowhere_else(settings_of: dict[str, Any], diary: Diary) -> None:
    found = randomization.analyze(with_settings(diary, settings_of))
    for name, array in arrays(found).items():
        if name not in ("estimate", "status", "n"):
            np.testing.assert_array_equal(~np.isnan(array), found.is_estimable, err_msg=name)
    keeps = found.is_estimable | (found.status == Status.NO_VARIATION)
    np.testing.assert_array_equal(np.isfinite(found.estimate), keeps)


@every_statistic
@law
@given(diary=diaries(), shift=st.sampled_from([-20.0, 1000.0]), factor=st.sampled_from([0.25, 100.0, -3.0]))
def test_a_new_unit_changes_the_unit(settings_of: dict[str, Any], diary: Diary, shift: float, factor: float) -> None:
    diary = with_settings(diary, settings_of | {"better": "lower"})
    plan = replace(
        diary.plan,
        better="lower" if factor > 0 else "higher",
        mcid=abs(factor) * diary.plan.mcid,
        decision_benefit=abs(factor) * diary.plan.decision_benefit,
    )
    found = randomization.analyze(diary)
    changed = randomization.analyze(replace(diary, score=shift + factor * diary.score, plan=plan))
    np.testing.assert_array_equal(found.status, changed.status)
    for name in ("p_value", "p_benefit", "p_worthwhile", "p_decision"):
        np.testing.assert_array_equal(getattr(found, name), getattr(changed, name), err_msg=name)
    ends = ("ci_low", "ci_high") if factor > 0 else ("ci_high", "ci_low")
    for name, changed_name in zip(("estimate", "ci_low", "ci_high"), ("estimate", *ends), strict=True):
        np.testing.assert_allclose(
            factor * getattr(found, name), getattr(changed, changed_name), rtol=1e-7, atol=1e-9, err_msg=name
        )


@every_statistic
@law
@given(diary=diaries())
def test_the_test_is_central(settings_of: dict[str, Any], diary: Diary) -> None:
    """Both one-sided p-values count what ties; the two-sided one is twice the smaller, and the interval agrees."""
    diary = with_settings(diary, settings_of | {"better": "lower"})
    plan = diary.plan
    low, high = (
        randomization.analyze(diary.with_plan(replace(plan, sides=1, better=better))) for better in ("lower", "higher")
    )
    two = randomization.analyze(diary.with_plan(replace(plan, sides=2)))
    estimable = two.is_estimable
    smaller = np.minimum(low.p_value, high.p_value)
    assert (low.p_value + high.p_value)[estimable].min(initial=2) >= 1
    np.testing.assert_array_equal(two.p_value, np.minimum(1, 2 * smaller))
    np.testing.assert_array_equal(two.p_benefit, 1 - low.p_value)
    is_at_0 = np.minimum(np.abs(two.ci_low), np.abs(two.ci_high)) < 1e-6
    excludes_0 = (two.ci_low > 0) | (two.ci_high < 0)
    decided = estimable & ~is_at_0
    np.testing.assert_array_equal(excludes_0[decided], (two.p_value <= plan.alpha)[decided])


@pytest.mark.parametrize("settings_of", [STATISTICS["instant exposure"], STATISTICS["cycle"]])
@law
@given(seed=st.integers(0, 2**32 - 1), missing=st.sampled_from([0.0, 0.3]))
def test_other_labels_turn_the_sign(settings_of: dict[str, Any], seed: int, missing: float) -> None:
    """Of an effect that comes and goes at once, without washouts: then labels are all that tells treatments apart."""
    diary = a_diary(Randomization("balanced", 3), missing=missing, replicates=4, seed=seed, **settings_of)
    exchanged = replace(diary, treatment=np.where(diary.period > 0, 1 - diary.treatment, diary.treatment))
    exchanged = exchanged.with_plan(replace(diary.plan, better="higher"))
    found, other = randomization.analyze(with_settings(diary, {"better": "lower"})), randomization.analyze(exchanged)
    np.testing.assert_array_equal(found.p_value, other.p_value)
    np.testing.assert_array_equal(found.p_benefit, other.p_benefit)
    np.testing.assert_allclose(found.estimate, -other.estimate, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.ci_low, -other.ci_high, rtol=1e-9, atol=1e-9)


@every_statistic
@law
@given(diary=diaries(), run_in=st.sampled_from(["open", "placebo"]), seed=st.integers(0, 2**32 - 1))
def test_a_missing_day_is_one_left_out(settings_of: dict[str, Any], diary: Diary, run_in: Any, seed: int) -> None:
    layout = diary.plan.layout
    assert layout is not None
    diary = with_settings(diary, settings_of | {"layout": replace(layout, run_in=run_in)})
    lost = np.random.default_rng(seed).random(diary.day.size) < 0.2
    blank = replace(diary, score=np.where(lost[:, np.newaxis], np.nan, diary.score))
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score")
    short = replace(blank, **{name: getattr(blank, name)[~lost] for name in names})
    for name, array in arrays(randomization.analyze(blank)).items():
        np.testing.assert_array_equal(array, getattr(randomization.analyze(short), name), err_msg=name)
