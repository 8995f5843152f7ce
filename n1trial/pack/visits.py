"""When the patient comes to the clinic, and which kits are handed out then; the same whatever the allocation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n1trial.pack.trial import Kit, Trial

VISIT_DAYS = 49
LEAD_DAYS = 3
"""The first visit is so many days before the first kit is opened; no kit is handed out later than that."""
SHORTEST_GAP_DAYS = 14
"""A visit that would be so near to the last one is left out."""
FILL_DAYS = 7
"""Days that the pharmacy has for a fill, before its first kit is handed out, where the shelf life allows."""


def visit_days(trial: Trial) -> tuple[int, ...]:
    """Days of the visits: before the first kit, every seven weeks from then, and after the last day."""
    first, end = trial.first_kit_day - LEAD_DAYS, trial.last_day + 1
    return (first, *range(first + VISIT_DAYS, end - SHORTEST_GAP_DAYS, VISIT_DAYS), end)


def handout_days(trial: Trial) -> tuple[int, ...]:
    """Day on which each kit is handed out, in the order of use.

    At each visit the patient gets what lasts until the next one, and one kit more, in case it is held late. A kit that
    would not keep so long is handed out at a later visit, or else fetched between visits.

    Returns
    -------
    tuple of int
        As many as there are kits.
    """
    return tuple(handout_day(trial, kit) for kit in trial.kits)


def handout_day(trial: Trial, kit: Kit) -> int:
    """Day on which a kit is handed out."""
    return next(_days_for(trial, kit))


def _days_for(trial: Trial, kit: Kit) -> Iterator[int]:
    shelf_life, length = trial.scenario.pack.shelf_life_days, trial.scenario.pack.kit_days
    visits = visit_days(trial)
    for visit, following in pairwise(visits):
        is_wanted = kit.first_day <= following + length
        is_in_time = visit <= kit.first_day - LEAD_DAYS
        if is_wanted and is_in_time and kit.last_day - visit + 1 + FILL_DAYS <= shelf_life:
            yield visit
    yield max(kit.first_day - LEAD_DAYS, kit.last_day - shelf_life + 1)
