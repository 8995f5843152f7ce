"""Written entries and the distances between them: products of columns through AR(1) noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy.sparse import csr_array

from n1trial.analysis.daily.random_walk import NoiseColumns
from n1trial.arrays import Flags, Floats, Integers

NEAR = 3
"""Days up to which neighbors are summed by their distance; the few that are farther apart are taken one by one."""


def own_pairs(count: int) -> list[tuple[int, int]]:
    """List the pairs of columns of one's own: each with itself and with those after it."""
    return list(combinations_with_replacement(range(count), 2))


@dataclass(frozen=True, eq=False)
class Products:
    """Products through the inverse of covariance matrices; `pattern` is 1 where replicates share them.

    Attributes
    ----------
    shared : ndarray of float, shape (pair, node, pattern)
        Of the columns that replicates share, pairs as in `NoiseColumns.pairs`.
    own : ndarray of float, shape (column, own column, node, replicate)
        Of these columns with a replicate's own: what is adjusted for, exposure and score.
    squares : ndarray of float, shape (pair of own columns, node, replicate)
        Of the own columns, pairs as in `own_pairs`: xx, xy, yy of exposure and score alone.
    log_determinant : ndarray of float, shape (node, pattern)
        Of the covariance matrices.
    """

    shared: Floats
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
    own : ndarray of float, shape (own column, day, replicate)
        What is adjusted for, exposure and score, 0 where there is no entry.
    columns : NoiseColumns
    """

    is_entry: Flags
    own: Floats
    columns: NoiseColumns

    def through(self, autocorrelations: Floats) -> Products:
        """Multiply through the inverse of an AR(1) correlation matrix R, for each autocorrelation φ in [0, 1).

        With ρ = φ^gap for an entry i and the next one j, R⁻¹ gives a and b the product

            Σ aᵢbᵢ + Σ_pairs [ρ/(1 − ρ²)·(aⱼ − aᵢ)(bⱼ − bᵢ) − ρ/(1 + ρ)·(aᵢbᵢ + aⱼbⱼ)].
        """
        found = _NearSums.of(self).through(autocorrelations)
        far = _FarNeighbors.of(self.is_entry)
        if far.replicate.size:
            far.add(self, autocorrelations, found)
        return found

    def near_pairs(self) -> Iterator[tuple[int, Flags]]:
        """Yield distances and, for each day but the last ones, whether neighbors so far apart begin on it."""
        is_alone = np.ones_like(self.is_entry[:-1])
        for gap in range(1, NEAR + 1):
            is_pair = self.is_entry[gap:] & self.is_entry[:-gap] & is_alone
            is_alone = is_alone[:-1] & ~self.is_entry[gap:-1]
            if is_pair.any():
                yield gap, is_pair


@dataclass(frozen=True, eq=False)
class _NearSums:
    """Sums that do not depend on φ: over entries, over both ends of near pairs, over the steps between these.

    A term is the entries, the ends of each distance, or the steps of each distance.

    Attributes
    ----------
    shared, own, squares : ndarray of float
        As in `Products`, with terms for nodes.
    pairs : ndarray of float, shape (gap, pattern)
        Number of near pairs.
    """

    shared: Floats
    own: Floats
    squares: Floats
    pairs: Floats

    @classmethod
    def of(cls, entries: Entries) -> _NearSums:
        (count, days, replicates), patterns, columns = entries.own.shape, entries.is_entry.shape[1], entries.columns
        terms = 1 + 2 * NEAR
        sums = cls(
            shared=np.zeros((len(columns.pairs[0]), terms, patterns)),
            own=np.zeros((columns.size, count, terms, replicates)),
            squares=np.zeros((len(own_pairs(count)), terms, replicates)),
            pairs=np.zeros((NEAR, patterns)),
        )
        weights = np.zeros((days, 1 + NEAR, patterns))
        weights[:, 0] = entries.is_entry
        for gap, is_pair in entries.near_pairs():
            weights[gap:, gap] += is_pair
            weights[:-gap, gap] += is_pair
            sums._add_steps(entries, gap, is_pair)
        sums._add_ends(entries, weights)
        return sums

    def _add_ends(self, entries: Entries, weights: Floats) -> None:
        days, ends, patterns = weights.shape
        squares = entries.columns.squares.sums(weights.reshape(days, -1))
        self.shared[:, :ends] = squares.reshape(-1, ends, patterns)
        for one, values in enumerate(entries.own):
            weighted = weights * values[:, np.newaxis]
            sums = entries.columns.table.sums(weighted.reshape(days, -1))
            self.own[:, one, :ends] = sums.reshape(len(sums), ends, -1)
            for place, (first, other) in enumerate(own_pairs(len(entries.own))):
                if first == one:
                    self.squares[place, :ends] = np.einsum("dtr,dr->tr", weighted, entries.own[other])

    def _add_steps(self, entries: Entries, gap: int, is_pair: Flags) -> None:
        self.pairs[gap - 1] = np.add.reduce(is_pair, axis=0, dtype=np.int16)
        step = entries.own[:, gap:] - entries.own[:, :-gap]
        step *= is_pair
        table, pairs = entries.columns.steps(gap)
        self.shared[:, NEAR + gap] = pairs.sums(is_pair.astype(np.float64))
        for one, values in enumerate(step):
            self.own[:, one, NEAR + gap] = table.sums(values)
        for place, (one, other) in enumerate(own_pairs(len(step))):
            self.squares[place, NEAR + gap] = np.einsum("dr,dr->r", step[one], step[other])

    def through(self, autocorrelations: Floats) -> Products:
        """Multiply through R, near neighbors alone."""
        steps, ends, logs = _factors(autocorrelations, np.arange(1, NEAR + 1))
        factors = np.concatenate([np.ones((1, len(autocorrelations))), ends, steps]).T
        return Products(factors @ self.shared, factors @ self.own, factors @ self.squares, logs.T @ self.pairs)


def _factors(autocorrelations: Floats, gap_days: Integers) -> Floats:
    """Compute ρ/(1 − ρ²), −ρ/(1 + ρ) and log(1 − ρ²), shape (3, gap, autocorrelation)."""
    rho = autocorrelations ** gap_days[:, np.newaxis].astype(np.float64)
    return np.stack([rho / (1 - rho**2), -rho / (1 + rho), np.log1p(-(rho**2))])


@dataclass(frozen=True, eq=False)
class _FarNeighbors:
    """Neighboring entries more than `NEAR` days apart: row of each, and replicate, which never falls."""

    earlier: Integers
    later: Integers
    replicate: Integers

    @classmethod
    def of(cls, is_entry: Flags) -> _FarNeighbors:
        rows = np.arange(len(is_entry), dtype=np.int32)[:, np.newaxis]
        newest = np.maximum.accumulate(np.where(is_entry, rows, np.int32(-1)), axis=0)
        before = newest[:-1]
        later, replicate = np.nonzero(is_entry[1:] & (before >= 0) & (rows[1:] - before > NEAR))
        order = np.argsort(replicate, kind="stable")
        later, replicate = later[order], replicate[order]
        return cls(before[later, replicate].astype(np.int64), later + 1, replicate)

    def add(self, entries: Entries, autocorrelations: Floats, products: Products) -> None:
        """Add to the products of near neighbors what these add."""
        steps, ends, logs = _factors(autocorrelations, self.later - self.earlier)
        nodes, replicates, pairs = len(autocorrelations), products.shared.shape[-1], self.replicate.size
        first = np.searchsorted(self.replicate, np.arange(replicates)) + pairs * np.arange(nodes)[:, np.newaxis]
        weights = csr_array(
            (
                np.stack([steps.T, ends.T], axis=-1).ravel(),
                np.tile(np.arange(2 * pairs), nodes),
                2 * np.append(first, pairs * nodes),
            ),
            (nodes * replicates, 2 * pairs),
        )
        added = (weights @ self._features(entries)).reshape(nodes, replicates, -1).transpose(2, 0, 1)
        shared, squares = len(products.shared), len(products.squares)
        products.shared[:] += added[:shared]
        products.own[:] += added[shared:-squares].reshape(products.own.shape)
        products.squares[:] += added[-squares:]
        for node, each in enumerate(logs.T):
            products.log_determinant[node] += np.bincount(self.replicate, each, minlength=replicates)

    def _features(self, entries: Entries) -> Floats:
        """Compute products of the steps between neighbors, and below each the sum of the products at their ends."""
        values = entries.columns.values
        before, after = (
            np.concatenate([values[row], entries.own[:, row, self.replicate].T], axis=1)
            for row in (self.earlier, self.later)
        )
        one, other = _pairs(entries.columns, len(entries.own))
        step = after - before
        found = np.empty((self.replicate.size, 2, one.size))
        found[:, 0] = step[:, one] * step[:, other]
        found[:, 1] = before[:, one] * before[:, other] + after[:, one] * after[:, other]
        return found.reshape(-1, one.size)


def _pairs(columns: NoiseColumns, count: int) -> tuple[Integers, Integers]:
    """List the pairs of shared columns, of these with a number of own columns, and of these."""
    size, (one, other) = columns.size, columns.pairs
    own = np.array(own_pairs(count)) + size
    return (
        np.concatenate([one, np.repeat(np.arange(size), count), own[:, 0]]),
        np.concatenate([other, np.tile(np.arange(size, size + count), size), own[:, 1]]),
    )
