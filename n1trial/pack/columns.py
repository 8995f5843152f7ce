"""Columns of the diary file that a pack hands out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from n1trial.diary.returned import column
from n1trial.scenario.fault import plain

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

CALENDAR_COLUMNS = ("day", "date", "week", "kit")
DIARY_COLUMNS = (
    "score", "doses_taken", "late", "guess", "other_medicines", "unusual", "felt_where",
    "new_complaints", "units_left", "note",
)  # fmt: skip
NOT_BLINDED = ("period", "cycle", "treatment")
"""Columns that a diary may have elsewhere, but never one that a pack hands out."""


def asked_daily(scenario: Scenario) -> tuple[str, ...]:
    """Further questions of every day, as pages ask them: the scenario's own, and daily secondary outcomes."""
    daily = [one for one in scenario.secondary if one.every_days == 1]
    return (
        *scenario.outcome.also_asked,
        *(f"{one.name}, {plain(one.scale[0])} to {plain(one.scale[1])}" for one in daily),
    )


def outcome_columns(scenario: Scenario) -> list[str]:
    """Names of the columns of the secondary outcomes, those of visits included."""
    return [column(one.name) for one in scenario.secondary]


def asked_columns(asked: Iterable[str]) -> list[str]:
    """Names of the columns for the further questions of the diary: their words, without marks, each different."""
    taken = {*CALENDAR_COLUMNS, *DIARY_COLUMNS, *NOT_BLINDED}
    names: list[str] = []
    for text in asked:
        words = "_".join("".join(c if c.isalnum() else " " for c in text).lower().split()) or "asked"
        tried = (words if number == 1 else f"{words}_{number}" for number in count(1))
        names.append(next(name for name in tried if name not in taken))
        taken.add(names[-1])
    return names
