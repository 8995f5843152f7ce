"""Answers in the columns of a returned diary; a column that is not there is empty."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.file import cells
from n1trial.diary.file.sheet import Sheet

DRUG, CONTROL, CANNOT_TELL, NOT_ASKED = 1, 0, -1, -2
NOT_SAID = -1
"""Stands for the doses of a day on which nothing is said of them: neither taken nor missed."""
MOST_DOSES = 9
MOST_UNITS = 9999
LATE = cells.ANSWERS | {"later": 1, "late": 1, "now": 0}


def guess_words(names: tuple[str, str], *, is_control_active: bool = False) -> dict[str, int]:
    """List what a guess can be, the treatments' names first; no placebo where the control is a drug too."""
    common = {
        "drug": DRUG,
        "placebo": CONTROL,
        "control": CONTROL,
        "cannot tell": CANNOT_TELL,
        "can't tell": CANNOT_TELL,
    }
    if is_control_active:
        common = {word: guess for word, guess in common.items() if word not in ("drug", "placebo")}
    return common | {cells.fold(names[1]): CONTROL, cells.fold(names[0]): DRUG}


def doses(sheet: Sheet, most: int) -> Floats:
    """Read the doses of each day: a number, or yes for all of them and no for none."""
    words = {"yes": most, "y": most, "true": most, "no": 0, "n": 0, "false": 0}
    for count in range(most + 1):
        words |= {str(count): count, f"{count}.0": count}
    return _words(sheet, "doses_taken", words, "answer" if most == 1 else "doses", most=most)


def guesses(sheet: Sheet, names: tuple[str, str] | None, *, is_control_active: bool = False) -> Floats:
    """Read what the patient thinks the kit held, by the names of treatment and control where these are known."""
    if names is None:
        # Without the names nobody knows which of them is the drug; that something was written is all that is seen.
        cells_ = sheet.columns.get("guess", [""] * len(sheet.line))
        return np.array([CANNOT_TELL if cell else np.nan for cell in cells_])
    words = guess_words(names, is_control_active=is_control_active)
    return _words(sheet, "guess", words, "guess", drug=names[0], control=names[1])


def scores(sheet: Sheet, name: str, scale: tuple[float, float]) -> Floats:
    """Read scores of an outcome within its scale."""
    return cells.numbers(sheet, name, *scale) if name in sheet.columns else np.full(len(sheet.line), np.nan)


def _words(sheet: Sheet, name: str, words: Mapping[str, int], fault: str, **facts: object) -> Floats:
    if name not in sheet.columns:
        return np.full(len(sheet.line), np.nan)
    return cells.looked_up(sheet, name, words, fault, **facts)


def units_left(sheet: Sheet) -> Floats:
    """Read how many capsules are left; NaN where not counted."""
    is_there = "units_left" in sheet.columns
    return cells.whole_numbers(sheet, "units_left", 0, MOST_UNITS) if is_there else np.full(len(sheet.line), np.nan)


def late(sheet: Sheet) -> Floats:
    """Whether each entry was written later."""
    return _words(sheet, "late", LATE, "late")


def texts(sheet: Sheet, name: str, order: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the words of a column that is there, in another order of the rows."""
    return tuple(sheet.columns[name][row] for row in order)
