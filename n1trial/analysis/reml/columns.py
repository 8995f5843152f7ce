"""Columns of the daily model with AR(1) errors, at single entries and summed over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.covariates import covariates
from n1trial.analysis.period_means import period_means, total, usable_days, zero_unusable
from n1trial.arrays import Floats, Integers
from n1trial.diary.diary import Diary


@dataclass(frozen=True, eq=False)
class Stretches:
    """Entries of one period on consecutive days, all replicates' in one row: replicate by replicate, by day.

    Attributes
    ----------
    replicate : ndarray of int, shape (stretch,)
        Whose it is.
    start, end : ndarray of int, shape (stretch,)
        Rows of the diary with the first and the last entry.
    """

    replicate: Integers
    start: Integers
    end: Integers

    @classmethod
    def of(cls, diary: Diary) -> Stretches:
        """Find the stretches of a diary's usable entries."""
        is_start = diary.is_usable()
        is_end = is_start.copy()
        joined = is_start[1:] & is_start[:-1] & (diary.period[1:] == diary.period[:-1])
        joined &= (np.diff(diary.day) == 1)[:, np.newaxis]
        is_start[1:] ^= joined
        is_end[:-1] ^= joined
        replicate, start = np.nonzero(is_start.T)
        return cls(replicate, start, np.nonzero(is_end.T)[1])


@dataclass(frozen=True, eq=False)
class EntrySums:
    """Sums over the usable entries; z is an entry's row of columns, u and v those of an entry and the next.

    Attributes
    ----------
    n : ndarray of int, shape (replicate,)
        Entries.
    level : ndarray of float, shape (column, replicate)
        Sum of z.
    products : ndarray of float, shape (column, column, replicate)
        Sum of zz′.
    lag_products : ndarray of float, shape (moving column, moving column, replicate)
        Sum of uv′ + vu′ over neighbors of one stretch, for columns that change from day to day.
    """

    n: Integers
    level: Floats
    products: Floats
    lag_products: Floats


class Columns:
    """The model without its intercept: trend, what it adjusts for, cycles, treatment and, last, the score.

    Parameters
    ----------
    diary : Diary
        Its plan says whether there are a trend and cycles (after the first), and what is adjusted for. Days are counted
        from the middle of the diary.
    origin : ndarray of float, shape (replicate,)
        Taken from every score.
    """

    def __init__(self, diary: Diary, origin: Floats) -> None:
        self._diary = diary
        self._origin = origin
        has_trend = "trend" in diary.plan.terms
        self._cycles = max(int(diary.cycle.max(initial=0)), 1) if "cycle" in diary.plan.terms else 1
        # Whole or half numbers, whose sums are exact.
        offset = (diary.day - (diary.day[0] + diary.day[-1]) / 2)[:, np.newaxis]
        self._moving = [*([offset] if has_trend else []), *covariates(diary, diary.is_usable())]

    @property
    def daily(self) -> list[int]:
        """Columns that change from day to day, the score last; the others are steady within a period."""
        return [*range(len(self._moving)), -1]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._moving) + self._cycles + 1

    def at(self, row: Integers, replicate: Integers) -> Floats:
        """Take the columns at some entries. Shape (column, entry)."""
        diary = self._diary
        cycle, treatment = (
            np.broadcast_to(table, diary.score.shape)[row, replicate] for table in (diary.cycle, diary.treatment)
        )
        score = diary.score[row, replicate] - self._origin[replicate]
        moving = [np.broadcast_to(column, diary.score.shape)[row, replicate] for column in self._moving]
        return np.stack([*moving, *self._steady(cycle, treatment), score])

    def sum_up(self) -> EntrySums:
        """Sum up the usable entries, period by period."""
        means = period_means(self._diary)
        replicates, width = self._diary.replicates, self.width
        steady = slice(len(self._moving), width - 1)
        places = list(enumerate(self.daily))
        level, products = np.zeros((width, replicates)), np.zeros((width, width, replicates))
        lagged = np.zeros((len(places), len(places), replicates))
        for row, count in enumerate(means.count):
            moving, is_next = self._of_period(row + 1)
            factors = np.stack(
                [np.broadcast_to(c, count.shape) for c in self._steady(means.cycle[row], means.treatment[row])]
            )
            of_period = np.empty_like(level)
            of_period[self.daily] = [total(column) for column in moving]
            of_period[steady] = factors * count
            level += of_period
            products[steady] += factors[:, np.newaxis] * of_period
            for (one, row_one), (two, row_two) in product(places, repeat=2):
                products[row_one, row_two] += total(moving[one] * moving[two])
                lagged[one, two] += total(moving[one][1:] * moving[two][:-1] * is_next)
        for column in self.daily:
            products[column, steady] = products[steady, column]
        return EntrySums(means.count.sum(axis=0), level, products, lagged + lagged.swapaxes(0, 1))

    def _steady(self, cycle: NDArray[np.int8], treatment: NDArray[np.int8]) -> list[Floats]:
        """Return the columns that do not change within a period, from its cycle and treatment."""
        return [*((cycle == number) * 1.0 for number in range(2, self._cycles + 1)), treatment * 1.0]

    def _of_period(self, period: int) -> tuple[list[Floats], NDArray[np.bool_]]:
        """Return columns that change from day to day, 0 where not usable, and whether a row's next is the next day."""
        days, usable = usable_days(self._diary, period)
        moving = [column[days] * usable for column in self._moving]
        moving.append(zero_unusable(self._diary.score[days] - self._origin, usable))
        return moving, (np.diff(self._diary.day[days]) == 1)[:, np.newaxis]
