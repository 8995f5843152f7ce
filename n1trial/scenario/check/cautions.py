"""What must be said beside every answer, and asked before planning: shipped blocks, and a scenario's own words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from n1trial.errors import InputError
from n1trial.files.scenarios_folder import scenarios_folder
from n1trial.scenario.model.tables import Tables
from n1trial.wording import list_words, near_miss

GENERAL = "general"
"""Block of cautions for scenarios that name none."""
ACTIVE_CONTROL = "active-control"
"""Block that takes the place of the general one where the control is a drug too."""


@dataclass(frozen=True)
class Question:
    """A question that says whether a trial makes sense at all.

    Parameters
    ----------
    question : str
    answers : tuple of str
        To choose from; empty where the answer is free text.
    against : dict of str to str
        What is said to an answer that speaks against the trial.
    stops : tuple of str
        Answers that forbid the trial: no pack is made.
    decides : bool
        Whether it asks what will be done with one of the trial's answers.
    """

    question: str
    answers: tuple[str, ...]
    against: Mapping[str, str]
    stops: tuple[str, ...]
    decides: bool


@dataclass(frozen=True)
class CautionBlock:
    """Cautions that stand beside every answer of some kind of scenario.

    Parameters
    ----------
    first : str
        The most pressing, in two lines for a terminal.
    text : tuple of str
        All of it, a paragraph each.
    call : tuple of str
        When the patient should call the clinic at once, in the patient's words; each goes on after an "if".
    questions : tuple of Question
        What to ask before planning.
    nothing_changes : str
        What is said where the same would be done whatever the trial's answer.
    """

    first: str
    text: tuple[str, ...]
    call: tuple[str, ...]
    questions: tuple[Question, ...]
    nothing_changes: str


def caution_blocks() -> tuple[str, ...]:
    """Name all shipped blocks of cautions."""
    return tuple(sorted(path.stem for path in (scenarios_folder() / "cautions").glob("*.toml")))


@cache
def cautions(block: str) -> CautionBlock:
    """Read a shipped block of cautions.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    name = block or GENERAL
    if name not in (known := caution_blocks()):
        hint = near_miss(name, known) or f" (there are: {list_words(known)})"
        raise InputError(f"{name}: no shipped block of cautions of that name{hint}")
    tables = tomllib.loads((scenarios_folder() / "cautions" / f"{name}.toml").read_text(encoding="utf-8"))
    first = tables["first"]
    return CautionBlock(
        first=first if isinstance(first, str) else "\n".join(first),
        text=tuple(tables["text"]),
        call=tuple(tables["call"]),
        questions=tuple(
            Question(
                question=ask["question"],
                answers=tuple(ask.get("answers", ())),
                against=ask.get("against", {}),
                stops=tuple(ask.get("stops", ())),
                decides=ask.get("decides", False),
            )
            for ask in tables["ask"]
        ),
        nothing_changes=tables["nothing_changes"],
    )


def cautions_of(scenario: Tables) -> CautionBlock:
    """Return the block of cautions of a scenario: the one it names, else the general one for its kind of control."""
    block = scenario.cautions.block or GENERAL
    return cautions(ACTIVE_CONTROL if block == GENERAL and scenario.control.is_active else block)


def paragraphs(scenario: Tables) -> tuple[str, ...]:
    """List all that must be said beside every answer to a scenario, a paragraph each, without line breaks."""
    control, own = scenario.control, scenario.cautions.own
    known = (f"{control.name}. {' '.join(control.cautions)}",) if control.cautions else ()
    return tuple(" ".join(text.split()) for text in (*cautions_of(scenario).text, *known, *own))
