"""Mixtures of Student's t distributions: what is known of an effect when the kind of noise is not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, stdtr, stdtrit

from n1trial.analysis.period_means import total

HILL_FROM_DF = 60
"""Fewest degrees of freedom at which Hill's transform is within 2e-14 of the t distribution function."""

MAX_STEPS = 100
STEP_TOLERANCE = 1e-9
"""A last step below this share of the spread leaves an error of rounding only, as steps shrink quadratically."""


@dataclass(frozen=True, eq=False)
class TMixture:
    """A mixture of t distributions for each replicate, all of its components with the same degrees of freedom.

    Attributes
    ----------
    weight : ndarray of float, shape (component, replicate)
        0 to 1, with sum 1 over the components.
    center, spread : ndarray of float, shape (component, replicate)
        Each component is center + spread · t.
    df : ndarray of float, shape (replicate,)
        Above 2, so that there is a variance.
    """

    weight: NDArray[np.float64]
    center: NDArray[np.float64]
    spread: NDArray[np.float64]
    df: NDArray[np.float64]

    def average(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Average a value that each component has. Shape (replicate,)."""
        return total(self.weight * values[:, np.newaxis])

    def moments(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean and standard deviation, each of shape (replicate,)."""
        mean = total(self.weight * self.center)
        variance = self.spread**2 * (self.df / (self.df - 2)) + (self.center - mean) ** 2
        return mean, np.sqrt(total(self.weight * variance))

    def tails(self, value: NDArray[np.float64] | float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the probabilities below and above a value (or one for each replicate), each of shape (replicate,)."""
        t = (self.center - value) / self.spread
        tail = upper_tail(np.abs(t), self.df)
        beyond, before = self.weight * tail, self.weight * (1 - tail)
        is_above = t > 0
        return total(np.where(is_above, beyond, before)), total(np.where(is_above, before, beyond))

    def density(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the density at a value for each replicate."""
        half = (self.df + 1) / 2
        at_center = np.exp(gammaln(half) - gammaln(self.df / 2)) / np.sqrt(np.pi * self.df)
        t = (value - self.center) / self.spread
        return at_center * total(self.weight / self.spread * np.exp(-half * np.log1p(t**2 / self.df)))

    def quantile(self, probability: float) -> NDArray[np.float64]:
        """Return the value that is exceeded with probability 1 − `probability`, in (0, 1). Shape (replicate,).

        Newton's method on the normal score of the distribution function, which is nearly straight; a step that
        leaves the bracket, at first the least and the greatest of the components' quantiles, is replaced by halving.
        """
        few, place = np.unique(self.df, return_inverse=True)
        t = np.asarray(stdtrit(few, probability))[place]
        ends = self.center + self.spread * t
        low, high = ends.min(axis=0), ends.max(axis=0)
        found = np.clip(total(self.weight * ends), low, high)
        left = np.arange(found.size)
        for _ in range(MAX_STEPS):
            if not left.size:
                break
            part = self.of(left)
            step, is_below = part._step(found[left], probability)
            low[left] = np.where(is_below, found[left], low[left])
            high[left] = np.where(is_below, high[left], found[left])
            goal = found[left] + step
            is_inside = (goal >= low[left]) & (goal <= high[left])
            goal = np.where(is_inside, goal, (low[left] + high[left]) / 2)
            moved = np.abs(goal - found[left])
            found[left] = goal
            left = left[moved > STEP_TOLERANCE * part.spread.min(axis=0)]
        return found

    def of(self, replicates: NDArray[np.int64]) -> TMixture:
        """Take the mixtures of some of the replicates."""
        # By np.take, which leaves components in rows, so that sums over them keep their order.
        weight, center, spread = (np.take(each, replicates, axis=1) for each in (self.weight, self.center, self.spread))
        return TMixture(weight, center, spread, self.df[replicates])

    def _step(self, value: NDArray[np.float64], probability: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return Newton's step from a value toward a quantile, and whether the value is below it."""
        below, above = self.tails(value)
        is_lower = below < above
        score = np.where(is_lower, 1, -1) * ndtri(np.clip(np.where(is_lower, below, above), 1e-300, 0.5))
        # Between components far apart there is next to no density: such a step is not taken.
        with np.errstate(all="ignore"):
            step = (ndtri(probability) - score) / (self.density(value) * np.sqrt(2 * np.pi) * np.exp(score**2 / 2))
        return step, score < ndtri(probability)


def upper_tail(t: NDArray[np.float64], df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that Student's t exceeds a value of 0 or more.

    Parameters
    ----------
    t : ndarray of float, shape (..., replicate)
        0 or more.
    df : ndarray of float, shape (replicate,)
        Degrees of freedom, above 0.

    Returns
    -------
    ndarray of float
        0 to 0.5, of the shape of `t`; by the normalizing transform of Hill (Communications of the ACM 1970;13:617-619,
        algorithm 395) from 60 degrees of freedom on, where it takes a fifth of the time.
    """
    tail = ndtr(-_hill(t, np.maximum(df, HILL_FROM_DF)))
    few = np.flatnonzero(~(df >= HILL_FROM_DF))
    if few.size:
        tail[..., few] = stdtr(df[few], -t[..., few])
    result: NDArray[np.float64] = tail
    return result


def _hill(t: NDArray[np.float64], df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the normal deviate whose upper tail is that of t."""
    size = df - 0.5
    scale = 48 * size**2
    square = np.log1p(t**2 / df)
    square *= size
    correction = (((-0.4 * square - 3.3) * square - 24) * square - 85.5) / (0.8 * square**2 + (100 + scale))
    correction += square
    correction += 3
    correction /= scale
    correction += 1
    return np.sqrt(square) * correction
