"""A diary file becomes a diary: everything wrong with the file is told at once, and nothing is guessed in silence."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.diary.file import cells
from n1trial.diary.file.calendar import CalendarRows, check_periods, day_numbers, from_first_blinded_day
from n1trial.diary.file.dates import dates
from n1trial.diary.file.sheet import Sheet, read_sheet
from n1trial.diary.periods import days_of_periods
from n1trial.diary.plan import Plan
from n1trial.diary.wording import note
from n1trial.files.source import MemoryFile, Source

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("day", "period", "cycle", "treatment", "score")
KNOWN = (*NEEDED, "date", "kit", "doses_taken", "late", "guess", "note")
FARTHEST_DAY = 36_500
MOST_PERIODS = 127
NO_COLUMNS: Mapping[str, tuple[float, float]] = {}


def read_diary(
    path: Source | pd.DataFrame,
    plan: Plan | None = None,
    names: tuple[str, str] | None = None,
    columns: Mapping[str, tuple[float, float]] = NO_COLUMNS,
) -> Diary:
    """Read the diary that one patient kept.

    Parameters
    ----------
    path : str, path, MemoryFile or DataFrame
        A CSV file with a header, or a table, with a row a planned day: ``day`` or ``date``, ``period`` and ``cycle``
        (from 1, empty or 0 outside periods), ``treatment`` (1 the drug, 0 control, or the names), ``score``
        (empty where the entry is missing), a column of 1 and 0, or yes and no, for each of `Plan.adjust`; perhaps
        ``doses_taken`` (1 or 0, yes or no), ``late``, ``guess`` and ``note``.
    plan : Plan, optional
        The analysis fixed in advance, with the calendar and the scale; by default that of `Plan`, without either.
    names : tuple of str, optional
        What the treatment and its control are called.
    columns : mapping of str to tuple of float
        Lowest and highest value of each further column of numbers that is to be read where the file has it, by its
        name in the file (`n1trial.diary.file.columns.column`).

    Returns
    -------
    Diary
        Of one replicate, with `Diary.notes` on what was read although it is not as it should be, and on columns that
        were left out.

    Raises
    ------
    InputError
        With everything that is wrong with the file, and the lines.

    Examples
    --------
    >>> import pandas as pd
    >>> import n1trial
    >>> table = pd.DataFrame({"day": [0, 1, 2, 3], "period": [1, 1, 2, 2], "cycle": 1, "treatment": [1, 1, 0, 0],
    ...                       "score": [4, 5, None, 6]})
    >>> n1trial.read_diary(table)
    <Diary of 1 patient: 4 days, 2 periods, 3 of 4 entries written>
    """
    if not isinstance(path, str | os.PathLike | MemoryFile):
        path = MemoryFile("the table", path.to_csv(index=False).encode())
    plan = Plan() if plan is None else plan
    sheet = read_sheet(path, KNOWN)
    _check_columns(sheet, plan.adjust, columns)
    rows = _rows(sheet, names)
    score = cells.numbers(sheet, "score", *plan.scale) if "score" in sheet.columns else None
    doses_taken = cells.answers(sheet, "doses_taken") if "doses_taken" in sheet.columns else None
    further = {name: cells.numbers(sheet, name, *scale) for name, scale in columns.items() if name in sheet.columns}
    further |= {name: cells.answers(sheet, name) for name in plan.adjust if name in sheet.columns}
    sheet.raise_faults()
    assert score is not None

    order = np.argsort(rows.day)
    if (np.diff(order) < 0).any():
        sheet.note("sorted")
    rows = CalendarRows(
        *(np.nan_to_num(values[order]) for values in (rows.day, rows.period, rows.cycle, rows.treatment))
    )
    numbers, renumbered = from_first_blinded_day(rows, plan.layout)
    day, period = numbers.astype(np.int64), rows.period.astype(np.int64)
    day_of_period, gaps = days_of_periods(day, period, plan.layout)
    notes = [*sheet.notes, *([renumbered] if renumbered else []), *gaps, *_beside_the_plan(period, plan)]
    taken, is_said = _doses(None if doses_taken is None else doses_taken[order][:, np.newaxis])
    return Diary(
        day,
        period.astype(np.int8)[:, np.newaxis],
        rows.cycle.astype(np.int8)[:, np.newaxis],
        rows.treatment.astype(np.int8)[:, np.newaxis],
        day_of_period.astype(np.int16)[:, np.newaxis],
        score[order][:, np.newaxis],
        plan,
        taken,
        tuple(notes),
        is_said,
        {name: values[order][:, np.newaxis] for name, values in further.items()},
    )


def _doses(answers: Floats | None) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
    """Whether doses were taken, as planned where nothing is said, and whether something is said; see `Diary`."""
    if answers is None or np.isnan(answers).all():
        return None, None
    is_said = ~np.isnan(answers)
    return answers != 0, None if is_said.all() else is_said


def _check_columns(sheet: Sheet, adjust: Collection[str], columns: Collection[str]) -> None:
    """Find columns that are missing, and note those that are left out."""
    has_kits_alone = "kit" in sheet.columns and "treatment" not in sheet.columns
    if has_kits_alone:
        sheet.fault(sheet.header_line, "kits_alone")
    needed = [name for name in NEEDED if not (has_kits_alone and name == "treatment")]
    sheet.check_columns((*needed, *adjust), {*KNOWN, *adjust, *columns})


def _rows(sheet: Sheet, names: tuple[str, str] | None) -> CalendarRows:
    """Read the calendar of the rows, checked as far as its columns are there."""
    columns = sheet.columns
    nothing = np.full(len(sheet.line), np.nan)
    period = _or_zero(sheet, "period", MOST_PERIODS)
    cycle = _or_zero(sheet, "cycle", MOST_PERIODS)
    treatment = cells.treatments(sheet, "treatment", names) if "treatment" in columns else nothing
    day = cells.whole_numbers(sheet, "day", -FARTHEST_DAY, FARTHEST_DAY) if "day" in columns else None
    date = dates(sheet, day) if "date" in columns else None
    numbers = nothing if day is None and date is None else day_numbers(sheet, day, date, period)
    rows = CalendarRows(numbers, period, cycle, treatment)
    if {"period", "cycle", "treatment"} <= set(columns):
        check_periods(sheet, rows)
    return rows


def _or_zero(sheet: Sheet, name: str, most: int) -> Floats:
    """Read a column of whole numbers, 0 where a cell is empty; NaN throughout where there is no such column."""
    if name not in sheet.columns:
        return np.full(len(sheet.line), np.nan)
    values = cells.whole_numbers(sheet, name, 0, most)
    values[[not cell for cell in sheet.columns[name]]] = 0
    return values


def _beside_the_plan(period: NDArray[np.int64], plan: Plan) -> list[str]:
    """Say what the diary plainly has not as planned."""
    if plan.layout is None:
        return []
    found = set(np.unique(period[period > 0]).tolist())
    planned = set(range(1, plan.layout.periods + 1))
    notes = []
    if missing := sorted(planned - found):
        notes.append(note("missing_periods", planned=len(planned), periods=missing))
    if beyond := sorted(found - planned):
        notes.append(note("more_periods", planned=len(planned), periods=beyond))
    return notes
