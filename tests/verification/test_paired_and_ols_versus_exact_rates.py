"""How often the paired t and least squares reject under autocorrelated noise, against exact rates (Imhof inversion)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from n1trial.analysis import analyze
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan

REPLICATES = 4000
STANDARD_ERRORS = 4

with (Path(__file__).parent / "data" / "power" / "exact.csv").open(newline="") as file:
    EXACT = list(csv.DictReader(file))


def noise(rng: np.random.Generator, days: int, autocorrelation: float) -> NDArray[np.float64]:
    """Draw stationary AR(1) noise of SD 1, shape (day, replicate)."""
    innovation = rng.normal(size=(days, REPLICATES))
    innovation[1:] *= np.sqrt(1 - autocorrelation**2)
    score: NDArray[np.float64] = lfilter([1], [1, -autocorrelation], innovation, axis=0)
    return score


@pytest.mark.parametrize("number", range(len(EXACT)))
def test_rejection_rates(number: int) -> None:
    row = EXACT[number]
    rng = np.random.default_rng([20100309, number])
    cycles = int(row["periods"]) // 2
    randomization = Randomization("pairs", cycles)
    layout = Layout("crossover", 0, "open", cycles, int(row["period_days"]), 0, randomization)
    schedule = lay_out(layout, randomization.draw(rng, rng, REPLICATES))
    score = noise(rng, schedule.day.size, float(row["phi"])) + float(row["effect"]) * schedule.treatment
    diary = Diary.of(schedule, score, Plan(layout=layout, discard_days=0, minimum_days=1))

    found = {
        "exact_paired_t": analyze(diary, "paired"),
        "exact_ols": analyze(diary, "ols"),
        "exact_ols_cycle": analyze(diary, "ols", terms=("cycle",)),
    }
    for column, estimates in found.items():
        exact = float(row[column])
        standard_error = np.sqrt(exact * (1 - exact) / REPLICATES)
        rate = np.mean(estimates.p_value <= 0.05)
        assert abs(rate - exact) <= STANDARD_ERRORS * standard_error + 1e-12, (column, rate, exact)

    variance = float(row["var_beta"])
    of_variance = variance * np.sqrt(2 / REPLICATES)
    assert abs(found["exact_paired_t"].estimate.var() - variance) <= STANDARD_ERRORS * of_variance
