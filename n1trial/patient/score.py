"""The score of a day: where it begins, and how it is written on the scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.patient import hours
from n1trial.patient.state import State


def begin_days(
    state: State, days: list[int], baseline: float, trend_per_week: float, weekly_amplitude: float
) -> Iterator[float]:
    """Start each day's score from baseline, trend and weekly cycle (highest on Saturdays)."""
    for day in days:
        yield day + hours.BEGIN
        weekly = weekly_amplitude * math.cos(2 * math.pi * (day % 7 - 5) / 7)
        state.latent.fill(baseline + trend_per_week * day / 7 + weekly)


def on_scale(score: Floats, low: float, high: float, step: float, out: Floats) -> Floats:
    """Round scores to the nearest multiple of `step` from `low` (halves to even; 0: as it is), within the scale."""
    if step > 0:
        np.subtract(score, low, out=out)
        np.divide(out, step, out=out)
        np.rint(out, out=out)
        np.multiply(out, step, out=out)
        np.add(out, low, out=out)
    else:
        np.copyto(out, score)
    np.maximum(out, low, out=out)
    return np.minimum(out, high, out=out)


def rate(
    state: State,
    days: list[int],
    score: NDArray[np.float64],
    scale: tuple[float, float],
    step: float,
    diary_sd: float,
    normal: Callable[[], Floats] | None,
) -> Iterator[float]:
    """Write what the evening and night were like into `score` (day, replicate), with the diary's own noise."""
    low, high = scale
    for index, day in enumerate(days):
        yield day + hours.SCORE
        rated = state.latent if normal is None else state.latent + diary_sd * normal()
        on_scale(rated, low, high, step, out=score[index])
