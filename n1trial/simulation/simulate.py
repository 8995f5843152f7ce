"""Simulate trials: batches of replicates, joined into diaries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.file.columns import column
from n1trial.errors import InputError
from n1trial.patient.patient import SimulatedPatient
from n1trial.scenario.scenario import Scenario
from n1trial.simulation import clock
from n1trial.simulation.streams import Streams
from n1trial.simulation.trace import History, observe

if TYPE_CHECKING:
    import pandas as pd

BATCH_WIDTH = 2500
"""Replicates made together; fixed, so that a longer run begins with the shorter run's replicates."""


@dataclass(frozen=True, eq=False, repr=False)
class Diaries:
    """Simulated trials: what the analyst sees, and the truth beside it. Day first, replicate last.

    Attributes
    ----------
    observed : Diary
        Diary that an analyst sees, without the truth.
    truth : ndarray of float, shape (replicate,)
        Full effect of the drug in each replicate, on the outcome's scale.
    placebo_response : ndarray of float, shape (replicate,)
        Placebo response under blinding, on the outcome's scale.
    assignment : Assignment or None
        Order and switches; None in the open-label layout.
    dropout_day : ndarray of int, shape (replicate,)
        First day on which nothing is recorded any more; beyond the last day for those who stay.
    guess_days : ndarray of int, shape (kit,)
        Days on which the patient is asked what the kit held.
    guesses : ndarray of int8, shape (kit, replicate)
        1 the drug, 0 control, −1 cannot tell, −2 not asked any more.
    tell_day : ndarray of int, shape (period, replicate), or None
        Day of the period on which a tell-tale effect happened, −1 for none.
    secondary : dict of str to tuple (ndarray of int, ndarray of float)
        Own days and scores (own day, replicate) of each secondary outcome.

    Examples
    --------
    >>> import n1trial
    >>> diaries = n1trial.simulate("minimal", replicates=40, seed=1)
    >>> diaries
    <Diaries of 40 simulated trials: 350 days>
    >>> diaries.truth.shape
    (40,)
    """

    observed: Diary
    truth: Floats
    placebo_response: Floats
    assignment: Assignment | None
    dropout_day: NDArray[np.int64]
    guess_days: NDArray[np.int64]
    guesses: NDArray[np.int8]
    tell_day: NDArray[np.int64] | None
    secondary: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]

    @property
    def score(self) -> NDArray[np.float64]:
        """Written entries, NaN where missing. Shape (day, replicate)."""
        return self.observed.score

    @property
    def replicates(self) -> int:
        """Number of simulated trials."""
        return self.observed.replicates

    def to_frame(self) -> pd.DataFrame:
        """Return a row a replicate and day: replicate, day, period, cycle, treatment, score, and doses where missed."""
        return self.observed.to_frame()

    def __repr__(self) -> str:
        return f"<Diaries of {self.replicates:,} simulated trials: {self.observed.day.size} days>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.to_frame().to_html(max_rows=10, index=False, na_rep='')}"


@dataclass(frozen=True, eq=False)
class Batch:
    """One batch of replicates, with its draws and the history of its states where these were recorded."""

    diaries: Diaries
    draws: dict[str, list[Floats]] = field(default_factory=dict)
    history: History = field(default_factory=dict)


def simulate(
    scenario: Scenario, replicates: int | None = None, seed: int | None = None, effect: float | None = None
) -> Diaries:
    """Simulate trials of a scenario; see `n1trial.study.batches.simulate.simulate`, which reads it as well."""
    replicates = scenario.simulation.replicates if replicates is None else replicates
    if replicates < 1:
        raise InputError(f"replicates: must be 1 or more, and is {replicates}")
    if seed is not None and seed < 0:
        raise InputError(f"seed: must be 0 or more, and is {seed}")
    return join([batch.diaries for batch in simulate_batches(scenario, replicates, seed, effect)])


def simulate_batches(
    scenario: Scenario, replicates: int, seed: int | None = None, effect: float | None = None
) -> Iterator[Batch]:
    """Simulate batch by batch, the last one trimmed; see `simulate`."""
    for index in range(-(-replicates // BATCH_WIDTH)):
        yield simulate_batch(scenario, index, seed, effect, first=min(BATCH_WIDTH, replicates - index * BATCH_WIDTH))


def simulate_batch(
    scenario: Scenario,
    batch: int = 0,
    seed: int | None = None,
    effect: float | None = None,
    *,
    first: int | None = None,
    width: int = BATCH_WIDTH,
    record: bool = False,
    assignment: Assignment | None = None,
) -> Batch:
    """Simulate one batch of replicates, or the first of them.

    Parameters
    ----------
    scenario : Scenario
    batch : int
        Which batch, from 0.
    seed, effect
        As for `simulate`.
    first : int, optional
        Replicates to simulate, the first of the batch; all by default. Numbers are drawn for all, so that these are
        the same however many they are.
    width : int
        Replicates of a batch. Another width gives other trials.
    record : bool
        Whether draws and the history of states are recorded.
    assignment : Assignment, optional
        Of `first` replicates; drawn by default. All other draws are the same whether it is given or drawn.
    """
    seed = scenario.simulation.seed if seed is None else seed
    draws = Streams(seed, batch, width, first=first, record=record)
    layout = scenario.layout()
    assignment = draw_assignment(layout, draws) if assignment is None else assignment
    schedule = lay_out(layout, assignment)
    patient = SimulatedPatient(scenario, schedule, assignment, draws, draws.first, effect)
    history: History = {}
    watching = [observe(patient, history)] if record else []
    clock.run([*patient.processes, *watching], start=float(schedule.day[0]))
    return Batch(_diaries(patient), draws.drawn, history)


def draw_assignment(layout: Layout, draws: Streams) -> Assignment | None:
    """Draw order and switches of a batch, each from its own stream; None in the open-label layout."""
    if layout.randomization is None:
        return None
    drawn = layout.randomization.draw(draws.generator("order"), draws.generator("switch"), draws.width)
    return Assignment(_first(drawn.order, draws.first), _first(drawn.shift, draws.first))


def _first(array: NDArray[Any], count: int) -> NDArray[Any]:
    """Take the first replicates of an array, contiguous; what all replicates share stays as it is."""
    return array if array.shape[-1] == 1 else np.ascontiguousarray(array[..., :count])


def join(parts: Sequence[Diaries]) -> Diaries:
    """Join the diaries of batches of one scenario, replicate after replicate."""
    if len(parts) == 1:
        return parts[0]
    first, diaries = parts[0], [part.observed for part in parts]
    observed = replace(
        first.observed,
        **{name: _beside(getattr(diary, name) for diary in diaries) for name in (*CALENDAR, "score", "doses_taken")},
        columns={name: _beside(diary.columns[name] for diary in diaries) for name in first.observed.columns},
    )
    return replace(
        first,
        observed=observed,
        assignment=_join_assignments([part.assignment for part in parts]),
        secondary={
            name: (days, _beside(part.secondary[name][1] for part in parts))
            for name, (days, _) in first.secondary.items()
        },
        **{name: _beside(getattr(part, name) for part in parts) for name in PER_REPLICATE},
    )


CALENDAR = ("period", "cycle", "treatment", "day_of_period")
PER_REPLICATE = ("truth", "placebo_response", "dropout_day", "guesses", "tell_day")


def _beside(arrays: Iterable[Any]) -> Any:
    """Put arrays beside each other along the replicate axis; what all replicates share, or lack, stays as it is."""
    parts = list(arrays)
    if parts[0] is None or parts[0].shape[-1] == 1:
        return parts[0]
    return np.concatenate(parts, axis=-1)


def _join_assignments(assignments: Sequence[Assignment | None]) -> Assignment | None:
    drawn = [assignment for assignment in assignments if assignment is not None]
    if not drawn:
        return None
    return Assignment(_beside(one.order for one in drawn), _beside(one.shift for one in drawn))


def _diaries(patient: SimulatedPatient) -> Diaries:
    """Return what a batch leaves behind."""
    state, record, schedule = patient.state, patient.record, patient.schedule
    is_written = ~np.isnan(record.score)
    boxes = {column(name): np.where(is_written, values, np.nan) for name, values in record.triggers.items()}
    return Diaries(
        observed=Diary.of(schedule, record.score, patient.scenario.plan(), record.doses_taken, boxes),
        truth=state.effect,
        placebo_response=state.placebo_response,
        assignment=patient.assignment,
        dropout_day=record.dropout_day,
        guess_days=np.array(record.guess_days, dtype=np.int64),
        guesses=np.stack(record.guesses) if record.guesses else np.empty((0, state.width), dtype=np.int8),
        tell_day=record.tell_day,
        secondary=record.secondary,
    )
