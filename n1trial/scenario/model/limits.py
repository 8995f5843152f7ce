"""What every text and list of a scenario is held to, whatever key it stands under; said at the first that breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic.fields import FieldInfo

from n1trial.texts import LINE_FEED, begins_like_a_formula, text_fault
from n1trial.wording import Finding

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


class OneLine:
    """Mark of a text that stands on one line."""


class CellName(OneLine):
    """Mark of a name that stands in cells of tables, so that it must not begin like a formula."""


LIMITS = {
    "many_tables": "must hold at most {most:,} [[{field:s}]] tables, and holds {count:,}",
    "many_entries": "must hold at most {most:,} entries, and holds {count:,}",
    "long": "must be at most {most:,} characters long, and is {count:,}",
    "refused": "{held:s}",
    "formula": 'must not begin with "{first:s}": spreadsheet programs would take it for a formula',
}


@dataclass(frozen=True)
class Limit(Finding):
    """A limit that a value breaks; its place is the number of the entry in a list, or nothing."""

    WORDS = LIMITS

    @property
    def rule(self) -> str:
        """The limit and the value given, in words, to stand after the key."""
        return f"entry {self.place} {super().rule}" if self.place else super().rule


def broken_limit(field: str, info: FieldInfo, value: object) -> Limit | None:
    """Find which limit of texts and lists a value breaks.

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
    Limit or None
        None where no limit is broken.
    """
    if isinstance(value, str):
        return _of_text(value, _marks(info))
    if not isinstance(value, list | tuple):
        return None
    most = MOST_TABLES.get(field, MOST_ENTRIES)
    if len(value) > most:
        kind = "many_tables" if field in MOST_TABLES else "many_entries"
        return Limit(kind, "", {"most": most, "field": field, "count": len(value)})
    for number, text in enumerate(value, start=1):
        if isinstance(text, str) and (limit := _of_text(text, _marks(info))):
            return replace(limit, place=str(number))
    return None


def _of_text(text: str, marks: frozenset[type[OneLine]]) -> Limit | None:
    longest = LONGEST_NAME if CellName in marks else LONGEST_TEXT
    if len(text) > longest:
        return Limit("long", "", {"most": longest, "count": len(text)})
    if held := text_fault(text, allow="" if marks else LINE_FEED):
        return Limit("refused", "", {"held": held})
    if CellName in marks and begins_like_a_formula(text):
        return Limit("formula", "", {"first": text[0]})
    return None


def _marks(info: FieldInfo) -> frozenset[type[OneLine]]:
    """Return the marks of a field's type, or of the entries of its list."""
    return frozenset(mark for mark in (*info.metadata, *_metadata(info.annotation)) if mark in (OneLine, CellName))


def _metadata(annotation: Any) -> Iterator[Any]:
    """Yield what stands beside the types within a type."""
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _metadata(part)
