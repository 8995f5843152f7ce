"""Answers to the questions before planning: which are open, which speak against the trial, which forbid it."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.cautions import cautions_of
from n1trial.scenario.check.fault import Remark
from n1trial.scenario.model.tables import Tables


def answers(scenario: Tables) -> list[tuple[str, str, str]]:
    """List what was thought of before planning: question, answer, and what speaks against the trial, or nothing."""
    against = {asked.question: asked.against for asked in cautions_of(scenario).questions}
    return [
        (each.question, each.answer, against.get(each.question, {}).get(each.answer, ""))
        for each in scenario.considered
    ]


def open_questions(scenario: Tables) -> tuple[str, ...]:
    """List the questions to ask before planning that have no answer yet."""
    given = {each.question for each in scenario.considered}
    return tuple(asked.question for asked in cautions_of(scenario).questions if asked.question not in given)


def answers_speak_against(scenario: Tables) -> Iterator[Remark]:
    """Find what was thought of before planning and speaks against the trial."""
    block, given = cautions_of(scenario), {each.question: each.answer for each in scenario.considered}
    for question, answer, against in answers(scenario):
        if against:
            yield Remark("answer", f"{question} {answer}", {"against": against})
    decisions = [given.get(asked.question, "").strip(" .").casefold() for asked in block.questions if asked.decides]
    if len(decisions) > 1 and all(decisions) and len(set(decisions)) == 1:
        yield Remark("of_the_block", "", {"words": block.nothing_changes})


def forbidden_by_answers(scenario: Tables) -> Iterator[Remark]:
    """Refuse a trial that an answer to the questions before planning forbids."""
    given = {each.question: each.answer for each in scenario.considered}
    for asked in cautions_of(scenario).questions:
        answer = given.get(asked.question)
        if answer in asked.stops:
            against = asked.against.get(answer)
            yield Remark("answer" if against else "forbidden", f"{asked.question} {answer}", {"against": against})
