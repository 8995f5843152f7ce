"""How the trial is kept: entries missed or filled in later, gaps, and patients who stop."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.patient import hours
from n1trial.patient.logistic import logistic
from n1trial.patient.state import State

WEEK = 7
FEWEST_RECENT = 3
MOST_LOG_HAZARD = 700.0
"""Beyond it a hazard is certain anyway, and its exponential overflows."""


def review_diary(state: State, days: list[int], entries: NDArray[np.float64]) -> Iterator[float]:
    """Look each morning at what the diary says: the last week's mean and that of all blinded days so far.

    `entries` are the written scores from day 0 on, (day, replicate).
    """
    nothing = np.zeros(state.width)
    total, count = np.zeros(state.width), np.zeros(state.width)
    recent_total, recent_count = np.zeros(state.width), np.zeros(state.width)
    week = deque([(nothing, nothing)] * WEEK)
    for day in days:
        yield day + hours.REVIEW
        if day == 0:
            continue
        is_written = entries[day - 1] == entries[day - 1]  # false for NaN, and faster than asking for it
        written, one = np.where(is_written, entries[day - 1], 0.0), is_written.astype(np.float64)
        old_written, old_one = week.popleft()
        week.append((written, one))
        total += written
        count += one
        recent_total += written
        recent_total -= old_written
        recent_count += one
        recent_count -= old_one
        state.knows_recent = recent_count >= FEWEST_RECENT
        state.recent_mean = recent_total / np.maximum(recent_count, 1.0)
        state.blinded_mean = total / np.maximum(count, 1.0)


def chance_missing(
    day: int, missing: float, growth_per_week: float, when_worse: float, worse_by_sd: Floats | float
) -> Floats | float:
    """Return the chance that a day's entry is lost, by itself, with time and because it was a bad day."""
    log_odds = math.log(missing / (1.0 - missing)) + growth_per_week * day / 7
    if when_worse == 0:
        return 0.5 + 0.5 * math.tanh(0.5 * log_odds)
    return logistic(log_odds + when_worse * worse_by_sd)


def keep_diary(
    state: State,
    days: list[int],
    entries: NDArray[np.float64],
    chance: Callable[[int], Floats | float] | None,
    uniform: Callable[[], Floats] | None,
    backfilled: float = 0.0,
    fills: Callable[[], Floats] | None = None,
    last: Floats | None = None,
) -> Iterator[float]:
    """Lose entries, fill some in later with the last value written, and stop with the patient.

    Parameters
    ----------
    state : State
    days : list of int
        Days from 0 on.
    entries : ndarray of float, shape (day, replicate)
        Scores of these days, turned to NaN where they are lost.
    chance, uniform : callable or None
        Chance to lose the entry of a day, and the draws; None where none is lost but by gaps.
    backfilled : float
        Chance that a lost entry is filled in later.
    fills : callable or None
        The draws for it.
    last : ndarray of float, shape (replicate,), or None
        Entries of the day before day 0, read on day 0; None without a run-in.
    """
    newest = np.full(state.width, np.nan)
    for index, day in enumerate(days):
        yield day + hours.ENTRY
        entry = entries[index]
        if day == 0 and last is not None:
            np.copyto(newest, last)
        lost = state.is_in_gap if chance is None or uniform is None else (uniform() < chance(day)) | state.is_in_gap
        if fills is None:
            np.putmask(entry, lost | state.is_out, np.nan)
            continue
        np.copyto(entry, np.where(fills() < backfilled, newest, np.nan), where=lost)
        np.copyto(entry, np.nan, where=state.is_out)
        np.copyto(newest, entry, where=~np.isnan(entry))


def leave_gaps(
    state: State, days: list[int], per_month: float, mean_days: float, starts: Callable[[], Floats],
    lengths: Callable[[], Floats],
) -> Iterator[float]:  # fmt: skip
    """Leave holidays in the diary: each night one may begin that covers the next days."""
    left = np.zeros(state.width)
    log_stay = math.log1p(-1.0 / mean_days) if mean_days > 1 else -math.inf
    for day in days:
        yield day + hours.GAP
        np.maximum(left - 1, 0, out=left)
        length = 1 + np.floor(np.log1p(-lengths()) / log_stay)
        begins = (starts() < per_month / 30) & (left == 0)
        np.copyto(left, length, where=begins)
        state.is_in_gap = left > 0


def drop_out(
    state: State,
    days: list[int],
    per_week: float,
    when_worse: float,
    worse_by_sd: Callable[[], Floats],
    uniform: Callable[[], Floats],
    dropout_day: NDArray[np.int64],
) -> Iterator[float]:
    """Leave the trial; from the next day on nothing is recorded. `dropout_day` (replicate,) is filled in."""
    chance: Floats | float = -math.expm1(-per_week / 7)
    for day in days:
        yield day + hours.DROPOUT
        if when_worse != 0:
            worse = np.where(state.knows_recent, worse_by_sd(), 0.0)
            chance = -np.expm1(-per_week / 7 * np.exp(np.minimum(when_worse * worse, MOST_LOG_HAZARD)))
        leaving = np.flatnonzero(uniform() < chance)
        leaving = leaving[~state.is_out[leaving]]
        state.is_out[leaving] = True
        dropout_day[leaving] = day + 1
