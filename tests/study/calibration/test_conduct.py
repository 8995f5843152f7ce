from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from n1trial.diary.file.scores import Scores
from n1trial.study.calibration.conduct import MISSING, doses, foretold, gaps, missingness
from n1trial.study.calibration.noise import DiaryEntries

NAN = float("nan")
NOTHING = np.zeros(100)


def missing_on(*days: int, of: int = 100) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found = np.zeros(of, dtype=np.bool_)
    found[list(days)] = True
    return found


def test_a_holiday_is_a_gap_and_single_days_are_none() -> None:
    found = gaps(missing_on(5, 20, *range(40, 47), 90))
    assert (found.count, found.days, found.lengths) == (1, 100, (7,))
    assert np.flatnonzero(found.is_gap).tolist() == list(range(40, 47))
    assert found.per_month(0.05) < 0.3 < found.per_month(0.95)


def test_three_days_in_a_row_are_no_gap_where_half_the_days_are_missing() -> None:
    random = np.random.default_rng(1)
    assert gaps(random.random(300) < 0.5).count == 0


def test_gaps_are_not_made_up_where_the_diary_peters_out() -> None:
    random, false = np.random.default_rng(2), 0
    for _ in range(100):
        false += gaps(random.random(336) < np.linspace(0.02, 0.5, 336)).count > 0
    assert false <= 15  # 5 asked for at most by chance, and the shares of four parts are estimates themselves


def test_missing_at_random_has_the_posterior_of_a_share() -> None:
    found = missingness(missing_on(*range(0, 100, 5)), NOTHING, NOTHING, NOTHING, np.zeros(1), np.zeros(1))
    exact = stats.beta(21, 81)
    for share, quantile in zip((0.05, 0.5, 0.95), found.quantiles("missing", (0.05, 0.5, 0.95)), strict=True):
        assert quantile == pytest.approx(exact.ppf(share), abs=0.01)
    assert MISSING[0] > 0


def test_growth_with_time_is_seen() -> None:
    random = np.random.default_rng(3)
    week = np.arange(336) / 7
    chance = 1 / (1 + np.exp(-(np.log(0.05 / 0.95) + 0.06 * week)))
    nothing = np.zeros(336)
    low, high = missingness(random.random(336) < chance, week, nothing, nothing).quantiles("growth", (0.05, 0.95))
    assert 0 < low < 0.06 < high


def test_missing_on_bad_days_is_seen_where_days_tell_of_their_neighbors() -> None:
    random = np.random.default_rng(4)
    worse = random.standard_normal(336)
    chance = 1 / (1 + np.exp(-(np.log(0.15 / 0.85) + 1.2 * worse)))
    is_missing = random.random(336) < chance
    nothing = np.zeros(336)
    known = missingness(is_missing, nothing, worse, nothing).quantiles("when_worse", (0.05, 0.95))
    assert 0 < known[0] < 1.2 < known[1]
    blurred = np.where(is_missing, 0.0, worse)
    hidden = missingness(is_missing, nothing, blurred, is_missing * 1.0).quantiles("when_worse", (0.05, 0.95))
    assert hidden[1] - hidden[0] > known[1] - known[0]


def test_a_day_without_an_entry_is_foretold_by_its_neighbors() -> None:
    day = np.array([0, 2], dtype=np.int64)
    observed = DiaryEntries(day, np.array([1.0, 1.0]), np.ones((2, 1)), np.empty((2, 0)))
    every = np.arange(4)
    mean, unsure = foretold(every, observed, np.empty((4, 0)), np.array([1.0, 1.0]), 0.5, 0.0, 0.0)
    np.testing.assert_allclose(mean, [1.0, 2 * 0.5 / 1.25, 1.0, 0.5], atol=1e-5)
    np.testing.assert_allclose(unsure[[0, 2, 3]] ** 2, [0, 0, 0.75], atol=1e-5)


def test_doses_are_counted_up_to_the_last_entry_and_where_one_is_due() -> None:
    day = np.arange(-2, 14)
    score = np.where(day <= 9, 5.0, NAN)
    taken = np.where(day < 0, NAN, (day % 4 == 0) * 1.0)
    every, fourth = (doses(Scores(day, score, taken, 0), days) for days in (1, 4))
    assert (every.count, every.due) == (3, 10)
    assert (every.taken_at_weekends, every.due_at_weekends) == (0, 2)
    assert (fourth.count, fourth.due) == (3, 3)
    assert doses(Scores(day, score, taken, None), 1).due_at_weekends == 0
    drop, low, high = every.weekend_drop()
    assert low < drop < high
