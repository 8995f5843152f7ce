"""What a diary says of the patient's level and of its ups and downs, key by key."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from n1trial.arrays import Floats
from n1trial.diary.file.scores import Scores
from n1trial.errors import InputError
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.finding import (
    NumberFinding,
    as_range,
    as_stated,
    at_most,
    doubt,
    from_diary,
    read_off,
    settled_if,
    shortest,
)  # fmt: skip
from n1trial.study.calibration.mean_structure import BASELINE, PLACEBO, TREND, WEEKLY, Level
from n1trial.study.calibration.noise import BELIEVED_SHIFT, WHITE_SHARES, DiaryEntries, NoisePosterior, posterior
from n1trial.study.calibration.wording import word

DAILY, DIARY, PERIOD = "patient.daily_sd", "patient.diary_sd", "patient.period_sd"
AUTOCORRELATION = "patient.autocorrelation"
PLACEBO_DOUBT = "placebo.response_sd"
FEWEST_DF = 3
SEPARABLE = 5.0
"""How many times as likely diary noise must make a diary as the scenario's own share of it, to be told apart."""
WIDE_CORRELATION = 0.3
WIDE_RATIO = 1.6
"""Intervals wider than this leave the autocorrelation, or a standard deviation by the ratio of its ends, unsettled."""
WIDE_SHIFT = 0.25
"""Width of the interval of shifts, in daily SDs, from which on they are unsettled."""


@dataclass(frozen=True, eq=False)
class NoiseFit:
    """Terms and noise as a diary shows them.

    Attributes
    ----------
    level : Level
    entries : DiaryEntries
    joint, posterior : NoisePosterior
        With every share of diary noise, and with the one that goes out: the same where diary noise can be told apart.
    draws : dict of str to ndarray of float
        Of the chosen one.
    """

    level: Level
    entries: DiaryEntries
    joint: NoisePosterior
    posterior: NoisePosterior
    draws: dict[str, Floats]

    @property
    def is_separable(self) -> bool:
        """Whether diary noise can be told from daily ups and downs."""
        return self.joint is self.posterior

    def coefficient(self, key: str) -> Floats:
        """Draw a term's size."""
        return self.draws["coefficients"][:, list(self.level.terms).index(key)]

    @property
    def sd(self) -> Floats:
        """Draws of the SD within stretches, diary noise and rounding included."""
        return np.sqrt(self.draws["variance"])


def ups_and_downs(scores: Scores, level: Level, scenario: Scenario) -> tuple[NoiseFit, list[NumberFinding]]:
    """Find what a diary says of the level and of its ups and downs.

    Raises
    ------
    InputError
        If there are too few entries for the terms.
    """
    entries = int(scores.is_entry.sum())
    first = fit(scores, level, scenario)
    trend = _trend(first, scenario, entries)
    if trend.state == "told" or TREND not in level.terms:
        final = first
    else:
        final = fit(scores, level.without(TREND, trend.value * scores.day / 7), scenario)
    findings = [_baseline(final, scenario, entries), *_noise(final, scenario, entries), trend]
    if WEEKLY in final.level.terms:
        found = read_off(final.coefficient(WEEKLY))
        is_told = found[2] - found[1] <= scenario.outcome.mcid
        findings.append(settled_if(is_told, WEEKLY, found, scenario.patient.weekly_amplitude, entries))
    if PLACEBO in final.level.terms:
        findings += _placebo(final, scenario, entries)
    return final, findings


def fit(scores: Scores, level: Level, scenario: Scenario) -> NoiseFit:
    """Fit terms and noise, and choose whether diary noise is told apart."""
    observed = level.entries(scores)
    df = len(observed.score) - observed.terms.shape[1]
    if df < FEWEST_DF:
        raise InputError(f"{len(observed.score)} entries are too few to tell the level from its ups and downs")
    within = observed.score - observed.terms @ np.linalg.lstsq(observed.terms, observed.score, rcond=None)[0]
    variance = max(float((within**2).sum() / df), 1e-12)
    rounding = scenario.outcome.step**2 / 12
    least, stated = (
        round(min(noise / variance, 0.9), 3) for noise in (rounding, rounding + scenario.patient.diary_sd**2)
    )
    further = [share for share in WHITE_SHARES.tolist() if share > least + 0.02]
    shares = np.unique([least, stated, *further])
    joint = posterior(observed, shares)
    chosen = joint if joint.evidence_of(stated) >= SEPARABLE else joint.where(stated)
    return NoiseFit(level, observed, joint, chosen, chosen.draw())


def _baseline(fit: NoiseFit, scenario: Scenario, entries: int) -> NumberFinding:
    found = read_off(fit.coefficient(BASELINE))
    is_told = found[2] - found[1] <= 2 * scenario.outcome.mcid
    return settled_if(is_told, BASELINE, found, scenario.patient.baseline, entries)


def _noise(fit: NoiseFit, scenario: Scenario, entries: int) -> list[NumberFinding]:
    patient, rounding = scenario.patient, scenario.outcome.step**2 / 12
    daily = read_off(fit.sd * np.sqrt(1 - fit.draws["white"]))
    alike = shortest(fit.draws["autocorrelation"])
    joint = fit.joint.draw()
    beyond_rounding = np.clip(joint["variance"] * joint["white"] - rounding, 0.0, None)
    # Where daily ups and downs explain all of it as well, none at all is as good as the least share with any.
    middle, low, high = (shortest if fit.is_separable else at_most)(beyond_rounding)
    inexact = (math.sqrt(middle), math.sqrt(low), math.sqrt(high))
    return [
        settled_if(daily[2] <= WIDE_RATIO * daily[1], DAILY, daily, patient.daily_sd, entries),
        settled_if(alike[2] - alike[1] <= WIDE_CORRELATION, AUTOCORRELATION, alike, patient.autocorrelation, entries),
        from_diary(DIARY, inexact, word("entries", entries=entries))
        if fit.is_separable
        else as_stated(DIARY, patient.diary_sd, word("daily_as_well", entries=entries), inexact),
        _shifts(fit, scenario, daily[0], entries),
    ]  # fmt: skip


def _shifts(fit: NoiseFit, scenario: Scenario, daily_sd: float, entries: int) -> NumberFinding:
    """Find shifts between periods, which a run-in says nothing of, and a blinded diary no more than a largest size."""
    stated = scenario.patient.period_sd
    if not fit.level.has_shifts:
        evidence = [each.range for each in scenario.evidence if each.key == PERIOD and each.range is not None]
        span = evidence[0] if evidence else (0.0, max(BELIEVED_SHIFT * daily_sd, stated))
        if span[0] == span[1]:
            return as_stated(PERIOD, stated, word("no_range", scenario=scenario.name))
        note = word("believed_range" if evidence else "usual_range", scenario=scenario.name)
        return NumberFinding(PERIOD, stated, None, None, None, "unsettled", span, note)
    found = shortest(fit.draws["shift"] * fit.sd)
    if fit.level.is_told:
        is_told = found[2] - found[1] <= WIDE_SHIFT * daily_sd
        # A trial's own periods say more of shifts than what was believed before, though never enough.
        return settled_if(is_told, PERIOD, found, found[0], entries)
    note = word("effect_as_shifts", entries=entries)
    return as_range(PERIOD, (found[0], 0.0, found[2]), stated, note)


def _trend(fit: NoiseFit, scenario: Scenario, entries: int) -> NumberFinding:
    """Find the trend, unless going on with it over a whole trial would be a guess."""
    stated = scenario.patient.trend_per_week
    if TREND not in fit.level.terms:
        return as_stated(TREND, stated, word("no_trend"))
    found = read_off(fit.coefficient(TREND))
    most = float(np.median(fit.sd)) / (scenario.layout().treated_days / 7)
    if found[2] - found[1] <= 2 * most:
        return from_diary(TREND, found, word("entries", entries=entries))
    low, high = (min(max(end, stated - most), stated + most) for end in found[1:])
    note = word("trend_unsure", entries=entries)
    return as_range(TREND, found, stated, note, (min(low, stated), max(high, stated)))


def _placebo(fit: NoiseFit, scenario: Scenario, entries: int) -> list[NumberFinding]:
    """Find what has changed since the run-in whatever was taken, by the course that the scenario gives it."""
    draws = fit.coefficient(PLACEBO)
    found = read_off(draws)
    note = word("since_run_in", entries=entries)
    if found[2] - found[1] > 2 * scenario.outcome.mcid:
        return [as_range(PLACEBO, found, scenario.placebo.response, note)]
    # One trial is one draw of the response: it shows the draw, never how far draws lie apart.
    return [from_diary(PLACEBO, found, note), doubt(PLACEBO_DOUBT, float(draws.std()), word("placebo_doubt"))]
