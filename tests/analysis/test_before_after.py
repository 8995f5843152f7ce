from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from tests.analysis.diaries import of_periods

NAN = float("nan")


def test_agrees_with_scipy() -> None:
    run_in, drug = [6, 7, NAN, 6.5], [9, 9, 5, 4, NAN, 4.5, 6]
    found = analyze(of_periods("A", [drug], run_in=run_in), "before_after", discard_days=2)
    expected = stats.ttest_ind([5, 4, 4.5, 6], [6, 7, 6.5])
    interval = expected.confidence_interval(0.95)
    assert found.estimate[0] == pytest.approx(4.875 - 6.5)
    assert found.p_value[0] == pytest.approx(expected.pvalue)
    assert (found.ci_low[0], found.ci_high[0]) == pytest.approx((interval.low, interval.high))
    assert found.df[0] == 5
    assert found.n[0] == 7
    assert found.estimand == "none"


def test_control_periods_are_left_out() -> None:
    plain = analyze(of_periods("A", [[4, 5, 6]], run_in=[6, 8]), "before_after")
    beside = analyze(of_periods("AB", [[4, 5, 6], [99, 99]], run_in=[6, 8]), "before_after")
    assert beside.estimate[0] == plain.estimate[0]
    assert beside.p_value[0] == plain.p_value[0]


@pytest.mark.parametrize(("run_in", "drug"), [([], [4, 5]), ([NAN], [4, 5]), ([6, 7], [NAN]), ([6], [4])])
def test_too_few_entries_say_so(run_in: list[float], drug: list[float]) -> None:
    found = analyze(of_periods("A", [drug], run_in=run_in), "before_after")
    assert found.status[0] == Status.TOO_FEW_ENTRIES
    assert np.isnan(found.estimate[0])


def test_no_variation_keeps_the_estimate_but_has_no_p() -> None:
    found = analyze(of_periods("A", [[4.1, 4.1, 4.1]], run_in=[6.3, 6.3]), "before_after")
    assert found.status[0] == Status.NO_VARIATION
    assert found.estimate[0] == pytest.approx(-2.2)
    assert np.isnan(found.p_value[0])
