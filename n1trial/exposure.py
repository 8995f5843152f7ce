"""How much of a drug's full effect has built up: one recursion for patient, analysis and closed forms."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def step_share(time_constant_days: float) -> float:
    """Return the share of the remaining gap that one day closes.

    Parameters
    ----------
    time_constant_days : float
        Time constant in days, 0 or more (half-life / ln 2); 0 closes the gap at once.

    Returns
    -------
    float
        1 − exp(−1/time constant), in (0, 1].
    """
    return 1.0 if time_constant_days == 0 else -math.expm1(-1.0 / time_constant_days)


def move(exposure: NDArray[np.float64], has_dose: NDArray[np.bool_], rise: float, fall: float) -> NDArray[np.float64]:
    """Return exposure after one more day: a step toward 1 where an active dose is in effect, else toward 0.

    Parameters
    ----------
    exposure : ndarray of float
        Yesterday's exposure, 0 to 1, any shape.
    has_dose : ndarray of bool
        Whether an active dose is in effect today; of a shape that broadcasts.
    rise, fall : float
        Shares of the gap closed in a day (`step_share`) when rising and when falling.
    """
    today: NDArray[np.float64] = np.where(has_dose, exposure + (1.0 - exposure) * rise, exposure * (1.0 - fall))
    return today


def course(has_dose: NDArray[np.bool_], onset_days: float, offset_days: float) -> NDArray[np.float64]:
    """Return exposure on every day, starting from none.

    Parameters
    ----------
    has_dose : ndarray of bool
        Day first, whether an active dose is in effect; further axes are carried along.
    onset_days, offset_days : float
        Time constants of rise and fall in days, 0 or more.

    Returns
    -------
    ndarray of float
        Exposure, 0 to 1, of the shape of `has_dose`.
    """
    rise, fall = step_share(onset_days), step_share(offset_days)
    exposure = np.zeros(has_dose.shape)
    today = np.zeros(has_dose.shape[1:])
    for day, dose in enumerate(has_dose):
        today = move(today, dose, rise, fall)
        exposure[day] = today
    return exposure
