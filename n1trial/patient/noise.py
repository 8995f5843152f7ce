"""What moves the score without a treatment: day to day, from period to period, and slowly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from n1trial.arrays import Floats
from n1trial.patient import hours
from n1trial.patient.state import State


def autocorrelate(
    state: State,
    days: list[int],
    daily_sd: float,
    autocorrelation: float,
    normal: Callable[[], Floats],
    start: Floats | None = None,
) -> Iterator[float]:
    """Draw stationary AR(1) noise from day to day.

    `start`, in daily SDs, takes the place of the first day's draw: patients enter when they are bad.
    """
    carried, fresh = 0.0, daily_sd
    for day in days:
        yield day + hours.NOISE
        state.innovation = normal()
        if start is not None:
            state.innovation, start = start, None
        state.noise *= carried
        state.noise += fresh * state.innovation
        state.latent += state.noise
        carried, fresh = autocorrelation, daily_sd * math.sqrt(1.0 - autocorrelation**2)


def truncated_start(uniform: Floats, cut: float, sign: int) -> Floats:
    """Draw standard normal numbers cut off to the worse side beyond `cut` SDs, by inverse distribution function."""
    beyond: NDArray[np.float64] = ndtri(uniform * ndtr(-cut))
    return -sign * beyond


def drift(state: State, days: list[int], drift_sd: float, normal: Callable[[], Floats]) -> Iterator[float]:
    """Draw a slow random walk, 0 on the first simulated day."""
    for day in days[1:]:
        yield day + hours.DRIFT
        state.drift += drift_sd * normal()
        state.latent += state.drift


def shift_periods(
    state: State, days: list[int], stretch: NDArray[np.int64], shifts: NDArray[np.float64]
) -> Iterator[float]:
    """Add what sets one stretch of the patient's life, or of the calendar, apart from the next.

    Parameters
    ----------
    state : State
    days : list of int
        Days that belong to a stretch.
    stretch : ndarray of int, shape (day,) or (day, replicate)
        Which stretch each of these days belongs to, from 0.
    shifts : ndarray of float, shape (stretch, replicate)
        Shift of each stretch in points.
    """
    everyone = np.arange(state.width)
    for index, day in enumerate(days):
        yield day + hours.SHIFT
        state.shift = shifts[stretch[index], everyone] if stretch.ndim == 2 else shifts[stretch[index]]
        state.latent += state.shift
