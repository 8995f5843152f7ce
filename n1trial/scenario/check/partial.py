"""A scenario without the keys that are at fault, so that rules across the others can still be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from n1trial.scenario.model.keys import ARRAYS, section_type
from n1trial.scenario.model.section import Section
from n1trial.scenario.model.tables import Tables
from n1trial.scenario.model.trial import Analysis

Place = tuple[str | int, ...]
"""Where a value stands in nested tables: section, then number within an array of tables, then key."""

Values = Mapping[str, object]


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


def without(values: Values, bad: Set[Place]) -> Tables:
    """Build a scenario of the keys that are not at fault; reading one of the others raises AttributeError.

    Parameters
    ----------
    values : mapping of str to object
        Sections by name, as a TOML file holds them.
    bad : set of tuple
        Places of the keys, tables and sections at fault.

    Returns
    -------
    Tables
        Not validated; defaults stand in for what was not given.
    """
    parts: dict[str, Any] = {}
    for section, field in Tables.model_fields.items():
        table, given = section_type(Tables, section), values.get(section)
        if (section,) in bad:
            continue
        if table is None:
            parts[section] = field.default if given is None else given
        elif section in ARRAYS:
            places: list[Place] = (
                [(section, number) for number in range(len(given))] if isinstance(given, Sequence) else []
            )
            parts[section] = tuple(_part(table, values, place, bad) for place in places if place not in bad)
        else:
            parts[section] = _part(table, values, (section,), bad)
    partial = Tables.model_construct(**parts)
    for place in bad:
        if len(place) == 1:
            partial.__dict__.pop(str(place[0]), None)
    return partial


def _part(table: type[Section], values: Values, place: Place, bad: Set[Place]) -> Section:
    """Build one table of the keys that are not at fault."""
    given = value_at(values, place)
    fields = dict(given) if isinstance(given, Mapping) else {}
    faulty = {key for key in {*fields, *table.model_fields} if (*place, key) in bad}
    good: dict[str, Any] = {key: value for key, value in fields.items() if key not in faulty}
    part = table.model_construct(None, **{key: tuple(v) if isinstance(v, list) else v for key, v in good.items()})
    if isinstance(part, Analysis):
        part = part.of_layout(value_at(values, ("design", "layout")))
    for key in faulty:
        part.__dict__.pop(key, None)
    return part
