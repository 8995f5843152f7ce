"""The days of a layout under its assignments: which are on the drug, and how much of the effect is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out, period_spans
from n1trial.exposure import step_share

Number = TypeVar("Number", bound=np.generic)

MOST_ASSIGNMENTS = 32
"""Assignments that figures are averaged over: all where there are no more, else a sample, always the same."""
ORDERS = np.array([[True, True, False, False], [True, False, True, False]])
"""First and second period of a cycle, on the drug or not: the kinds of cycles."""


@dataclass(frozen=True, eq=False)
class _Cycle:
    """The days of one cycle of every kind, up to the eve of the next; kinds are orders times switches."""

    on_drug: NDArray[np.bool_]
    day_of_period: NDArray[np.int16]


@dataclass(frozen=True)
class TimeCourse:
    """Course of exposure: time constants of rise and fall in days, and the chance that a dose is taken."""

    onset_days: float
    offset_days: float
    adherence: float = 1.0


@dataclass(frozen=True, eq=False)
class Courses:
    """The blinded days of a layout under several assignments.

    Attributes
    ----------
    layout : Layout
    assignment : Assignment
        Those that are averaged over, as replicates.
    """

    layout: Layout
    assignment: Assignment

    @classmethod
    def of(cls, layout: Layout) -> Courses:
        """Take all assignments of a layout, or a sample where there are many."""
        randomization = layout.randomization
        assert randomization is not None
        if randomization.assignments <= MOST_ASSIGNMENTS:
            return cls(layout, next(randomization.enumerate(MOST_ASSIGNMENTS)))
        orders, switches = np.random.default_rng(0), np.random.default_rng(1)
        return cls(layout, randomization.draw(orders, switches, MOST_ASSIGNMENTS))

    @property
    def stretches(self) -> int:
        """Planned stretches of the calendar."""
        return self.layout.periods

    @cached_property
    def stretch_starts(self) -> NDArray[np.int64]:
        """First blinded day of each stretch."""
        return np.arange(self.stretches) * (self.layout.period_days + self.layout.washout_days)

    @cached_property
    def spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First day and length of every period, shape (period, assignment)."""
        return period_spans(self.layout, self.assignment)

    @cached_property
    def on_drug(self) -> NDArray[np.bool_]:
        """Whether each day is on the drug, shape (day, assignment)."""
        return self._gather(self._cycle.on_drug)

    @cached_property
    def treatment(self) -> Floats:
        """1 on the drug, 0 on control, shape (day, assignment)."""
        return self.on_drug.astype(np.float64)

    def is_settled(self, discard_days: int) -> NDArray[np.bool_]:
        """Whether each day is past the settling-in days of its period; (day, assignment), or (day, 1) if all agree."""
        kinds = self._cycle.day_of_period >= discard_days
        if len(self._switches) == 1:
            kinds = kinds[:, :1]
            days = np.tile(kinds, (self.layout.cycles, 1))
            return days[: self.layout.treated_days]
        return self._gather(kinds)

    def exposure(self, course: TimeCourse) -> Floats:
        """Return the expected exposure on each day, shape (day, assignment)."""
        built, remaining = _course_of_cycle(self._key, course)
        days = np.empty((self.layout.treated_days, self.kinds.shape[1]))
        start = np.zeros(self.kinds.shape[1])
        for cycle, kind in enumerate(self.kinds):
            whole = built.take(kind, axis=1)
            whole += remaining.take(kind, axis=1) * start
            start = whole[-1]
            rows = days[cycle * self.layout.cycle_days :][: self.layout.cycle_days]
            rows[:] = whole[: len(rows)]
        return days

    def unsteadiness(self, course: TimeCourse, correlation: float) -> Floats:
        """Return what missed doses add to the sum of squares of a recorded exposure; shape (day, assignment).

        Exposure then moves from day to day, which tells the drug from shifts of whole stretches. The squares are those
        of the exposure's deviations from its mean, freed of an autocorrelation of the scores.
        """
        return self._gather(_unsteadiness_of_cycle(self._key, course, correlation))

    @cached_property
    def both_seen(self) -> NDArray[np.bool_]:
        """Whether both treatments have been given by the end of each stretch, shape (stretch, assignment)."""
        on_drug = np.cumsum(self.assignment.order, axis=0)
        period = np.arange(1, len(on_drug) + 1)[:, np.newaxis]
        return (on_drug > 0) & (on_drug < period)

    def by_stretch(self, values: Floats) -> Floats:
        """Sum over the days of each stretch, shape (stretch, assignment)."""
        sums: Floats = np.add.reduceat(values, self.stretch_starts, axis=0)
        return sums

    @property
    def _switches(self) -> tuple[int, ...]:
        randomization = self.layout.randomization
        return (0,) if randomization is None else randomization.switches

    @property
    def _key(self) -> tuple[int, int, tuple[int, ...]]:
        return self.layout.period_days, self.layout.washout_days, self._switches

    @property
    def _cycle(self) -> _Cycle:
        return _cycle_of(self._key)

    @cached_property
    def kinds(self) -> NDArray[np.intp]:
        """Kind of every cycle, shape (cycle, assignment)."""
        order, switches = self.assignment.order, np.array(self._switches)
        first_kind = 3 - (2 * order[::2] + order[1::2])
        return first_kind * switches.size + np.searchsorted(switches, self.assignment.shift)

    def _gather(self, of_kind: NDArray[Number]) -> NDArray[Number]:
        days = np.concatenate([of_kind.take(kind, axis=1) for kind in self.kinds])
        return days[: self.layout.treated_days]


@lru_cache(maxsize=2048)
def _cycle_of(key: tuple[int, int, tuple[int, ...]]) -> _Cycle:
    period_days, washout_days, switches = key
    order = np.repeat(ORDERS, len(switches), axis=1)
    shift = np.tile(np.array(switches, dtype=np.int16), ORDERS.shape[1])[np.newaxis]
    # open or blinded makes no difference to a single cycle, and one scheme serves for all
    layout = Layout("crossover", 0, "open", 1, period_days, washout_days, Randomization("pairs", 1))
    schedule = lay_out(layout, Assignment(order, shift))
    kinds = order.shape[1]
    day_of_period = np.broadcast_to(schedule.day_of_period, (schedule.day.size, kinds))
    return _Cycle(
        np.concatenate([schedule.treatment == 1, np.zeros((washout_days, kinds), dtype=np.bool_)]),
        np.concatenate([day_of_period, np.full((washout_days, kinds), -1, dtype=np.int16)]),
    )


@lru_cache(maxsize=2048)
def _course_of_cycle(key: tuple[int, int, tuple[int, ...]], course: TimeCourse) -> tuple[Floats, Floats]:
    """Follow what builds up over a cycle, and what remains of the exposure on its eve; (day of cycle, kind)."""
    on_drug = _cycle_of(key).on_drug
    rise, fall = step_share(course.onset_days), step_share(course.offset_days)
    taken, missed = course.adherence * rise, (1 - course.adherence) * fall
    kept = np.where(on_drug, 1 - taken - missed, 1 - fall)
    added = np.where(on_drug, taken, 0.0)
    built, today = np.empty(on_drug.shape), np.zeros(on_drug.shape[1])
    for day, (keep, add) in enumerate(zip(kept, added, strict=True)):
        today = keep * today + add
        built[day] = today
    return built, np.multiply.accumulate(kept)


@lru_cache(maxsize=2048)
def _unsteadiness_of_cycle(key: tuple[int, int, tuple[int, ...]], course: TimeCourse, correlation: float) -> Floats:
    """Return the unsteadiness of each day of a cycle that begins without exposure, by kind."""
    on_drug, (mean, _) = _cycle_of(key).on_drug, _course_of_cycle(key, course)
    rise, fall, taken = step_share(course.onset_days), step_share(course.offset_days), course.adherence
    kept = np.where(on_drug, 1 - taken * rise - (1 - taken) * fall, 1 - fall)
    chance = np.where(on_drug, taken * (1 - taken), 0.0)
    before = np.concatenate([np.zeros((1, mean.shape[1])), mean[:-1]])
    # a dose taken or missed moves exposure by rise + (fall - rise) times what there was
    moved = chance * (rise + (fall - rise) * before) ** 2
    variance, today = np.empty(mean.shape), np.zeros(mean.shape[1])
    for day in range(len(mean)):
        today = (kept[day] ** 2 + chance[day] * (fall - rise) ** 2) * today + moved[day]
        variance[day] = today
    earlier = np.concatenate([np.zeros((1, mean.shape[1])), variance[:-1]])
    squares: Floats = (variance + (correlation**2 - 2 * correlation * kept) * earlier) / (1 - correlation**2)
    return squares
