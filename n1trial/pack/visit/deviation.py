"""A deviation from the plan as a value: its kind, its days and what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

KINDS = (
    "late start", "early start", "new start", "agreed pause", "moved", "back", "pause", "early stop", "beyond",
    "other kit", "replacement", "two codes", "kit too early", "missed", "not said", "part", "unplanned",
    "written later", "between steps", "count", "count of the unsaid",
)  # fmt: skip
"""Kinds of deviations, in the order of those of one day."""
DAILY = ("missed", "not said", "part", "unplanned", "written later", "between steps")
"""Kinds that every diary has some of: readers get their sums, and the others one by one."""


@dataclass(frozen=True)
class Deviation:
    """One thing that is not as planned; `n1trial.pack.visit.deviation_words` words it.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    first_day, last_day : int
        Days it is about.
    facts : dict
        Numbers and codes that belong to its kind, such as `days`; nothing in them can tell the allocation.
    """

    kind: str
    first_day: int
    last_day: int
    facts: dict[str, Any]


def one_by_one(deviations: Sequence[Deviation]) -> tuple[Deviation, ...]:
    """Give the deviations that are listed one by one."""
    return tuple(each for each in deviations if each.kind not in DAILY)


def sums(deviations: Sequence[Deviation]) -> tuple[Deviation, ...]:
    """Sum the days of each kind that every diary has some of."""
    days = {kind: sum(each.facts["days"] for each in deviations if each.kind == kind) for kind in DAILY}
    return tuple(Deviation(kind, 0, 0, {"days": count}) for kind, count in days.items() if count)
