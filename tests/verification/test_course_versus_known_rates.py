"""Chances of `course` to show an effect, simulated by the engine, against figures known before it was written.

These are shares of 6,000 trials with shifts that follow the patient's own life, 49 days each. docs/methods.md has
10,000 trials each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import n1trial
from n1trial.analysis.estimates import AnalysisRequest
from n1trial.analysis.methods import course
from n1trial.simulation.simulate import simulate

REPLICATES, KNOWN_REPLICATES = 1000, 6000
SEED = 20261130
STANDARD_ERRORS = 4

ROWS: dict[str, tuple[dict[str, Any], tuple[float, float, float]]] = {
    "flagship": ({}, (0.051, 0.034, 0.273)),
    "flagship, run-in on placebo": ({"design.run_in": "placebo"}, (0.052, 0.033, 0.310)),
    "two long rounds": (
        {
            "design.cycles": 2,
            "design.period_days": 84,
            "design.switch_jitter_days": 28,
            "design.run_in": "placebo",
            "design.run_in_days": 28,
        },
        (0.048, 0.031, 0.359),
    ),
}
"""Changes of the flagship, with its chances: without an effect, either way and in favor; with 1 point, in favor."""


def error_of(share: float) -> float:
    """Standard error of the difference between the share found and the one known."""
    return float(np.sqrt(share * (1 - share) * (1 / REPLICATES + 1 / KNOWN_REPLICATES)))


@pytest.mark.parametrize("row", ROWS)
def test_false_alarms_and_power(row: str) -> None:
    changes, known = ROWS[row]
    scenario = n1trial.load_scenario("b12-6-to-8-week").replace(**changes)
    found = []
    for effect in (0.0, -1.0):
        diaries = simulate(scenario, REPLICATES, SEED, effect)
        estimates = course.analyze(diaries.observed, AnalysisRequest(intervals=0))
        shown = estimates.p_value <= 0.05
        found += [shown.mean(), (shown & (estimates.estimate < 0)).mean()]
    for share, expected in zip((found[0], found[1], found[3]), known, strict=True):
        assert share == pytest.approx(expected, abs=STANDARD_ERRORS * error_of(expected))
