"""Laws that every method of analysis keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.analysis.analyze import ANALYSES, analyze
from n1trial.analysis.estimates import Estimates, Status
from n1trial.diary.diary import Diary
from n1trial.diary.methods import METHODS
from n1trial.errors import InputError
from tests.analysis.diaries import diaries, of_periods

ARRAYS = [field.name for field in fields(Estimates) if field.name not in ("method", "estimand", "covers", "details")]
FIGURES = [name for name in ARRAYS if name not in ("estimate", "status", "n")]
ON_THE_SCALE = ("estimate", "ci_low", "ci_high")
PROBABILITIES = ("p_value", "p_benefit", "p_worthwhile", "p_decision")

every_method = pytest.mark.parametrize("method", METHODS)
SWAPPABLE = ("paired", "mixed", "ar1", "bayes", "ols")
"""Those for which drug and control are labels: what fades from one period into the next is not."""
TIMELESS = tuple(method for method in METHODS if method != "course")
"""Those for which the length of the diary means nothing: a slow wandering is written over all of its days."""
CONTINUOUS = tuple(method for method in METHODS if method != "randomization")
"""Those whose two-sided p-value is twice the smaller tail."""
law = settings(max_examples=40, deadline=None)


def each_of(methods: Iterable[str]) -> Iterator[str]:
    """Yield methods for one drawn example, which takes longer to draw than most take to analyze it."""
    for method in methods:
        note(f"method: {method}")
        yield method


def assert_same(first: Estimates, second: Estimates) -> None:
    """Every array equal to the last bit."""
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


def assert_close(first: Estimates, second: Estimates, *names: str) -> None:
    for name in names or [*FIGURES, "estimate"]:
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), rtol=1e-7, atol=1e-9, err_msg=name)
    np.testing.assert_array_equal(first.status, second.status)
    np.testing.assert_array_equal(first.n, second.n)


def some_replicates(diary: Diary, which: object) -> Diary:
    """Diary of some of the replicates."""
    names = ("period", "cycle", "treatment", "day_of_period", "score")
    arrays = {name: getattr(diary, name) for name in names}
    return replace(diary, **{name: array if array.shape[1] == 1 else array[:, which] for name, array in arrays.items()})


@law
@given(diary=diaries())
def test_a_figure_is_missing_where_a_status_says_so_and_nowhere_else(diary: Diary) -> None:
    for method in each_of(METHODS):
        found = analyze(diary, method)
        for name in FIGURES:
            np.testing.assert_array_equal(~np.isnan(getattr(found, name)), found.is_estimable, err_msg=name)
        keeps = found.is_estimable | (found.status == Status.NO_VARIATION)
        np.testing.assert_array_equal(np.isfinite(found.estimate), keeps)
        assert found.replicates == diary.replicates
        assert {getattr(found, name).shape for name in ARRAYS} == {(diary.replicates,)}


@law
@given(diary=diaries(), shift=st.sampled_from([-20.0, 0.125, 1000.0]))
def test_a_shift_of_all_scores_changes_nothing(diary: Diary, shift: float) -> None:
    for method in each_of(METHODS):
        assert_close(analyze(replace(diary, score=diary.score + shift), method), analyze(diary, method))


@law
@given(diary=diaries(), factor=st.sampled_from([0.25, 3.0, 100.0]))
def test_a_new_unit_scales_the_figures_on_the_scale(diary: Diary, factor: float) -> None:
    for method in each_of(METHODS):
        found = analyze(diary, method)
        scaled = analyze(
            replace(diary, score=factor * diary.score),
            method,
            mcid=factor * diary.plan.mcid,
            decision_benefit=factor * diary.plan.decision_benefit,
        )
        assert_close(found, scaled, *PROBABILITIES, "df")
        for name in (*ON_THE_SCALE, "standard_error"):
            np.testing.assert_allclose(factor * getattr(found, name), getattr(scaled, name), rtol=1e-7, atol=1e-9)


@law
@given(diary=diaries())
def test_a_reversed_scale_reverses_what_is_better(diary: Diary) -> None:
    better = "lower" if diary.plan.better == "higher" else "higher"
    for method in each_of(METHODS):
        assert_mirrored(analyze(diary, method), analyze(replace(diary, score=-diary.score), method, better=better))


@law
@given(diary=diaries())
def test_swapped_labels_turn_the_estimate_around(diary: Diary) -> None:
    swapped = replace(diary, treatment=np.where(diary.period > 0, 1 - diary.treatment, 0).astype(np.int8))
    better = "lower" if diary.plan.better == "higher" else "higher"
    for method in each_of(SWAPPABLE):
        assert_mirrored(analyze(diary, method), analyze(swapped, method, better=better))


def assert_mirrored(found: Estimates, mirrored: Estimates) -> None:
    """The same evidence for the opposite difference."""
    assert_close(found, mirrored, *PROBABILITIES, "standard_error", "df")
    for name, mirror in [("estimate", "estimate"), ("ci_low", "ci_high"), ("ci_high", "ci_low")]:
        np.testing.assert_allclose(getattr(found, name), -getattr(mirrored, mirror), rtol=1e-7, atol=1e-9)


@law
@given(diary=diaries(least_replicates=2), seed=st.integers(0, 1000))
def test_replicates_do_not_look_at_each_other(diary: Diary, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(diary.replicates)
    for method in each_of(METHODS):
        found = analyze(diary, method)
        reordered = replace(found, **{name: getattr(found, name)[order] for name in ARRAYS})
        assert_same(analyze(some_replicates(diary, order), method), reordered)


@law
@given(diary=diaries(least_replicates=2), cut=st.integers(1, 4))
def test_a_batch_in_two_parts_is_the_same_to_the_last_bit(diary: Diary, cut: int) -> None:
    for method in each_of(METHODS):
        found = analyze(diary, method)
        for part in (slice(None, cut), slice(cut, None)):
            if range(diary.replicates)[part]:
                in_part = replace(found, **{name: getattr(found, name)[part] for name in ARRAYS})
                assert_same(analyze(some_replicates(diary, part), method), in_part)


@law
@given(diary=diaries())
def test_days_that_nobody_wrote_on_change_nothing(diary: Diary) -> None:
    def extended(array: NDArray[Any], after: int) -> NDArray[Any]:
        return np.concatenate([array, array[-1:], np.full_like(array[-1:], after)])

    longer = replace(
        diary,
        day=np.append(diary.day, diary.day[-1] + [1, 2]),
        period=extended(diary.period, 0),
        cycle=extended(diary.cycle, 0),
        treatment=extended(diary.treatment, 0),
        day_of_period=extended(diary.day_of_period, -1),
        score=np.concatenate([diary.score, np.full((2, diary.replicates), np.nan)]),
    )
    for method in each_of(TIMELESS):
        assert_close(analyze(longer, method), analyze(diary, method))


@law
@given(diary=diaries(), alpha=st.sampled_from([0.02, 0.05, 0.2]))
def test_one_and_two_sides_go_together(diary: Diary, alpha: float) -> None:
    for method in each_of(CONTINUOUS):
        one = analyze(diary, method, sides=1, alpha=alpha)
        two = analyze(diary, method, sides=2, alpha=2 * alpha)
        assert_close(one, two, *ON_THE_SCALE, "standard_error", "df", "p_benefit", "p_worthwhile", "p_decision")
        np.testing.assert_allclose(two.p_value, 2 * np.minimum(one.p_value, 1 - one.p_value), rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(one.p_benefit, 1 - one.p_value, atol=1e-12)


@law
@given(diary=diaries())
def test_test_and_interval_agree(diary: Diary) -> None:
    for method in each_of(METHODS):
        found = analyze(diary, method, sides=2)
        beyond = (found.ci_low > 0) | (found.ci_high < 0)
        near = np.abs(found.p_value - diary.plan.alpha) < 1e-9
        np.testing.assert_array_equal((found.p_value < diary.plan.alpha)[~near], beyond[~near])


@every_method
def test_an_empty_diary_has_no_estimate(method: str) -> None:
    found = analyze(of_periods("", [], run_in=[5, 6, 7]), method)
    assert not found.is_estimable[0]


def test_the_table_is_what_a_plan_may_name() -> None:
    assert list(METHODS) == list(ANALYSES)


@every_method
def test_a_method_goes_by_its_name_and_estimand(method: str) -> None:
    found = analyze(of_periods("AB", [[1, 2, 3], [4, 5, 7]], run_in=[5, 6]), method)
    assert (found.method, found.estimand) == (method, METHODS[method].estimand)
    assert METHODS[method].name == method
    assert METHODS[method].description.endswith(".")
    assert not METHODS[method].words.endswith(".")


def test_the_primary_method_is_the_default() -> None:
    assert analyze(of_periods("AB", [[1, 2], [4, 5]], primary="ols")).method == "ols"


def test_overrides_leave_the_diary_as_it_was() -> None:
    diary = of_periods("ABAB", [[1, 2], [4, 5], [2, 1], [5, 5]])
    assert analyze(diary, discard_days=1).n[0] == 4
    assert analyze(diary, "ols", terms=["trend"]).df[0] == 5
    assert analyze(diary).n[0] == 8


def test_an_unknown_method_is_told_with_those_that_exist() -> None:
    with pytest.raises(InputError) as caught:
        analyze(of_periods("AB", [[1], [2]]), "pared")
    assert caught.value.faults == (
        f"method: 'pared' does not exist (did you mean paired?); there are {', '.join(METHODS)}",
    )


@pytest.mark.parametrize(
    "override",
    [
        {"df": "foo"}, {"prior_sd": -1}, {"sd_scale": 0}, {"statistic": "z"}, {"layout": 3}, {"decision_threshold": 4},
        {"assumed_onset_days": -1}, {"max_assignments": 0.5}, {"decision_rule": "coin"}, {"prior_mean": float("nan")},
    ],
)  # fmt: skip
def test_a_setting_out_of_its_range_is_refused(override: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"^{next(iter(override))}: must be "):
        analyze(of_periods("AB", [[1], [2]]), **override)  # type: ignore[arg-type]


def test_all_faults_of_the_overrides_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        analyze(of_periods("AB", [[1], [2]]), discard_day=3, alpha=5, sides="two", terms="trend", minimum_days=0)
    assert caught.value.faults == (
        "discard_day: unknown setting of an analysis (did you mean discard_days?)",
        "alpha: must be a number above 0 and below 1, and is 5",
        "sides: must be 1 or 2, and is 'two'",
        "minimum_days: must be a whole number, 1 or more, and is 0",
        'terms: must be names out of "trend" and "cycle", and is \'trend\'',
    )
