"""The shipped scenarios and blocks of cautions, found in a checkout and in an installed package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from n1trial.errors import InputError
from n1trial.scenario.check.fault import listed, near_miss
from n1trial.scenario.model.control import is_active

if TYPE_CHECKING:
    from n1trial.scenario.model.scenario import Scenario

PACKAGE = Path(__file__).parents[2]

GENERAL = "general"
"""Block of cautions for scenarios that name none."""
ACTIVE_CONTROL = "active-control"
"""Block that takes the place of the general one where the control is a drug too."""


@dataclass(frozen=True)
class Shipped:
    """A scenario that comes with n1trial.

    Parameters
    ----------
    name : str
        Its name, also that of its file.
    title : str
        Its title.
    path : Path
        Its file.
    """

    name: str
    title: str
    path: Path


@dataclass(frozen=True)
class Asked:
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
class Cautions:
    """What must be said beside every answer of some kind of scenario.

    Parameters
    ----------
    first : str
        The most pressing, in two lines for a terminal.
    text : tuple of str
        All of it, a paragraph each.
    call : tuple of str
        When the patient should call the clinic at once, in the patient's words; each goes on after an "if".
    asked : tuple of Asked
        What to ask before planning.
    nothing_changes : str
        What is said where the same would be done whatever the trial's answer.
    """

    first: str
    text: tuple[str, ...]
    call: tuple[str, ...]
    asked: tuple[Asked, ...]
    nothing_changes: str


def folder() -> Path:
    """Folder of the shipped scenarios: beside the package in a checkout, within it when installed."""
    beside = PACKAGE.parent / "scenarios"
    return beside if (PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir() else PACKAGE / "scenarios"


def paths() -> dict[str, Path]:
    """Files of all shipped scenarios, by name."""
    return {path.stem: path for path in sorted(folder().glob("*.toml"))}


@cache
def shipped() -> tuple[Shipped, ...]:
    """All shipped scenarios, by name."""
    return tuple(Shipped(name, str(_tables(path).get("title", "")), path) for name, path in paths().items())


def caution_blocks() -> tuple[str, ...]:
    """Names of all shipped blocks of cautions."""
    return tuple(sorted(path.stem for path in (folder() / "cautions").glob("*.toml")))


@cache
def cautions(block: str) -> Cautions:
    """Read a shipped block of cautions.

    Parameters
    ----------
    block : str
        Its name; empty for the general one.

    Returns
    -------
    Cautions
        Its words.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    name = block or GENERAL
    if name not in caution_blocks():
        raise InputError(f"{name}: no shipped block of cautions of that name{_hint(name, caution_blocks())}")
    tables = _tables(folder() / "cautions" / f"{name}.toml")
    first = tables["first"]
    return Cautions(
        first=first if isinstance(first, str) else "\n".join(first),
        text=tuple(tables["text"]),
        call=tuple(tables["call"]),
        asked=tuple(
            Asked(
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


def cautions_of(scenario: Scenario) -> Cautions:
    """Block of cautions of a scenario: the one it names, else the general one for its kind of control."""
    block = scenario.cautions.block or GENERAL
    return cautions(ACTIVE_CONTROL if block == GENERAL and is_active(scenario) else block)


def paragraphs(scenario: Scenario) -> tuple[str, ...]:
    """All that must be said beside every answer to a scenario, a paragraph each, without line breaks."""
    control, own = scenario.control, scenario.cautions.own
    known = (f"{control.name}. {' '.join(control.cautions)}",) if control.cautions else ()
    return tuple(" ".join(text.split()) for text in (*cautions_of(scenario).text, *known, *own))


def _tables(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _hint(name: str, names: list[str] | tuple[str, ...]) -> str:
    return near_miss(name, names) or f" (there are: {listed(names)})"
