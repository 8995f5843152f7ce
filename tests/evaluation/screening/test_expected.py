"""Size and memory of the noise, against sums over all pairs of days."""

from __future__ import annotations

import numpy as np
import pytest

import n1trial
from n1trial.evaluation.screening.expected_patient import Noise, expected_patient
from tests.evaluation.screening.noise import ar1

NOISE = Noise(memory=((1.96, 0.3), (0.1, 0.8)), white=0.4, shift_sd=0.5, drift_sd=0.0, written_share=1.0)


def covariance(days: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    return 1.96 * 0.3**lag + 0.1 * 0.8**lag + 0.4 * np.eye(days)


def test_means_and_their_covariance_by_brute_force() -> None:
    whole, first, gap, second = covariance(30), 9, 4, 13
    rows, columns = slice(0, first), slice(first + gap - 1, first + gap - 1 + second)
    assert NOISE.mean_variance(np.array([first]))[0] == pytest.approx(whole[rows, rows].mean(), rel=1e-12)
    found = NOISE.mean_covariance(np.array([first]), np.array([second]), gap)
    assert found[0] == pytest.approx(whole[rows, columns].mean(), rel=1e-12)


def test_long_run_is_the_limit_of_means_and_one_process_has_it() -> None:
    days = 4000
    assert NOISE.mean_variance(np.array([days]))[0] * days == pytest.approx(NOISE.long_run, rel=1e-3)
    sd, correlation = NOISE.single_process
    assert sd == pytest.approx(NOISE.day_sd)
    assert sd**2 * (1 + correlation) / (1 - correlation) == pytest.approx(NOISE.long_run)
    assert ar1(0.6, 2.0).single_process == pytest.approx((2.0, 0.6))


def test_half_of_the_entries_missing_counts_as_noise_of_the_size_of_a_day() -> None:
    whole, half = ar1(0.0), ar1(0.0, written_share=0.5)
    assert half.mean_variance(np.array([20]))[0] == pytest.approx(whole.mean_variance(np.array([10]))[0])


def test_what_is_read_off_a_scenario() -> None:
    scenario = n1trial.load_scenario("minimal").replace(
        trigger=[{"name": "late night", "days_per_week": 3.5, "effect": 2.0, "fade_days": 1.0}],
        **{"blinding.leak": 0.2, "placebo.response": -1.5, "conduct.gaps_per_month": 6.0, "conduct.gap_days": 5.0},
    )
    patient = expected_patient(scenario, 140, 0)
    assert patient.response == 1.5  # lower is better
    assert patient.belief_gap == pytest.approx(0.4)
    assert patient.placebo[0] == pytest.approx(1 - np.exp(-0.1))
    assert patient.noise.written_share == pytest.approx(0.85 / 2)
    load, hit = np.empty(200_000), np.random.default_rng(1).random(200_000) < 0.5
    now = 0.0
    for day, is_hit in enumerate(hit):
        now = max(float(is_hit), now * np.exp(-1.0))
        load[day] = now
    variance, correlation = patient.noise.memory[1]
    assert variance == pytest.approx(4 * load.var(), rel=0.02)
    assert correlation == pytest.approx(np.corrcoef(load[1:], load[:-1])[0, 1], abs=0.01)
