from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial import formulas


@given(
    st.text("AB", min_size=2, max_size=6).filter(lambda sequence: len(set(sequence)) == 2),
    st.integers(1, 9),
    st.floats(-0.9, 0.95),
)
def test_least_squares_error_is_that_of_the_whole_covariance(sequence: str, period_days: int, phi: float) -> None:
    on_drug = np.repeat([letter == "A" for letter in sequence], period_days)
    day = np.arange(on_drug.size)
    covariance = 4.0 * phi ** np.abs(np.subtract.outer(day, day))
    columns = np.stack([np.ones(day.size), on_drug], axis=1)
    dense = np.linalg.inv(columns.T @ np.linalg.solve(covariance, columns))[1, 1]
    assert formulas.gls_standard_error(sequence, period_days, phi, sd=2.0) == pytest.approx(np.sqrt(dense))


@pytest.mark.parametrize("sequence", ["", "A", "BB", "ABX"])
def test_both_treatments_are_needed_and_nothing_else(sequence: str) -> None:
    with pytest.raises(ValueError, match=f"must hold A and B and nothing else, but is {sequence!r}"):
        formulas.gls_standard_error(sequence, 14, 0.3)


def test_numbers_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="period_days must be 1 or more, but is 0"):
        formulas.gls_standard_error("AB", 0, 0.3)
    with pytest.raises(ValueError, match="autocorrelation must be above -1 and below 1, but is 1"):
        formulas.gls_standard_error("AB", 14, 1.0)
