"""Columns of the diary file of a blinded trial, and names that nothing else in a diary can have."""

from __future__ import annotations

CALENDAR = ("day", "date", "week", "kit")
WRITTEN = (
    "score", "doses_taken", "late", "guess", "other_medicines", "unusual", "felt_where",
    "new_complaints", "units_left", "note",
)  # fmt: skip
"""What a patient writes, in the order of the file that is handed out."""
COLUMNS = (*CALENDAR, *WRITTEN)
"""All columns of the file that is handed out."""
TEXTS = ("note", "other_medicines", "unusual", "felt_where", "new_complaints")
"""Those of `WRITTEN` that hold words."""
SEALED = ("period", "cycle", "treatment")
"""Columns that a diary may have elsewhere, but never one that a pack hands out."""
TAKEN = (*COLUMNS, *SEALED, "day_of_period", "replicate")
"""Names that no further outcome can have."""


def column(name: str) -> str:
    """Return the name of an outcome as the column of a diary file has it."""
    return "_".join(name.strip().lower().split())
