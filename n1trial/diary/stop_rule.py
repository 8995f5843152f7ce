"""When a trial is stopped because its patient got worse: a rule, and where a diary meets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags, Floats

FEWEST_IN_RUN_IN = 7
"""Scores that the run-in must have for its mean to be compared with."""


@dataclass(frozen=True)
class StopRule:
    """Stop when the mean of so many days in a row is so much worse than the mean of the run-in.

    Parameters
    ----------
    worse_by : float
        On the outcome's scale, positive.
    days : int
        Days in a row, all of them blinded, 1 or more.
    better : {"lower", "higher"}
    scale : tuple of float
        Lowest and highest score possible.
    """

    worse_by: float
    days: int
    better: Literal["lower", "higher"]
    scale: tuple[float, float]

    @property
    def fewest_entries(self) -> int:
        """Scores that these days must have to be judged: half of them."""
        return -(-self.days // 2)

    @property
    def tolerance(self) -> float:
        """Tolerance of means of decimal scores, which are not exact in binary."""
        return 1e-9 * (self.scale[1] - self.scale[0])

    @property
    def works_from(self) -> float:
        """Worst mean of the run-in from which the scale leaves room for so much worse."""
        low, high = self.scale
        return high - self.worse_by if self.better == "lower" else low + self.worse_by

    def can_be_met(self, usual: float) -> bool:
        """Whether the scale leaves room for so much worse than a mean of the run-in."""
        beyond = usual - self.works_from if self.better == "lower" else self.works_from - usual
        return beyond <= self.tolerance


@dataclass(frozen=True, eq=False)
class Judgment:
    """Days on which diaries meet a rule.

    Attributes
    ----------
    run_in_entries : ndarray of int, shape (replicate,)
        Scores of the run-in.
    run_in_mean : ndarray of float, shape (replicate,)
        Their mean; NaN where they are fewer than `FEWEST_IN_RUN_IN`.
    day : ndarray of int, shape (day,)
        The blinded days.
    is_judged : ndarray of bool, shape (day, replicate)
        Whether the days that end on this one, and the run-in, have scores enough.
    is_met : ndarray of bool, shape (day, replicate)
        Whether their mean is as much worse as the rule asks for.
    """

    run_in_entries: NDArray[np.int64]
    run_in_mean: Floats
    day: NDArray[np.int64]
    is_judged: Flags
    is_met: Flags


def judge(rule: StopRule, day: NDArray[np.int64], score: Floats) -> Judgment:
    """Hold every stretch of days against the run-in.

    Parameters
    ----------
    rule : StopRule
    day : ndarray of int, shape (day,)
        One after the other without a gap; the run-in is negative, 0 is the first blinded day.
    score : ndarray of float, shape (day, replicate)
        NaN where no score was written.
    """
    run_in, blinded = score[day < 0], score[day >= 0]
    entries = np.count_nonzero(~np.isnan(run_in), axis=0)
    # Where there are too few, what they are divided by does not matter.
    mean = np.where(entries >= FEWEST_IN_RUN_IN, np.nansum(run_in, axis=0) / np.maximum(entries, 1), np.nan)
    total, count = (_last(rule.days, values) for values in (np.nan_to_num(blinded), 1.0 - np.isnan(blinded)))
    change = total / np.maximum(count, 1) - mean
    worse = change if rule.better == "lower" else -change
    is_judged = (count >= rule.fewest_entries) & ~np.isnan(mean)
    return Judgment(entries, mean, day[day >= 0], is_judged, is_judged & (worse >= rule.worse_by - rule.tolerance))


def _last(days: int, values: Floats) -> Floats:
    """Add up each day's value and those of the days before, `days` in all; 0 where there are not so many yet."""
    sums = np.zeros_like(values)
    if len(values) >= days:
        to_here = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
        sums[days - 1 :] = to_here[days:] - to_here[:-days]
    return sums
