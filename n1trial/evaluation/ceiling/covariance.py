"""How scores vary and move together from day to day, as the scenario's patient makes them."""

from __future__ import annotations

import math

import numpy as np

from n1trial.arrays import Flags, Floats, Integers
from n1trial.evaluation.screening.shifts import triangle
from n1trial.scenario.model.patient import Patient, Trigger
from n1trial.scenario.scenario import Scenario

ROUNDING = 1e-6
"""Noise of a score in widths of the scale that is always added: a patient without any is computed with, too."""


def score_covariance(scenario: Scenario, day: Integers, start: int, stretch: Integers) -> Floats:
    """Return the covariance of written scores on some days, as if neither cut off at the scale's ends nor selected.

    Parameters
    ----------
    scenario : Scenario
    day : ndarray of int, shape (day,)
    start : int
        First day of the trial, on which the slow wandering is 0.
    stretch : ndarray of int, shape (day,)
        What shifts follow, −1 for a day without one; not used where they follow the patient's own calendar.

    Returns
    -------
    ndarray of float, shape (day, day)
    """
    patient, outcome = scenario.patient, scenario.outcome
    apart = np.abs(day[:, np.newaxis] - day)
    since_start = (day - start).astype(np.float64)
    low, high = outcome.scale
    alone = patient.diary_sd**2 + outcome.step**2 / 12 + (ROUNDING * (high - low)) ** 2
    varied: Floats = patient.daily_sd**2 * np.power(patient.autocorrelation, apart)
    varied += patient.period_sd**2 * _shared_shift(patient, apart, stretch)
    varied += patient.drift_sd**2 * np.minimum(since_start[:, np.newaxis], since_start)
    varied[np.diag_indices_from(varied)] += alone
    for trigger in (each for each in scenario.trigger if each.name not in scenario.analysis.adjust):
        varied += _trigger_covariance(trigger, apart)
    return varied


def _shared_shift(patient: Patient, apart: Integers, stretch: Integers) -> Floats:
    """Return the share of the variance of shifts that two days have in common."""
    if patient.period_shift_follows == "nature":
        return triangle(apart, patient.shift_days)
    is_shifted: Flags = (stretch >= 0) & (stretch[:, np.newaxis] == stretch)
    shared: Floats = is_shifted.astype(np.float64)
    return shared


def _trigger_covariance(trigger: Trigger, apart: Integers) -> Floats:
    """Return the covariance that a trigger adds: its load falls back by a share each day without a hit."""
    chance = trigger.days_per_week / 7
    left = math.exp(-1.0 / trigger.fade_days) if trigger.fade_days > 0 else 0.0
    mean = chance / (1 - (1 - chance) * left)
    variance = chance / (1 - (1 - chance) * left**2) - mean**2
    covariance: Floats = trigger.effect**2 * variance * np.power((1 - chance) * left, apart)
    return covariance
