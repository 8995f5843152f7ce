"""What the level of a diary is a sum of: usual score, trend, weekday, drug, placebo response, shifts of stretches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.arrays import Floats
from n1trial.design.layout import Layout
from n1trial.diary.file.scores import WEEK_DAYS, Scores
from n1trial.evaluation.screening.shifts import triangle
from n1trial.patient.placebo import exponential_course, fade, gompertz_course
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.noise import DiaryEntries
from n1trial.study.calibration.wording import word

BASELINE, TREND, WEEKLY = "patient.baseline", "patient.trend_per_week", "patient.weekly_amplitude"
PLACEBO, DRUG = "placebo.response", "treatment.effect"
BLINDED = "blinded days"
"""A term that is no key: placebo response and half of the drug's effect together, where treatments are not known."""
SATURDAY = 5
FEWEST_STRETCHES = 3
"""From which on shifts between them can be told."""
SHARE_OF_SHIFTS = 0.95
"""Of the variance of shifts of the patient's own life, the share that is followed."""
FEWEST_RUN_IN_ENTRIES = 7
"""From which on the placebo response can be told from the usual score."""
LEAST_OWN_SHARE = 1e-3
"""Of the squares of a term, the share that the terms before it must leave, for it to be told apart."""
FEWEST_DAYS_OF_A_STRETCH = 4


@dataclass(frozen=True, eq=False)
class Level:
    """Terms of the level on every day, by the key that is their size.

    Attributes
    ----------
    terms : dict of str to ndarray of float, shape (day,)
        Told by the diary.
    offsets : dict of str to ndarray of float, shape (day,)
        Points that a term adds whose size is taken from the scenario.
    shifts : ndarray of float, shape (day, column)
        Its product with its own transpose is the covariance of shifts whose SD is 1.
    has_shifts : bool
        Whether the diary is long enough to tell how large shifts are.
    is_told : bool
        Whether which days were on the drug is known, or does not matter.
    notes : tuple of str
        What had to be said.
    """

    terms: Mapping[str, Floats]
    offsets: Mapping[str, Floats]
    shifts: Floats
    has_shifts: bool
    is_told: bool
    notes: tuple[str, ...]

    def without(self, key: str, points: Floats) -> Level:
        """Return the same with one term no longer told by the diary, but adding so many points."""
        terms = {name: values for name, values in self.terms.items() if name != key}
        return replace(self, terms=terms, offsets={**self.offsets, key: points})

    def entries(self, scores: Scores) -> DiaryEntries:
        """Return entries with what explains them."""
        at, kept = scores.is_entry, sum(self.offsets.values(), np.zeros(scores.day.size))
        terms = np.stack(list(self.terms.values()), axis=1)[at]
        return DiaryEntries(scores.day[at], scores.score[at] - kept[at], terms, self.shifts[at], self.has_shifts)


def level(scores: Scores, scenario: Scenario) -> Level:
    """Say what the level of a diary may be a sum of, and which of it the diary can tell.

    Parameters
    ----------
    scores : Scores
    scenario : Scenario
        How the drug is believed to act, the course of the placebo response, the calendar.
    """
    day, layout = scores.day, scenario.layout()
    shifts, has_shifts, notes = _shifts(scores, scenario)
    terms: dict[str, Floats] = {BASELINE: np.ones(day.size), TREND: day / 7}
    kept: dict[str, Floats] = {}
    if scores.weekday_of_day_0 is not None:
        saturday = (day + scores.weekday_of_day_0 - SATURDAY) / WEEK_DAYS
        terms[WEEKLY] = np.cos(2 * np.pi * saturday)
    if scores.diary is not None:
        terms[DRUG] = _exposure(scores, scenario)
    is_response_told = False
    if (day >= 0).any():
        response = _placebo_course(day, scenario)
        entries = scores.is_entry & (response == 0)
        is_response_told = not layout.is_open_label and entries.sum() >= FEWEST_RUN_IN_ENTRIES
        if is_response_told:
            terms[PLACEBO if scores.diary is not None else BLINDED] = response
        else:
            kept[PLACEBO] = scenario.placebo.response * response * (2 if layout.is_open_label else 1)
    told = _independent(terms, scores.is_entry)
    for key in {PLACEBO, BLINDED} & (terms.keys() - told.keys()):
        kept[PLACEBO] = scenario.placebo.response * terms[key]
    return Level(told, kept, shifts, has_shifts, scores.diary is not None or not (day >= 0).any(), notes)


def _independent(terms: Mapping[str, Floats], at: NDArray[np.bool_]) -> dict[str, Floats]:
    """Return the terms that vary over the entries otherwise than those before them."""
    told: dict[str, Floats] = {}
    for key, values in terms.items():
        if told:
            before = np.stack([others[at] for others in told.values()], axis=1)
            left = values[at] - before @ np.linalg.lstsq(before, values[at], rcond=None)[0]
            if (left**2).sum() <= LEAST_OWN_SHARE * (values[at] ** 2).sum():
                continue
        told[key] = values
    return told


def _exposure(scores: Scores, scenario: Scenario) -> Floats:
    assert scores.diary is not None
    plan, diary = scenario.plan(), scores.diary
    exposure = predicted_exposure(diary, plan.assumed_onset_days, plan.assumed_offset_days)[:, 0]
    every = np.zeros(scores.day.size)
    every[diary.day - scores.day[0]] = exposure
    return every


def _placebo_course(day: NDArray[np.int64], scenario: Scenario) -> Floats:
    """Return the share of the placebo response on each day."""
    response = scenario.placebo
    first = -scenario.design.run_in_days if scenario.design.run_in == "placebo" else 0
    days = max(int(day[-1]) + 1 - first, 1)
    if response.shape == "gompertz":
        course = gompertz_course(days, response.displacement, response.rate_per_week)
    else:
        course = exponential_course(days, response.onset_days)
    course = fade(course, response.fade_days)
    return np.where(day >= first, course[np.clip(day - first, 0, days - 1)], 0.0)


def _shifts(scores: Scores, scenario: Scenario) -> tuple[Floats, bool, tuple[str, ...]]:
    """Return a factor of the covariance of shifts, whether their size can be told, and what had to be said."""
    day, patient = scores.day, scenario.patient
    is_blinded = scores.diary is None and bool((day >= 0).any())
    if patient.period_shift_follows == "nature" and not is_blinded:
        is_long = int(day[-1] - day[0]) + 1 >= FEWEST_STRETCHES * patient.shift_days
        return _triangle_factor(day, patient.shift_days), is_long, ()
    stretch, notes = _stretches(scores, scenario.layout())
    stretches = int(stretch.max()) + 1
    member = (stretch[:, np.newaxis] == np.arange(stretches)).astype(np.float64)
    has_shifts = stretches >= FEWEST_STRETCHES
    return member if has_shifts else member[:, :0], has_shifts, notes


def _triangle_factor(day: NDArray[np.int64], shift_days: int) -> Floats:
    """Return the largest parts of the covariance of shifts of the patient's own life; the rest is as good as noise."""
    size, part = np.linalg.eigh(triangle(np.subtract.outer(day, day).astype(np.float64), shift_days))
    largest = np.argsort(-size)
    needed = np.searchsorted(np.cumsum(size[largest]), SHARE_OF_SHIFTS * day.size) + 1
    factor: Floats = (part * np.sqrt(np.maximum(size, 0)))[:, largest[:needed]]
    return factor


def _stretches(scores: Scores, layout: Layout) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Number each day's stretch: as planned, where the diary plainly kept to that calendar, else by its own periods."""
    day = scores.day
    nowhere = np.full(day.size, -1)
    if not (day >= 0).any() or layout.is_open_label:
        return nowhere, ()
    switches = layout.randomization.switches if layout.randomization else (0,)
    if scores.diary is None:
        # Pieces between all days on which the capsules may have changed: the level of each is then free to differ.
        starts = [
            start + shift
            for start in range(0, layout.treated_days, layout.cycle_days)
            for shift in (0, *(layout.period_days + switch for switch in switches))
        ]
        starts = sorted({start for start in starts if start <= day[-1] - FEWEST_DAYS_OF_A_STRETCH + 1})
        return np.searchsorted(starts, day, side="right") - 1, ()
    diary = scores.diary
    period = np.maximum.accumulate(diary.period[:, 0].astype(np.int64))
    found = {int(number): int(diary.day[np.argmax(period == number)]) for number in np.unique(period[period > 0])}
    half = layout.period_days + layout.washout_days
    if all(
        start - (number - 1) * half in (switches if number % 2 == 0 else (0,)) and number <= layout.periods
        for number, start in found.items()
    ):
        return np.where(day < 0, -1, np.minimum(day // half, layout.periods - 1)), ()
    own = np.searchsorted(sorted(found.values()), day, side="right") - 1
    return own, (word("another_calendar"),)
