"""Parts of daily scores besides the drug (level, placebo response, wandering), and their products under AR(1) noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from n1trial.analysis.period_means import total
from n1trial.arrays import Floats, Integers

WAVES = 12
"""Functions that the slow wandering, a random walk, is written in (its Karhunen-Loève expansion, cut off)."""
ROWS, WIDTH, DAYS = 4, 96, 512
"""Size of the pieces in which a product of matrices is taken."""
RESPONSE_DAYS = (4.0, 10.0, 25.0)
"""Time constants, τ, that the placebo response may have."""


@dataclass(frozen=True, eq=False)
class NoiseColumns:
    """Columns that all replicates share: stretches, level, waves of the wandering, courses of the placebo response.

    Attributes
    ----------
    values : ndarray of float, shape (day, column)
        On every day of the diary, in this order.
    """

    values: Floats

    @classmethod
    def of(cls, day: Integers, stretch: Integers, first_dose_day: int) -> NoiseColumns:
        """Lay the columns out.

        Parameters
        ----------
        day : ndarray of int, shape (day,)
            Consecutive; all days of the diary.
        stretch : ndarray of int, shape (day,)
            Stretch of the calendar from 0; −1 for days that belong to none.
        first_dose_day : int
            First blinded dose, from which the placebo response builds up.
        """
        stretches = np.arange(stretch.max(initial=0) + 1)
        rate = (np.arange(WAVES) + 0.5) * np.pi
        share = (np.arange(len(day)) + 0.5) / max(len(day), 1)
        since = np.maximum(day - first_dose_day + 1, 0)[:, np.newaxis]
        parts = (
            (stretch[:, np.newaxis] == stretches).astype(np.float64),
            np.ones((len(day), 1)),
            np.sqrt(2 * len(day)) * np.sin(rate * share[:, np.newaxis]) / rate,
            -np.expm1(-since / np.array(RESPONSE_DAYS)),
        )
        return cls(np.concatenate(parts, axis=1))

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """Each column with itself and with those after it."""
        return np.triu_indices(self.values.shape[1])

    @cached_property
    def squares(self) -> Floats:
        """Products of each pair of columns, shape (day, pair)."""
        one, other = self.pairs
        return self.values[:, one] * self.values[:, other]

    def neighbors(self, gap: int) -> tuple[Floats, Floats]:
        """Compute aᵢbᵢ + aⱼbⱼ and aᵢbⱼ + aⱼbᵢ of the days i and j = i + gap, each of shape (day − gap, pair)."""
        if gap not in self._tables:
            (a, b), early, late = self.pairs, self.values[:-gap], self.values[gap:]
            self._tables[gap] = (
                self.squares[:-gap] + self.squares[gap:],
                early[:, a] * late[:, b] + late[:, a] * early[:, b],
            )
        return self._tables[gap]

    @cached_property
    def _tables(self) -> dict[int, tuple[Floats, Floats]]:
        return {}


def product(table: Floats, values: Floats) -> Floats:
    """Sum products of two arrays over days: table'values, shape (column of table, column of values).

    By pieces so small that a library for matrices keeps them in one thread, as workers take a processor each; and of
    one size, so that what a replicate comes to does not depend on who stands beside it.
    """
    days, size = table.shape
    rows = np.zeros((-(-size // ROWS) * ROWS, days))
    rows[:size] = table.T
    pieces = rows.reshape(-1, ROWS, days)
    found = np.empty((size, values.shape[1]))
    padded = np.zeros((days, WIDTH))
    for start in range(0, values.shape[1], WIDTH):
        some = values[:, start : start + WIDTH]
        padded[:, : some.shape[1]] = some
        sums = sum(pieces[..., day : day + DAYS] @ padded[day : day + DAYS] for day in range(0, days, DAYS))
        found[:, start : start + WIDTH] = np.reshape(sums, (-1, WIDTH))[:size, : some.shape[1]]
    return found


@dataclass(frozen=True, eq=False)
class Products:
    """Products through the inverse of an AR(1) correlation matrix R; `pattern` is 1 where replicates share it.

    Attributes
    ----------
    common : ndarray of float, shape (column, column, pattern)
        C'R⁻¹C of the shared columns; from the diagonal to the right of it.
    own : ndarray of float, shape (column, 2, replicate)
        C'R⁻¹(x, y) of exposure and score.
    squares : ndarray of float, shape (3, replicate)
        x'R⁻¹x, x'R⁻¹y, y'R⁻¹y.
    log_determinant : ndarray of float, shape (pattern,)
        log|R|.
    """

    common: Floats
    own: Floats
    squares: Floats
    log_determinant: Floats


@dataclass(frozen=True, eq=False)
class Entries:
    """Written entries of some replicates, every day a row.

    Attributes
    ----------
    is_entry : ndarray of bool, shape (day, pattern)
        One pattern, or one for each replicate.
    own : ndarray of float, shape (2, day, replicate)
        Exposure and score, 0 where there is no entry.
    columns : Columns
    """

    is_entry: NDArray[np.bool_]
    own: Floats
    columns: NoiseColumns

    def through(self, autocorrelation: float) -> Products:
        """Multiply through R, for an autocorrelation in [0, 1).

        With ρ = φ^gap for an entry i and the next one j, R⁻¹ gives a and b the product
        Σ aᵢbᵢ + Σ_pairs [ρ²/(1 − ρ²)·(aᵢbᵢ + aⱼbⱼ) − ρ/(1 − ρ²)·(aᵢbⱼ + aⱼbᵢ)].
        """
        rho = autocorrelation ** np.arange(1.0, self._longest + 1)
        square, cross = (np.append(0, each) for each in (rho**2 / (1 - rho**2), rho / (1 - rho**2)))
        logs = np.append(0, np.log1p(-(rho**2)))
        shared = self._common(square, cross)
        scaled = self._is_there * (1 + square[self._before] + square[self._after])
        solved = scaled * self.own
        solved -= cross[self._before] * self._earlier
        solved -= cross[self._after] * self._later
        own = np.stack([product(self.columns.values, each) for each in solved], axis=1)
        x, y = self.own
        squares = np.stack([total(x * solved[0]), total(y * solved[0]), total(y * solved[1])])
        return Products(shared, own, squares, total(logs[self._before]))

    def _common(self, square: Floats, cross: Floats) -> Floats:
        size, (row, column) = self.columns.values.shape[1], self.columns.pairs
        alone, alike, crossed = self._neighbors
        sums = alone + square[1] * alike - cross[1] * crossed
        for gap, replicates, alike, crossed in self._far:
            sums[:, replicates] += square[gap] * alike - cross[gap] * crossed
        shared = np.zeros((size, size, sums.shape[1]))
        shared[row, column] = sums
        return shared

    @cached_property
    def _is_there(self) -> Floats:
        return self.is_entry.astype(np.float64)

    @cached_property
    def _places(self) -> tuple[Integers, Integers]:
        """Row of the entry before and of the entry after each row's; −1 and the number of days where none is."""
        days = len(self.is_entry)
        here = np.where(self.is_entry, np.arange(days)[:, np.newaxis], -1)
        before = np.full_like(here, -1)
        before[1:] = np.maximum.accumulate(here, axis=0)[:-1]
        here[~self.is_entry] = days
        after = np.full_like(here, days)
        after[:-1] = np.minimum.accumulate(here[::-1], axis=0)[::-1][1:]
        return before, after

    @cached_property
    def _before(self) -> Integers:
        """Days from the entry before to each entry; 0 where there is none."""
        before, rows = self._places[0], np.arange(len(self.is_entry))[:, np.newaxis]
        return np.where(self.is_entry & (before >= 0), rows - before, 0)

    @cached_property
    def _after(self) -> Integers:
        """Days from each entry to the one after it; 0 where there is none."""
        after, rows = self._places[1], np.arange(len(self.is_entry))[:, np.newaxis]
        return np.where(self.is_entry & (after < len(rows)), after - rows, 0)

    @cached_property
    def _longest(self) -> int:
        return max(1, int(self._before.max(initial=0)))

    @cached_property
    def _earlier(self) -> Floats:
        """Exposure and score of the entry before."""
        return np.take_along_axis(self.own, np.maximum(self._places[0], 0)[np.newaxis], axis=1)

    @cached_property
    def _later(self) -> Floats:
        """Exposure and score of the entry after."""
        last = len(self.is_entry) - 1
        return np.take_along_axis(self.own, np.minimum(self._places[1], last)[np.newaxis], axis=1)

    @cached_property
    def _neighbors(self) -> tuple[Floats, Floats, Floats]:
        """Sums of the columns' products over entries, and over pairs that follow each other day by day."""
        is_next = (self._before[1:] == 1).astype(np.float64)
        alike, crossed = self.columns.neighbors(1)
        return product(self.columns.squares, self._is_there), product(alike, is_next), product(crossed, is_next)

    @cached_property
    def _far(self) -> list[tuple[int, Integers, Floats, Floats]]:
        """The same over pairs with missing days between them, gap by gap, for the replicates that have any."""
        return list(self._far_neighbors())

    def _far_neighbors(self) -> Iterator[tuple[int, Integers, Floats, Floats]]:
        replicate, later = np.nonzero(self._before.T > 1)
        gaps = self._before[later, replicate]
        for gap in np.unique(gaps).tolist():
            who, row = replicate[gaps == gap], later[gaps == gap] - gap
            some, first = np.unique(who, return_index=True)
            alike, crossed = self.columns.neighbors(gap)
            pairs = csr_array((np.ones(len(row)), row, np.append(first, len(row))), (len(some), len(alike)))
            yield gap, some, (pairs @ alike).T, (pairs @ crossed).T
