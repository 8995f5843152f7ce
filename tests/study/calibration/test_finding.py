from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from n1trial.study.calibration.finding import (
    NumberFinding,
    as_range,
    as_stated,
    at_most,
    doubt,
    from_diary,
    read_off,
    round_findings,
    shortest,
)  # fmt: skip

SURE = (0.3, 0.2, 0.4)


def test_a_number_that_is_not_told_keeps_its_stated_value_where_the_diary_allows_it() -> None:
    assert as_range("k", SURE, 0.25, "").value == 0.25
    assert as_range("k", SURE, 0.5, "").value == 0.3
    assert as_range("k", SURE, 0.5, "", (0.35, 0.6)).value == 0.5
    assert as_range("k", SURE, 0.7, "", (0.35, 0.6)).value == 0.35
    assert (from_diary("k", SURE, "").value, from_diary("k", SURE, "").range) == (0.3, None)
    assert (as_stated("k", 0.5, "", SURE).value, as_stated("k", 0.5, "").low) == (0.5, None)


def test_intervals_of_draws() -> None:
    random = np.random.default_rng(1)
    symmetric = random.standard_normal(100_000)
    for found in (read_off(symmetric), shortest(symmetric)):
        assert found == pytest.approx((0, -1.645, 1.645), abs=0.1)
    at_zero = random.exponential(size=100_000)
    middle, low, high = shortest(at_zero)
    assert (middle, low, high) == pytest.approx((np.log(2), 0, stats.expon.ppf(0.9)), abs=0.03)
    assert at_most(symmetric + 9) == pytest.approx((9, 0, 9 + stats.norm.ppf(0.9)), abs=0.03)


def test_a_doubt_goes_out_and_is_no_estimate() -> None:
    found = doubt("k", 0.5, "why")
    assert (found.value, found.state, found.note) == (0.5, "doubt", "why")
    assert (found.estimate, found.low, found.high, found.range) == (None, None, None, None)


def test_figures_are_rounded_outward_and_stay_within_bounds() -> None:
    finding = NumberFinding("a", 0.123456, 0.123456, -0.00001, 1.0014, "unsettled", (0.1, 0.2001), "")
    (found,) = round_findings([finding], {"a": (0.0, 1.0)}, {})
    assert (found.value, found.estimate, found.low, found.high, found.range) == (0.12, 0.12, 0.0, 1.0, (0.1, 0.21))
    (found,) = round_findings([finding], {}, {"a": 4})
    assert (found.value, found.low, found.range) == (0.1235, -0.0001, (0.1, 0.2001))
