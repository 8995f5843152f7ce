"""Columns of the diary file that a pack hands out."""

from __future__ import annotations

from collections.abc import Iterable

CALENDAR_COLUMNS = ("day", "date", "week", "kit")
DIARY_COLUMNS = (
    "score", "doses_taken", "late", "guess", "other_medicines", "unusual", "felt_where",
    "new_complaints", "units_left", "note",
)  # fmt: skip


def asked_columns(asked: Iterable[str]) -> list[str]:
    """Names of the columns for the further questions of the diary: their words, without marks, each different."""
    taken = [*CALENDAR_COLUMNS, *DIARY_COLUMNS]
    names: list[str] = []
    for text in asked:
        plain = "_".join("".join(c if c.isalnum() else " " for c in text).lower().split()) or "asked"
        same = sum(name == plain or name.startswith(f"{plain}_") for name in (*taken, *names))
        names.append(f"{plain}_{same + 1}" if same else plain)
    return names
