"""The placebo response, and the patient's belief about what they take, which scales it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.design.schedule import Schedule
from n1trial.exposure import step_share
from n1trial.patient import hours
from n1trial.patient.logistic import logistic
from n1trial.patient.state import State
from n1trial.scenario.model.patient import Placebo

BLINDED = 0.5
"""Belief under perfect blinding; the placebo response is stated for it."""
UNSURE = 0.05 + 1e-9
"""Distance from it within which a patient may say "cannot tell"; a leak of 0.1 is within it on both sides."""
CANNOT_TELL, NOT_ASKED = -1, -2


def exponential_course(days: int, onset_days: float) -> NDArray[np.float64]:
    """Return the share of the placebo response on each day from the first blinded dose on. Shape (day,)."""
    left: NDArray[np.float64] = np.power(1.0 - step_share(onset_days), np.arange(1, days + 1), dtype=np.float64)
    return 1.0 - left


def gompertz_course(days: int, displacement: float, rate_per_week: float) -> NDArray[np.float64]:
    """Return the share of the placebo response by a Gompertz curve from 0 at the first dose on. Shape (day,)."""
    weeks = np.arange(days) / 7
    start = math.exp(-displacement)
    grown: NDArray[np.float64] = np.exp(-displacement * np.exp(-rate_per_week * weeks))
    return (grown - start) / (1.0 - start)


def fade(course: NDArray[np.float64], fade_days: float) -> NDArray[np.float64]:
    """Return the course of a response that wears off with time constant `fade_days`; 0 never."""
    return course * np.exp(-np.arange(len(course)) / fade_days) if fade_days > 0 else course


def placebo_course(response: Placebo, days: int) -> NDArray[np.float64]:
    """Return the course of a placebo response as a scenario states it, from the first blinded dose on. Shape (day,)."""
    if response.shape == "gompertz":
        course = gompertz_course(days, response.displacement, response.rate_per_week)
    else:
        course = exponential_course(days, response.onset_days)
    return fade(course, response.fade_days)


def respond_to_placebo(state: State, first_day: int, course: NDArray[np.float64]) -> Iterator[float]:
    """Move the score by the placebo response, scaled by today's belief, from the first blinded dose on."""
    for day, share in enumerate(course.tolist(), start=first_day):
        yield day + hours.PLACEBO
        state.placebo_course = share
        state.latent += state.placebo_response * state.belief * (share / BLINDED)


def start_stretches(state: State, schedule: Schedule, first_day: int, leak: float) -> Iterator[float]:
    """Set belief anew at the start of every true treatment stretch: period, washout, placebo run-in."""
    is_start = np.ones_like(schedule.period, dtype=bool)
    is_start[1:] = schedule.period[1:] != schedule.period[:-1]
    is_start[schedule.day < first_day] = False
    for index in np.flatnonzero(is_start.any(axis=1)):
        yield int(schedule.day[index]) + hours.RESET
        fresh = BLINDED + leak * (schedule.treatment[index] - 0.5)
        np.copyto(state.belief, fresh, where=is_start[index])
        state.is_told &= ~is_start[index]


def draw_tell_days(
    order: NDArray[np.bool_],
    period_days: NDArray[np.int64],
    side_effect: float,
    nocebo: float,
    chance: Callable[[], Floats],
    when: Callable[[], Floats],
) -> NDArray[np.int64]:
    """Draw the day within each period of a tell-tale effect, −1 for none.

    Parameters
    ----------
    order : ndarray of bool, shape (period, replicate)
        True on the drug.
    period_days : ndarray of int, shape (period, replicate)
        Lengths of the periods.
    side_effect, nocebo : float
        Chance in a period on the drug and on control.
    chance, when : callable
        Draw a uniform row each.

    Returns
    -------
    ndarray of int, shape (period, replicate)
    """
    tell_day = np.full(order.shape, -1, dtype=np.int64)
    for period, on_drug in enumerate(order):
        happens = chance() < np.where(on_drug, side_effect, nocebo)
        day = np.floor(when() * period_days[period]).astype(np.int64)
        np.copyto(tell_day[period], day, where=happens)
    return tell_day


def give_away(state: State, period_start: NDArray[np.int64], tell_day: NDArray[np.int64],
              period_days: NDArray[np.int64]) -> Iterator[float]:  # fmt: skip
    """Make the patient sure of the drug from the day after a tell-tale effect to the end of its period."""
    outlasts = (tell_day >= 0) & (tell_day + 1 < period_days)
    period, replicate = np.nonzero(outlasts)
    day_told = (period_start + tell_day + 1)[period, replicate]
    for day in np.unique(day_told).tolist():
        yield day + hours.TOLD
        told = replicate[day_told == day]
        state.is_told[told] = True
        state.belief[told] = 1.0


def learn(state: State, days: list[int], learning: float, sign: int, daily_sd: float) -> Iterator[float]:
    """Move belief each morning toward what the last week, held against all blinded days, suggests."""
    for day in days:
        yield day + hours.LEARNING
        suggested = logistic((state.blinded_mean - state.recent_mean) * (sign / daily_sd))
        step = learning * (suggested - state.belief)
        state.belief += np.where(state.knows_recent & ~state.is_told, step, 0.0)


def guess(
    state: State,
    days: list[int],
    hesitates: Callable[[], Floats],
    chooses: Callable[[], Floats],
    guess_days: list[int],
    guesses: list[NDArray[np.int8]],
) -> Iterator[float]:
    """Let the patient say on the last day of each kit which treatment it held, or that they cannot tell."""
    for day in days:
        yield day + hours.GUESS
        answer = np.where(chooses() < state.belief, 1, 0)
        cannot_tell = (np.abs(state.belief - BLINDED) <= UNSURE) & (hesitates() < 0.5)
        answer[cannot_tell] = CANNOT_TELL
        answer[state.is_out] = NOT_ASKED
        guess_days.append(day)
        guesses.append(answer.astype(np.int8))
