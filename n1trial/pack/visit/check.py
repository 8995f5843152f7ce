"""The blinded look at a diary, at every visit: completeness by week, deviations so far, and the stop rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.diary.stop_rule import FEWEST_IN_RUN_IN, StopRule, judge
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.deviation import Deviation
from n1trial.pack.visit.deviations import deviations, last_day_written, on_calendar


@dataclass(frozen=True)
class Week:
    """One week of the diary, as far as it has come.

    Attributes
    ----------
    number : int
        From 1.
    first_day, last_day : int
        Of the week within the plan.
    days : int
        Days of it that lie behind: up to the last that anything was written about.
    entries, late : int
        Scores written; those of them written later.
    mean : float or None
        Of the scores; None without one.
    doses_due, doses_taken, doses_missed : int
        Dosing days behind, those of them with a dose said to be taken, and those with all said to be missed.
    """

    number: int
    first_day: int
    last_day: int
    days: int
    entries: int
    late: int
    mean: float | None
    doses_due: int
    doses_taken: int
    doses_missed: int

    @property
    def doses_not_said(self) -> int:
        """Dosing days behind of which nothing is said: an empty box is no dose taken, and none missed."""
        return self.doses_due - self.doses_taken - self.doses_missed


StopState = Literal["unknown", "no run-in", "no room", "too early", "too few", "not met", "met"]
"""What can be said of the stop rule: no pack tells it; the run-in has too few scores; the scale ends before; so many
days have not passed; none of them have scores enough; no; yes."""


@dataclass(frozen=True)
class Stop:
    """State of the stop rule, as far as the diary has come.

    Attributes
    ----------
    rule : StopRule or None
        None where no pack tells it.
    run_in_mean : float or None
        Mean of the run-in's scores; None where too few were written.
    run_in_entries : int
        Scores of the run-in.
    stretches : tuple of (int, int)
        First and last day of every stretch that meets the rule.
    state : StopState
    latest_is_judged : bool
        Whether the latest days have scores enough to be judged.
    """

    rule: StopRule | None
    run_in_mean: float | None
    run_in_entries: int
    stretches: tuple[tuple[int, int], ...]
    state: StopState
    latest_is_judged: bool

    @property
    def is_met(self) -> bool | None:
        """Yes or no; None where it cannot be judged."""
        return self.state == "met" if self.state in ("met", "not met") else None


@dataclass(frozen=True, eq=False)
class DiaryCheck:
    """Findings on a diary that is looked at blind.

    Attributes
    ----------
    trial : Trial or None
        None where the file alone was looked at.
    diary : ReturnedDiary
    last_day : int or None
        Last day that anything was written about.
    weeks : tuple of Week
        Those that have begun.
    deviations : tuple of Deviation
    stop : Stop
    """

    trial: Trial | None
    diary: ReturnedDiary
    last_day: int | None
    weeks: tuple[Week, ...]
    deviations: tuple[Deviation, ...]
    stop: Stop


def check(diary: ReturnedDiary, trial: Trial | None = None) -> DiaryCheck:
    """Look at a diary without a key.

    Parameters
    ----------
    diary : ReturnedDiary
    trial : Trial, optional
        What the blinded files of the pack tell; without it the file alone speaks.
    """
    last = _last(diary) if trial is None else last_day_written(trial, diary)
    first = _first(diary) if trial is None else -trial.layout.run_in_days
    weeks = () if last is None else tuple(_weeks(diary, trial, first, last))
    found = () if trial is None else deviations(trial, diary, is_over=False)
    return DiaryCheck(trial, diary, last, weeks, found, _stop(diary, trial, last))


def _first(diary: ReturnedDiary) -> int:
    return int(diary.day[0])


def _last(diary: ReturnedDiary) -> int | None:
    days = diary.day[diary.is_written]
    return int(days[-1]) if days.size else None


def _weeks(diary: ReturnedDiary, trial: Trial | None, first: int, last: int) -> Iterable[Week]:
    """List the weeks of the diary, counted from its first day."""
    end = int(diary.day[-1]) if trial is None else trial.last_day
    for number, start in enumerate(range(first, last + 1, 7), start=1):
        final = min(start + 6, end)
        behind = range(start, min(final, last) + 1)
        rows = (diary.day >= start) & (diary.day <= behind[-1])
        scores = diary.score[rows & ~np.isnan(diary.score)]
        due = np.array([trial is None or trial.takes_dose(day) for day in diary.day.tolist()], dtype=np.bool_) & rows
        yield Week(
            number,
            start,
            final,
            len(behind),
            len(scores),
            int((diary.is_late & rows & ~np.isnan(diary.score)).sum()),
            float(scores.mean()) if len(scores) else None,
            sum(trial is None or trial.takes_dose(day) for day in behind),
            int(((diary.doses > 0) & due).sum()),
            int(((diary.doses == 0) & due).sum()),
        )


def _stop(diary: ReturnedDiary, trial: Trial | None, last: int | None) -> Stop:
    """Hold all days so far against the run-in, by the rule of the trial."""
    if trial is None:
        run_in = diary.score[(diary.day < 0) & ~np.isnan(diary.score)]
        mean = float(run_in.mean()) if len(run_in) >= FEWEST_IN_RUN_IN else None
        return Stop(None, mean, len(run_in), (), "unknown", False)
    rule = trial.stop_rule
    days = np.arange(-trial.layout.run_in_days, trial.last_day + 1)
    score = on_calendar(diary, days, diary.score)
    judged = judge(rule, days, score[:, np.newaxis])
    mean, behind = judged.run_in_mean.item(), 0 if last is None else last + 1
    stretches = tuple(_stretches(judged.day[judged.is_met[:, 0]], rule.days))
    is_judged = judged.is_judged[:behind, 0]
    return Stop(
        rule,
        None if np.isnan(mean) else mean,
        judged.run_in_entries.item(),
        stretches,
        _state(rule, mean, behind, is_judged, stretches),
        bool(is_judged[-1:].any()),
    )


def _state(
    rule: StopRule, run_in_mean: float, behind: int, is_judged: NDArray[np.bool_], stretches: tuple[object, ...]
) -> StopState:
    if np.isnan(run_in_mean):
        return "no run-in"
    if not rule.can_be_met(run_in_mean):
        return "no room"
    if behind < rule.days:
        return "too early"
    if not is_judged.any():
        return "too few"
    return "met" if stretches else "not met"


def _stretches(ends: NDArray[np.int64], days: int) -> Iterator[tuple[int, int]]:
    """Find stretches of days that meet the rule, of the last days of each `days` in a row that do."""
    for _, run in groupby(enumerate(ends.tolist()), key=lambda each: each[1] - each[0]):
        held = [end for _, end in run]
        yield held[0] - days + 1, held[-1]
