from __future__ import annotations

import numpy as np
import pytest

from n1trial.analysis.period_means import mean_and_count, period_means, ratio, total, usable_days, zero_unusable
from tests.analysis.diaries import of_periods, of_rows, side_by_side

NAN = float("nan")


def test_means_counts_and_what_a_period_holds() -> None:
    means = period_means(of_periods("BAAB", [[1, 2], [NAN, 4], [NAN, NAN], [5, 8]], run_in=[99]))
    assert means.mean[:, 0].tolist() == [1.5, 4, 0, 6.5]
    assert means.count[:, 0].tolist() == [2, 1, 0, 2]
    assert means.treatment[:, 0].tolist() == [0, 1, 1, 0]
    assert means.cycle[:, 0].tolist() == [1, 1, 2, 2]


def test_washouts_and_rows_left_out_do_not_matter() -> None:
    # Periods of days 0-2 and 4-6 about a washout, the second without its first row.
    rows = [(1, 1, 1, 0, 3), (1, 1, 1, 1, 5), (1, 1, 1, 2, 7), (0, 0, 0, -1, 99), (2, 1, 0, 1, 2), (2, 1, 0, 2, 4)]
    means = period_means(of_rows(rows, discard_days=1))
    assert means.mean[:, 0].tolist() == [6, 3]
    assert means.count[:, 0].tolist() == [2, 2]


def test_usable_days_are_written_and_past_settling_in() -> None:
    diary = side_by_side([1, 2, NAN, 4], [1, NAN, 3, 4], cycles=1, period_days=2, order="AB", discard_days=1)
    days, usable = usable_days(diary, 1)
    assert days == slice(0, 2)
    assert usable.tolist() == [[False, False], [True, False]]
    assert usable_days(diary, 3)[1].shape == (0, 2)


def test_kept_values_are_exact_and_the_rest_is_zero() -> None:
    values = np.array([[1.1, NAN], [-0.3, np.inf], [1e-310, -7.0]])
    usable = np.array([[True, False], [True, False], [True, True]])
    assert zero_unusable(values, usable).tolist() == [[1.1, 0], [-0.3, 0], [1e-310, -7.0]]
    assert zero_unusable(np.asfortranarray(values), np.asfortranarray(usable)).flags.c_contiguous


@pytest.mark.parametrize("rows", [1, 9, 1000])
def test_one_column_is_added_up_like_many(rows: int) -> None:
    values = np.random.default_rng(1).normal(size=(rows, 3))
    assert total(values[:, :1])[0] == total(values)[0]
    assert total(values)[0] == pytest.approx(values[:, 0].sum())


def test_of_nothing_there_is_no_mean() -> None:
    mean, count = mean_and_count(np.full((2, 1), NAN), np.zeros((2, 1), dtype=np.bool_))
    assert (mean[0], count[0]) == (0, 0)
    np.testing.assert_array_equal(ratio(np.array([1.0, 0, 3]), np.array([2, 0, -1])), [0.5, NAN, NAN])
