"""Chances of `mixed` and `exposure` to detect, simulated by the engine, against figures known before it was written.

These have standard errors of .004 to .01 and are rounded; each is taken for a share of 2,500 trials. Daily SD 1.4, full
effect 0 or −1, period shifts of 0, .3, .5 and .7 daily SDs.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import n1trial
from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.analysis.methods import exposure, mixed
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate

REPLICATES = 2500
SEED = 3
STANDARD_ERRORS = 4

PERFECT: dict[str, Any] = {
    "outcome.scale": [-100.0, 100.0],
    "outcome.step": 0.0,
    "patient.period_shift_follows": "calendar",
    "patient.daily_sd": 1.4,
    "conduct.adherence": 1.0,
    "conduct.missing": 0.0,
    "conduct.dropout_per_week": 0.0,
    "design.run_in_days": 0,
    "analysis.discard_days": 0,
}
AT_ONCE = {"treatment.onset_days": 0.0, "treatment.offset_days": 0.0}
SLOW = {"treatment.onset_days": 21.0, "treatment.offset_days": 45.0}

SHIFTS = (0.0, 0.3, 0.5, 0.7)
ROWS: dict[str, tuple[ModuleType, dict[str, Any], list[tuple[float, float]]]] = {
    "mixed, 3 cycles": (
        mixed,
        AT_ONCE | {"design.cycles": 3, "design.period_days": 42, "patient.autocorrelation": 0.3},
        [(0.003, 0.77), (0.022, 0.40), (0.039, 0.25), (0.065, 0.21)],
    ),
    "mixed, 6 cycles": (
        mixed,
        AT_ONCE | {"design.cycles": 6, "design.period_days": 42, "patient.autocorrelation": 0.3},
        [(0.021, 1.0), (0.046, 0.84), (0.041, 0.51), (0.043, 0.35)],
    ),
    "exposure, 3 cycles": (
        exposure,
        SLOW | {"design.cycles": 3, "design.period_days": 56, "patient.autocorrelation": 0.3},
        [(0.033, 0.62), (0.052, 0.51), (0.047, 0.46), (0.058, 0.44)],
    ),
    "exposure, 4 cycles": (
        exposure,
        SLOW | {"design.cycles": 4, "design.period_days": 56, "patient.autocorrelation": 0.5},
        [(0.033, 0.59), (0.054, 0.50), (0.054, 0.42), (0.056, 0.40)],
    ),
}


def scenario_of(settings: dict[str, Any], shift: float = 0.0) -> Scenario:
    return n1trial.load_scenario("minimal").replace(**PERFECT | settings, **{"patient.period_sd": 1.4 * shift})


def analyzed(method: ModuleType, scenario: Scenario, effect: float) -> Estimates:
    diaries = simulate(scenario, REPLICATES, SEED, effect)
    found: Estimates = method.analyze(diaries.observed, AnalysisRequest(truth=diaries.truth, intervals=0))
    return found


def detected(method: ModuleType, scenario: Scenario, effect: float) -> float:
    return float((analyzed(method, scenario, effect).p_value <= 0.05).mean())


def error_of(share: float) -> float:
    """Standard error of the difference of two shares of so many trials."""
    return float(np.sqrt(2 * share * (1 - share) / REPLICATES))


@pytest.mark.parametrize("row", ROWS)
def test_chance_to_detect(row: str) -> None:
    method, settings, expected = ROWS[row]
    for shift, (false_alarm, power) in zip(SHIFTS, expected, strict=True):
        scenario = scenario_of(settings, shift)
        found = detected(method, scenario, 0.0)
        assert found == pytest.approx(false_alarm, abs=STANDARD_ERRORS * error_of(false_alarm) + 0.0005), shift
        found = detected(method, scenario, -1.0)
        assert found == pytest.approx(power, abs=STANDARD_ERRORS * error_of(min(power, 0.995)) + 0.005), shift


@pytest.mark.parametrize(("onset_days", "offset_days", "estimate"), [(7.0, 9.0, -0.6), (28.0, 90.0, -1.3)])
def test_wrong_constants_bend_the_estimate_and_not_the_false_alarms(
    onset_days: float, offset_days: float, estimate: float
) -> None:
    wrong = {"analysis.assumed_onset_days": onset_days, "analysis.assumed_offset_days": offset_days}
    scenario = scenario_of(ROWS["exposure, 4 cycles"][1] | wrong)
    found = analyzed(exposure, scenario, -1.0)
    error = float(found.estimate.std()) / np.sqrt(REPLICATES)
    assert found.estimate.mean() == pytest.approx(estimate, abs=STANDARD_ERRORS * error + 0.05)
    assert detected(exposure, scenario, 0.0) < 0.06 + STANDARD_ERRORS * error_of(0.06)


@pytest.mark.parametrize(
    ("departure", "false_alarm"),
    [
        ({"patient.autocorrelation": 0.97}, 0.143),
        ({"patient.diary_sd": 1.4, "patient.autocorrelation": 0.5, "patient.period_sd": 0.42}, 0.066),
        (
            {
                "design.period_days": 49,
                "design.switch_jitter_days": 7,
                "patient.period_sd": 0.7,
                "patient.period_shift_follows": "switch",
            },
            0.09,
        ),
    ],
    ids=["autocorrelation .97", "diary noise 1 SD", "shifts tied to the hidden switch"],
)
def test_what_breaks_exposure(departure: dict[str, Any], false_alarm: float) -> None:
    scenario = scenario_of(ROWS["exposure, 3 cycles"][1]).replace(**departure)
    found = detected(exposure, scenario, 0.0)
    assert found == pytest.approx(false_alarm, abs=STANDARD_ERRORS * error_of(false_alarm))
    assert found > 0.05
