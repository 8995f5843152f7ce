"""The rule of a single key in words, from the same types that enforce it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from n1trial.scenario.check.fault import plain
from n1trial.scenario.model.keys import properties
from n1trial.scenario.model.section import Section

PATTERNS = {
    "^[A-Za-z0-9][A-Za-z0-9-]*$": "letters, digits and hyphens, a letter or digit first",
    r"^\S(.*\S)?$": "text on one line, without spaces at its ends",
    r"^(\d{4}-\d{2}-\d{2})?$": "a date such as 2027-12-31, or empty",
    "^[AB]+$": "text made of A and B",
}
"""Patterns of the types in `section` and `trial`, in words."""


def rule_of(section: type[Section], key: str) -> str:
    """Rule of a key in words: ``a whole number from 1 to 26``."""
    return in_words(properties(section)[key])


def in_words(schema: Mapping[str, Any]) -> str:
    """Say in words what a schema allows."""
    if "enum" in schema:
        return " or ".join(", ".join(json.dumps(value) for value in schema["enum"]).rsplit(", ", 1))
    match schema.get("type"):
        case "integer" if (schema.get("minimum"), schema.get("maximum")) == (1, 2):
            return "1 or 2"
        case "integer":
            return f"a whole number {range_in_words(schema)}".strip()
        case "number":
            return f"a number {range_in_words(schema)}".strip()
        case "boolean":
            return "true or false"
        case "array":
            return _array_in_words(schema)
    text = PATTERNS.get(schema.get("pattern", ""), "text")
    return f"{text}, at most {schema['maxLength']} characters" if "maxLength" in schema else text


def range_in_words(schema: Mapping[str, Any]) -> str:
    """Range of a number in words: ``from 0 to 1``, ``of at least 0``; empty where any will do."""
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high, below = schema.get("maximum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"from {plain(low)} to {plain(high)}"
    ends = {"of at least": low, "above": above, "and at most": high, "and below": below}
    words = " ".join(f"{word} {plain(end)}" for word, end in ends.items() if end is not None)
    return words.removeprefix("and ")


def _array_in_words(schema: Mapping[str, Any]) -> str:
    if "prefixItems" in schema:
        each = range_in_words(schema["prefixItems"][0])
        return f"two numbers{' ' + each if each else ''}, the lower first"
    items = schema["items"]
    if "enum" in items:
        return f"a list of {in_words(items)}"
    if items.get("type") == "number":
        return "a list of numbers"
    return "a list of texts" + (", at least one" if schema.get("minItems") else "")
