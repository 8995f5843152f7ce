"""Shifts of the patient's own life: sums in closed form against the triangle written out."""

from __future__ import annotations

import numpy as np
import pytest

from n1trial.arrays import Floats
from n1trial.evaluation.screening.shifts import mean_covariance, triangle, window_sums


def written_out(days: int, shift_days: int) -> Floats:
    """Chance that two days share a shift, phase by phase."""
    phases = [(np.arange(days) + phase) // shift_days for phase in range(shift_days)]
    shared: Floats = np.mean([np.equal.outer(stretch, stretch) for stretch in phases], axis=0)
    return shared


@pytest.mark.parametrize("shift_days", [1, 2, 9, 40])
def test_days_share_a_shift_by_the_triangle(shift_days: int) -> None:
    lag = np.subtract.outer(np.arange(20.0), np.arange(20.0))
    np.testing.assert_allclose(triangle(lag, shift_days), written_out(20, shift_days), atol=1e-14)


@pytest.mark.parametrize("shift_days", [1, 2, 9, 40])
def test_products_of_window_sums_are_quadratic_forms(shift_days: int) -> None:
    values = np.random.default_rng(1).normal(size=(20, 3))
    sums = window_sums(values, shift_days)
    wanted = values.T @ written_out(20, shift_days) @ values
    np.testing.assert_allclose(sums.T @ sums, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shift_days", [1, 2, 9, 40])
@pytest.mark.parametrize(("first", "second", "apart"), [(4, 4, 0), (4, 7, 0), (5, 3, 5), (3, 6, 9), (6, 6, 14)])
def test_covariance_of_means_is_the_mean_of_covariances(first: int, second: int, apart: int, shift_days: int) -> None:
    lengths = [np.array([float(days)]) for days in (first, second)]
    found = mean_covariance(lengths[0], lengths[1], np.array([float(apart)]), shift_days)
    wanted = written_out(20, shift_days)[:first, apart : apart + second].mean()
    assert found[0] == pytest.approx(wanted, rel=1e-12)
