"""Which kits the pharmacy fills together and until when they keep; the same whatever the allocation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from n1trial.pack.trial.moves import first_moved
from n1trial.pack.trial.trial import Kit, Trial
from n1trial.pack.trial.visits import FILL_DAYS, before_the_last_pause, handout_dates

EARLIEST_DAYS = 28
"""Nothing is filled earlier before it is handed out."""


@dataclass(frozen=True)
class Fill:
    """Kits that are filled together.

    Attributes
    ----------
    first, last : int
        Numbers of the first and last kit.
    not_before, ready_by : date
        When they may be filled at the earliest, and when they are handed out.
    """

    first: int
    last: int
    not_before: date
    ready_by: date


def fills(trial: Trial) -> list[Fill]:
    """List kits that are filled together, so that each is used within its shelf life, whatever it holds.

    They are ready when the first of them is handed out. Fills that were ready before dates were moved stay as they
    were: `overdue` names those of their kits that are used later than they keep.
    """
    found: list[Fill] = []
    if trial.pauses:
        before, resumed = before_the_last_pause(trial)
        found = [fill for fill in fills(before) if fill.ready_by < resumed]
    shelf_life, handed_out = trial.scenario.pack.shelf_life_days, handout_dates(trial)
    last_dates = [trial.date_of(kit.last_day) for kit in trial.kits]
    first = found[-1].last if found else 0
    while first < len(trial.kits):
        ready = handed_out[first]
        keep = [number for number in range(first + 1, len(trial.kits) + 1)
                if last_dates[number - 1] <= keeps_until(ready, shelf_life)]  # fmt: skip
        last = keep[-1] if keep else first + 1
        filled_from = last_dates[last - 1] - timedelta(days=shelf_life - 1)
        earliest = max(filled_from, ready - timedelta(days=EARLIEST_DAYS))
        found.append(Fill(first + 1, last, earliest, ready))
        first = last
    return found


def keeps_until(ready: date, shelf_life: int) -> date:
    """Return the last date on which a kit is good that was filled as early as for a fill that is ready on a date."""
    return ready + timedelta(days=shelf_life - 1 - FILL_DAYS)


def overdue(before: Trial, now: Trial) -> Iterator[tuple[Kit, date]]:
    """Find kits that may be filled already and are now used later than they keep.

    Parameters
    ----------
    before, now : Trial
        With the dates until now, and the new ones.

    Yields
    ------
    tuple of Kit and date
        A kit, and the last date on which it is good if it was filled as early as planned.
    """
    resumed = now.date_of(first_moved(before, now))
    use_by = now.scenario.pack.use_by
    for fill in fills(before):
        for kit in now.kits[fill.first - 1 : fill.last]:
            good = keeps_until(fill.ready_by, now.scenario.pack.shelf_life_days)
            good = min(good, date.fromisoformat(use_by)) if use_by else good
            is_used_later = kit.last_day >= first_moved(before, now)
            if fill.ready_by < resumed and is_used_later and now.date_of(kit.last_day) > good:
                yield kit, good


def in_the_house(before: Trial, now: Trial) -> tuple[Kit, ...]:
    """List kits that the patient has already and whose labels show old dates."""
    first = first_moved(before, now)
    resumed = before.date_of(first)
    handed_out = zip(now.kits, handout_dates(before), strict=True)
    return tuple(kit for kit, day in handed_out if day < resumed and kit.last_day >= first)
