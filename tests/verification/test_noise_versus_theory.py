"""Moments of what the engine simulates, part by part, against theory.

Each figure is held within 4 standard errors of its Monte Carlo mean; seeds are fixed.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import quad
from scipy.stats import norm, truncnorm

from n1trial.simulation.simulate import Diaries, simulate
from tests.reference.cases import plain

SEED = 20261122
REPLICATES = 20_000
STANDARD_ERRORS = 4
STILL: dict[str, Any] = {"baseline": 0.0, "daily_sd": 0.0, "autocorrelation": 0.0}
"""A patient without ups and downs of any kind."""


def trials(replicates: int = REPLICATES, effect: float | None = 0.0, **changes: Any) -> Diaries:
    """Simulate trials of a drug that does nothing, baseline 0, nothing else but what a test changes."""
    changes["patient"] = STILL | changes.get("patient", {})
    return simulate(plain(**changes), replicates, SEED, effect)


def assert_mean(sample: ArrayLike, expected: ArrayLike, axis: int = -1) -> None:
    """Hold the mean over replicates against theory, by the sample's own standard error."""
    values = np.asarray(sample, dtype=np.float64)
    standard_error = values.std(axis=axis, ddof=1) / math.sqrt(values.shape[axis])
    assert (np.abs(values.mean(axis=axis) - expected) <= STANDARD_ERRORS * standard_error + 1e-12).all()


def assert_covariance(first: NDArray[np.float64], second: NDArray[np.float64], expected: float) -> None:
    """Hold the mean product of what has mean 0 against theory."""
    assert_mean(first * second, expected)


def assert_share(flags: ArrayLike, expected: ArrayLike) -> None:
    """Hold shares over replicates against chances, by the chances' standard errors."""
    found, chance = np.asarray(flags, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    standard_error = np.sqrt(chance * (1 - chance) / found.shape[-1])
    assert (np.abs(found.mean(axis=-1) - chance) <= STANDARD_ERRORS * standard_error + 1e-12).all()


def days(count: int, **design: Any) -> dict[str, Any]:
    """Design of one cycle of two periods of half so many days."""
    return {"cycles": 1, "period_days": count // 2, **design}


@pytest.mark.parametrize("length", [7, 14])
@pytest.mark.parametrize("phi", [-0.5, 0.0, 0.3, 0.7, 0.95])
def test_means_of_autocorrelated_days(phi: float, length: int) -> None:
    sd = 1.5
    score = trials(patient={"daily_sd": sd, "autocorrelation": phi}, design=days(28)).score
    lags = np.arange(1, length)
    variance = sd**2 * (1 + 2 * np.sum((1 - lags / length) * phi**lags)) / length
    of_neighbors = sd**2 / length**2 * phi * ((1 - phi**length) / (1 - phi)) ** 2
    means = score.reshape(28 // length, length, REPLICATES).mean(axis=1)
    assert_mean(means, 0.0)
    assert_mean(means**2, variance)
    for earlier, later in pairwise(means):
        assert_covariance(earlier, later, of_neighbors)
    assert_mean(score[[0, -1]] ** 2, sd**2)  # stationary from the first day to the last


def test_diary_noise_is_independent_from_day_to_day() -> None:
    score = trials(patient={"daily_sd": 1.0, "autocorrelation": 0.7, "diary_sd": 0.8}, design=days(8)).score
    assert_mean(score**2, 1 + 0.8**2)
    assert_covariance(score[3], score[4], 0.7)


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("cut", [-1.0, 0.5, 2.0])
def test_who_enrolls_when_worse_returns_to_the_mean(cut: float, better: str) -> None:
    sign = 1 if better == "lower" else -1
    phi, sd, run_in_days = 0.8, 2.0, 3
    diaries = trials(
        patient={"daily_sd": sd, "autocorrelation": phi, "enrolled_when_worse": cut},
        outcome={"better": better}, design=days(8, run_in_days=run_in_days),
    )  # fmt: skip
    start = truncnorm(cut, math.inf)
    assert (sign * diaries.score[0] >= cut * sd).all()
    for day in (0, 1, 5):
        carried = phi**day
        assert_mean(sign * diaries.score[day], carried * sd * start.mean())
        square = carried**2 * (start.var() + start.mean() ** 2) + 1 - carried**2
        assert_mean(diaries.score[day] ** 2, sd**2 * square)


def test_drift_is_a_random_walk() -> None:
    diaries = trials(patient={"drift_sd": 0.3}, design=days(28, run_in_days=7))
    assert (diaries.score[0] == 0).all()
    since = np.arange(35)
    assert_mean(diaries.score, 0.0)
    assert_mean(diaries.score**2, 0.3**2 * since)
    assert_covariance(diaries.score[10], diaries.score[30], 0.3**2 * 10)


@pytest.mark.parametrize(("washout_days", "cycles"), [(0, 2), (2, 1)])
def test_shifts_are_one_a_stretch_and_independent(washout_days: int, cycles: int) -> None:
    design = {"cycles": cycles, "period_days": 3, "washout_days": washout_days, "run_in_days": 2}
    score = trials(patient={"period_sd": 0.7, "period_shift_follows": "calendar"}, design=design).score
    assert (score[:2] == 0).all()
    starts = [2 + stretch * (3 + washout_days) for stretch in range(2 * cycles)]
    for start, end in pairwise([*starts, len(score)]):
        assert (score[start:end] == score[start]).all()
    assert_mean(score[starts] ** 2, 0.7**2)
    assert_covariance(score[starts[0]], score[starts[1]], 0.0)


@pytest.mark.parametrize("shift_days", [1, 7, 40])
def test_shifts_of_the_patients_own_life_forget_in_a_triangle(shift_days: int) -> None:
    patient = {"period_sd": 0.7, "shift_days": shift_days}
    score = trials(patient=patient, design=days(48, run_in_days=12)).score
    assert_mean(score, 0.0)
    assert_mean(score**2, 0.7**2)
    for lag in (1, 3, 6, 7, 20, 39, 40, 55):
        for first in (0, 4):  # from the run-in on, and from whichever day
            assert_covariance(score[first], score[first + lag], 0.7**2 * max(0.0, 1 - lag / shift_days))


def test_every_phase_is_as_likely_and_stretches_are_whole() -> None:
    score = trials(patient={"period_sd": 0.7, "shift_days": 7}, design=days(28, run_in_days=7)).score
    change = np.diff(score, axis=0) != 0
    assert_share(change, 1 / 7)
    starts = change[:7].argmax(axis=0)
    assert (change == (np.arange(34)[:, np.newaxis] % 7 == starts)).all()


def test_shifts_that_follow_the_switch_keep_to_each_patients_own() -> None:
    design = {"cycles": 1, "period_days": 5, "switch_jitter_days": 2, "switch_jitter_step_days": 1, "washout_days": 1}
    diaries = trials(patient={"period_sd": 0.7, "period_shift_follows": "switch"}, design=design)
    change = np.diff(diaries.score, axis=0) != 0
    assert (change.sum(axis=0) == 1).all()
    assert diaries.assignment is not None
    assert (change.argmax(axis=0) == 5 + diaries.assignment.shift[0]).all()  # the washout goes with what it follows


@pytest.mark.parametrize(("per_week", "fade_days"), [(1.0, 0.0), (2.0, 3.0), (7.0, 1.0), (0.5, 10.0)])
def test_trigger_loads_build_up_to_what_is_stationary(per_week: float, fade_days: float) -> None:
    trigger = {"name": "coffee", "days_per_week": per_week, "effect": 2.0, "fade_days": fade_days}
    score = trials(trigger=[trigger], design=days(60, run_in_days=10)).score
    chance, kept = per_week / 7, math.exp(-1 / fade_days) if fade_days else 0.0
    for day in (0, 3, 69):
        ago = np.arange(day + 1)
        latest = chance * (1 - chance) ** ago  # the latest hit was so many days ago; before the start there was none
        assert_mean(score[day], 2 * np.sum(latest * kept**ago))
        assert_mean(score[day] ** 2, 4 * np.sum(latest * kept ** (2 * ago)))
    assert_mean(score[69], 2 * chance / (1 - (1 - chance) * kept))


@pytest.mark.parametrize("per_week", [0.01, 0.1, 1.0])
def test_share_who_have_left(per_week: float) -> None:
    diaries = trials(conduct={"dropout_per_week": per_week}, design=days(56))
    a_night = 1 - math.exp(-per_week / 7)
    for night in (1, 7, 55):
        assert_share(diaries.dropout_day <= night, 1 - (1 - a_night) ** night)
    left = np.arange(56)[:, np.newaxis] >= diaries.dropout_day
    np.testing.assert_array_equal(np.isnan(diaries.score), left)


def test_more_leave_in_a_bad_week() -> None:
    conduct = {"dropout_per_week": 0.2, "dropout_when_worse": 0.5}
    patient = {"daily_sd": 0.5, "trend_per_week": 1.0}
    diaries = trials(patient=patient, conduct=conduct, design=days(20))
    hazards = np.full((20, REPLICATES), 0.2 / 7)
    for day in range(3, 20):
        week = diaries.score[max(0, day - 7) : day].mean(axis=0)  # missing for who has left, whose hazard is not used
        hazards[day] *= np.exp(0.5 * np.nan_to_num(week) / 0.5)
    there = np.arange(20)[:, np.newaxis] < diaries.dropout_day
    leaves = np.arange(20)[:, np.newaxis] + 1 == diaries.dropout_day
    # what happens less what was to be expected has mean 0, night by night and summed up
    surprise = np.where(there, leaves - (1 - np.exp(-hazards)), 0.0)
    assert_mean(surprise[10:].sum(axis=0), 0.0)
    assert_mean(surprise.sum(axis=0), 0.0)
    assert leaves[14:].sum() / there[14:].sum() > 1.5 * leaves[:3].sum() / there[:3].sum()


@pytest.mark.parametrize(("missing", "growth"), [(0.15, 0.0), (0.15, 0.25), (0.5, -0.5)])
def test_share_of_entries_missing(missing: float, growth: float) -> None:
    diaries = trials(conduct={"missing": missing, "missing_growth_per_week": growth}, design=days(28, run_in_days=2))
    day = np.arange(28)
    odds = missing / (1 - missing) * np.exp(growth * day / 7)
    is_missing = np.isnan(diaries.score)
    assert not is_missing[:2].any()
    assert_share(is_missing[2:], odds / (1 + odds))


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_more_is_missing_on_bad_days(better: str) -> None:
    sign = 1 if better == "lower" else -1
    diaries = trials(
        patient={"daily_sd": 2.0}, conduct={"missing": 0.2, "missing_when_worse": 1.0}, outcome={"better": better},
        design=days(6),
    )  # fmt: skip

    def lost(worse: float) -> float:
        return 1 / (1 + 4 * math.exp(-worse))

    share, _ = quad(lambda z: lost(z) * norm.pdf(z), -9, 9)
    kept, _ = quad(lambda z: z * (1 - lost(z)) * norm.pdf(z), -9, 9)
    assert_share(np.isnan(diaries.score), share)
    assert_mean(np.nan_to_num(diaries.score), sign * 2 * kept)  # what is left looks better than it was


@pytest.mark.parametrize(("per_month", "mean_days"), [(1.0, 3.0), (6.0, 1.0), (10.0, 7.5)])
def test_gaps_start_at_their_rate_and_last_their_mean(per_month: float, mean_days: float) -> None:
    diaries = trials(conduct={"gaps_per_month": per_month, "gap_days": mean_days}, design=days(60))
    covered = np.isnan(diaries.score)
    start, stay = per_month / 30, 1 - 1 / mean_days
    goes_on = stay + (1 - stay) * start  # one gap may follow another without a break
    chance = [0.0]
    for _ in range(59):
        chance.append(chance[-1] * goes_on + (1 - chance[-1]) * start)
    assert_share(covered, chance)
    today, tomorrow = covered[:-1], covered[1:]
    assert_share(tomorrow[today], goes_on)
    assert_share(tomorrow[~today], start)
    long_run = mean_days * start / (mean_days * start + 1 - start)
    assert chance[-1] == pytest.approx(long_run, abs=0.005)


def test_share_of_entries_made_up() -> None:
    missing, backfilled = 0.3, 0.4
    diaries = trials(
        patient={"daily_sd": 1.0}, conduct={"missing": missing, "backfilled": backfilled},
        design=days(28, run_in_days=1),
    )  # fmt: skip
    assert_share(np.isnan(diaries.score[1:]), missing * (1 - backfilled))
    last, copies = diaries.score[0].copy(), []
    for entry in diaries.score[1:]:
        copies.append(entry == last)
        last = np.where(np.isnan(entry), last, entry)
    assert_share(np.array(copies), missing * backfilled)


def test_doses_taken_on_workdays_and_weekends() -> None:
    diaries = trials(conduct={"adherence": 0.9, "adherence_weekend_drop": 0.2}, design=days(14))
    taken = diaries.observed.doses_taken
    assert taken is not None
    is_weekend = diaries.observed.day % 7 >= 5
    assert_share(taken, np.where(is_weekend, 0.7, 0.9))


def test_effects_and_responses_follow_their_priors() -> None:
    treatment = {"effect": -1.0, "effect_sd": 0.5, "responders": 0.7}
    placebo = {"response": -0.6, "response_sd": 0.3}
    diaries = trials(effect=None, treatment=treatment, placebo=placebo, design=days(2))
    truth = diaries.truth
    assert_share(truth != 0, 0.7)
    responding = truth[truth != 0]
    assert_mean(responding, -1.0)
    assert_mean((responding + 1) ** 2, 0.5**2)
    assert_mean(diaries.placebo_response, -0.6)
    assert_mean((diaries.placebo_response + 0.6) ** 2, 0.3**2)
    assert_covariance(truth + 0.7, diaries.placebo_response + 0.6, 0.0)


def test_tell_tale_effects_and_what_is_guessed_of_them() -> None:
    diaries = trials(
        blinding={"side_effect": 0.4, "nocebo": 0.1}, design=days(8, randomization="fixed", sequence="AB"),
        pack={"kit_days": 4},
    )  # fmt: skip
    assert diaries.tell_day is not None
    assert_share(diaries.tell_day >= 0, [0.4, 0.1])
    for day in range(4):
        assert_share(diaries.tell_day == day, [0.1, 0.025])
    assert diaries.guess_days.tolist() == [3, 7]
    # sure where it was told before the last day; else half cannot tell, and half of the rest guess right
    sure = np.array([0.3, 0.075])
    assert_share(diaries.guesses == -1, (1 - sure) / 2)
    assert_share(diaries.guesses == 1, sure + (1 - sure) / 4)


def test_guesses_follow_a_leak() -> None:
    diaries = trials(
        blinding={"leak": 0.6}, design=days(14, randomization="fixed", sequence="AB"), pack={"kit_days": 7}
    )
    assert_share(diaries.guesses == 1, [0.8, 0.2])
    assert_share(diaries.guesses == 0, [0.2, 0.8])


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 1.0])
def test_noise_of_a_secondary_outcome(correlation: float) -> None:
    outcome = {
        "name": "sleep", "scale": [-100, 100], "step": 0, "better": "higher", "mcid": 1.0, "every_days": 3,
        "baseline": 0.0, "daily_sd": 1.5, "autocorrelation": 0.4, "correlation": correlation,
    }  # fmt: skip
    diaries = trials(patient={"daily_sd": 1.0}, secondary=[outcome], design=days(12))
    own_days, scores = diaries.secondary["sleep"]
    assert own_days.tolist() == [2, 5, 8, 11]
    assert_mean(scores, 0.0)
    assert_mean(scores**2, 1.5**2)
    assert_covariance(scores[1], scores[2], 1.5**2 * 0.4)
    assert_covariance(scores[0], diaries.score[2], 1.5 * correlation)
    assert_covariance(scores[1], diaries.score[5], 1.5 * correlation * math.sqrt(1 - 0.4**2))
