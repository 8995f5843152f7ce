"""When the patient comes to the clinic, and which kits are handed out then; the same whatever the allocation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from n1trial.pack.trial.trial import Kit, Trial

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEAD_DAYS = 3
"""The first visit is so many days before the first kit is opened; no kit is handed out later than that."""
SHORTEST_GAP_DAYS = 14
"""A visit that would be so near to the last one is left out; or, if it is shorter, one at half of their distance."""
FEW_KITS = 1
"""A visit before the last that would hand out no more kits than that is merged with the one before."""
FILL_DAYS = 7
"""Days that the pharmacy has for a fill, before its first kit is handed out, where the shelf life allows."""


def visit_days(trial: Trial) -> tuple[int, ...]:
    """List days of the plan with visits: before the first kit, at equal distances from then, after the last day.

    Whether the clinic is open then is looked at by `visit_dates`, and no move of the dates changes these days.
    """
    first, end, every = trial.first_kit_day - LEAD_DAYS, trial.last_day + 1, trial.scenario.pack.visit_every_days
    gap = min(SHORTEST_GAP_DAYS, every // 2)
    between = [*range(first + every, end - gap, every)]
    if between and _is_for_few_kits(trial, between[-1], first if len(between) == 1 else between[-2], end):
        between.pop()
    return (first, *between, end)


def _is_for_few_kits(trial: Trial, last: int, before: int, end: int) -> bool:
    """Whether the last visit between first and end hands out next to nothing that the one before could not."""
    pack = trial.scenario.pack
    kits = [kit for kit in trial.kits if last + _reserve(trial) < kit.first_day <= end + _reserve(trial)]
    keep = all(kit.last_day - before + 1 + FILL_DAYS <= pack.shelf_life_days for kit in kits)
    return len(kits) <= FEW_KITS and keep


def _reserve(trial: Trial) -> int:
    """Count days that the kits of a visit last beyond the next one, in case it is held late."""
    return max(trial.scenario.pack.kit_days, LEAD_DAYS)


def visit_dates(trial: Trial) -> tuple[date, ...]:
    """List dates of the visits, on weekdays on which the clinic is open, as many as `visit_days`.

    The first is never later than planned, the last never earlier, and the others are as near as can be.
    """
    first, *between, end = (trial.date_of(day) for day in visit_days(trial))
    near = [0, *(days for distance in range(1, 7) for days in (-distance, distance))]
    return (
        _open_date(trial, first, range(0, -7, -1)),
        *(_open_date(trial, day, near) for day in between),
        _open_date(trial, end, range(7)),
    )


def _open_date(trial: Trial, visit: date, shifts: range | list[int]) -> date:
    """Find the first date, of those so many days from a planned one, on which the clinic is open."""
    days = (visit + timedelta(days=shift) for shift in shifts)
    return next(day for day in days if is_open(trial, day))


def is_open(trial: Trial, day: date) -> bool:
    """Whether the clinic is open on a date, by its weekday."""
    return WEEKDAYS[day.weekday()] in trial.scenario.pack.visit_days


def handout_dates(trial: Trial) -> tuple[date, ...]:
    """List dates on which each kit is handed out, in the order of use.

    At each visit the patient gets what lasts until the next one, and one kit more, in case it is held late. A kit that
    would not keep so long is handed out at a later visit, or else fetched between visits. What was handed out before
    dates were moved stays handed out.

    Returns
    -------
    tuple of date
        As many as there are kits.
    """
    visits = visit_dates(trial)
    now = tuple(next(_dates_for(trial, kit, visits)) for kit in trial.kits)
    if not trial.pauses:
        return now
    before, resumed = before_the_last_pause(trial)
    earlier = handout_dates(before)
    return tuple(was if was < resumed else new for was, new in zip(earlier, now, strict=True))


def before_the_last_pause(trial: Trial) -> tuple[Trial, date]:
    """Return a trial as it was before its last pause, and the date from which that pause moved everything."""
    before = replace(trial, moves=trial.moves[:-1])
    return before, before.date_of(trial.pauses[-1].first_day)


def _dates_for(trial: Trial, kit: Kit, visits: Sequence[date]) -> Iterator[date]:
    shelf_life, reserve = trial.scenario.pack.shelf_life_days, timedelta(days=_reserve(trial))
    first, last, lead = trial.date_of(kit.first_day), trial.date_of(kit.last_day), timedelta(days=LEAD_DAYS)
    for visit, following in pairwise(visits):
        is_wanted = first <= following + reserve
        is_in_time = visit <= first - lead
        if is_wanted and is_in_time and (last - visit).days + 1 + FILL_DAYS <= shelf_life:
            yield visit
    earliest = last - timedelta(days=shelf_life - 1)
    planned = max(first - lead, earliest)
    days = (planned - timedelta(days=shift) for shift in range(7))
    yield next((day for day in days if earliest <= day and is_open(trial, day)), planned)
