"""The effects that a randomization test does not reject, from the crossings where one assignment overtakes another.

An effect θ is tested on the scores y − θ·x, x the observed assignment's. T is linear, so with δ = θ − θ̂ it comes to
r − δ·B under an assignment, r = T(y − θ̂x) and B = T(x), and to −δ·B₀ under the observed one, |B| ≤ B₀. Hence going away
from the estimate θ̂, once |T| has fallen below the observed one it stays there: an assignment counts up to one crossing
on either side, and the ends are the crossings beyond which too few count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.period_means import ratio
from n1trial.analysis.randomized.statistic import TIE, LinearStatistic
from n1trial.arrays import Floats


def interval(compared: LinearStatistic, added: int, alpha: float, sides: int) -> tuple[Floats, Floats]:
    """Find the ends of the effects not rejected.

    Parameters
    ----------
    compared : LinearStatistic
        Of replicates that have an estimate; whatever the others come to.
    added : int
        1 where the observed assignment counts on top of those listed, else 0.
    alpha : float
        Level of the test, in (0, 1).
    sides : {1, 2}
        Sides of the test; one-sided, each end belongs to the test toward it.

    Returns
    -------
    low, high : ndarray of float, shape (replicate,)
        Infinite where no effect, however large, is rejected.
    """
    listed = len(compared.score)
    p_values = np.arange(1, listed + added + 1) / (listed + added)
    enough = int(np.searchsorted(p_values, alpha, side="right")) + 1 - added
    if enough < 1:
        infinite = np.full(compared.own_score.shape, np.inf)
        return -infinite, infinite

    estimate = compared.estimate
    remainder = compared.score - estimate * compared.effect
    below, above = (_reaches if sides == 2 else _crossings)(compared, remainder)
    return (
        estimate + np.partition(below, enough - 1, axis=0)[enough - 1],
        estimate + np.partition(above, listed - enough, axis=0)[listed - enough],
    )


def _reaches(compared: LinearStatistic, remainder: Floats) -> tuple[Floats, Floats]:
    """Say how far below and above the estimate (below: not above 0) each assignment counts in the two-sided test."""
    own = (1 - TIE) * compared.own_effect
    aligned = np.sign(remainder) * compared.effect
    is_same = (np.abs(compared.effect) >= own) & _is_nil(compared, remainder)
    size = np.abs(remainder)
    below, above = (
        np.where(is_same | (slope <= 0), np.inf, ratio(size, slope)) for slope in (own - aligned, own + aligned)
    )
    return -below, above


def _crossings(compared: LinearStatistic, remainder: Floats) -> tuple[Floats, Floats]:
    """Find where, from the estimate, each assignment begins to count from below, and ceases to, in one-sided tests."""
    slope = compared.own_effect - compared.effect
    is_parallel = compared.effect >= (1 - TIE) * compared.own_effect
    is_same = is_parallel & _is_nil(compared, remainder)
    crossing = np.where(is_parallel, -np.copysign(np.inf, remainder), ratio(-remainder, slope))
    return np.where(is_same, -np.inf, crossing), np.where(is_same, np.inf, crossing)


def _is_nil(compared: LinearStatistic, remainder: Floats) -> NDArray[np.bool_]:
    """Whether a remainder is rounding error."""
    nil: NDArray[np.bool_] = np.abs(remainder) <= compared.rounding + TIE * np.abs(remainder).max(axis=0)
    return nil
