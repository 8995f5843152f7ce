"""Entries of a diary as the AR(1) likelihood needs them: summed over neighbors, by the days between them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import combinations_with_replacement

import numpy as np

from n1trial.analysis.reml.columns import Columns, EntrySums, Stretches
from n1trial.arrays import Floats, Integers
from n1trial.diary.diary import Diary


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over neighboring entries, kept apart by the gap between the two.

    Columns are those of the model without its intercept: trend, cycles after the first, treatment and, last, the
    score; z is an entry's row of them, u and v the rows of an entry and of the next.

    Attributes
    ----------
    gap : ndarray of int, shape (gap,)
        Days from an entry to the next: 1 and all others that occur in the batch, rising.
    count : ndarray of float, shape (gap, replicate)
        Neighbors with this gap.
    level : ndarray of float, shape (gap, column, replicate)
        Sum of v + u.
    sums, differences : ndarray of float, shape (gap, column, column, replicate)
        Sum of (v + u)(v + u)′ and of (v − u)(v − u)′.
    ends : ndarray of float, shape (column, replicate)
        Sum of z over the first and the last entry.
    end_products : ndarray of float, shape (column, column, replicate)
        Sum of zz′ over the first and the last entry.
    n : ndarray of int, shape (replicate,)
        Entries.
    origin : ndarray of float, shape (replicate,)
        The first entry's score, which is taken from all; 0 without entries.
    """

    gap: Integers
    count: Floats
    level: Floats
    sums: Floats
    differences: Floats
    ends: Floats
    end_products: Floats
    n: Integers
    origin: Floats

    def take(self, replicates: Integers) -> Sums:
        """Take the sums of some of the replicates, in the order given."""
        arrays = (getattr(self, field.name) for field in fields(self)[1:])
        return Sums(self.gap, *(np.take(array, replicates, axis=-1) for array in arrays))


def gather(diary: Diary) -> Sums:
    """Sum up a diary's usable entries.

    A stretch is entries of one period on consecutive days. Within it neither treatment nor cycle changes, so all but
    the products of day and score with those of the day before are plain sums over entries, less those at the
    stretches' ends. Neighbors in two stretches are few and are taken one by one.

    Parameters
    ----------
    diary : Diary
        Terms of its plan: ``trend``, a straight line in days; ``cycle``, a level for each cycle.

    Returns
    -------
    Sums
        Each replicate's are the same to the last bit whoever stands beside it.
    """
    stretches = Stretches.of(diary)
    replicate, replicates = stretches.replicate, diary.replicates
    origin = np.zeros(replicates)
    origin[replicate[::-1]] = diary.score[stretches.start, replicate][::-1]
    columns = Columns(diary, origin)
    start, end = columns.at(stretches.start, replicate), columns.at(stretches.end, replicate)
    entries = columns.sum_up()

    later = np.flatnonzero(replicate[1:] == replicate[:-1]) + 1
    days_apart = diary.day[stretches.start[later]] - diary.day[stretches.end[later - 1]]
    gap = np.union1d(days_apart, 1)
    bins = np.searchsorted(gap, days_apart) * replicates + replicate[later]
    count = np.bincount(bins, minlength=gap.size * replicates)
    level, sums = _bin(start[:, later] + end[:, later - 1], bins, count.size)
    _, differences = _bin(start[:, later] - end[:, later - 1], bins, count.size)

    is_first, is_last = np.ones((2, replicate.size), dtype=np.bool_)
    is_first[later] = is_last[later - 1] = False
    outermost = np.append(start[:, is_first], end[:, is_last], axis=1)
    ends, end_products = _bin(outermost, np.append(replicate[is_first], replicate[is_last]), replicates)
    by_gap = Sums(
        gap,
        _gap_first(count.astype(np.float64), gap.size),
        _gap_first(level, gap.size),
        _gap_first(sums, gap.size),
        _gap_first(differences, gap.size),
        ends,
        end_products,
        entries.n,
        origin,
    )
    by_gap.count[0] += entries.n - np.bincount(replicate, minlength=replicates)
    at_ends = _bin(np.append(start, end, axis=1), np.append(replicate, replicate), replicates)
    _add_next_days(by_gap, entries, *at_ends, columns.daily)
    return by_gap


def _add_next_days(
    sums: Sums, entries: EntrySums, level_at_ends: Floats, products_at_ends: Floats, daily: list[int]
) -> None:
    """Add neighbors of one stretch: all entries, each twice, less those at the ends of stretches."""
    plain = 2 * entries.products - products_at_ends
    # What is the same on both days has the same products with either.
    mixed = plain.copy()
    mixed[np.ix_(daily, daily)] = entries.lag_products
    sums.level[0] += 2 * entries.level - level_at_ends
    sums.sums[0] += plain + mixed
    sums.differences[0] += plain - mixed


def _gap_first(array: Floats, gaps: int) -> Floats:
    """Turn sums (..., gap and replicate) into (gap, ..., replicate)."""
    return np.ascontiguousarray(np.moveaxis(array.reshape(*array.shape[:-1], gaps, -1), -2, 0))


def _bin(columns: Floats, bins: Integers, number: int) -> tuple[Floats, Floats]:
    """Sum columns and their products in each of a number of bins, (column, bin) and (column, column, bin)."""
    level, products = np.empty((len(columns), number)), np.empty((len(columns), len(columns), number))
    for one, column in enumerate(columns):
        level[one] = np.bincount(bins, column, minlength=number)
    for one, two in combinations_with_replacement(range(len(columns)), 2):
        products[one, two] = products[two, one] = np.bincount(bins, columns[one] * columns[two], minlength=number)
    return level, products
