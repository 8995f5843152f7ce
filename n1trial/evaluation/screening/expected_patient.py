"""What closed forms take of the patient: size and memory of the noise, the placebo response, losses of entries."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from n1trial.arrays import Floats
from n1trial.patient.placebo import exponential_course, fade, gompertz_course
from n1trial.scenario.scenario import Scenario


@dataclass(frozen=True)
class Noise:
    """Ups and downs of the scores that are written.

    Attributes
    ----------
    memory : tuple of tuple of float
        Variance and lag-1 correlation of each autocorrelated part: the daily noise, the triggers.
    white : float
        Variance of what has no memory: diary noise, rounding.
    shift_sd, drift_sd : float
        Of the shifts between stretches, and of the drift per √day.
    written_share : float
        Share of the entries that are made, above 0.
    shift_days : int or None
        How long a shift of the patient's own life lasts; None: shifts follow the planned stretches.
    """

    memory: tuple[tuple[float, float], ...]
    white: float
    shift_sd: float
    drift_sd: float
    written_share: float
    shift_days: int | None = None

    @property
    def day_sd(self) -> float:
        """Standard deviation of a single score within its stretch."""
        return math.sqrt(sum(variance for variance, _ in self.memory) + self.white)

    @property
    def missing_variance(self) -> float:
        """Variance that missing entries amount to, spread over all days: a mean of n·q entries in place of n."""
        return self.day_sd**2 * (1 / self.written_share - 1)

    @property
    def long_run(self) -> float:
        """Variance of a mean of many days times their number, missing entries spread over all days."""
        parts = (variance * (1 + correlation) / (1 - correlation) for variance, correlation in self.memory)
        return sum(parts) + self.white + self.missing_variance

    @property
    def single_process(self) -> tuple[float, float]:
        """Standard deviation and correlation of the one AR(1) that has the variance of a day and of long means."""
        variance = self.day_sd**2 + self.missing_variance
        return math.sqrt(variance), (self.long_run - variance) / (self.long_run + variance)

    def mean_variance(self, days: Floats) -> Floats:
        """Return the variance of the mean of so many days in a row, without shifts and drift."""
        found = (self.white + self.missing_variance) / days
        for variance, correlation in self.memory:
            found = found + variance * _ar1_mean(days, correlation)
        return found

    def mean_covariance(self, first: Floats, second: Floats, gap: int) -> Floats:
        """Return the covariance of the means of two runs of days, `gap` days from the end of one to the other."""
        found = np.zeros(np.broadcast_shapes(first.shape, second.shape))
        for variance, correlation in self.memory:
            ends = (1 - correlation**first) * (1 - correlation**second) / (1 - correlation) ** 2
            found += variance * correlation**gap * ends / (first * second)
        return found


@dataclass(frozen=True, eq=False)
class ExpectedPatient:
    """The patient as closed forms see them; differences count as benefits, so that more is better.

    Attributes
    ----------
    noise : Noise
    placebo : ndarray of float, shape (day,)
        Share of the placebo response that has come, on every blinded day.
    run_in_placebo : ndarray of float, shape (day,)
        The same on the days of a blinded placebo run-in; without any where there is none.
    response, response_sd : float
        Mean placebo response under blinding, and its standard deviation.
    belief_gap : float
        What the placebo response is larger on the drug than on control because belief differs, as a share of it.
    trend : float
        Points a day.
    adherence : float
        Chance that a day's dose is taken.
    hazard : float
        Hazard of leaving, per day.
    """

    noise: Noise
    placebo: Floats
    run_in_placebo: Floats
    response: float
    response_sd: float
    belief_gap: float
    trend: float
    adherence: float
    hazard: float


def expected_patient(scenario: Scenario, days: int, run_in_days: int) -> ExpectedPatient:
    """Read off a scenario what the closed forms need, for so many days of blinded placebo run-in and of periods.

    Left out, because no closed form holds them: clipping at the ends of the scale, learning from how one feels,
    entries missing or patients leaving because they feel bad, back-filled entries.
    """
    sign, conduct, placebo = -scenario.sign, scenario.conduct, scenario.placebo
    course = _placebo_course(scenario, run_in_days + days)
    return ExpectedPatient(
        noise=_noise(scenario, days),
        placebo=course[run_in_days:],
        run_in_placebo=course[:run_in_days],
        response=sign * placebo.response,
        response_sd=placebo.response_sd,
        belief_gap=_belief_gap(scenario),
        trend=sign * scenario.patient.trend_per_week / 7,
        adherence=conduct.adherence - 2 / 7 * conduct.adherence_weekend_drop,
        hazard=conduct.dropout_per_week / 7,
    )


def _noise(scenario: Scenario, days: int) -> Noise:
    patient = scenario.patient
    memory, white = (
        [(patient.daily_sd**2, patient.autocorrelation)],
        patient.diary_sd**2 + scenario.outcome.step**2 / 12,
    )
    for trigger in scenario.trigger:
        chance, kept = trigger.days_per_week / 7, math.exp(-1 / trigger.fade_days) if trigger.fade_days > 0 else 0.0
        # the load is kept^(days since the last hit): from one day to the next either hit anew or multiplied by kept
        correlation = (1 - chance) * kept
        mean, square = chance / (1 - correlation), chance / (1 - (1 - chance) * kept**2)
        memory.append((trigger.effect**2 * (square - mean**2), correlation))
    shift_days = patient.shift_days if patient.period_shift_follows == "nature" else None
    written = _entry_share(scenario, days)
    return Noise(tuple(memory), white, patient.period_sd, patient.drift_sd, written, shift_days)


def _entry_share(scenario: Scenario, days: int) -> float:
    """Return the share of the entries that are made, halfway through."""
    conduct = scenario.conduct
    lost = 0.0
    if conduct.missing > 0:
        odds = math.log(conduct.missing / (1 - conduct.missing)) + conduct.missing_growth_per_week * days / 14
        lost = 0.5 * (1 + math.tanh(odds / 2))
    in_gaps = conduct.gaps_per_month / 30 * conduct.gap_days
    return max((1 - lost) / (1 + in_gaps), 1e-3)


def _placebo_course(scenario: Scenario, days: int) -> Floats:
    placebo = scenario.placebo
    if placebo.shape == "gompertz":
        course = gompertz_course(days, placebo.displacement, placebo.rate_per_week)
    else:
        course = exponential_course(days, placebo.onset_days)
    return fade(course, placebo.fade_days)


def _belief_gap(scenario: Scenario) -> float:
    """Return the mean belief on the drug less that on control, over the belief under blinding."""
    blinding = scenario.blinding
    on_drug, on_control = 0.5 + blinding.leak / 2, 0.5 - blinding.leak / 2
    # a tell-tale effect comes halfway through a period on average, and then the patient is sure of the drug
    on_drug += blinding.side_effect / 2 * (1 - on_drug)
    on_control += blinding.nocebo / 2 * (1 - on_control)
    return (on_drug - on_control) / 0.5


def _ar1_mean(days: Floats, correlation: float) -> Floats:
    """Return the variance of the mean of days of an AR(1) with variance 1."""
    sums = correlation * (1 - correlation**days) / (1 - correlation)
    found: Floats = (1 + correlation - 2 * sums / days) / (1 - correlation) / days
    return found
