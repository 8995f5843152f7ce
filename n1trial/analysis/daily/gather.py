"""Gather, in one pass over a diary, the sums over its entries that autocorrelated noise needs to know."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.daily.cross_products import CrossProducts, pairs_of
from n1trial.analysis.period_means import total, zero_unusable
from n1trial.arrays import Floats


def gather(
    score: Floats, usable: NDArray[np.bool_], stretch: NDArray[np.int64], regressors: Iterable[Floats]
) -> CrossProducts:
    """Sum up what the entries come to; the score becomes the last column.

    Parameters
    ----------
    score : ndarray of float, shape (day, replicate)
        NaN where missing; rows are consecutive days.
    usable : ndarray of bool, shape (day, replicate)
        Never true where the score is missing.
    stretch : ndarray of int, shape (day, replicate or 1)
        From 0, never falling.
    regressors : iterable of ndarray of float, shape (day, replicate or 1)
        Columns between the intercept and the score.
    """
    # In rows of days, whatever the diary's own order in memory: sums over days keep their order.
    is_entry = usable.astype(np.float64, order="C")
    explaining = (np.multiply(is_entry, regressor, order="C") for regressor in regressors)
    columns = [is_entry, *explaining, zero_unusable(score, usable)]
    stretches = [_Stretch.of(stretch == number) for number in range(int(stretch.max(initial=0)) + 1)]
    far = _FarNeighbors.of(usable, stretch)
    sums = _Sums.of(np.append(1, np.unique(far.gap_days)), len(stretches), len(columns), score.shape[1])
    for number, one in enumerate(stretches):
        sums.add_entries(number, one.cut(columns))
    if far.gap_days.size:
        sums.add_far_neighbors(far, columns)
    return _join(sums, columns, [one.ends(usable) for one in stretches])


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Rows of the diary that belong to a stretch in any replicate, and in which; None where in all."""

    days: slice
    holds: NDArray[np.bool_] | None

    @classmethod
    def of(cls, holds: NDArray[np.bool_]) -> _Stretch:
        rows = np.flatnonzero(holds.any(axis=1))
        days = slice(int(rows[0]), int(rows[-1]) + 1) if rows.size else slice(0, 0)
        return cls(days, None if holds[days].all() else holds[days])

    def cut(self, columns: list[Floats]) -> list[Floats]:
        """Cut columns to the stretch's days."""
        return [values[self.days] if self.holds is None else values[self.days] * self.holds for values in columns]

    def ends(self, usable: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Find the rows of the first and of the last entry of each replicate, and whether there is any."""
        inside = usable[self.days] if self.holds is None else usable[self.days] & self.holds
        if not len(inside):
            nowhere = np.zeros(usable.shape[1], dtype=np.int64)
            return nowhere, nowhere, nowhere > 0
        first = self.days.start + inside.argmax(axis=0)
        last = self.days.stop - 1 - inside[::-1].argmax(axis=0)
        return first, last, np.asarray(inside.any(axis=0))


@dataclass(frozen=True, eq=False)
class _FarNeighbors:
    """Neighboring entries within a stretch with missing days between them: row of each, replicate and stretch."""

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    replicate: NDArray[np.int64]
    stretch: NDArray[np.int64]

    @classmethod
    def of(cls, usable: NDArray[np.bool_], stretch: NDArray[np.int64]) -> _FarNeighbors:
        newest = np.where(usable, np.arange(len(usable), dtype=np.int32)[:, np.newaxis], np.int32(-1))
        np.maximum.accumulate(newest, axis=0, out=newest)
        later, replicate = np.nonzero(usable[1:] & ~usable[:-1])
        earlier = newest[later, replicate].astype(np.int64)
        later += 1
        column = replicate if stretch.shape[1] > 1 else 0
        of_later = stretch[later, column]
        here = (earlier >= 0) & (stretch[earlier, column] == of_later)
        return cls(earlier[here], later[here], replicate[here], of_later[here])

    @property
    def gap_days(self) -> NDArray[np.int64]:
        return self.later - self.earlier


@dataclass(frozen=True, eq=False)
class _Sums:
    """The sums of `CrossProducts` while they are gathered."""

    gap_days: NDArray[np.int64]
    of_entries: Floats
    of_stretch: Floats
    alike: Floats
    products: Floats
    in_stretch: Floats

    @classmethod
    def of(cls, gap_days: NDArray[np.int64], stretches: int, columns: int, replicates: int) -> _Sums:
        pairs, gaps = len(pairs_of(columns)), gap_days.size
        return cls(
            gap_days,
            of_entries=np.zeros((pairs, replicates)),
            of_stretch=np.zeros((stretches, columns, replicates)),
            alike=np.zeros((gaps, pairs, replicates)),
            products=np.zeros((gaps, pairs, replicates)),
            in_stretch=np.zeros((gaps, stretches, columns, replicates)),
        )

    def add_entries(self, stretch: int, columns: list[Floats]) -> None:
        """Add entries of one stretch, and those of them that follow each other day by day."""
        is_entry = columns[0]
        neighbors = np.zeros_like(is_entry)
        neighbors[1:] += is_entry[:-1]
        neighbors[:-1] += is_entry[1:]
        for column, values in enumerate(columns):
            self.of_stretch[stretch, column] = total(values)
            self.in_stretch[0, stretch, column] = total(values * neighbors)
        for row, (a, b) in enumerate(pairs_of(len(columns))):
            product = columns[a] * columns[b]
            self.of_entries[row] += total(product)
            self.alike[0, row] += total(product * neighbors)
            self.products[0, row] += total(columns[a][1:] * columns[b][:-1]) + total(columns[a][:-1] * columns[b][1:])

    def add_far_neighbors(self, far: _FarNeighbors, columns: list[Floats]) -> None:
        """Add neighbors with missing days between them, in the order of their days."""
        gaps, stretches, _, replicates = self.in_stretch.shape
        gap = np.searchsorted(self.gap_days, far.gap_days)
        place = gap * replicates + far.replicate
        place_in_stretch = (gap * stretches + far.stretch) * replicates + far.replicate

        def added(where: NDArray[np.int64], values: Floats, *shape: int) -> Floats:
            sums: Floats = np.bincount(where, values, minlength=math.prod(shape)).reshape(shape).astype(np.float64)
            return sums

        before = [values[far.earlier, far.replicate] for values in columns]
        after = [values[far.later, far.replicate] for values in columns]
        for column, (one, other) in enumerate(zip(before, after, strict=True)):
            self.in_stretch[:, :, column] += added(place_in_stretch, one + other, gaps, stretches, replicates)
        for row, (a, b) in enumerate(pairs_of(len(columns))):
            self.alike[:, row] += added(place, before[a] * before[b] + after[a] * after[b], gaps, replicates)
            self.products[:, row] += added(place, before[a] * after[b] + after[a] * before[b], gaps, replicates)


def _join(
    sums: _Sums,
    columns: list[Floats],
    ends: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]],
) -> CrossProducts:
    """Append the entries that join stretches to cross-products, those without entries last."""
    first, last, has_entries = (np.stack(each) for each in zip(*ends, strict=True))
    of_stretch, in_stretch = sums.of_stretch, sums.in_stretch
    if not has_entries.all():
        order = np.argsort(~has_entries, axis=0, kind="stable")
        first, last, has_entries = (np.take_along_axis(each, order, axis=0) for each in (first, last, has_entries))
        of_stretch = np.take_along_axis(of_stretch, order[:, np.newaxis], axis=0)
        in_stretch = np.take_along_axis(in_stretch, order[np.newaxis, :, np.newaxis], axis=1)
    is_join = has_entries[1:]
    replicate = np.arange(is_join.shape[1])
    return CrossProducts(
        sums.of_entries,
        of_stretch,
        sums.gap_days.astype(np.float64),
        sums.alike,
        sums.products,
        in_stretch,
        join_days=np.where(is_join, first[1:] - last[:-1], np.inf),
        last=np.stack([is_join * values[last[:-1], replicate] for values in columns], axis=1),
        first=np.stack([is_join * values[first[1:], replicate] for values in columns], axis=1),
    )
