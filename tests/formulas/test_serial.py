from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from n1trial import formulas

eighths = st.integers(-80, 80).map(lambda value: value / 8)
some_differences = st.lists(eighths, min_size=3, max_size=12).filter(lambda values: len(set(values)) > 1)


@given(some_differences)
def test_effective_number_and_statistic_are_those_of_the_whole_correlation(differences: list[float]) -> None:
    t, df, p_value, r, m_effective = formulas.serial_t(differences)
    m = len(differences)
    correlation = r ** np.abs(np.subtract.outer(np.arange(m), np.arange(m)))
    mean_variance = correlation.sum() / m**2
    assert 1 / m_effective == pytest.approx(mean_variance)
    variance = np.var(differences) * m / (m - correlation.sum() / m)
    assert t == pytest.approx(np.mean(differences) / np.sqrt(variance * mean_variance), abs=1e-9)
    assert p_value == pytest.approx(stats.t.sf(t, df))
    assert -1 < r < 1


@given(some_differences)
def test_turned_around_in_sign_and_in_time(differences: list[float]) -> None:
    t, df, p_value, r, m_effective = formulas.serial_t(differences)
    turned = formulas.serial_t([-difference for difference in differences])
    assert turned == pytest.approx((-t, df, 1 - p_value, r, m_effective))
    assert formulas.serial_t(differences[::-1]) == pytest.approx((t, df, p_value, r, m_effective))


@pytest.mark.parametrize("differences", [[], [1.0, 2.0], [0.5, 0.5, 0.5]])
def test_too_few_or_equal_differences_are_refused(differences: list[float]) -> None:
    with pytest.raises(ValueError, match="three or more numbers and not all the same"):
        formulas.serial_t(differences)
