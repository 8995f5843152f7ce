"""Every key of a scenario in the order of the file, with its value and whether it was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from n1trial.scenario.model.keys import ARRAYS, properties, section_type
from n1trial.scenario.model.section import Section


@dataclass(frozen=True)
class Entry:
    """One key of a scenario.

    Parameters
    ----------
    section : str
        Section, or array of tables, that holds it; empty for the keys above all tables.
    table : Section
        The table that holds it.
    field : str
        Its name there.
    path : str
        Its dotted key.
    """

    section: str
    table: Section
    field: str
    path: str

    @property
    def value(self) -> object:
        """Its value; None for an optional key that was left out."""
        value: object = getattr(self.table, self.field)
        return value

    @property
    def info(self) -> FieldInfo:
        """Its label, description and default."""
        return type(self.table).model_fields[self.field]

    @property
    def label(self) -> str:
        """What it is called, with the name of its table in an array."""
        name = f" ({getattr(self.table, ARRAYS[self.section])})" if self.section in ARRAYS else ""
        return f"{self.info.title}{name}"

    @property
    def unit(self) -> str:
        """What it is counted in; empty where it has no unit."""
        return str(self.schema.get("unit", ""))

    @property
    def schema(self) -> Mapping[str, Any]:
        """What the JSON Schema says of it."""
        return properties(type(self.table))[self.field]

    @property
    def is_given(self) -> bool:
        """Whether it was given rather than left at its default."""
        return self.field in self.table.model_fields_set

    @property
    def is_number(self) -> bool:
        """Whether it takes a number."""
        return self.schema.get("type") in ("number", "integer")


def entries(scenario: Section) -> Iterator[Entry]:
    """Go through all keys of a scenario, those left at their defaults included."""
    for section, held in tables(scenario):
        name = f".{getattr(held, ARRAYS[section])}" if section in ARRAYS else ""
        prefix = f"{section}{name}." if section else ""
        for field in type(held).model_fields:
            if section or section_type(type(scenario), field) is None:
                yield Entry(section, held, field, f"{prefix}{field}")


def tables(scenario: Section) -> Iterator[tuple[str, Section]]:
    """Go through all tables of a scenario, each with its section; first the scenario itself, without one."""
    yield "", scenario
    for section in type(scenario).model_fields:
        held = getattr(scenario, section)
        if isinstance(held, Section):
            yield section, held
        elif section in ARRAYS:
            yield from ((section, table) for table in held)
