"""When a trial may end early, and how likely that is: figures are averaged over it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from n1trial.design.layout import Layout

MOST_ENDINGS = 8
"""So many moments at which a trial may end are looked at."""


@lru_cache(maxsize=256)
def endings(layout: Layout, hazard: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the ends of stretches at which a trial may end, with the chance of each.

    Parameters
    ----------
    layout : Layout
    hazard : float
        Hazard of leaving, per day.

    Returns
    -------
    seen : ndarray of int, shape (ending,)
        Stretches that are then over; the last one is all of them.
    chance : ndarray of float, shape (ending,)
        One who leaves within a stretch counts by halves for the ends before and after it. The chances add up to 1
        with that of having seen no stretch, in which nothing can be detected.
    """
    if hazard == 0:
        return np.array([layout.periods]), np.ones(1)
    seen = np.unique(np.linspace(0, layout.periods, min(MOST_ENDINGS, layout.periods) + 1).round().astype(np.int64))
    day = np.minimum(seen * (layout.period_days + layout.washout_days), layout.treated_days)
    stays = np.exp(-hazard * day)
    leaves = -np.diff(stays) / 2
    chance = np.append(leaves, stays[-1])
    chance[1:] += leaves
    return seen[1:], chance[1:]
