"""The ceiling, against z tests of simulated scores whose variances and time courses are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

import n1trial
from n1trial.evaluation.ceiling.chance import chance_to_show
from n1trial.evaluation.ceiling.information import information
from n1trial.simulation.simulate import simulate_batch

TRIALS = 1500
STANDARD_ERRORS = 4
SEED = 20261201


@pytest.mark.parametrize("sides", [1, 2])
def test_ceiling_versus_z_test(sides: int) -> None:
    """Generalized least squares on the days written, with the covariance written down here anew."""
    scenario = n1trial.load_scenario("b12-6-to-8-week").replace(
        **{
            "design.cycles": 2, "design.period_days": 28, "design.switch_jitter_days": 7, "analysis.discard_days": 7,
            "analysis.minimum_days": 7, "analysis.sides": sides,
            "treatment.onset_days": 5.0, "treatment.offset_days": 9.0,
            "blinding.leak": 0.0, "blinding.learning": 0.0, "blinding.side_effect": 0.0, "blinding.nocebo": 0.0,
            "patient.period_sd": 0.4, "patient.period_shift_follows": "calendar", "patient.diary_sd": 0.3,
            "patient.drift_sd": 0.04, "trigger": None, "evidence": None,
        }
    )  # fmt: skip
    batch = simulate_batch(scenario, seed=SEED, effect=-1.0, first=TRIALS, record=True)
    diary, history, patient = batch.diaries.observed, batch.history, scenario.patient
    day, exposure = diary.day, np.array(history["exposure"])
    covariance = patient.daily_sd**2 * patient.autocorrelation ** np.abs(np.subtract.outer(day, day))
    covariance += (patient.diary_sd**2 + scenario.outcome.step**2 / 12) * np.eye(day.size)
    covariance += patient.period_sd**2 * np.equal.outer(day // 28, day // 28)
    covariance += patient.drift_sd**2 * np.minimum.outer(day - day[0], day - day[0])
    z = np.zeros(TRIALS)
    for replicate in range(TRIALS):
        rows = np.flatnonzero(~np.isnan(diary.score[:, replicate]) & (day >= 0))
        treatment = diary.treatment[rows, replicate]
        if rows.size < 6 or len(set(treatment)) < 2:
            continue
        course = 1 - np.exp(-(day[rows] + 1) / scenario.placebo.onset_days)
        columns = np.stack([exposure[rows, replicate], course, np.ones(rows.size)], axis=1)
        weighted = np.linalg.solve(covariance[np.ix_(rows, rows)], columns)
        inverse = np.linalg.inv(columns.T @ weighted)
        known = patient.trend_per_week * day[rows] / 7
        known = known + patient.weekly_amplitude * np.cos(2 * np.pi * (day[rows] % 7 - 5) / 7)
        effect = inverse[0] @ weighted.T @ (diary.score[rows, replicate] - known)
        z[replicate] = -effect / np.sqrt(inverse[0, 0])
    shown = z > norm.ppf(0.95) if sides == 1 else np.abs(z) > norm.ppf(0.975)
    told = information(scenario, diary, ~np.isnan(diary.score))
    found = chance_to_show(told, -1.0, scenario.plan())
    assert found.value is not None
    assert 0.2 < found.value < 0.9
    error = np.sqrt(shown.mean() * (1 - shown.mean()) / TRIALS)
    assert shown.mean() == pytest.approx(found.value, abs=STANDARD_ERRORS * error)
