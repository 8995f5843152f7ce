"""The blinded look at a diary, at every visit: completeness by week, deviations so far, and the stop rule."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from n1trial.pack.deviations import Deviation, deviations, reached
from n1trial.pack.facts import stop_points
from n1trial.pack.trial import Trial

if TYPE_CHECKING:
    from n1trial.diary.returned import Returned

STOP_WEEKS = 2
"""Weeks in a row that must be so much worse than the run-in (`facts.stop_points`)."""
FEWEST_ENTRIES = 3
"""Entries that a week, or the run-in, must have for its mean to be held against the other."""


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
    doses_due, doses_noted, doses_taken : int
        Dosing days behind, those of them written about, and those with a dose taken.
    """

    number: int
    first_day: int
    last_day: int
    days: int
    entries: int
    late: int
    mean: float | None
    doses_due: int
    doses_noted: int
    doses_taken: int


@dataclass(frozen=True)
class Stop:
    """Whether the rule of two weeks much worse than the run-in speaks.

    Attributes
    ----------
    is_known : bool
        Whether the direction of the scale is known, so that the rule could be looked at.
    run_in_mean : float or None
        Mean of the run-in's scores; None where too few were written.
    run_in_entries : int
    worse_by : float
        Points that both weeks must be worse by; 0 where that is not known.
    weeks : tuple of int
        First week of every two in a row that are that much worse.
    can_be_met : bool
        Whether the scale has room for so much worse than the run-in.
    """

    is_known: bool
    run_in_mean: float | None
    run_in_entries: int
    worse_by: float
    weeks: tuple[int, ...]
    can_be_met: bool = True


@dataclass(frozen=True, eq=False)
class Checked:
    """What a diary tells blind.

    Attributes
    ----------
    trial : Trial or None
        None where the file alone was looked at.
    returned : Returned
    reached : int or None
        Last day that anything was written about.
    weeks : tuple of Week
        Those that have begun.
    deviations : tuple of Deviation
    stop : Stop
    """

    trial: Trial | None
    returned: Returned
    reached: int | None
    weeks: tuple[Week, ...]
    deviations: tuple[Deviation, ...]
    stop: Stop


def check(returned: Returned, trial: Trial | None = None) -> Checked:
    """Look at a diary without a key.

    Parameters
    ----------
    returned : Returned
    trial : Trial, optional
        What the blinded files of the pack tell; without it the file alone speaks.

    Returns
    -------
    Checked
    """
    last = _last(returned) if trial is None else reached(trial, returned)
    first = _first(returned) if trial is None else -trial.layout.run_in_days
    weeks = () if last is None else tuple(_weeks(returned, trial, first, last))
    found = () if trial is None else deviations(trial, returned, is_over=False)
    return Checked(trial, returned, last, weeks, found, _stop(returned, trial, weeks, first))


def _first(returned: Returned) -> int:
    return int(returned.day[0])


def _last(returned: Returned) -> int | None:
    days = returned.day[returned.is_written]
    return int(days[-1]) if days.size else None


def _weeks(returned: Returned, trial: Trial | None, first: int, last: int) -> Iterable[Week]:
    """Weeks of the diary, counted from its first day."""
    end = int(returned.day[-1]) if trial is None else trial.last_day
    for number, start in enumerate(range(first, last + 1, 7), start=1):
        final = min(start + 6, end)
        behind = range(start, min(final, last) + 1)
        rows = (returned.day >= start) & (returned.day <= behind[-1])
        scores = returned.score[rows & ~np.isnan(returned.score)]
        due = np.array([trial is None or trial.takes_dose(day) for day in returned.day.tolist()], dtype=np.bool_) & rows
        yield Week(
            number,
            start,
            final,
            len(behind),
            len(scores),
            int((returned.is_late & rows & ~np.isnan(returned.score)).sum()),
            float(scores.mean()) if len(scores) else None,
            sum(trial is None or trial.takes_dose(day) for day in behind),
            int((~np.isnan(returned.doses) & due).sum()),
            int(((returned.doses > 0) & due).sum()),
        )


def _stop(returned: Returned, trial: Trial | None, weeks: Iterable[Week], first: int) -> Stop:
    """Hold every two weeks in a row against the run-in."""
    run_in = returned.score[(returned.day >= first) & (returned.day < 0) & ~np.isnan(returned.score)]
    usual = float(run_in.mean()) if len(run_in) >= FEWEST_ENTRIES else None
    if trial is None or usual is None:
        return Stop(False, usual, len(run_in), 0.0, ())
    sign = 1 if trial.scenario.outcome.better == "lower" else -1
    limit = stop_points(trial.scenario)
    is_worse = {week.number: _worse(week, usual, sign) >= limit for week in weeks}
    both = tuple(
        number for number in is_worse if all(is_worse.get(number + later, False) for later in range(STOP_WEEKS))
    )
    low, high = trial.scenario.outcome.scale
    room = high - usual if sign > 0 else usual - low
    # Means of decimal scores and a tenth of a scale are not exact in binary.
    can_be_met = limit <= room + 1e-9 * (high - low)
    return Stop(True, usual, len(run_in), limit, both, can_be_met)


def _worse(week: Week, usual: float, sign: int) -> float:
    """Points that a week is worse than the run-in; less than any where too few entries tell."""
    if week.first_day < 0 or week.mean is None or week.entries < FEWEST_ENTRIES:
        return -math.inf
    return sign * (week.mean - usual)
