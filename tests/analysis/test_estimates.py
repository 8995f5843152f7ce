from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import stats

from n1trial.analysis.estimates import FIGURES, Estimates, Status, from_t
from n1trial.analysis.methods import course, exposure, mixed
from n1trial.diary.methods import PAIRED
from n1trial.diary.plan import Plan
from n1trial.evaluation.tally import tally
from tests.analysis.diaries import side_by_side


def conclude(estimate: float, standard_error: float, df: float, status: Status = Status.OK, **plan: Any) -> Estimates:
    return from_t(
        PAIRED,
        Plan(**plan),
        estimate=np.array([estimate]),
        standard_error=np.array([standard_error]),
        df=np.array([df]),
        status=np.array([status], dtype=np.int8),
        n=np.array([10]),
    )


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("estimate", [-1.3, 0.0, 0.4])
@pytest.mark.parametrize("df", [1, 2, 7.5, 300])
def test_figures_agree_with_scipy(better: Any, estimate: float, df: float) -> None:
    found = conclude(estimate, 0.5, df, better=better, mcid=0.75, decision_benefit=0.25, alpha=0.1)
    benefit = -estimate if better == "lower" else estimate
    assert found.p_value[0] == pytest.approx(2 * stats.t.sf(abs(estimate) / 0.5, df))
    assert found.p_benefit[0] == pytest.approx(stats.t.cdf(benefit / 0.5, df))
    assert found.p_worthwhile[0] == pytest.approx(stats.t.cdf((benefit - 0.75) / 0.5, df))
    assert found.p_decision[0] == pytest.approx(stats.t.cdf((benefit - 0.25) / 0.5, df))
    low, high = stats.t.interval(0.9, df, estimate, 0.5)
    assert (found.ci_low[0], found.ci_high[0]) == pytest.approx((low, high))


@pytest.mark.parametrize(("better", "tail"), [("lower", "less"), ("higher", "greater")])
def test_one_sided_tests_look_in_the_direction_of_benefit(better: Any, tail: Any) -> None:
    sample = np.array([-0.4, -1.9, 0.3, -1.2])
    expected = stats.ttest_1samp(sample, 0, alternative=tail)
    found = conclude(float(sample.mean()), float(sample.std(ddof=1) / 2), 3, better=better, sides=1)
    assert found.p_value[0] == pytest.approx(expected.pvalue)
    assert found.p_benefit[0] == pytest.approx(1 - expected.pvalue)
    two_sided_at_twice_alpha = stats.ttest_1samp(sample, 0).confidence_interval(0.9)
    assert (found.ci_low[0], found.ci_high[0]) == pytest.approx(tuple(two_sided_at_twice_alpha))


def test_small_p_values_keep_their_digits() -> None:
    assert conclude(40, 1, 20).p_value[0] == pytest.approx(2 * stats.t.sf(40, 20), rel=1e-10)
    assert conclude(-40, 1, 20, sides=1).p_value[0] == pytest.approx(stats.t.sf(40, 20), rel=1e-10)


@pytest.mark.parametrize("status", [status for status in Status if not status.is_estimable])
def test_nothing_is_shown_where_nothing_is_estimable(status: Status) -> None:
    found = conclude(1, 0.5, 3, status)
    assert not found.is_estimable[0]
    assert np.isnan(found.estimate[0]) == (status != Status.NO_VARIATION)
    for figure in ("standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "p_decision"):
        assert np.isnan(getattr(found, figure)[0])
    assert found.n[0] == 10


def test_an_estimate_at_the_boundary_is_shown() -> None:
    found = conclude(1, 0.5, 3, Status.AT_BOUNDARY)
    assert found.is_estimable[0]
    assert found.p_value[0] == conclude(1, 0.5, 3).p_value[0]


def test_every_status_has_a_word_and_a_sentence_of_advice() -> None:
    assert Status.TOO_FEW_CYCLES.word == "too_few_cycles"
    assert [status.is_estimable for status in Status] == [True, True] + [False] * (len(Status) - 2)
    for status in Status:
        assert status.advice.endswith(".")
    assert len({status.advice for status in Status}) == len(Status)


@pytest.mark.parametrize("method", [exposure, course])
def test_a_full_effect_that_is_unsure_by_more_than_the_scale_is_no_estimate(method: ModuleType) -> None:
    """Patients who stop a day after the first change-over, and others who stay."""
    plan: dict[str, Any] = {"assumed_onset_days": 60.0, "assumed_offset_days": 60.0, "scale": (0.0, 10.0)}
    diary = side_by_side(
        *np.random.default_rng(3).normal(5, 1.4, (6, 60)), cycles=2, period_days=15, order="BAAB", **plan
    )
    score = diary.score.copy()
    score[16:, :3] = np.nan
    diary = replace(diary, score=score)
    found, unbounded = (
        method.analyze(each) for each in (diary, diary.with_plan(replace(diary.plan, scale=(-np.inf, np.inf))))
    )
    little = unbounded.standard_error > 10
    assert little.tolist() == [True] * 3 + [False] * 3
    assert (found.status[little] == Status.TOO_LITTLE_CONTRAST).all()
    for name in FIGURES:
        assert np.isnan(getattr(found, name)[little]).all()
        np.testing.assert_array_equal(getattr(found, name)[~little], getattr(unbounded, name)[~little])
    counted = tally(found, diary.plan, np.full(6, -1.0))
    assert counted.estimable == 6 - little.sum()
    assert counted.reasons["too_little_contrast"] == little.sum()
    assert counted.error_2 < 100
    assert "next to nothing" in Status.TOO_LITTLE_CONTRAST.advice


def test_a_contrast_is_estimated_however_unsure_it_is() -> None:
    few = side_by_side([0.0, 10, 10, 0], cycles=1, period_days=2, order="AB", scale=(4.0, 5.0))
    assert mixed.analyze(few).status[0] != Status.TOO_LITTLE_CONTRAST
