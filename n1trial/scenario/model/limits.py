"""What every text and list of a scenario is held to, whatever key it stands under; said at the first that breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic.fields import FieldInfo

from n1trial.texts import LINE_FEED, begins_like_a_formula, rule_broken

LONGEST_NAME = 200
LONGEST_TEXT = 10_000
MOST_ENTRIES = 100
"""Entries of a list."""
MOST_TABLES = {
    "evidence": 1000, "unsettled": 30, "considered": 200, "theory": 50, "trigger": 100, "secondary": 50,
}  # fmt: skip
"""Tables of an array, where they are not `MOST_ENTRIES`."""

AS_MADE: Mapping[str, bool] = {"is_made": True}
"""Context of a validation of what was sealed or written by n1trial: it opens for good, whatever the limits are now."""


class Line:
    """Mark of a text that stands on one line."""


class CellName(Line):
    """Mark of a name that stands in cells of tables, so that it must not begin like a formula."""


def broken_limit(field: str, info: FieldInfo, value: object) -> str | None:
    """Say which limit of texts and lists a value breaks.

    Parameters
    ----------
    field : str
        Key that holds the value, or the array of tables.
    info : FieldInfo
        Its field.
    value : object
        As given, of whatever type.

    Returns
    -------
    str or None
        The rule and the value given, to stand after the key; None where no limit is broken.
    """
    if isinstance(value, str):
        return _of_text(value, _marks(info))
    if not isinstance(value, list | tuple):
        return None
    most = MOST_TABLES.get(field, MOST_ENTRIES)
    if len(value) > most:
        what = f"[[{field}]] tables" if field in MOST_TABLES else "entries"
        return f"must hold at most {most:,} {what}, and holds {len(value):,}"
    for number, text in enumerate(value, start=1):
        if isinstance(text, str) and (rule := _of_text(text, _marks(info))):
            return f"entry {number} {rule}"
    return None


def _of_text(text: str, marks: frozenset[type[Line]]) -> str | None:
    longest = LONGEST_NAME if CellName in marks else LONGEST_TEXT
    if len(text) > longest:
        return f"must be at most {longest:,} characters long, and is {len(text):,}"
    if rule := rule_broken(text, allow="" if marks else LINE_FEED):
        return rule
    if CellName in marks and begins_like_a_formula(text):
        return f'must not begin with "{text[0]}": spreadsheet programs would take it for a formula'
    return None


def _marks(info: FieldInfo) -> frozenset[type[Line]]:
    """Marks of a field's type, or of the entries of its list."""
    return frozenset(mark for mark in (*info.metadata, *_metadata(info.annotation)) if mark in (Line, CellName))


def _metadata(annotation: Any) -> Iterator[Any]:
    """What stands beside the types within a type."""
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _metadata(part)
