"""How often simulated trials reject, by the paired t and by least squares, against exact rates under AR(1) noise.

The exact rates are by Imhof's inversion and hold for random pairs, SD 1 and a fast drug, all doses taken and all
entries made. Every trial goes through the engine and the analysis as a user's would.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.simulation.simulate import simulate
from tests.reference.cases import plain

REPLICATES = 10_000
STANDARD_ERRORS = 4
SEED = 20100309
ANALYSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "exact_paired_t": ("paired", ()),
    "exact_ols": ("ols", ()),
    "exact_ols_cycle": ("ols", ("cycle",)),
}
"""Method and terms for each column of exact rates."""

with (Path(__file__).parent / "data" / "power" / "exact.csv").open(newline="") as file:
    EXACT = list(csv.DictReader(file))


def name(row: dict[str, str]) -> str:
    return f"{row['periods']}x{row['period_days']} phi {row['phi']} effect {row['effect']}"


@dataclass(frozen=True)
class Seen:
    """What the trials of a row came to, analyzed in one way: share that reject, mean and variance of the estimate."""

    rejected: float
    mean: float
    variance: float


def seen(row: dict[str, str]) -> dict[str, Seen]:
    """Simulate the trials of a row, which has a seed of its own, and analyze them in the three ways."""
    return _seen(SEED + EXACT.index(row), *(row[key] for key in ("periods", "period_days", "phi", "effect")))


@cache
def _seen(seed: int, periods: str, period_days: str, phi: str, effect: str) -> dict[str, Seen]:
    scenario = plain(
        treatment={"effect": float(effect)},
        patient={"baseline": 0.0, "daily_sd": 1.0, "autocorrelation": float(phi)},
        design={"cycles": int(periods) // 2, "period_days": int(period_days), "randomization": "pairs"},
    )
    diary = simulate(scenario, REPLICATES, seed).observed
    found = {}
    for column, (method, terms) in ANALYSES.items():
        estimates = analyze(diary, method, terms=terms)
        rejected = np.mean(estimates.p_value <= 0.05)
        found[column] = Seen(float(rejected), float(estimates.estimate.mean()), float(estimates.estimate.var(ddof=1)))
    return found


def test_every_row_is_there() -> None:
    assert len(EXACT) == 72
    assert len({name(row) for row in EXACT}) == 72


@pytest.mark.parametrize("column", ANALYSES)
@pytest.mark.parametrize("row", EXACT, ids=name)
def test_rejection_rates(row: dict[str, str], column: str) -> None:
    exact = float(row[column])
    standard_error = math.sqrt(exact * (1 - exact) / REPLICATES)
    assert seen(row)[column].rejected == pytest.approx(exact, abs=STANDARD_ERRORS * standard_error)


@pytest.mark.parametrize("row", EXACT, ids=name)
def test_estimates_are_unbiased_and_vary_as_much_as_they_should(row: dict[str, str]) -> None:
    found, variance = seen(row)["exact_paired_t"], float(row["var_beta"])
    standard_error = math.sqrt(variance / REPLICATES)
    assert found.mean == pytest.approx(float(row["effect"]), abs=STANDARD_ERRORS * standard_error)
    assert found.variance == pytest.approx(variance, rel=STANDARD_ERRORS * math.sqrt(2 / REPLICATES))


@pytest.mark.parametrize("column", ANALYSES)
def test_all_rates_together_are_not_off_to_one_side(column: str) -> None:
    # rows whose rate is not next to 1, so that deviations are nearly normal; each has a seed of its own
    rows = [row for row in EXACT if float(row[column]) < 0.999]
    exact = np.array([float(row[column]) for row in rows])
    found = np.array([seen(row)[column].rejected for row in rows])
    deviations = (found - exact) / np.sqrt(exact * (1 - exact) / REPLICATES)
    assert len(rows) > 50
    assert abs(deviations.sum()) / math.sqrt(len(rows)) < STANDARD_ERRORS
    assert abs(np.mean(deviations**2) - 1) < STANDARD_ERRORS * math.sqrt(2 / len(rows))
