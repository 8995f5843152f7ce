"""A scenario as it is being planned: where it began, what was changed since, and what is wrong with it."""

from __future__ import annotations

import copy
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from n1trial.files.source import MemoryFile, place_of
from n1trial.scenario.check.changes import put_all
from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.validate import Validation, validate
from n1trial.scenario.file import library
from n1trial.scenario.file.load import parse_value, read_tables
from n1trial.scenario.model import keys
from n1trial.scenario.scenario import Scenario


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
    answers : dict of str to str
        What was answered since to the questions before planning, by question; an empty one takes an answer back.
    """

    source: str
    tables: Mapping[str, Any] = field(repr=False)
    changes: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def begin(cls, source: str | MemoryFile) -> Draft:
        """Begin with a shipped scenario, or a file.

        Parameters
        ----------
        source : str or MemoryFile
            Name of a shipped scenario, or a scenario file.

        Raises
        ------
        InputError
            If it is no TOML file.
        """
        return cls(place_of(source), read_tables(source))

    @property
    def is_shipped(self) -> bool:
        """Whether it began with a shipped scenario."""
        return self.source in library.paths()

    def edit(self, typed: Mapping[str, str]) -> Draft:
        """Return the draft with other values, as typed; what is again as it was in the file is no change.

        What was said of where a number comes from goes when the number is changed.
        """
        changed = {key for key, text in typed.items() if self.changes.get(key) != text}
        kept = {key: text for key, text in self.changes.items() if _speaks_of(key) not in changed}
        changes = {**kept, **typed}
        base = {key: _value_in(self.tables, key) for key in typed}
        return replace(
            self,
            changes={key: text for key, text in changes.items() if key not in typed or parse_value(text) != base[key]},
        )

    def answer(self, question: str, answer: str) -> Draft:
        """Return the draft with an answer to a question before planning; an empty one takes it back."""
        return replace(self, answers={**self.answers, question: " ".join(answer.split())})

    @property
    def considered(self) -> dict[str, str]:
        """What is answered to the questions before planning, by question; nothing where the file's are at fault."""
        told = self._values.get("considered", [])
        if not isinstance(told, list) or not all(map(_is_answer, told)):
            return {}
        return {each["question"]: each["answer"] for each in told}

    @cached_property
    def _tables(self) -> tuple[dict[str, Any], list[Fault]]:
        """Nested tables with all changes, whether or not they are a scenario, and changes that have no place there."""
        values: dict[str, Any] = copy.deepcopy(dict(self.tables))
        faults = list(put_all(values, {key: parse_value(text) for key, text in self.changes.items()}))
        told = values.get("considered", [])
        if self.answers and isinstance(told, list):
            kept = [each for each in told if not _is_answer(each) or each["question"] not in self.answers]
            new = [{"question": asked, "answer": answer} for asked, answer in self.answers.items() if answer]
            values["considered"] = kept + new
        return values, faults

    @property
    def _values(self) -> dict[str, Any]:
        return self._tables[0]

    @cached_property
    def _validation(self) -> Validation[Scenario]:
        values, misplaced = self._tables
        return validate(Scenario, values).with_faults(misplaced)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong with it."""
        return self._validation.faults

    @property
    def scenario(self) -> Scenario | None:
        """The scenario; None where anything is wrong."""
        return None if self.faults else self._validation.scenario

    @property
    def typed(self) -> tuple[str, ...]:
        """The scenario and its changes, as one types them after a command."""
        source = self.source if self.is_shipped else f"{self.source.removesuffix('.toml')}.toml"
        return (source, *(part for key, text in self.changes.items() for part in ("--set", f"{key}={text}")))

    @property
    def command(self) -> str:
        """What gives the same numbers on the command line, but for the number of trials."""
        return shlex.join(["n1trial", "run", *self.typed])


def _speaks_of(key: str) -> str | None:
    """Return the number whose evidence a key is of; None for any other."""
    section, table, _ = keys.split(key)
    return table if section == "evidence" else None


def _is_answer(table: object) -> bool:
    """Return True if a table is an answer to a question, as a file without fault has it."""
    return isinstance(table, Mapping) and all(isinstance(table.get(name), str) for name in ("question", "answer"))


def _value_in(tables: Mapping[str, Any], key: str) -> object:
    """Return the value that tables hold; None where they hold none."""
    section, table, name = keys.split(key)
    held: Any = tables.get(section)
    if name is None:
        return held
    if table is not None and isinstance(held, list):
        place = keys.position(held, section, table)
        held = None if place is None else held[place]
    return held.get(name) if isinstance(held, Mapping) else None
