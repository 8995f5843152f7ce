"""A scenario as it is being planned: where it began, what was changed since, and what is wrong with it."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from n1trial.scenario import keys, library
from n1trial.scenario.explain import faults_in
from n1trial.scenario.fault import Fault
from n1trial.scenario.file import parsed, read_tables
from n1trial.scenario.model import Scenario


@dataclass(frozen=True)
class Draft:
    """A scenario in the making.

    Attributes
    ----------
    source : str
        Name of the shipped scenario that it began with, or of a file.
    tables : dict
        Of that file, as it holds them.
    changes : dict of str to str
        Values that took the place of the file's, by dotted key, as they were typed.
    considered : dict of str to str
        What was answered to the questions before planning, by question.
    """

    source: str
    tables: Mapping[str, Any] = field(repr=False)
    changes: Mapping[str, str] = field(default_factory=dict)
    considered: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def begun(cls, source: str, place: str | None = None) -> Draft:
        """Begin with a shipped scenario, or a file.

        Parameters
        ----------
        source : str
            Name of a shipped scenario, or of a file as its reader calls it.
        place : str, optional
            Where that file is.

        Raises
        ------
        InputError
            If it is no TOML file.
        """
        tables = read_tables(place or source)
        told = tables.pop("considered", [])
        answers = {each.get("question", ""): each.get("answer", "") for each in told if isinstance(each, Mapping)}
        return cls(source, tables, {}, answers)

    @property
    def is_shipped(self) -> bool:
        """Whether it began with a shipped scenario."""
        return self.source in library.paths()

    def edited(self, typed: Mapping[str, str]) -> Draft:
        """The draft with other values, as typed; what is again as it was in the file is no change."""
        changes = {**self.changes, **typed}
        base = {key: _value_in(self.tables, key) for key in typed}
        return replace(
            self, changes={key: text for key, text in changes.items() if key not in typed or parsed(text) != base[key]}
        )

    def answered(self, question: str, answer: str) -> Draft:
        """The draft with an answer to a question before planning; an empty one takes it back."""
        answer = " ".join(answer.split())
        kept = {asked: told for asked, told in self.considered.items() if asked != question}
        return replace(self, considered=kept | ({question: answer} if answer else {}))

    @cached_property
    def values(self) -> dict[str, Any]:
        """Nested tables with all changes, whether or not they are a scenario."""
        values: dict[str, Any] = copy.deepcopy(dict(self.tables))
        for key, text in self.changes.items():
            keys.put(values, key, parsed(text))
        if self.considered:
            values["considered"] = [{"question": asked, "answer": told} for asked, told in self.considered.items()]
        return values

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong with it."""
        return tuple(faults_in(Scenario, self.values))

    @cached_property
    def scenario(self) -> Scenario | None:
        """The scenario; None where anything is wrong."""
        return None if self.faults else Scenario.model_validate(self.values)

    @property
    def typed(self) -> tuple[str, ...]:
        """The scenario and its changes, as one types them after a command."""
        source = self.source if self.is_shipped else f"{self.source.removesuffix('.toml')}.toml"
        return (source, *(part for key, text in self.changes.items() for part in ("--set", f"{key}={text}")))

    @property
    def command(self) -> str:
        """What gives the same numbers on the command line, but for the number of trials."""
        return shlex.join(["n1trial", "run", *self.typed])


def _value_in(tables: Mapping[str, Any], key: str) -> object:
    """Value that tables hold; None where they hold none."""
    section, table, name = keys.split(key)
    held: Any = tables.get(section)
    if name is None:
        return held
    if table is not None and isinstance(held, list):
        place = keys.position(held, section, table)
        held = None if place is None else held[place]
    return held.get(name) if isinstance(held, Mapping) else None
