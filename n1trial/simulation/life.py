"""One simulated patient's trial, day by day: what happened, what was written, and what was thought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags
from n1trial.design.assignment import Assignment
from n1trial.diary.diary import Diary
from n1trial.patient.conduct import chance_missing
from n1trial.patient.placebo import NOT_ASKED
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH, Batch, simulate_batch

Course = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Life:
    """The trial of one simulated patient. All arrays have shape (day,), the days being those of the diary.

    Attributes
    ----------
    scenario : Scenario
    seed, replicate : int
        By which this patient can be made again.
    diary : Diary
        Of one replicate: calendar, entries and doses.
    effect, placebo_response : float
        Full effect of the drug, and placebo response under blinding, in this patient; on the outcome's scale.
    exposure, belief : ndarray of float
        Share of the full effect that has built up; the patient's probability of being on the drug.
    is_due, is_taken : ndarray of bool
        Whether a dose, of the drug or of control, was due, and taken.
    is_lost, is_filled, is_in_gap : ndarray of bool
        Whether the day's entry was not made; whether it was filled in later; whether the diary lay untouched.
    hits : dict of str to ndarray of bool
        Days on which each trigger struck.
    guesses : dict of int to int
        By day, what the patient thought the kit held: 1 the drug, 0 control, −1 cannot tell.
    tell_days : tuple of int
        Days of tell-tale effects.
    dropout_day : int or None
        First day on which nothing is recorded any more; None for a patient who stays.
    secondary : dict of str to tuple (ndarray of int, ndarray of float)
        Own days and scores (own day,) of each secondary outcome.
    """

    scenario: Scenario
    seed: int
    replicate: int
    diary: Diary
    effect: float
    placebo_response: float
    exposure: Course
    belief: Course
    is_due: Flags
    is_taken: Flags
    is_lost: Flags
    is_filled: Flags
    is_in_gap: Flags
    hits: Mapping[str, Flags]
    guesses: Mapping[int, int]
    tell_days: tuple[int, ...]
    dropout_day: int | None
    secondary: Mapping[str, tuple[NDArray[np.int64], Course]]

    @property
    def day(self) -> NDArray[np.int64]:
        """Days of the trial; 0 is the first blinded day."""
        return self.diary.day

    @property
    def period(self) -> NDArray[np.int8]:
        """Period of each day, from 1; 0 in run-in and washouts."""
        return self.diary.period[:, 0]

    @property
    def cycle(self) -> NDArray[np.int8]:
        """Cycle of each day, from 1; 0 in run-in and washouts."""
        return self.diary.cycle[:, 0]

    @property
    def treatment(self) -> NDArray[np.int8]:
        """Treatment of each day: 1 the drug, 0 control."""
        return self.diary.treatment[:, 0]

    @property
    def score(self) -> Course:
        """Entry of each day; NaN where missing."""
        return self.diary.score[:, 0]

    @property
    def is_recorded(self) -> Flags:
        """Whether each day is before the patient left."""
        return np.full(self.day.shape, True) if self.dropout_day is None else self.day < self.dropout_day


def live(scenario: Scenario, replicate: int = 0, seed: int | None = None) -> Life:
    """Make one replicate of a scenario's trials again, the drug's effect drawn from its prior.

    Parameters
    ----------
    scenario : Scenario
    replicate : int
        Which, from 0.
    seed : int, optional
        Seed, 0 or more; the scenario's by default.
    """
    seed = scenario.simulation.seed if seed is None else seed
    batch, column = divmod(replicate, BATCH_WIDTH)
    return life_in(
        scenario, simulate_batch(scenario, batch, seed, first=column + 1, record=True), column, seed, replicate
    )


def live_to_the_end(scenario: Scenario) -> Life:
    """Make the first replicate again that stays to the end; where none of the first batch does, the first of all.

    Parameters
    ----------
    scenario : Scenario
        Its seed is taken.
    """
    diaries = simulate_batch(scenario).diaries
    return live(scenario, int(np.argmax(diaries.dropout_day > diaries.observed.day[-1])))


def live_on(scenario: Scenario, assignment: Assignment, seed: int, effect: float | None = None) -> Life:
    """Let one simulated patient live through a trial whose assignment is given, as that of a real pack is.

    Parameters
    ----------
    scenario : Scenario
        A crossover.
    assignment : Assignment
        Of one replicate.
    seed : int
        Seed of everything else, 0 or more.
    effect : float, optional
        Full effect of the drug, on the outcome's scale; drawn from the prior by default.
    """
    batch = simulate_batch(scenario, 0, seed, effect, width=1, record=True, assignment=assignment)
    return life_in(scenario, batch, 0, seed, 0)


def life_in(scenario: Scenario, batch: Batch, column: int, seed: int, replicate: int) -> Life:
    """Take one replicate, the `column`-th, out of a batch that was recorded."""
    diaries, history = batch.diaries, batch.history

    def of_one(array: Any, otherwise: object = False) -> Any:
        if array is None:
            return np.full(days, otherwise)
        return array[:, min(column, array.shape[1] - 1)]

    observed = diaries.observed
    days = len(observed.day)
    columns = {
        name: of_one(getattr(observed, name))[:, np.newaxis]
        for name in ("period", "cycle", "treatment", "day_of_period", "score", "doses_taken")
        if getattr(observed, name) is not None
    }
    boxes = {name: of_one(values)[:, np.newaxis] for name, values in observed.columns.items()}
    diary = replace(observed, **columns, columns=boxes)
    left = int(diaries.dropout_day[column])
    dropout_day = left if left <= int(observed.day[-1]) else None
    is_in_gap = of_one(history["in_gap"])
    is_lost = (_overlooked_days(scenario, batch, column) | is_in_gap) & (observed.day < left)
    return Life(
        scenario=scenario,
        seed=seed,
        replicate=replicate,
        diary=diary,
        effect=float(diaries.truth[column]),
        placebo_response=float(diaries.placebo_response[column]),
        exposure=of_one(history["exposure"]),
        belief=of_one(history["belief"]),
        is_due=_due(diary, scenario.treatment.every_days),
        is_taken=of_one(observed.doses_taken, otherwise=True),
        is_lost=is_lost,
        is_filled=is_lost & ~np.isnan(diary.score[:, 0]),
        is_in_gap=is_in_gap,
        # a load that fades stays below 1
        hits={trigger.name: of_one(history[f"trigger {trigger.name}"]) == 1.0 for trigger in scenario.trigger},
        guesses={
            day: guess
            for day, guess in zip(diaries.guess_days.tolist(), diaries.guesses[:, column].tolist(), strict=True)
            if guess != NOT_ASKED
        },
        tell_days=_tell_days(diary, diaries.tell_day, column),
        dropout_day=dropout_day,
        secondary={name: (own_days, of_one(scores)) for name, (own_days, scores) in diaries.secondary.items()},
    )


def _due(diary: Diary, every_days: int) -> Flags:
    """Find days on which a dose, of whatever treatment, is due: each `every_days`-th of a period or washout."""
    period = diary.period[:, 0]
    first_treated = int(np.searchsorted(diary.day, 0))
    is_start = np.flatnonzero(np.diff(period, prepend=-1))
    starts = is_start[is_start >= first_treated]
    index = np.arange(len(period))
    since = index - starts[np.maximum(np.searchsorted(starts, index, side="right") - 1, 0)]
    due: Flags = (index >= first_treated) & (since % every_days == 0)
    return due


def _overlooked_days(scenario: Scenario, batch: Batch, column: int) -> Flags:
    """Find days from 0 on whose entry was lost otherwise than in a gap, by the draws that decided it."""
    keeps, patient, day = scenario.conduct, scenario.patient, batch.diaries.observed.day
    lost = np.zeros(len(day), dtype=bool)
    if keeps.missing == 0:
        return lost
    first = int(np.searchsorted(day, 0))
    for index, drawn in enumerate(batch.draws["missing"], start=first):
        worse: Any = 0.0
        if keeps.missing_when_worse != 0:
            worse = scenario.sign * (batch.history["latent"][index] - patient.baseline) / patient.daily_sd
        chance = chance_missing(
            int(day[index]), keeps.missing, keeps.missing_growth_per_week, keeps.missing_when_worse, worse
        )
        lost[index] = (drawn < chance)[column]
    return lost


def _tell_days(diary: Diary, tell_day: NDArray[np.int64] | None, column: int) -> tuple[int, ...]:
    """Find days of the trial on which tell-tale effects happened, given the day of each period."""
    if tell_day is None:
        return ()
    starts = {int(period): int(diary.day[diary.period[:, 0] == period][0]) for period in range(1, len(tell_day) + 1)}
    happened = enumerate(tell_day[:, column].tolist(), start=1)
    return tuple(starts[period] + day for period, day in happened if day >= 0)
