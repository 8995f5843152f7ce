"""Columns of the diary file that a pack hands out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

CALENDAR_COLUMNS = ("day", "date", "week", "kit")
DIARY_COLUMNS = (
    "score", "doses_taken", "late", "guess", "other_medicines", "unusual", "felt_where",
    "new_complaints", "units_left", "note",
)  # fmt: skip
NOT_BLINDED = ("period", "cycle", "treatment")
"""Columns that a diary may have elsewhere, but never one that a pack hands out."""


def asked_columns(asked: Iterable[str]) -> list[str]:
    """Names of the columns for the further questions of the diary: their words, without marks, each different."""
    taken = {*CALENDAR_COLUMNS, *DIARY_COLUMNS, *NOT_BLINDED}
    names: list[str] = []
    for text in asked:
        plain = "_".join("".join(c if c.isalnum() else " " for c in text).lower().split()) or "asked"
        tried = (plain if number == 1 else f"{plain}_{number}" for number in count(1))
        names.append(next(name for name in tried if name not in taken))
        taken.add(names[-1])
    return names
