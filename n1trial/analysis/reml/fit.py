"""The autocorrelation at which the REML likelihood of a diary is largest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.reml.likelihood import Profile, profile
from n1trial.analysis.reml.sums import Sums
from n1trial.arrays import Flags, Floats

HIGHEST = 1 - 1e-5
"""Largest autocorrelation looked at: estimate and standard error differ from their limits at 1 by millionths."""

LOWEST = -0.999

GRID = np.array(
    [HIGHEST, .996, .985, .965, .93, .88, .8, .7, .58, .45, .3, .15, 0, -.15, -.35, -.6, -.85, -.97, LOWEST]
)  # fmt: skip
"""Where the likelihood is looked at first; its valleys near 1 are as narrow as one over the number of entries."""

ENOUGH = 1e-5
"""A Newton step that is this share of what is left to 1 is the last: the next would be about its square."""

STEPS = 60
EQUALLY_GOOD = 1e-8
"""Criteria that differ by less are told apart by rounding alone."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """The point where the criterion is least; arrays of shape (replicate,).

    Attributes
    ----------
    autocorrelation : ndarray of float
        Of one day with the next, `LOWEST` to `HIGHEST`.
    is_found : ndarray of bool
        False where the criterion still falls at `LOWEST` or the search did not end.
    profile : Profile
        The likelihood there.
    """

    autocorrelation: Floats
    is_found: Flags
    profile: Profile

    @property
    def is_at_limit(self) -> Flags:
        """Whether the criterion still falls at `HIGHEST`."""
        is_at_limit: Flags = self.autocorrelation == HIGHEST
        return is_at_limit


def maximize(sums: Sums, keep: Flags) -> Optimum:
    """Descend into every valley that a grid shows, and keep the lowest.

    Parameters
    ----------
    sums : Sums
        Of replicates with a coefficient of the treatment and two degrees of freedom.
    keep : ndarray of bool, shape (column, replicate)
        Which columns have a coefficient.

    Returns
    -------
    Optimum
        Of two equally good ones that with the larger autocorrelation.
    """
    replicate, point = np.nonzero(_valleys(sums, keep).T)
    sums, keep = sums.take(replicate), keep[:, replicate]
    autocorrelation, is_found = _descend(sums, keep, point)
    bottom = profile(sums, keep, autocorrelation)
    level = bottom.criterion[0]
    start = np.searchsorted(replicate, np.arange(replicate.max(initial=-1) + 1))
    lowest = np.flatnonzero(level <= np.minimum.reduceat(level, start)[replicate] + EQUALLY_GOOD)
    best = lowest[np.searchsorted(replicate[lowest], np.arange(start.size))]
    return Optimum(autocorrelation[best], is_found[best], bottom.take(best))


def _valleys(sums: Sums, keep: Flags) -> Flags:
    """Find the points of the grid that lie below their neighbors. Shape (point, replicate)."""
    level = np.empty((GRID.size, sums.n.size))
    for point, autocorrelation in enumerate(GRID):
        level[point] = profile(sums, keep, np.array([autocorrelation]), derivatives=False).criterion[0]
    # Where every gap is even the sign of φ cannot be told.
    level[np.ix_(GRID < 0, ~sums.count[sums.gap % 2 == 1].any(axis=0))] = np.inf
    valley = np.ones(level.shape, dtype=np.bool_)
    valley[1:] &= level[1:] < level[:-1]
    valley[:-1] &= level[:-1] <= level[1:]
    return valley


def _descend(sums: Sums, keep: Flags, point: NDArray[np.int64]) -> tuple[Floats, Flags]:
    """Descend by Newton's method from points of the grid, between their neighbors; halve steps that leave them."""
    autocorrelation = GRID[point]
    upper, lower = GRID[np.maximum(point - 1, 0)], GRID[np.minimum(point + 1, GRID.size - 1)]
    searching = np.arange(point.size)
    for _ in range(STEPS):
        here = autocorrelation[searching]
        _, slope, curvature = profile(sums, keep, here).criterion
        upper, lower = np.where(slope >= 0, here, upper), np.where(slope <= 0, here, lower)
        newton = here - slope / np.where(curvature > 0, curvature, 1)
        is_inside = (curvature > 0) & (lower <= newton) & (newton <= upper)
        there = np.where(is_inside, newton, (lower + upper) / 2)
        autocorrelation[searching] = there
        left = np.flatnonzero(np.abs(there - here) > ENOUGH * (1 - here))
        if left.size < searching.size:
            searching, upper, lower = searching[left], upper[left], lower[left]
            sums, keep = sums.take(left), keep[:, left]
        if not left.size:
            break
    is_found = autocorrelation > LOWEST
    is_found[searching] = False
    return autocorrelation, is_found
