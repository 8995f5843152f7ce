"""What forbids a trial, whatever its design: an answer to the questions before planning."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.cautions import cautions_of
from n1trial.scenario.model.tables import Tables


def forbidden_by_answers(scenario: Tables) -> Iterator[str]:
    """Refuse a trial that an answer to the questions before planning forbids."""
    given = {each.question: each.answer for each in scenario.considered}
    for asked in cautions_of(scenario).asked:
        answer = given.get(asked.question)
        if answer in asked.stops:
            yield f"{asked.question} {answer}: {asked.against.get(answer, 'such a trial must not be run')}"
