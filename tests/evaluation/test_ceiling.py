"""The best that an unbiased analysis could do: information of diaries, and the chance that a z test shows an effect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

import n1trial
from n1trial.evaluation.ceiling.chance import chance_to_show
from n1trial.evaluation.ceiling.covariance import score_covariance
from n1trial.evaluation.ceiling.information import information
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import Diaries, simulate, simulate_batch

Array = NDArray[np.float64]

BUSY: dict[str, Any] = {
    "design.period_days": 14, "design.cycles": 2, "design.run_in_days": 7, "design.switch_jitter_days": 0,
    "analysis.minimum_days": 3, "analysis.discard_days": 2, "conduct.dropout_per_week": 0.15, "conduct.missing": 0.3,
    "patient.period_sd": 0.8, "patient.drift_sd": 0.1, "patient.diary_sd": 0.4, "patient.autocorrelation": 0.6,
}  # fmt: skip
FEATURES: dict[str, dict[str, Any]] = {
    "nature": {"patient.period_shift_follows": "nature", "patient.shift_days": 20, "design.run_in": "placebo"},
    "calendar": {"patient.period_shift_follows": "calendar"},
    "run-in on placebo": {"patient.period_shift_follows": "calendar", "design.run_in": "placebo"},
    "switch": {
        "patient.period_shift_follows": "switch", "design.switch_jitter_days": 7, "design.period_days": 21,
        "design.switch_jitter_step_days": 7,
    },
    "washouts": {"patient.period_shift_follows": "calendar", "design.washout_days": 7},
    "gompertz that fades": {
        "patient.period_shift_follows": "calendar", "placebo.shape": "gompertz", "placebo.fade_days": 40.0,
    },
    "placebo at once": {"patient.period_shift_follows": "calendar", "placebo.onset_days": 0.0},
}  # fmt: skip


def busy(**changes: Any) -> Scenario:
    return n1trial.load_scenario("b12-6-to-8-week").replace(**{**BUSY, **changes})


def informed(scenario: Scenario, diaries: Diaries) -> Array:
    return information(scenario, diaries.observed, ~np.isnan(diaries.score))


def by_least_squares(scenario: Scenario, diaries: Diaries, replicate: int, exposure: Array, course: Array) -> float:
    """Inverse variance of the effect by generalized least squares on the written days alone."""
    diary, layout = diaries.observed, scenario.layout()
    first = -layout.run_in_days if layout.run_in == "placebo" else 0
    rows = np.flatnonzero(~np.isnan(diary.score[:, replicate]) & (diary.day >= first))
    stretch = layout.stretch_of_day
    if scenario.patient.period_shift_follows == "switch":
        stretch = np.maximum.accumulate(diary.period[:, replicate]).astype(np.int64) - 1
    covariance = score_covariance(scenario, diary.day[rows], int(diary.day[0]), stretch[rows])
    columns = np.stack([np.ones(rows.size), course[rows], exposure[rows, replicate]], axis=1)
    if scenario.placebo.onset_days == 0:
        columns = columns[:, [0, 2]]  # the placebo response is part of the level
    return float(1 / np.linalg.inv(columns.T @ np.linalg.solve(covariance, columns))[-1, -1])


@pytest.mark.parametrize("name", FEATURES)
def test_information_is_that_of_least_squares_on_the_written_days(name: str) -> None:
    scenario = busy(**FEATURES[name])
    batch = simulate_batch(scenario, seed=5, effect=-1.0, first=60, record=True)
    history, diaries = batch.history, batch.diaries
    found = informed(scenario, diaries)
    exposure, course = (np.array(history[name], dtype=np.float64) for name in ("exposure", "placebo_course"))
    compared = 0
    for replicate in np.flatnonzero(~np.isnan(found)):
        expected = by_least_squares(scenario, diaries, int(replicate), exposure, course[:, 0])
        assert found[replicate] == pytest.approx(expected, rel=1e-7)
        compared += 1
    assert compared > 30
    assert np.isnan(found).any()  # some stop before they have been on both treatments


def test_complete_diaries_share_what_incomplete_ones_are_told_by_one_by_one() -> None:
    whole = {"conduct.dropout_per_week": 0.0, "conduct.missing": 0.0, "conduct.adherence": 1.0}
    scenario = busy(**FEATURES["calendar"], **whole)
    diaries = simulate(scenario, 40, 3, -1.0)
    complete = informed(scenario, diaries)
    fewer = ~np.isnan(diaries.score)
    fewer[20] = False
    assert (information(scenario, diaries.observed, fewer) < complete).all()
    order, which = np.unique(diaries.observed.treatment, axis=1, return_inverse=True)
    assert order.shape[1] == 4
    for one in range(4):
        assert np.ptp(complete[which == one]) < 1e-9 * complete.max()


def test_no_entry_on_one_treatment_or_fewer_than_six_tell_nothing() -> None:
    scenario = busy(**FEATURES["calendar"])
    diary = simulate(scenario, 10, 3, -1.0).observed
    on_drug = np.where(diary.period > 0, diary.treatment == 1, False)
    two_each = np.zeros(diary.score.shape, dtype=bool)
    for treatment in (True, False):
        of_periods = (diary.period > 0) & (on_drug == treatment)
        two_each |= of_periods & (of_periods.cumsum(axis=0) <= 2)
    assert np.isnan(information(scenario, diary, on_drug)).all()
    assert np.isnan(information(scenario, diary, np.zeros_like(two_each))).all()
    assert np.isnan(information(scenario, diary, two_each)).all()


def test_a_drug_never_taken_tells_nothing() -> None:
    scenario = busy(**FEATURES["calendar"], **{"conduct.adherence": 0.0})
    diaries = simulate(scenario, 10, 3, -1.0)
    assert np.isnan(informed(scenario, diaries)).all()


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("effect", [-1.5, 0.0, 0.8])
def test_chance_of_a_z_test(sides: int, effect: float) -> None:
    plan = replace(busy().plan(), sides=sides, alpha=0.1)
    errors = np.array([0.5, 1.0, np.nan])
    rng = np.random.default_rng(1)
    found = chance_to_show(1 / errors**2, effect, plan)
    z = -(effect + np.multiply.outer(errors[:2], rng.standard_normal(400_000))) / errors[:2, np.newaxis]
    shown = z > norm.ppf(0.9) if sides == 1 else np.abs(z) > norm.ppf(0.95)
    assert found.value == pytest.approx(shown.mean(axis=1).sum() / 3, abs=0.002)
    assert found.mcse == pytest.approx(np.std([*shown.mean(axis=1), 0.0], ddof=1) / np.sqrt(3), abs=0.002)
