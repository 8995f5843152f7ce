"""How often ar1, ols and paired say that there is a difference, against rates known from earlier simulations.

Days follow each other as AR(1) with SD 1, random pairs, periods of 42 days; the patient takes every dose, writes every
day and feels the drug at once. Two-sided tests at .05.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import n1trial
from n1trial.analysis.methods import ar1, ols, paired
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate_batch

BATCHES = 4
STANDARD_ERRORS = 4

PERFECT: dict[str, Any] = {
    "treatment.onset_days": 0.0,
    "treatment.offset_days": 0.0,
    "outcome.scale": [-1000.0, 1000.0],
    "outcome.step": 0.0,
    "patient.period_shift_follows": "calendar",
    "patient.baseline": 0.0,
    "patient.daily_sd": 1.0,
    "patient.autocorrelation": 0.5,
    "conduct.adherence": 1.0,
    "conduct.missing": 0.0,
    "conduct.dropout_per_week": 0.0,
    "design.run_in_days": 0,
    "design.period_days": 42,
    "design.cycles": 3,
    "analysis.discard_days": 0,
}
FALSE_ALARMS: dict[str, tuple[dict[str, Any], dict[ModuleType, float]]] = {
    "autocorrelation .5": ({}, {ols: 0.246, ar1: 0.050, paired: 0.048}),
    "autocorrelation .9": ({"patient.autocorrelation": 0.9}, {ols: 0.607, ar1: 0.057, paired: 0.049}),
    "period shift .3 SD": ({"patient.period_sd": 0.3}, {ols: 0.439, ar1: 0.180, paired: 0.050}),
    "diary noise 1 SD": (
        {"patient.autocorrelation": 0.7, "patient.diary_sd": 1.0},
        {ols: 0.274, ar1: 0.109, paired: 0.051},
    ),
    "period shift .3 SD, six cycles": ({"patient.period_sd": 0.3, "design.cycles": 6}, {ar1: 0.171}),
}
POWER = {3: {paired: 0.273, ar1: 0.667}, 6: {paired: 0.751, ar1: 0.927}}
"""By cycles, at half a daily SD."""


def assert_rates(scenario: Scenario, effect: float, known: dict[ModuleType, float]) -> None:
    diaries = [simulate_batch(scenario, batch, seed=1, effect=effect).diaries.observed for batch in range(BATCHES)]
    replicates = sum(diary.replicates for diary in diaries)
    for method, rate in known.items():
        seen = sum(np.count_nonzero(method.analyze(diary).p_value <= 0.05) for diary in diaries) / replicates
        assert abs(seen - rate) <= STANDARD_ERRORS * np.sqrt(rate * (1 - rate) / replicates), (method.__name__, seen)


@pytest.mark.parametrize("case", FALSE_ALARMS)
def test_false_alarms(case: str) -> None:
    changes, known = FALSE_ALARMS[case]
    assert_rates(n1trial.load_scenario("minimal").replace(**PERFECT | changes), 0.0, known)


@pytest.mark.parametrize("cycles", POWER)
def test_power(cycles: int) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**PERFECT | {"design.cycles": cycles})
    assert_rates(scenario, -0.5, POWER[cycles])
