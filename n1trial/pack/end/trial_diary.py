"""A returned diary and its key make a diary like a simulated one: as randomized first, as taken second."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags
from n1trial.diary.diary import Diary
from n1trial.diary.file.answers import NOT_SAID
from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.evaluation.blinding import Guesses, count_guesses
from n1trial.pack.sealed.allocation import contents
from n1trial.pack.sealed.key import Key
from n1trial.pack.visit.deviation import Deviation
from n1trial.pack.visit.deviations import deviations, is_planned, last_day_written, on_calendar, used_kits


@dataclass(frozen=True, eq=False)
class TrialDiary:
    """A diary that came back, with what the key tells. Arrays have shape (day,), the days of the plan.

    Attributes
    ----------
    key : Key
    as_returned : ReturnedDiary
    as_randomized : Diary
        Of one replicate, on the schedule that was drawn: what is analyzed first.
    as_taken : Diary
        The same with the treatment of each day by the kit that was really used.
    deviations : tuple of Deviation
        From the plan, with nothing of the contents in them.
    excluded_days : tuple of int
        Days that something was written about and that are not of the plan.
    is_other_content : ndarray of bool
        Days on which the kit used held another content than the one planned.
    is_missed : ndarray of bool
        Days with a dose due and none taken, where the diary says so.
    is_not_said : ndarray of bool
        Days with a dose due, up to the last entry, of which nothing is said: neither taken nor missed.
    is_late : ndarray of bool
        Days whose entry was written later.
    guesses : Guesses
        Last guess of each period, counted by what its kit held.
    """

    key: Key
    as_returned: ReturnedDiary
    as_randomized: Diary
    as_taken: Diary
    deviations: tuple[Deviation, ...]
    excluded_days: tuple[int, ...]
    is_other_content: Flags
    is_missed: Flags
    is_not_said: Flags
    is_late: Flags
    guesses: Guesses

    @property
    def entries(self) -> int:
        """Scores written about blinded days."""
        diary = self.as_randomized
        return int((~np.isnan(diary.score[:, 0]) & (diary.day >= 0)).sum())

    @property
    def entries_planned(self) -> int:
        """Blinded days of the plan."""
        return int((self.as_randomized.day >= 0).sum())

    @property
    def last_written(self) -> int | None:
        """Last day of the plan that anything was written about; None in an empty diary."""
        return last_day_written(self.key.trial, self.as_returned)

    @property
    def days_not_kept(self) -> int:
        """Planned days after an early stop; 0 without one."""
        return sum(each.facts["days"] for each in self.deviations if each.kind == "early stop")

    def date_of(self, day: int) -> date:
        """Return the date of a day as the file has it; the planned one where it has none."""
        return self.as_returned.date_of(day) or self.key.trial.date_of(day)

    @property
    def says_doses(self) -> bool:
        """Whether the diary says of any dose that it was taken or missed."""
        return self.as_randomized.doses_taken is not None

    @property
    def has_doses_not_said(self) -> bool:
        """Whether the diary says of some doses that they were taken or missed, and of others nothing."""
        return self.says_doses and bool(self.is_not_said.any())

    def taken_if_missed(self) -> Diary:
        """Return the diary as taken, with every dose of which nothing is said counted as missed."""
        doses = self.as_taken.doses_taken
        return replace(self.as_taken, doses_taken=None if doses is None else doses & ~self.is_not_said[:, np.newaxis])

    def as_dosed(self, *, if_missed: bool = False) -> Diary:
        """Return the diary as randomized, without the days on which what was randomized was not taken.

        With `if_missed` doses of which nothing is said count as missed, else as taken.
        """
        unsaid = self.is_not_said & if_missed
        return self._without(self.is_other_content | self.is_missed | unsaid)

    def written_in_time(self) -> Diary:
        """Return the diary as randomized, without entries that were written later."""
        return self._without(self.is_late)

    def _without(self, days: Flags) -> Diary:
        score = np.where(days[:, np.newaxis], np.nan, self.as_randomized.score)
        return replace(self.as_randomized, score=score)

    def outcome(self, name: str) -> NDArray[np.float64]:
        """Return scores of a secondary outcome on the days of the plan, NaN where there is none. Shape (day,)."""
        return on_calendar(self.as_returned, self.as_randomized.day, self.as_returned.outcomes[name])


def join(returned_diary: ReturnedDiary, key: Key) -> TrialDiary:
    """Put a returned diary on the schedule of its key.

    Parameters
    ----------
    returned_diary : ReturnedDiary
        Read with what the trial expects (`n1trial.pack.visit.diary_format.expected`).
    key : Key

    Returns
    -------
    TrialDiary
        The diary as randomized has every planned day, whatever rows came back. A day counts as one with its dose taken
        unless less than half of its doses were, by what the diary says; without a word on any dose it has none of it.
        Doses of which nothing is said are marked (`TrialDiary.is_not_said`), and analyzed as missed too.
    """
    trial = key.trial
    schedule = key.allocation.schedule(trial.scenario)
    score = on_calendar(returned_diary, schedule.day, returned_diary.score)
    doses = np.nan_to_num(
        on_calendar(returned_diary, schedule.day, returned_diary.doses.astype(np.float64)), nan=NOT_SAID
    )
    is_said, is_taken = doses != NOT_SAID, None
    if is_said.any():
        # As planned first, where nothing is said.
        is_taken = (~is_said | (doses >= len(trial.scenario.pack.times_of_day) / 2))[:, np.newaxis]
    boxes = {name: on_calendar(returned_diary, schedule.day, values)[:, np.newaxis]
             for name, values in returned_diary.triggers.items()}  # fmt: skip
    diary = Diary.of(schedule, score[:, np.newaxis], trial.scenario.plan(), is_taken, boxes)
    randomized = replace(diary, notes=returned_diary.notes)
    treatment = _treatment_taken(returned_diary, key, schedule.day, schedule.treatment)
    taken = replace(randomized, treatment=treatment)
    is_due = np.array([trial.takes_dose(day) for day in schedule.day.tolist()])
    last = last_day_written(trial, returned_diary)
    return TrialDiary(
        key,
        returned_diary,
        randomized,
        taken,
        deviations(trial, returned_diary, is_over=True),
        tuple(returned_diary.day[returned_diary.is_written & ~is_planned(trial, returned_diary)].tolist()),
        treatment[:, 0] != schedule.treatment[:, 0],
        np.zeros(len(schedule.day), dtype=np.bool_) if is_taken is None else is_due & ~is_taken[:, 0],
        is_due & ~is_said & (schedule.day <= (-np.inf if last is None else last)),
        on_calendar(returned_diary, schedule.day, returned_diary.is_late.astype(np.float64)) == 1,
        _guesses(returned_diary, taken),
    )


def _treatment_taken(
    diary: ReturnedDiary, key: Key, day: NDArray[np.int64], schedule: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return each day's treatment by the kit that the diary notes, else as planned. Shape (day, 1)."""
    held, first = contents(key.trial, key.allocation), int(day[0])
    treatment = schedule.copy()
    for each, _, code in used_kits(key.trial, diary):
        treatment[each - first, 0] = held[code]
    return treatment


def _guesses(returned_diary: ReturnedDiary, diary: Diary) -> Guesses:
    in_plan = (returned_diary.day >= diary.day[0]) & (returned_diary.day <= diary.day[-1])
    days, guesses = returned_diary.day[in_plan], returned_diary.guess[in_plan][:, np.newaxis]
    periods = int(diary.period.max())
    return count_guesses(diary.period, diary.treatment, diary.day, days, guesses, periods)
