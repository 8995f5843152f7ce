"""What an analyst sees: days, periods, treatments and scores, of one patient or of a batch of replicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags
from n1trial.design.schedule import Schedule
from n1trial.diary.frame import arrays_of
from n1trial.diary.plan import Plan
from n1trial.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_WHOLE, _FLAGS = ("iub", "whole numbers"), ("b", "true and false")
_FLOATS = ("f", "floating-point numbers")
_KINDS = {
    "day": _WHOLE, "period": _WHOLE, "cycle": _WHOLE, "treatment": _WHOLE, "day_of_period": _WHOLE,
    "score": _FLOATS, "doses_taken": _FLAGS, "is_dose_said": _FLAGS,
}  # fmt: skip
"""Kinds of the arrays of a diary, as NumPy has them and in words."""
NO_COLUMNS: Mapping[str, NDArray[np.float64]] = {}


@dataclass(frozen=True, eq=False, repr=False)
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
    columns : dict of str to ndarray of float, shape (day, replicate)
        Further columns by name, such as secondary outcomes and what the plan adjusts for; NaN where nothing is written.

    Raises
    ------
    InputError
        If an array is of the wrong kind or shape, or days do not rise; all faults at once.

    Examples
    --------
    >>> import n1trial
    >>> diary = n1trial.simulate("minimal", replicates=1).observed
    >>> diary.score.shape
    (350, 1)
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
    columns: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        days, replicates = self.day.size, self.score.shape[-1] if self.score.ndim else 0
        faults = [] if self.day.ndim == 1 and (self.day[1:] > self.day[:-1]).all() else ["day: must rise strictly"]
        arrays = {name: (getattr(self, name), *kind) for name, kind in _KINDS.items()}
        arrays |= {name: (array, *_FLOATS) for name, array in self.columns.items()}
        for name, (array, kinds, words) in arrays.items():
            if array is None:
                continue
            if array.dtype.kind not in kinds:
                faults.append(f"{name}: must hold {words}, and holds {array.dtype}")
            if name != "day" and (array.ndim != 2 or array.shape[0] != days or array.shape[1] not in (1, replicates)):
                faults.append(f"{name}: must be of shape ({days}, {replicates}) or ({days}, 1), and is {array.shape}")
        faults += [f"columns: must hold {name}" for name in self.plan.adjust
                   if name not in self.columns]  # fmt: skip
        if faults:
            raise InputError(faults)

    def __repr__(self) -> str:
        written = int((~np.isnan(self.score)).sum())
        whose = "1 patient" if self.replicates == 1 else f"{self.replicates:,} patients"
        return (
            f"<Diary of {whose}: {self.day.size} days, {int(self.period.max(initial=0))} periods,"
            f" {written:,} of {self.score.size:,} entries written>"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.to_frame().to_html(max_rows=10, index=False, na_rep='')}"

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, plan: Plan | None = None) -> Diary:
        """Make a diary of a table with a row a planned day, as `to_frame` gives it.

        A day without a row is a day without an entry. It belongs to the period that has rows before and after it, and
        otherwise to none; its dose is taken for that of the last day before it. A period whose first days have no row
        begins as planned where the plan has a layout that leaves no doubt, else with its first row.

        Parameters
        ----------
        frame : DataFrame
            Columns ``day``, ``period`` and ``cycle`` (0 outside periods), ``treatment`` (1 the drug, 0 control),
            ``score`` (NaN where the entry is missing) and what the plan adjusts for; perhaps ``doses_taken`` (true,
            false, or NaN where nothing is said), and ``replicate`` where there are several patients.
        plan : Plan, optional
            The analysis fixed in advance; by default that of `Plan`.

        Returns
        -------
        Diary

        Raises
        ------
        InputError
            If a column is missing or holds something else, or a patient has a day twice.

        Examples
        --------
        >>> import n1trial
        >>> diary = n1trial.simulate("minimal", replicates=2).observed
        >>> again = n1trial.Diary.from_frame(diary.to_frame(), diary.plan)
        >>> bool((n1trial.analyze(again).p_value == n1trial.analyze(diary).p_value).all())
        True
        """
        plan = Plan() if plan is None else plan
        return cls(**arrays_of(frame, plan.layout, plan.adjust), plan=plan)

    def to_frame(self) -> pd.DataFrame:
        """Give a row a patient and day: replicate, day, period, cycle, treatment, score; doses, further columns."""
        import pandas as pd

        shape = self.score.shape
        columns: dict[str, NDArray[np.generic]] = {
            "replicate": np.broadcast_to(np.arange(shape[1]), shape),
            "day": np.broadcast_to(self.day[:, np.newaxis], shape),
        }
        for name in ("period", "cycle", "treatment"):
            columns[name] = np.broadcast_to(getattr(self, name), shape)
        columns["score"] = self.score
        if self.doses_taken is not None:
            columns["doses_taken"] = np.broadcast_to(self.doses_taken, shape)
        columns |= self.columns
        return pd.DataFrame({name: values.T.ravel() for name, values in columns.items()})

    def take(self, which: slice | Flags) -> Diary:
        """Return the diary of some of the replicates."""
        arrays = {name: getattr(self, name) for name in _KINDS if name != "day"}
        some = {name: array[:, which] for name, array in arrays.items() if array is not None and array.shape[1] > 1}
        columns = {name: values[:, which] for name, values in self.columns.items() if values.shape[1] > 1}
        return replace(self, **some, columns={**self.columns, **columns})

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        score: NDArray[np.float64],
        plan: Plan,
        doses_taken: NDArray[np.bool_] | None = None,
        columns: Mapping[str, NDArray[np.float64]] = NO_COLUMNS,
    ) -> Diary:
        """Make a diary of scores kept on a schedule."""
        return cls(
            schedule.day, schedule.period, schedule.cycle, schedule.treatment, schedule.day_of_period,
            score, plan, doses_taken, columns=columns,
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
