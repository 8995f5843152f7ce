"""Columns of the diary file that a pack hands out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from n1trial.diary.columns import COLUMNS, SEALED, column
from n1trial.scenario.fault import plain

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario


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
    taken = {*COLUMNS, *SEALED}
    names: list[str] = []
    for text in asked:
        words = "_".join("".join(c if c.isalnum() else " " for c in text).lower().split()) or "asked"
        tried = (words if number == 1 else f"{words}_{number}" for number in count(1))
        names.append(next(name for name in tried if name not in taken))
        taken.add(names[-1])
    return names
