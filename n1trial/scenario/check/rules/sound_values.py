"""Values of the keys that are not at fault, given or default, so that rules across them can be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from n1trial.scenario.model.keys import ARRAYS, properties, section_type
from n1trial.scenario.model.section import Section
from n1trial.scenario.model.tables import Tables
from n1trial.scenario.model.trial import OF_LAYOUT

Place = tuple[str | int, ...]
"""Where a value stands in nested tables: section, then number within an array of tables, then key."""

Values = Mapping[str, object]
Table = Mapping[str, Any]

NUMBERS = "*"
"""What a rule reads that needs the keys of all numbers of the file."""
ONE, ALL = "[]", "[*]"
"""Behind the name of an array: one table of it at a time; what all its tables hold."""
NOT_NUMBERED = ("evidence", "unsettled")
"""Arrays that speak of the numbers of others."""


@dataclass(frozen=True)
class SoundValues:
    """Values of a scenario that break no rule of their own, where other keys may be at fault.

    Attributes
    ----------
    values : mapping of str to object
        By dotted key.
    tables : mapping of str to tuple of mapping
        Tables of each array with what is known of them; arrays that are at fault as a whole are not there.
    has_all_names : bool
        Whether every table of an array can be named.
    """

    values: Mapping[str, object]
    tables: Mapping[str, tuple[Table, ...]]
    has_all_names: bool

    def named(self, array: str) -> Iterator[Table]:
        """Go through the tables of an array whose names are known."""
        return (table for table in self.tables.get(array, ()) if ARRAYS[array] in table)

    def has(self, key: str, table: Table) -> bool:
        """Whether what a rule reads is known, of one table where it reads one."""
        section, _, field = key.partition(".")
        if key == NUMBERS:
            return self.has_all_names
        if section.endswith(ALL):
            return section.removesuffix(ALL) in self.tables
        return field in table if section.endswith(ONE) else key in self.values

    def value(self, key: str, table: Table) -> object:
        """Return what a rule reads."""
        section, _, field = key.partition(".")
        if key == NUMBERS:
            return self.numbers
        if section.endswith(ALL):
            return tuple(each[field] for each in self.tables[section.removesuffix(ALL)] if field in each)
        return table[field] if section.endswith(ONE) else self.values[key]

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Keys of all numbers but those that only speak of others, in the order of the file."""
        found: list[str] = []
        for section in Tables.model_fields:
            kind = section_type(Tables, section)
            fields = [field for field, schema in properties(kind).items() if _is_number(schema)] if kind else []
            if section not in ARRAYS:
                found += (f"{section}.{field}" for field in fields)
            elif section not in NOT_NUMBERED:
                names = [table[ARRAYS[section]] for table in self.named(section)]
                found += (f"{section}.{name}.{field}" for name in names for field in fields)
        return tuple(found)


def sound_values(values: Values, bad: Set[Place]) -> SoundValues:
    """Read what is not at fault.

    Parameters
    ----------
    values : mapping of str to object
        Sections by name, as a TOML file holds them.
    bad : set of tuple
        Places of the keys, tables and sections at fault.
    """
    single: dict[str, object] = {}
    tables: dict[str, tuple[Table, ...]] = {}
    has_all_names = True
    for section, info in Tables.model_fields.items():
        kind, given = section_type(Tables, section), values.get(section)
        if (section,) in bad:
            has_all_names &= section not in ARRAYS or section in NOT_NUMBERED
        elif kind is None:
            single[section] = info.default if given is None else given
        elif section in ARRAYS:
            rows = given if isinstance(given, list | tuple) else ()
            tables[section] = tuple(_table(kind, row, (section, number), bad) for number, row in enumerate(rows))
            is_named = all(ARRAYS[section] in table for table in tables[section])
            has_all_names &= is_named or section in NOT_NUMBERED
        else:
            table = _table(kind, given, (section,), bad)
            single |= {f"{section}.{field}": value for field, value in table.items()}
    return SoundValues(single | _of_layout(values, bad, single.get("design.layout")), tables, has_all_names)


def _table(kind: type[Section], content: object, place: Place, bad: Set[Place]) -> Table:
    """Return what is known of one table."""
    if place in bad:
        return {}
    values: Mapping[str, object] = content if isinstance(content, Mapping) else {}
    fields = {field: info for field, info in kind.model_fields.items() if (*place, field) not in bad}
    found = {field: values.get(field, info.default) for field, info in fields.items()}
    return {field: tuple(value) if isinstance(value, list) else value for field, value in found.items()}


def _of_layout(values: Values, bad: Set[Place], layout: object) -> dict[str, object]:
    """Return defaults of the analysis that the layout calls for, where nothing else was given."""
    given = values.get("analysis")
    fields = set(given) if isinstance(given, Mapping) else set()
    defaults = OF_LAYOUT.get(str(layout), {})
    return {
        f"analysis.{field}": value
        for field, value in defaults.items()
        if field not in fields and not bad & {("analysis",), ("analysis", field)}
    }


def value_at(values: object, place: Place) -> object:
    """Return the value at a place; None if there is none."""
    for step in place:
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, Sequence) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values


def _is_number(schema: Mapping[str, object]) -> bool:
    return schema.get("type") in ("number", "integer")
