"""Dotted keys, by which values are named on the command line and in messages, and what the model says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema

from n1trial.scenario.model.section import Section

ARRAYS = {
    "evidence": "key", "unsettled": "key", "considered": "question", "theory": "name", "trigger": "name",
    "secondary": "name",
}  # fmt: skip
"""Arrays of tables, each with the key whose value names one of its tables."""


def split(key: str) -> tuple[str, str | None, str | None]:
    """Split a dotted key into section, table, key: ``trigger.caffeine.effect`` → ``trigger``, ``caffeine``, ``effect``.

    The names of tables may hold dots themselves.
    """
    section, dot, rest = key.partition(".")
    if not dot:
        return section, None, None
    if section in ARRAYS:
        table, _, field = rest.rpartition(".")
        return section, table, field
    return section, None, rest


def position(tables: Sequence[object], section: str, table: str) -> int | None:
    """Find a table within its array: by its name, else by its number from 0; None if there is no such table."""
    names = [item.get(ARRAYS[section]) if isinstance(item, Mapping) else None for item in tables]
    if table in names:
        return names.index(table)
    return int(table) if table.isdecimal() and int(table) < len(tables) else None


def section_type(tables: type[Section], section: str) -> type[Section] | None:
    """Return the model of a section, or of the tables of an array; None for keys that stand outside of any table."""
    field = tables.model_fields.get(section)
    annotation = field.annotation if field else None
    kind = get_args(annotation)[0] if section in ARRAYS else annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def key_field(tables: type[Section], key: str) -> FieldInfo | None:
    """Return the field of a dotted key, of whichever table of an array; None where there is no such key."""
    section, _, field = split(key)
    kind = tables if field is None else section_type(tables, section)
    return None if kind is None else kind.model_fields.get(section if field is None else field)


class OwnTitles(GenerateJsonSchema):
    """A schema whose titles are labels that were given, and none that is made of a key."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        """Make no title of a key."""
        return False


@cache
def properties(section: type[Section]) -> Mapping[str, dict[str, Any]]:
    """Return the JSON Schema of each key of a section; without null, which TOML does not have."""
    found = section.model_json_schema(schema_generator=OwnTitles)["properties"]
    return {key: without_null(schema) for key, schema in found.items()}


def without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a schema that allows null to that of the value itself."""
    plain = {word: value for word, value in schema.items() if word != "anyOf"}
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            plain = {**choice, **plain}
    if plain.get("default", 0) is None:
        del plain["default"]
    return plain
