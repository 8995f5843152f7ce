"""What the JSON Schema says of each key of a section."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from n1trial.scenario.model.section import Section


@cache
def properties(section: type[Section]) -> Mapping[str, dict[str, Any]]:
    """JSON Schema of each key of a section; without null, which TOML does not have."""
    found = section.model_json_schema()["properties"]
    return {key: without_null(schema) for key, schema in found.items()}


def without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Reduce a schema that allows null to that of the value itself, and drop titles made of keys."""
    plain = {word: value for word, value in schema.items() if word not in ("anyOf", "title")}
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            plain = {**choice, **plain}
    if plain.get("default", 0) is None:
        del plain["default"]
    return plain
