"""Cells of a diary file as numbers, treatments and answers; each cell that is none is a fault with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from n1trial.arrays import Floats
from n1trial.diary.file.sheet import Sheet

LARGEST = 1e9
"""Size of a number at most: no score is larger, and squares of these still have all their digits."""

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
WHOLE = re.compile(r"([+-]?[0-9]+)(?:[.,]0*)?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
ANSWERS = {"1": 1, "0": 0, "yes": 1, "no": 0, "y": 1, "n": 0, "true": 1, "false": 0}
PLACEBO = "placebo"


def numbers(sheet: Sheet, name: str, low: float, high: float) -> Floats:
    """Read a column of numbers, with decimal points or with decimal commas but not with both.

    Parameters
    ----------
    sheet : Sheet
        Must have the column.
    name : str
        Name of the column.
    low, high : float
        Least and greatest number allowed; never beyond `LARGEST` in size.

    Returns
    -------
    ndarray of float, shape (row,)
    """
    cells = sheet.columns[name]
    low, high = max(low, -LARGEST), min(high, LARGEST)
    values = np.full(len(cells), np.nan)
    is_number = [NUMBER.fullmatch(cell) is not None and math.isfinite(_value(cell)) for cell in cells]
    commas = [row for row, cell in enumerate(cells) if is_number[row] and "," in cell]
    points = [row for row, cell in enumerate(cells) if is_number[row] and "." in cell]
    if commas and points:
        line = sheet.line[points[0]]
        sheet.fault(sheet.line[commas[0]], "mixed_points", name, cell=cells[commas[0]], line=line)
    elif commas and all(THOUSANDS.fullmatch(cells[row]) for row in commas):
        cell = cells[commas[0]]
        whole, decimal = cell.replace(",", ""), cell.replace(",", ".")
        sheet.fault(sheet.line[commas[0]], "two_ways", name, cell=cell, whole=whole, decimal=decimal)
    elif commas:
        sheet.note("commas", name=name)
    for row, cell in enumerate(cells):
        if is_number[row]:
            values[row] = _value(cell)
            if not low <= values[row] <= high:
                sheet.fault(sheet.line[row], "out_of_range", name, low=low, high=high, cell=cell)
        elif cell:
            sheet.fault(sheet.line[row], "no_number", name, cell=cell)
    return values


def whole_numbers(sheet: Sheet, name: str, low: int, high: int) -> Floats:
    """Read a column of whole numbers.

    Parameters
    ----------
    sheet : Sheet
        Must have the column.
    name : str
        Name of the column.
    low, high : int
        Least and greatest number allowed.

    Returns
    -------
    ndarray of float, shape (row,)
    """
    values = np.full(len(sheet.line), np.nan)
    for row, cell in enumerate(sheet.columns[name]):
        found = WHOLE.fullmatch(cell)
        if found and low <= int(found[1]) <= high:
            values[row] = int(found[1])
        elif found:
            sheet.fault(sheet.line[row], "out_of_range", name, low=low, high=high, cell=cell)
        elif cell:
            sheet.fault(sheet.line[row], "not_whole", name, cell=cell)
    return values


def answers(sheet: Sheet, name: str) -> Floats:
    """Read a column of 1 and 0, or yes and no."""
    return looked_up(sheet, name, ANSWERS, "answer")


def treatments(sheet: Sheet, name: str, names: tuple[str, str] | None) -> Floats:
    """Read the treatment of each row: 1 the drug, 0 the control.

    Parameters
    ----------
    sheet : Sheet
        Must have the column.
    name : str
        Name of the column.
    names : tuple of str or None
        What drug and control are called, besides 1 and 0. Where that is not known placebo is the control, and if one
        other name stands beside it, that is the drug's.

    Returns
    -------
    ndarray of float, shape (row,)
    """
    words = {"1": 1, "1.0": 1, "0": 0, "0.0": 0}
    if names is None:
        texts = {fold(cell): cell for cell in sheet.columns[name] if cell and fold(cell) not in words}
        others = [text for text in texts if text != PLACEBO]
        if PLACEBO in texts and len(others) == 1:
            words |= {PLACEBO: 0, others[0]: 1}
            sheet.note("treatments", drug=texts[others[0]], control=texts[PLACEBO])
        return looked_up(sheet, name, words, "treatment")
    words |= {fold(names[0]): 1, fold(names[1]): 0}
    return looked_up(sheet, name, words, "named_treatment", drug=names[0], control=names[1])


def looked_up(sheet: Sheet, name: str, words: Mapping[str, int], fault: str, **facts: object) -> Floats:
    """Read a column of words.

    Parameters
    ----------
    sheet : Sheet
        Must have the column.
    name : str
        Name of the column.
    words : mapping of str to int
        What each word stands for; words as `folded` has them.
    fault : str
        Kind of fault of a cell that is none of them.
    **facts : object
        What its words name besides the cell.

    Returns
    -------
    ndarray of float, shape (row,)
    """
    values = np.full(len(sheet.line), np.nan)
    for row, cell in enumerate(sheet.columns[name]):
        if fold(cell) in words:
            values[row] = words[fold(cell)]
        elif cell:
            sheet.fault(sheet.line[row], fault, name, cell=cell, **facts)
    return values


def _value(cell: str) -> float:
    return float(cell.replace(",", "."))


def fold(cell: str) -> str:
    """Return a cell without regard to case and repeated blanks."""
    return " ".join(cell.casefold().split())
