from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from n1trial.analysis.analyze import sensitivity
from n1trial.analysis.estimates import Status
from n1trial.analysis.methods import exposure, mixed
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.diary.diary import Diary
from tests.analysis.diaries import of_periods, side_by_side

NAN = float("nan")
FIGURES = ("estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "n")
SLOW: dict[str, Any] = {"assumed_onset_days": 4.0, "assumed_offset_days": 9.0}


def noisy(replicates: int = 1, effect: float = -1.0, **plan: Any) -> Diary:
    """Diaries of four periods of fifteen days on which the effect rises and falls as the plan assumes."""
    diary = side_by_side(*np.zeros((replicates, 60)), cycles=2, period_days=15, order="ABBA", **plan)
    course = predicted_exposure(diary, diary.plan.assumed_onset_days, diary.plan.assumed_offset_days)
    return replace(diary, score=6 + effect * course + np.random.default_rng(5).normal(size=(60, replicates)))


def test_finds_the_full_effect() -> None:
    found = exposure.analyze(noisy(200, effect=-2.0, **SLOW))
    assert found.method == "exposure"
    assert found.estimand == "full effect"
    assert_array_equal(found.df, 57)
    assert found.estimate.mean() == pytest.approx(-2, abs=4 * found.estimate.std() / 200**0.5)
    assert mixed.analyze(noisy(200, effect=-2.0, **SLOW)).estimate.mean() > -1.6


def test_is_mixed_with_a_trend_where_the_effect_comes_and_goes_at_once() -> None:
    diary = noisy(3)
    trend = diary.with_plan(replace(diary.plan, terms=("trend",)))
    for name in FIGURES:
        assert_array_equal(getattr(exposure.analyze(diary), name), getattr(mixed.analyze(trend), name))


def test_uses_every_blinded_day_and_no_other() -> None:
    plan = SLOW | {"discard_days": 3, "terms": ("cycle",)}
    diary = of_periods("ABBA", np.random.default_rng(1).normal(size=(4, 8)).tolist(), run_in=[99, 99], **plan)
    washout = replace(diary, period=np.where(diary.day_of_period >= 6, 0, diary.period).astype(np.int8))
    found = exposure.analyze(washout)
    assert found.n[0] == 32
    assert_array_equal(found.df, 29)
    assert mixed.analyze(washout).n[0] == 12


def test_an_untaken_dose_counts_where_it_is_recorded() -> None:
    diary = noisy(**SLOW)
    taken = np.random.default_rng(1).random((60, 1)) < 0.7
    missed = exposure.analyze(replace(diary, doses_taken=taken))
    assert missed.p_value != exposure.analyze(diary).p_value
    all_taken = exposure.analyze(replace(diary, doses_taken=np.full((60, 1), True)))
    assert_array_equal(all_taken.p_value, exposure.analyze(diary).p_value)


def test_a_trend_is_always_taken_out() -> None:
    diary = noisy(3, **SLOW)
    rising = replace(diary, score=diary.score + 0.2 * diary.day[:, np.newaxis])
    for name in FIGURES:
        assert_allclose(getattr(exposure.analyze(rising), name), getattr(exposure.analyze(diary), name), rtol=1e-8)


def test_sensitivity_analyzes_under_other_constants() -> None:
    diary = noisy(2, **SLOW)
    found = sensitivity(diary, "exposure")
    assert list(found) == [(0.5, 0.5), (2, 2), (0.5, 1), (1, 0.5), (2, 1), (1, 2)]
    other = diary.with_plan(replace(diary.plan, assumed_onset_days=2.0))
    assert_array_equal(found[0.5, 1].p_value, exposure.analyze(other).p_value)
    other = diary.with_plan(replace(diary.plan, assumed_offset_days=18.0))
    assert_array_equal(found[1, 2].p_value, exposure.analyze(other).p_value)
    assert (found[2, 2].estimate < found[0.5, 0.5].estimate).all()


@pytest.mark.parametrize(
    ("scores", "plan", "status"),
    [
        ([[1, 2, 1, 4, 2, 3, 2], [NAN] * 7], {}, Status.ONE_TREATMENT),
        ([[NAN] * 7, [1, 2, 1, 4, 2, 3, 2]], {}, Status.ONE_TREATMENT),
        ([[1, 2, NAN, NAN], [NAN, 3, 5, NAN]], {}, Status.TOO_FEW_ENTRIES),
        ([[1, 1, 1, 1], [3, 3, 3, 3]], {}, Status.NO_VARIATION),
        ([[1, 2, 1, 4], [3, 1, 5, 1]], {"assumed_offset_days": 1e12}, Status.CONFOUNDED),
        ([[1e200, 2e200, 0, 1e200], [1e200, 4e200, 0, 0]], {}, Status.NOT_CONVERGED),
    ],
)
def test_what_cannot_be_estimated_says_why(scores: list[list[float]], plan: dict[str, Any], status: Status) -> None:
    found = exposure.analyze(of_periods("AB", scores, run_in=[5, 6], **plan))
    assert found.status[0] == status
    assert np.isnan(found.p_value[0])
