"""Values of a diary in a form that no re-saving changes: what is frozen, compared, and corrected in the open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from n1trial.diary.file.answers import CANNOT_TELL, NOT_SAID
from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.errors import RunError
from n1trial.files.write import replace_file
from n1trial.pack.trial.codes import normalize_code

FROZEN = "frozen"
"""Folder beside the key that holds the values of each frozen diary, each under its hash."""
KIND = "values of a diary of n1trial"
GUESSES = {1: "treatment", 0: "control", CANNOT_TELL: "cannot tell"}


@dataclass(frozen=True)
class Change:
    """A cell of a diary that differs between two readings.

    Attributes
    ----------
    day : int
        0 is the first blinded day.
    column : str
    old, new : str
        Its values; empty where there is none.
    """

    day: int
    column: str
    old: str
    new: str

    @property
    def is_addition(self) -> bool:
        """Whether nothing stood there before."""
        return not self.old


@dataclass(frozen=True, eq=False)
class FrozenValues:
    """Cells of a diary as they were read; empty ones are left out."""

    cells: Mapping[int, Mapping[str, str]]

    @cached_property
    def text(self) -> str:
        """The values as they are hashed and kept: one JSON document, a line a day."""
        days = (
            f"{json.dumps(str(day))}: {json.dumps(dict(sorted(self.cells[day].items())), ensure_ascii=True)}"
            for day in sorted(self.cells)
        )
        return f'{{"kind": {json.dumps(KIND)}, "days": {{\n' + ",\n".join(days) + "\n}}\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def changes_since(self, before: FrozenValues) -> tuple[Change, ...]:
        """Find cells that differ from an earlier reading, by day and column."""
        nothing: Mapping[str, str] = {}
        return tuple(
            change
            for day in sorted({*self.cells, *before.cells})
            for change in _changes(day, before.cells.get(day, nothing), self.cells.get(day, nothing))
        )


def values_of(diary: ReturnedDiary) -> FrozenValues:
    """Take the values of a diary: numbers, dates and codes as they are understood, texts as they stand."""
    found = {int(day): dict(_cells(diary, row)) for row, day in enumerate(diary.day)}
    return FrozenValues({day: cells for day, cells in found.items() if cells})


def keep_values(folder: Path, values: FrozenValues) -> None:
    """Write values beside the key, under their hash; what is there already is the same.

    Raises
    ------
    RunError
        If they cannot be written.
    """
    path = _path(folder, values.digest)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise RunError(f"{path.parent}: cannot be made ({error.strerror})") from error
    replace_file(path, values.text)


def frozen_values(folder: Path, digest: str) -> FrozenValues | None:
    """Return values that were frozen; None where they are not at hand, or are not what they were.

    Parameters
    ----------
    folder : Path
        That holds the key.
    digest : str
        SHA-256 of the values.
    """
    try:
        values = values_in(_path(folder, digest).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return values if values.digest == digest else None


def values_in(text: str) -> FrozenValues:
    """Read values from their text.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If it is none.
    """
    found: dict[str, Any] = json.loads(text)["days"]
    return FrozenValues(
        {int(day): {str(name): str(cell) for name, cell in cells.items()} for day, cells in found.items()}
    )


def _path(folder: Path, digest: str) -> Path:
    return folder / FROZEN / f"{digest}.json"


def _changes(day: int, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for column in sorted({*before, *after}):
        old, new = before.get(column, ""), after.get(column, "")
        if old != new:
            yield Change(day, column, old, new)


def _cells(diary: ReturnedDiary, row: int) -> Iterator[tuple[str, str]]:
    """Yield cells of a row that hold anything."""
    day, kit, guess = int(diary.day[row]), diary.kit[row], GUESSES.get(int(diary.guess[row]), "")
    doses = np.where(diary.doses == NOT_SAID, np.nan, diary.doses)
    numbers = {"score": diary.score, "doses_taken": doses, "units_left": diary.units_left}
    yield from ((name, f"{values[row]:.15g}") for name, values in numbers.items() if np.isfinite(values[row]))
    yield from (
        (name, f"{values[row]:.15g}") for name, values in (*diary.outcomes.items(), *diary.triggers.items())
        if np.isfinite(values[row])
    )  # fmt: skip
    if np.isfinite(diary.behind[row]) and (when := diary.date_of(day)) is not None:
        yield "date", when.isoformat()
    texts = {name: written[row] for name, written in diary.texts.items()}
    texts |= {"kit": normalize_code(kit) if kit else "", "guess": guess, "late": "yes" if diary.is_late[row] else ""}
    yield from ((name, text) for name, text in texts.items() if text)
