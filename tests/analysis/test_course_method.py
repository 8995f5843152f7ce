"""Which days `course` uses, when it has no estimate, and what its figures do not depend on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from n1trial.analysis.estimates import AnalysisRequest, Status
from n1trial.analysis.methods import course
from n1trial.diary.diary import Diary
from tests.analysis.diaries import of_periods, side_by_side

NAN = float("nan")
SLOW: dict[str, Any] = {"assumed_onset_days": 4.0, "assumed_offset_days": 9.0}
FIGURES = ("estimate", "standard_error", "ci_low", "ci_high", "p_value", "p_benefit")


def noisy(replicates: int = 1, seed: int = 5, **plan: Any) -> Diary:
    score = 6 + np.random.default_rng(seed).normal(size=(replicates, 40))
    return side_by_side(*score, cycles=2, period_days=10, order="ABBA", **plan)


def with_placebo_run_in(diary: Diary) -> Diary:
    """The same diary after four days of blinded placebo."""
    assert diary.plan.layout is not None
    before = np.zeros((4, 1))
    arrays: dict[str, Any] = {
        name: np.concatenate([(before + first).astype(getattr(diary, name).dtype), getattr(diary, name)])
        for name, first in (("period", 0), ("cycle", 0), ("treatment", 0), ("day_of_period", -1))
    }
    score = np.concatenate([np.array([[5.0], [7.0], [6.0], [4.0]]) + np.zeros(diary.replicates), diary.score])
    layout = replace(diary.plan.layout, run_in="placebo", run_in_days=4)
    day = np.arange(-4, 40)
    return replace(diary, day=day, score=score, plan=replace(diary.plan, layout=layout), **arrays)


def test_uses_a_run_in_on_blinded_placebo_and_no_other() -> None:
    placebo = with_placebo_run_in(noisy())
    layout = placebo.plan.layout
    assert layout is not None
    open_ = placebo.with_plan(replace(placebo.plan, layout=replace(layout, run_in="open")))
    assert (course.analyze(placebo).n[0], course.analyze(open_).n[0]) == (44, 40)
    score = placebo.score.copy()
    score[:4] = 99
    assert_array_equal(course.analyze(replace(open_, score=score)).estimate, course.analyze(open_).estimate)
    assert course.analyze(replace(placebo, score=score)).estimate != course.analyze(placebo).estimate


@pytest.mark.parametrize(
    ("scores", "status"),
    [
        ([[5, 6, 7], [NAN, NAN, NAN]], Status.TOO_FEW_ENTRIES),
        ([[5, 6, 7, 5, 6, 8], [NAN] * 6], Status.ONE_TREATMENT),
        ([[NAN] * 6, [5, 6, 7, 5, 6, 8]], Status.ONE_TREATMENT),
        ([[5, 5, 5], [5, 5, 5]], Status.NO_VARIATION),
        ([[5, 5, 6], [5, 5, 5]], Status.OK),
    ],
)
def test_when_it_has_no_estimate(scores: list[list[float]], status: Status) -> None:
    assert course.analyze(of_periods("AB", scores)).status[0] == status


def test_a_drug_never_taken_cannot_be_told_from_the_level() -> None:
    diary = noisy()
    never = replace(diary, doses_taken=np.zeros(diary.score.shape, dtype=np.bool_))
    status = Status(course.analyze(never).status[0])
    assert status == Status.CONFOUNDED
    assert "exposure to the drug never changes" in status.advice


def test_a_washout_does_not_stand_for_the_control() -> None:
    diary = of_periods("AB", [[5, 6, 7, 5, 6, 8], [6, 7, 6, 7, 5, 6]])
    assert course.analyze(diary).status[0] == Status.OK
    washout = replace(diary, period=np.where(diary.treatment == 1, diary.period, 0).astype(np.int8))
    assert course.analyze(washout).status[0] == Status.ONE_TREATMENT


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), missing=st.sampled_from([0.0, 0.2]))
def test_swapped_labels_turn_the_estimate_around(seed: int, missing: float) -> None:
    """Where the effect comes and goes at once: what fades is not mirrored."""
    diary = noisy(2, seed)
    score = np.where(np.random.default_rng(seed).random(diary.score.shape) < missing, NAN, diary.score)
    diary = replace(diary, score=score)
    swapped = replace(diary, treatment=1 - diary.treatment)
    found, turned = course.analyze(diary), course.analyze(swapped)
    assert_allclose(found.estimate, -turned.estimate, rtol=1e-7)
    assert_allclose(found.standard_error, turned.standard_error, rtol=1e-7)
    assert_allclose(found.p_benefit, 1 - turned.p_benefit, rtol=1e-7)
    assert_allclose(found.ci_low, -turned.ci_high, rtol=1e-7)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_a_missing_entry_is_as_good_as_a_day_left_out(seed: int) -> None:
    diary = noisy(3, seed, **SLOW)
    is_left = np.random.default_rng(seed).random(40) > 0.3
    is_left |= (diary.day_of_period[:, 0] == 0) | (diary.day == 39)
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score")
    arrays: dict[str, Any] = {name: getattr(diary, name)[is_left] for name in names}
    lacking = replace(diary, **arrays)
    missing = replace(diary, score=np.where(is_left[:, np.newaxis], diary.score, NAN))
    for name in FIGURES:
        assert_allclose(getattr(course.analyze(lacking), name), getattr(course.analyze(missing), name), rtol=1e-9)


def test_batches_of_any_size_agree_to_the_last_bit() -> None:
    """More replicates than are worked on at a time, with complete diaries among them."""
    diary = noisy(520, **SLOW)
    score = diary.score.copy()
    score[7, ::5] = NAN
    score[20:, 1::7] = NAN
    diary = replace(diary, score=score)
    found = course.analyze(diary, AnalysisRequest(np.zeros(520), intervals=3))
    assert found.covers is not None
    assert_array_equal(np.isfinite(found.ci_low), np.arange(520) < 3)
    for which in (slice(0, 1), slice(2, 100), slice(35, 519)):
        part = course.analyze(diary.take(which), AnalysisRequest(np.zeros(520)[which], intervals=0))
        assert part.covers is not None
        assert_array_equal(part.covers, found.covers[which])
        for name in ("estimate", "standard_error", "p_value", "p_benefit", "status", "n"):
            assert_array_equal(getattr(part, name), getattr(found, name)[which], err_msg=name)


def test_calendars_known_by_the_periods_alone_may_differ() -> None:
    one = of_periods("ABBA", np.random.default_rng(1).normal(size=(4, 6)).tolist(), **SLOW)
    other = of_periods("ABBA", [[1, 3, 2], [4, 5, 7], [4, 4, 2], [5, 3, 4, 3, 5, 4, 4, 6, 5, 3, 2, 4, 3, 4, 3]], **SLOW)
    names = ("period", "cycle", "treatment", "day_of_period", "score")
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(one, name), getattr(other, name)], axis=1) for name in names
    }
    both = replace(one, **arrays)
    found = course.analyze(both, AnalysisRequest(np.zeros(2), intervals=1))
    assert np.isfinite(found.ci_low).tolist() == [True, False]
    for number, alone in enumerate((one, other)):
        assert_array_equal(found.p_value[number], course.analyze(alone).p_value[0])


def test_details_are_means_over_what_is_not_known() -> None:
    found = course.analyze(noisy(4, **SLOW))
    for name, most in (("autocorrelation", 0.98), ("shift_ratio", 0.9), ("drift_ratio", 0.2)):
        assert ((found.details[name] > 0) & (found.details[name] < most)).all()
