"""How scores move together from day to day, against simulated scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import n1trial
from n1trial.evaluation.ceiling.covariance import score_covariance
from n1trial.simulation.simulate import simulate

TRIALS = 5000
STANDARD_ERRORS = 5
"""Largest of 1,200 covariances."""
KINDS: dict[str, dict[str, Any]] = {
    "nature": {"patient.period_shift_follows": "nature", "patient.shift_days": 17},
    "calendar": {"patient.period_shift_follows": "calendar"},
    "switch": {"patient.period_shift_follows": "switch"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_score_covariance_versus_simulation(kind: str) -> None:
    scenario = n1trial.load_scenario("b12-6-to-8-week").replace(
        **{
            "outcome.scale": [0, 1000], "patient.baseline": 500.0, "outcome.step": 2.0, "outcome.mcid": 10.0,
            "treatment.effect": 0.0, "treatment.established_effect": None, "treatment.further_effects": [],
            "design.cycles": 1, "design.period_days": 21, "design.run_in_days": 7, "design.switch_jitter_days": 0,
            "analysis.minimum_days": 3, "analysis.discard_days": 2, "analysis.primary": "course",
            "analysis.methods": ["course"], "design.randomization": "pairs",
            "conduct.missing": 0.0, "conduct.dropout_per_week": 0.0, "conduct.gaps_per_month": 0.0,
            "placebo.response": 0.0, "placebo.response_sd": 0.0, "evidence": None, "secondary": None,
            "patient.period_sd": 1.2, "patient.drift_sd": 0.2, "patient.diary_sd": 0.7, "patient.autocorrelation": 0.7,
            "trigger": [
                {"name": "often", "days_per_week": 2.0, "effect": 3.0, "fade_days": 3.0},
                {"name": "at once", "days_per_week": 3.0, "effect": -2.0, "fade_days": 0.0},
            ],
            **KINDS[kind],
        }
    )  # fmt: skip
    diaries = simulate(scenario, TRIALS, 7, 0.0)
    diary, layout = diaries.observed, scenario.layout()
    expected = score_covariance(scenario, diary.day, int(diary.day[0]), layout.stretch_of_day)
    scores = diaries.score - diaries.score.mean(axis=1, keepdims=True)
    found = scores @ scores.T / (TRIALS - 1)
    settled = slice(10, None)  # triggers fade from nothing at first
    variance = np.diag(expected)
    error = np.sqrt((np.multiply.outer(variance, variance) + expected**2) / TRIALS)
    apart = np.abs(found - expected) / error
    assert apart[settled, settled].max() < STANDARD_ERRORS
