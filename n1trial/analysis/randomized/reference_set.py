"""Which order and switches a diary was kept under, and which others chance could have drawn in their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import Schedule, lay_out, period_spans
from n1trial.diary.diary import Diary

SEED = 20100309
"""Of the sample of assignments where all would be too many: the same sample whatever the diary."""


@dataclass(frozen=True, eq=False)
class ReferenceSet:
    """Assignments that the observed one is compared with.

    Attributes
    ----------
    assignment : Assignment
        As replicates: every admissible assignment once, or a sample drawn with replacement.
    is_complete : bool
        Whether it is all of them. To a sample the observed assignment is added when counting.
    """

    assignment: Assignment
    is_complete: bool

    @property
    def size(self) -> int:
        """Assignments in the list."""
        return int(self.assignment.order.shape[1])

    @property
    def added(self) -> int:
        """1 where the observed assignment counts on top of those listed, else 0."""
        return 0 if self.is_complete else 1

    @property
    def total(self) -> int:
        """Assignments that a p-value is a share of."""
        return self.size + self.added


@dataclass(frozen=True, eq=False)
class Own:
    """The assignments that replicates were given.

    Attributes
    ----------
    assignment : Assignment
        An admissible one of each replicate; where the diary's own is not, another.
    on_drug : ndarray of bool, shape (day, replicate)
        Whether each blinded day is on the drug.
    is_admissible : ndarray of bool, shape (replicate,)
        Whether the scheme could have drawn what the diary shows.
    """

    assignment: Assignment
    on_drug: NDArray[np.bool_]
    is_admissible: NDArray[np.bool_]

    def part(self, columns: slice) -> Own:
        """Return those of some replicates."""
        assignment = Assignment(self.assignment.order[:, columns], self.assignment.shift[:, columns])
        return Own(assignment, self.on_drug[:, columns], self.is_admissible[columns])


@lru_cache(maxsize=4)
def reference_set(randomization: Randomization, most: int) -> ReferenceSet:
    """List what a scheme could have drawn.

    Parameters
    ----------
    randomization : Randomization
        The scheme.
    most : int
        Most assignments to list, 1 or more; of a scheme that has more, so many are drawn, always the same ones.
    """
    is_complete = randomization.assignments <= most
    if is_complete:
        parts = list(randomization.enumerate())
    else:
        of_order, of_switch = (np.random.default_rng([SEED, stream]) for stream in range(2))
        parts = [randomization.draw(of_order, of_switch, most)]
    order = np.concatenate([part.order for part in parts], axis=1)
    shift = np.concatenate([part.shift for part in parts], axis=1)
    return ReferenceSet(Assignment(order, shift), is_complete)


def own_assignments(diary: Diary, layout: Layout, randomization: Randomization) -> Own:
    """Read the assignments off a diary's calendar and hold them against the scheme.

    Parameters
    ----------
    diary : Diary
        With one blinded day or more. What it leaves open, because it ends early or lacks all days of a period, is
        filled in; on the days that it has, that makes no difference.
    layout, randomization
        Of its plan.
    """
    on_drug, first_day, is_seen = _periods(diary, layout)
    order = _admissible_order(randomization, on_drug, is_seen)
    unmoved, _ = period_spans(layout, Assignment(order[:, :1], np.zeros((layout.cycles, 1), dtype=np.int16)))
    shift, is_known = (first_day - unmoved)[1::2], is_seen[1::2]
    shift = np.where(np.isin(shift, randomization.switches), shift, 0).astype(np.int16)
    # A diary that ends in the washout before a cycle's second period may suit one switch and not another.
    for switch in reversed(randomization.switches):
        shift[~is_known] = switch
        assignment = Assignment(order, shift)
        schedule = lay_out(layout, assignment)
        agrees = _agrees(diary, layout, schedule)
        is_known = is_known | agrees
        if is_known.all():
            break
    return Own(assignment, schedule.treatment[layout.run_in_days :] == 1, agrees)


def blinded_days(diary: Diary, layout: Layout) -> NDArray[np.bool_]:
    """Whether each day of a diary is a blinded day of the layout. Shape (day,)."""
    return (diary.day >= 0) & (diary.day < layout.treated_days)


def _periods(diary: Diary, layout: Layout) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.bool_]]:
    """Whether each period is on the drug, its first day, and whether the diary has it; (period, replicate)."""
    days = blinded_days(diary, layout)
    shape = (int(days.sum()), diary.replicates)
    period, treatment, day_of_period = (
        np.broadcast_to(array[days], shape) for array in (diary.period, diary.treatment, diary.day_of_period)
    )
    on_drug = np.empty((layout.periods, diary.replicates), dtype=np.bool_)
    first_day = np.empty(on_drug.shape, dtype=np.int64)
    is_seen = np.empty(on_drug.shape, dtype=np.bool_)
    every = np.arange(diary.replicates)
    for row in range(layout.periods):
        day = (period == row + 1).argmax(axis=0)
        is_seen[row] = period[day, every] == row + 1
        on_drug[row] = treatment[day, every] == 1
        first_day[row] = diary.day[days][day] - day_of_period[day, every]
    return on_drug, first_day, is_seen


def _admissible_order(
    randomization: Randomization, on_drug: NDArray[np.bool_], is_seen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find the first admissible order of the scheme's list not before the one seen (drug where nothing is)."""
    place_value = 1 << np.arange(len(on_drug), dtype=np.int64)[::-1, np.newaxis]

    def alphabetical(order: NDArray[np.bool_]) -> NDArray[np.int64]:
        number: NDArray[np.int64] = (place_value * ~order).sum(axis=0)
        return number

    seen, replicate = np.unique(alphabetical(on_drug | ~is_seen), return_inverse=True)
    low, high = np.zeros(seen.size, dtype=np.int64), np.full(seen.size, randomization.orders - 1)
    while np.any(low < high):
        middle = (low + high) // 2
        is_before = alphabetical(randomization.order(middle)) < seen
        low, high = np.where(is_before, middle + 1, low), np.where(is_before, high, middle)
    return randomization.order(low)[:, replicate]


def _agrees(diary: Diary, layout: Layout, schedule: Schedule) -> NDArray[np.bool_]:
    """Whether the blinded days of a diary are as a schedule has them. Shape (replicate,)."""
    days = blinded_days(diary, layout)
    planned = diary.day[days] + layout.run_in_days
    agrees = np.ones(diary.replicates, dtype=np.bool_)
    for name in ("period", "treatment", "day_of_period"):
        agrees &= (getattr(diary, name)[days] == getattr(schedule, name)[planned]).all(axis=0)
    return agrees
