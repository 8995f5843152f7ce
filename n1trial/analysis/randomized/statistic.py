"""What the randomization test compares: the same scores, seen under every assignment that could have been drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.period_means import ratio
from n1trial.analysis.randomized.reference_set import Own
from n1trial.arrays import Floats, Integers
from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.schedule import lay_out

TIE = 1e-9
"""Statistics that differ by less than this share are equal: rounding must not tell mirror images apart."""


@dataclass(frozen=True, eq=False)
class LinearStatistic:
    """A statistic T of some replicates; it is linear in their scores.

    Attributes
    ----------
    score, effect : ndarray of float, shape (assignment, replicate)
        T under each listed assignment: of the scores, and of what an effect of one point adds to them under the
        replicate's own assignment. 0 under an assignment that leaves nothing to compare.
    own_score, own_effect : ndarray of float, shape (replicate,)
        T under the replicate's own assignment. Their quotient is the slope.
    standard_error : ndarray of float, shape (replicate,)
        Of the estimate.
    rounding_error : ndarray of float, shape (replicate,)
        T that rounding alone can make.
    status : ndarray of int8, shape (replicate,)
        Whether there is an estimate with a standard error.
    n : ndarray of int, shape (replicate,)
        Entries used.
    """

    score: Floats
    effect: Floats
    own_score: Floats
    own_effect: Floats
    standard_error: Floats
    rounding_error: Floats
    status: NDArray[np.int8]
    n: Integers

    @property
    def slope(self) -> Floats:
        """The effect at which the statistic of the replicate's own assignment is 0; NaN where none exists."""
        return ratio(self.own_score, self.own_effect)

    def first(self, replicates: int) -> LinearStatistic:
        """Return the first replicates alone."""
        rows = {name: array[..., :replicates] for name, array in vars(self).items()}
        return LinearStatistic(**rows)


class Statistic(Protocol):
    """A statistic, made ready for a list of assignments.

    Attributes
    ----------
    run_in_days : int
        Days before the first blinded one that count, too.
    """

    run_in_days: int

    def unit_effect(self, own: Own) -> Floats:
        """Return what an effect of one point adds to the scores of replicates under their own assignments.

        Returns
        -------
        ndarray of float, shape (day, replicate)
            On every day that counts.
        """
        ...

    def compare(self, score: Floats, unit_effect: Floats, own: Own) -> LinearStatistic:
        """Compute it.

        Parameters
        ----------
        score : ndarray of float, shape (day, replicate)
            Of every day that counts, NaN where missing; two replicates or more, whose sums are then taken day by day.
        unit_effect : ndarray of float, shape (day, replicate)
        own : Own
            Their own assignments.
        """
        ...


@dataclass(frozen=True, eq=False)
class CycleKinds:
    """The few kinds of cycles that assignments are made of.

    Attributes
    ----------
    on_drug : ndarray of bool, shape (day of cycle, kind)
        Up to the last day before the next cycle.
    of_cycle : ndarray of int, shape (cycle, assignment)
        Kind of every cycle of every assignment.
    """

    on_drug: NDArray[np.bool_]
    of_cycle: NDArray[np.intp]


def cycle_kinds(layout: Layout, assignments: Assignment) -> CycleKinds:
    """Find the kinds of cycles, by their treatments and switch, of the assignments of a layout."""
    first, second = assignments.order[::2], assignments.order[1::2]
    code, of_cycle = np.unique(4 * assignments.shift.astype(np.int64) + 2 * first + second, return_inverse=True)
    order, shift = np.stack([code & 2, code & 1]) > 0, (code >> 2).astype(np.int16)
    schedule = lay_out(one_cycle(layout), Assignment(order, shift[np.newaxis]))
    washout = np.zeros((layout.washout_days, code.size), dtype=np.bool_)
    return CycleKinds(np.concatenate([schedule.treatment == 1, washout]), of_cycle.reshape(first.shape))


def one_cycle(layout: Layout) -> Layout:
    """Return the layout of a single cycle, without the run-in before and the washout after it."""
    return replace(layout, cycles=1, run_in_days=0)


def sums_by_cycle(weights: Floats, values: Floats) -> Floats:
    """Sum each cycle's days with weights.

    Parameters
    ----------
    weights : ndarray of float, shape (kind, day of cycle)
        Up to the last day before the next cycle.
    values : ndarray of float, shape (day, replicate)
        Of every blinded day; the last cycle may lack the washout after it.

    Returns
    -------
    ndarray of float, shape (cycle, kind, replicate)
    """
    cycle_days = weights.shape[1]
    cycles = -(-len(values) // cycle_days)
    sums = np.empty((cycles, len(weights), values.shape[1]))
    for cycle in range(cycles):
        of_cycle = values[cycle * cycle_days : (cycle + 1) * cycle_days]
        weighted = weights[:, : len(of_cycle), np.newaxis] * of_cycle
        np.add.reduce(weighted, axis=1, out=sums[cycle])
    return sums
