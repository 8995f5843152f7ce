"""Parts of daily scores besides the drug: level, placebo response, slow wandering, shifts; and sums over their days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from n1trial.arrays import Floats, Integers

WAVES = 12
"""Functions that the slow wandering, a random walk, is written in (its Karhunen-Loève expansion, cut off)."""
RESPONSE_DAYS = (4.0, 10.0, 25.0)
"""Time constants, τ, that the placebo response may have."""
ROWS, WIDTH, DAYS = 24, 32, 320
"""Size of the pieces in which a product of matrices is taken."""


class Table:
    """Columns of days, to be summed with many weights.

    By pieces so small that a library for matrices keeps them in one thread, as workers take a processor each; and of
    one size, so that what a replicate comes to does not depend on who stands beside it.

    Parameters
    ----------
    columns : ndarray of float, shape (day, column)
    """

    def __init__(self, columns: Floats) -> None:
        days, self.size = columns.shape
        rows = np.zeros((-(-self.size // ROWS) * ROWS, days))
        rows[: self.size] = columns.T
        self.pieces = rows.reshape(-1, ROWS, days)

    def sums(self, weights: Floats) -> Floats:
        """Sum the columns with weights of shape (day, replicate); shape (column, replicate)."""
        days, replicates = weights.shape
        lacking = -replicates % WIDTH
        if lacking:
            weights = np.concatenate([weights, np.zeros((days, lacking))], axis=1)
        wide = weights.reshape(days, -1, WIDTH).transpose(1, 0, 2)
        found = self.pieces[:, np.newaxis, :, :DAYS] @ wide[:, :DAYS]
        for day in range(DAYS, days, DAYS):
            found += self.pieces[:, np.newaxis, :, day : day + DAYS] @ wide[:, day : day + DAYS]
        return found.swapaxes(1, 2).reshape(-1, weights.shape[1])[: self.size, :replicates]


class PairTable:
    """Products of each pair of columns on each day, without the days on which they are 0 for a stretch.

    Parameters
    ----------
    values : ndarray of float, shape (day, column)
    pairs : tuple of ndarray of int, shape (pair,)
        Places of the one column and of the other.
    stretch_of_pair : ndarray of int, shape (pair,)
        Pairs with the same number are 0 on the same days.
    """

    def __init__(self, values: Floats, pairs: tuple[Integers, Integers], stretch_of_pair: Integers) -> None:
        self.size = stretch_of_pair.size
        self.blocks = []
        for stretch in np.unique(stretch_of_pair):
            which = np.flatnonzero(stretch_of_pair == stretch)
            products = values[:, pairs[0][which]] * values[:, pairs[1][which]]
            days = np.flatnonzero(products.any(axis=1))
            if days.size:
                self.blocks.append((which, days, Table(products[days])))

    def sums(self, weights: Floats) -> Floats:
        """Sum the products with weights of shape (day, replicate); shape (pair, replicate)."""
        found = np.zeros((self.size, weights.shape[1]))
        for which, days, table in self.blocks:
            found[which] = table.sums(weights if days.size == len(weights) else weights[days])
        return found


@dataclass(frozen=True, eq=False)
class NoiseColumns:
    """Columns that all replicates share: waves of the wandering, stretches, courses of the placebo response.

    Attributes
    ----------
    values : ndarray of float, shape (day, column)
        On every day of the diary, in this order. The stretches add up to the level on all days that are used.
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
            np.sqrt(2 * len(day)) * np.sin(rate * share[:, np.newaxis]) / rate,
            (stretch[:, np.newaxis] == stretches).astype(np.float64),
            -np.expm1(-since / np.array(RESPONSE_DAYS)),
        )
        return cls(np.concatenate(parts, axis=1))

    @property
    def size(self) -> int:
        """Number of columns."""
        return int(self.values.shape[1])

    @property
    def stretches(self) -> int:
        """Number of stretches."""
        return self.size - WAVES - len(RESPONSE_DAYS)

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """Each column with itself and with those after it."""
        return np.triu_indices(self.size)

    @cached_property
    def table(self) -> Table:
        """The columns themselves."""
        return Table(self.values)

    @cached_property
    def squares(self) -> PairTable:
        """Products aᵢbᵢ of each pair of columns."""
        return PairTable(self.values, self.pairs, self._stretch_of_pair)

    def steps(self, gap: int) -> tuple[Table, PairTable]:
        """Tabulate the steps aⱼ − aᵢ from each day i to j = i + gap, and their products by pairs of columns."""
        if gap not in self._steps:
            steps = self.values[gap:] - self.values[:-gap]
            self._steps[gap] = (Table(steps), PairTable(steps, self.pairs, self._stretch_of_pair))
        return self._steps[gap]

    @cached_property
    def _steps(self) -> dict[int, tuple[Table, PairTable]]:
        return {}

    @cached_property
    def _stretch_of_pair(self) -> Integers:
        """First stretch among the two columns; their number where there is none."""
        stretch = np.full(self.size, self.stretches)
        stretch[WAVES : WAVES + self.stretches] = np.arange(self.stretches)
        first: Integers = np.minimum(*(stretch[each] for each in self.pairs))
        return first
