"""What an analyst sees: days, periods, treatments and scores, of one patient or of a batch of replicates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from n1trial.design.schedule import Schedule
from n1trial.diary.plan import Plan


@dataclass(frozen=True, eq=False)
class Diary:
    """A diary and the plan it was kept for.

    Arrays are day first and replicate last; one patient's diary has one replicate. Where all replicates share a
    calendar the last axis of `period`, `cycle`, `treatment` and `day_of_period` may be 1.

    Attributes
    ----------
    day : ndarray of int, shape (day,)
        Strictly rising; 0 is the first blinded day, the run-in is negative.
    period, cycle : ndarray of int, shape (day, replicate or 1)
        From 1; 0 in run-in and washouts.
    treatment : ndarray of int, shape (day, replicate or 1)
        1 on the drug, 0 on control.
    day_of_period : ndarray of int, shape (day, replicate or 1)
        Days since the first of the period, from 0; −1 outside periods.
    score : ndarray of float, shape (day, replicate)
        NaN where a planned entry is missing.
    plan : Plan
        The analysis fixed in advance.
    doses_taken : ndarray of bool, shape (day, replicate), or None
        Whether the day's dose was taken, where the diary records it.
    notes : tuple of str
        What had to be said when a diary file was read, a sentence each.
    is_dose_said : ndarray of bool, shape (day, replicate), or None
        Whether the diary says of the day's dose that it was taken or missed; where it does not, `doses_taken` has it as
        taken. None where it says so of every dose, or of none.
    """

    day: NDArray[np.int64]
    period: NDArray[np.int8]
    cycle: NDArray[np.int8]
    treatment: NDArray[np.int8]
    day_of_period: NDArray[np.int16]
    score: NDArray[np.float64]
    plan: Plan = field(default_factory=Plan)
    doses_taken: NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()
    is_dose_said: NDArray[np.bool_] | None = None

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        score: NDArray[np.float64],
        plan: Plan,
        doses_taken: NDArray[np.bool_] | None = None,
    ) -> Diary:
        """Diary of scores kept on a schedule."""
        return cls(
            schedule.day, schedule.period, schedule.cycle, schedule.treatment, schedule.day_of_period,
            score, plan, doses_taken,
        )  # fmt: skip

    @property
    def replicates(self) -> int:
        """Number of replicates (1 for one patient)."""
        return int(self.score.shape[1])

    def with_plan(self, plan: Plan) -> Diary:
        """Return the same diary under another plan."""
        return replace(self, plan=plan)

    def with_unsaid_missed(self) -> Diary:
        """Return the same diary with every dose of which nothing is said counted as missed."""
        if self.doses_taken is None or self.is_dose_said is None:
            return self
        return replace(self, doses_taken=self.doses_taken & self.is_dose_said)

    def unsaid_doses(self) -> int:
        """Count the days of a period with a dose due of which nothing is said, over all replicates."""
        if self.is_dose_said is None:
            return 0
        is_due = (self.period > 0) & (self.day_of_period % self.plan.dose_every_days == 0)
        return int((is_due & ~self.is_dose_said).sum())

    def is_usable(self) -> NDArray[np.bool_]:
        """Whether each day is written, within a period and past the settling-in days. Shape (day, replicate)."""
        settled = (self.period > 0) & (self.day_of_period >= self.plan.discard_days)
        return settled & ~np.isnan(self.score)
