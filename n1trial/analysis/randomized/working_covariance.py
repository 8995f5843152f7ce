"""The fixed working covariance of a diary's scores, by which the randomization test weighs its days.

V = R(.3) + .09·ZZᵀ, R the correlations of AR(1) noise, Z the indicators of the planned stretches; the level is
projected out: M = V⁻¹ − V⁻¹1(1ᵀV⁻¹1)⁻¹1ᵀV⁻¹. It steers the power of the test, and never its size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from n1trial.arrays import Flags, Floats, Integers

AUTOCORRELATION = 0.3
SHIFT_RATIO = 0.3
"""Standard deviation of the shifts between stretches, in that of the days."""


@dataclass(frozen=True, eq=False)
class Neighbors:
    """Written days beside each other, and R⁻¹ of them: AᵀA, A takes from each day its share of the one before.

    Attributes
    ----------
    before, after : ndarray of int, shape (day, replicate)
        The written day before and after each day; any day where there is none.
    link : ndarray of float, shape (day, replicate)
        Correlation with the written day before; 0 where there is none.
    scale : ndarray of float, shape (day, replicate)
        One over the standard deviation of what is new; 0 on days that are not written.
    link_after : ndarray of float, shape (day, replicate)
        `link` times `scale` of the written day after; 0 where there is none.
    """

    before: Integers
    after: Integers
    link: Floats
    scale: Floats
    link_after: Floats

    @classmethod
    def of(cls, is_written: Flags) -> Neighbors:
        """Find the neighbors of written days, shape (day, replicate)."""
        days = len(is_written)
        day = np.arange(days)[:, np.newaxis]
        newest = np.maximum.accumulate(np.where(is_written, day, -1), axis=0)
        next_one = np.minimum.accumulate(np.where(is_written, day, days)[::-1], axis=0)[::-1]
        before = np.concatenate([np.full_like(newest[:1], -1), newest[:-1]])
        after = np.concatenate([next_one[1:], np.full_like(next_one[:1], days)])
        correlation = AUTOCORRELATION ** np.arange(days + 1.0)
        link = np.where(is_written & (before >= 0), correlation[day - before], 0)
        scale = is_written / np.sqrt(1 - link**2)
        has_after, after = is_written & (after < days), np.minimum(after, days - 1)
        return cls(np.maximum(before, 0), after, link, scale, has_after * rows(link * scale, after))

    def since(self, day: int) -> Neighbors:
        """Return that of the days from one on, for values that are 0 before it."""
        before = self.before[day:] - day
        link = self.link[day:] * (before >= 0)
        return Neighbors(np.maximum(before, 0), self.after[day:] - day, link, self.scale[day:], self.link_after[day:])

    def whiten(self, values: Floats) -> Floats:
        """Multiply by A; values have shape (day, replicate)."""
        return self.scale * (values - self.link * rows(values, self.before))

    def multiply(self, values: Floats) -> Floats:
        """Multiply by R⁻¹; 0 on days that are not written."""
        white = self.whiten(values)
        return self.scale * white - self.link_after * rows(white, self.after)


class WorkingCovariance:
    """The covariance of the written days of some replicates, with the level projected out.

    Parameters
    ----------
    is_written : ndarray of bool, shape (day, replicate)
    stretch : ndarray of int, shape (day,)
        Planned stretch of each day, from 0, never falling.
    root : ndarray of float, shape (replicate, column, column), optional
        That of another one with the same written days.

    Attributes
    ----------
    fixed : ndarray of float, shape (day, column)
        The stretches' indicators times `SHIFT_RATIO`, and ones.
    root : ndarray of float, shape (replicate, column, column)
        V⁻¹ without the level is R⁻¹ − F'F, F = `root` times `inverse_fixed`.
    """

    def __init__(self, is_written: Flags, stretch: Integers, root: Floats | None = None) -> None:
        self.neighbors = Neighbors.of(is_written)
        self._stretch, self._starts = stretch, np.flatnonzero(np.diff(stretch, prepend=-1))
        indicator = stretch[:, np.newaxis] == np.arange(stretch[-1] + 1)
        self.fixed: Floats = np.concatenate([SHIFT_RATIO * indicator, np.ones((len(stretch), 1))], axis=1)
        self.root = self._root(is_written) if root is None else root

    @property
    def days(self) -> int:
        """Days from the first that counts."""
        return len(self.fixed)

    def multiply(self, values: Floats) -> Floats:
        """Multiply values, shape (day, replicate), by M; 0 on days that are not written."""
        inverse = self.neighbors.multiply(values)
        by_stretch = SHIFT_RATIO * np.add.reduceat(inverse, self._starts, axis=0)
        level = np.add.reduce(inverse, axis=0)
        onto = np.ascontiguousarray(np.concatenate([by_stretch, level[np.newaxis]]).T)[:, :, np.newaxis]
        fit = (self.root.transpose(0, 2, 1) @ (self.root @ onto))[:, :, 0].T
        return self.neighbors.multiply(values - SHIFT_RATIO * fit[self._stretch] - fit[-1])

    def _root(self, is_written: Flags) -> Floats:
        """Return the inverse of the Cholesky factor of what is projected out."""
        inner = self.inverse_fixed @ self.fixed
        unit = np.append(np.ones(inner.shape[1] - 1), 0)
        # without a written day nothing is projected out
        is_empty = ~np.logical_or.reduce(is_written, axis=0, keepdims=True).T
        unit_of = np.where(is_empty, 1.0, unit)
        root: Floats = np.linalg.inv(np.linalg.cholesky(inner + unit_of[:, :, np.newaxis] * np.eye(unit.size)))
        return root

    @cached_property
    def inverse_fixed(self) -> Floats:
        """Product of the fixed columns and R⁻¹, which reaches from a day to its neighbors. (replicate, column, day)."""
        of = self.neighbors
        before, after = self.fixed[of.before], self.fixed[of.after]
        diagonal, beside = of.scale**2 + of.link_after**2, of.link * of.scale**2
        beside_after = of.link_after * rows(of.scale, of.after)
        product = diagonal[:, :, np.newaxis] * self.fixed[:, np.newaxis]
        product -= beside[:, :, np.newaxis] * before
        product -= beside_after[:, :, np.newaxis] * after
        return product.transpose(1, 2, 0)


def rows(values: Floats, row: Integers) -> Floats:
    """Return each replicate's values of other days; where one column of days stands for all, of all."""
    if row.shape[1] == 1:
        return np.take(values, row[:, 0], axis=0)
    taken: Floats = np.take_along_axis(values, row, axis=0)
    return taken
