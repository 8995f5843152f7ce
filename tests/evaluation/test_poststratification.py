"""Rates from few trials of a row and many of the truth beside it: exact cases, and their error against repetition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from n1trial.arrays import Flags
from n1trial.evaluation.characteristics import EventCount, gain_beside, rate, rate_beside

SES = 4.0


def of(first: list[int] | Flags, count: int | None = None, trials: int | None = None) -> EventCount:
    flags = np.asarray(first, dtype=bool)
    return EventCount(int(flags.sum()) if count is None else count, len(flags) if trials is None else trials, flags)


def test_by_hand() -> None:
    row, truth = of([1, 1, 0, 1, 0, 0, 0, 0]), of([1, 1, 1, 0, 0, 0, 0, 0], 40, 80)
    found = rate_beside(row, truth)
    assert found.value == pytest.approx(0.5 * 2 / 3 + 0.5 * 1 / 5)
    within = 0.25 * (2 / 9) / 3 + 0.25 * (4 / 25) / 5
    assert found.mcse == pytest.approx(math.sqrt(within + (2 / 3 - 1 / 5) ** 2 * 0.25 / 80))
    gain = gain_beside(row, truth)
    assert gain.value == pytest.approx((found.value or 0) - 0.5)
    assert gain.mcse == pytest.approx(math.sqrt(within + (2 / 3 - 1 - 1 / 5) ** 2 * 0.25 / 80))


def test_of_as_many_trials_it_is_the_plain_rate_and_the_paired_difference() -> None:
    row, truth = of([1, 0, 1, 1, 0, 0, 0, 1, 1, 0]), of([1, 1, 0, 1, 0, 0, 0, 1, 0, 0])
    assert rate_beside(row, truth) == rate(5, 10)
    gain, difference = gain_beside(row, truth), row.first.astype(float) - truth.first
    assert gain.value == pytest.approx(0.1)
    assert gain.mcse == pytest.approx(math.sqrt(np.var(difference) / 10))


@pytest.mark.parametrize("first", [[0] * 10, [1] * 10])
def test_where_all_trials_of_the_truth_end_alike_it_is_the_plain_rate(first: list[int]) -> None:
    row, truth = of([1, 0] * 5), of(first, 9 * sum(first), 100)
    assert rate_beside(row, truth) == rate(5, 10)
    assert gain_beside(row, truth) == rate(5, 10) - truth.rate


@given(
    pairs=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20),
    more=st.lists(st.booleans(), max_size=60),
)
def test_it_is_a_rate_whatever_happens(pairs: list[tuple[bool, bool]], more: list[bool]) -> None:
    truth = [in_truth for _, in_truth in pairs]
    count = sum(truth) + sum(more)
    found = rate_beside(of([int(in_row) for in_row, _ in pairs]), of(np.array(truth), count, len(truth) + len(more)))
    assert found.value is not None
    assert found.mcse is not None
    assert -1e-12 <= found.value <= 1 + 1e-12
    assert 0 < found.mcse < 1


@pytest.mark.parametrize(
    ("power_of_row", "power", "correlation"), [(0.3, 0.1, 0.8), (0.06, 0.05, 0.9), (0.5, 0.3, 0.0)]
)
def test_it_is_unbiased_and_its_error_is_what_repetition_shows(
    power_of_row: float, power: float, correlation: float
) -> None:
    """4,000 studies of 250 trials of a row beside 1,000 of the truth, detected where correlated numbers are large."""
    random, studies, few, many = np.random.default_rng(8), 4000, 250, 1000
    shared = random.standard_normal((studies, many))
    own = correlation * shared + math.sqrt(1 - correlation**2) * random.standard_normal((studies, many))
    in_truth, in_row = shared > norm.isf(power), own[:, :few] > norm.isf(power_of_row)
    events = [(of(row), of(truth[:few], int(truth.sum()), many)) for row, truth in zip(in_row, in_truth, strict=True)]
    for function, expected in ((rate_beside, power_of_row), (gain_beside, power_of_row - power)):
        found = [function(*pair) for pair in events]
        values = np.array([one.value for one in found])
        errors = np.array([one.mcse for one in found])
        spread = values.std(ddof=1)
        assert abs(values.mean() - expected) < SES * spread / math.sqrt(studies)
        assert np.sqrt((errors**2).mean()) == pytest.approx(spread, rel=SES / math.sqrt(2 * studies) + 0.02)
