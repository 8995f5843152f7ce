"""Columns of the diary file that a pack hands out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from n1trial.diary.file.columns import COLUMNS, SEALED, column
from n1trial.scenario.model.outcome import Secondary
from n1trial.scenario.scenario import Scenario
from n1trial.wording import plain


def asked_daily(scenario: Scenario) -> tuple[str, ...]:
    """List further questions of every day, as pages ask them: the scenario's own, daily secondary outcomes, triggers.

    Of triggers those that the analysis adjusts for.
    """
    daily = [one for one in scenario.secondary if one.every_days == 1]
    triggers = (f"{name}, yes or no" for name in scenario.analysis.adjust)
    return (*scenario.outcome.also_asked, *map(_question, daily), *triggers)


def unusual(scenario: Scenario) -> list[str]:
    """Name the triggers that the diary offers to mark as unusual: those that are not asked for on every day."""
    return [trigger.name for trigger in scenario.trigger if trigger.name not in scenario.analysis.adjust]


def rare(scenario: Scenario) -> tuple[Secondary, ...]:
    """List secondary outcomes that the diary asks for on some days: more often than there are visits."""
    return tuple(one for one in scenario.secondary if 1 < one.every_days < scenario.pack.visit_every_days)


def at_visits(scenario: Scenario) -> tuple[Secondary, ...]:
    """List secondary outcomes that are asked for at visits: no more often than these are planned."""
    return tuple(one for one in scenario.secondary if one.every_days >= scenario.pack.visit_every_days)


def asked_on(scenario: Scenario, day: int) -> tuple[str, ...]:
    """List questions of a day that are not of every day; each on the last of its days, as it is simulated."""
    return tuple(_question(one) for one in rare(scenario) if (day + 1) % one.every_days == 0)


def _question(outcome: Secondary) -> str:
    return f"{outcome.name}, {plain(outcome.scale[0])} to {plain(outcome.scale[1])}"


def outcome_columns(scenario: Scenario) -> list[str]:
    """Name the columns of the secondary outcomes, those of visits included, and of triggers that are adjusted for."""
    return [column(name) for name in (*(one.name for one in scenario.secondary), *scenario.analysis.adjust)]


def asked_columns(questions: Iterable[str]) -> list[str]:
    """Name the columns for further questions of the diary: their words, without marks, each different."""
    taken = {*COLUMNS, *SEALED}
    names: list[str] = []
    for text in questions:
        words = "_".join("".join(c if c.isalnum() else " " for c in text).lower().split()) or "asked"
        tried = (words if number == 1 else f"{words}_{number}" for number in count(1))
        names.append(next(name for name in tried if name not in taken))
        taken.add(names[-1])
    return names
