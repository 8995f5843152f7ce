"""One patient's scores day by day, read without a key: from a run-in, a blinded diary or a finished trial."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.diary.file import cells
from n1trial.diary.file.calendar import day_numbers, refuse_long_gaps
from n1trial.diary.file.dates import dates
from n1trial.diary.file.read import FARTHEST_DAY, KNOWN, read_diary
from n1trial.diary.file.sheet import Sheet, read_sheet
from n1trial.diary.plan import Plan
from n1trial.diary.wording import note
from n1trial.files.source import Source

WEEK_DAYS = 7

Whole = TypeVar("Whole", bound=np.integer)


@dataclass(frozen=True, eq=False)
class Scores:
    """One patient's scores, day by day.

    Attributes
    ----------
    day : ndarray of int, shape (day,)
        Consecutive; 0 is the first blinded day, the run-in is negative.
    score : ndarray of float, shape (day,)
        NaN where there is no entry.
    doses : ndarray of float, shape (day,)
        1 where the dose was taken, 0 where not, NaN where nothing is written about it.
    weekday_of_day_0 : int or None
        0 is Monday; None where it is not known.
    diary : Diary or None
        The diary with its treatments; None where they are not known, or nothing was given yet.
    notes : tuple of str
        What had to be said when the file was read, a sentence each.

    Examples
    --------
    >>> import n1trial
    >>> scores = n1trial.Scores.of(n1trial.simulate("minimal", replicates=1).observed)
    >>> scores.score.shape
    (350,)
    """

    day: NDArray[np.int64]
    score: Floats
    doses: Floats
    weekday_of_day_0: int | None = 0
    diary: Diary | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, diary: Diary, replicate: int = 0) -> Scores:
        """Take scores of one replicate of a diary; its day 0 is a Monday, as in simulation."""
        one = Diary(
            diary.day,
            _one(diary.period, replicate),
            _one(diary.cycle, replicate),
            _one(diary.treatment, replicate),
            _one(diary.day_of_period, replicate),
            diary.score[:, [replicate]],
            diary.plan,
            None if diary.doses_taken is None else diary.doses_taken[:, [replicate]],
            diary.notes,
        )
        nothing = np.full(diary.day.shape, np.nan)
        taken = nothing if one.doses_taken is None else one.doses_taken[:, 0].astype(np.float64)
        return _fill(diary.day, one.score[:, 0], taken, 0, one if (one.period > 0).any() else None, diary.notes)

    @property
    def is_entry(self) -> NDArray[np.bool_]:
        """Whether each day has an entry. Shape (day,)."""
        return ~np.isnan(self.score)


def read_scores(path: Source, plan: Plan | None = None, names: tuple[str, str] | None = None) -> Scores:
    r"""Read a diary file for its scores alone.

    Parameters
    ----------
    path : str, path or MemoryFile
        A CSV file as for `read_diary`; or, where no treatment is known, with ``day`` or ``date`` and ``score``.
        Rows with a ``kit`` or a ``period`` are then blinded days, and so are days from 0 on where others are
        negative; without any of these every row is taken for the run-in.
    plan : Plan, optional
        The scale that scores must be on, and the calendar.
    names : tuple of str, optional
        What the treatment and its control are called.

    Returns
    -------
    Scores

    Raises
    ------
    InputError
        With everything that is wrong with the file, and the lines.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import n1trial
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "diary.csv"
    >>> _ = path.write_text("day,score\n-2,5\n-1,6\n")
    >>> n1trial.read_scores(path).score
    array([5., 6.])
    """
    plan = Plan() if plan is None else plan
    sheet = read_sheet(path, (*KNOWN, "week"))
    if any(sheet.columns.get("treatment", [])):
        return _with_treatments(path, sheet, plan, names)
    sheet.check_columns(("day", "score"), (*KNOWN, "week"))
    is_blinded = _is_blinded(sheet)
    score = cells.numbers(sheet, "score", *plan.scale) if "score" in sheet.columns else None
    taken = _doses(sheet)
    day, date = _day_and_date(sheet)
    numbers = None if day is None and date is None else day_numbers(sheet, day, date, is_blinded.astype(np.float64))
    if numbers is not None:
        refuse_long_gaps(sheet, numbers)
    sheet.raise_faults()
    assert score is not None
    assert numbers is not None
    order, notes = np.argsort(numbers), list(sheet.notes)
    numbers, first, is_week_known = _from_first_blinded_day(numbers, is_blinded, day is None, plan, notes)
    weekday = 0 if is_week_known and date is None else _weekday_of_day_0(numbers, date)
    if date is None:
        notes.append(note("monday" if is_week_known else "no_week"))
    if first is None and (numbers < 0).all():
        notes.append(note("run_in"))
    return _fill(numbers[order].astype(np.int64), score[order], taken[order], weekday, None, tuple(notes))


def _with_treatments(path: Source, sheet: Sheet, plan: Plan, names: tuple[str, str] | None) -> Scores:
    """Read scores of a diary that names its treatments, as for its analysis."""
    diary = read_diary(path, replace(plan, adjust=()), names)
    day, date = _day_and_date(sheet)
    numbers = day if day is not None else date
    assert numbers is not None
    refuse_long_gaps(sheet, numbers)
    sheet.raise_faults()
    order = np.argsort(numbers)
    weekday = 0 if date is None else _weekday_of_day_0(diary.day.astype(np.float64), date[order])
    notes = (*diary.notes, *([note("monday")] if date is None else []))
    return _fill(diary.day, diary.score[:, 0], _doses(sheet)[order], weekday, diary, notes)


def _is_blinded(sheet: Sheet) -> NDArray[np.bool_]:
    """Whether each row has a kit or a period."""
    found = np.array([bool(cell) for cell in sheet.columns.get("kit", [""] * len(sheet.line))], dtype=np.bool_)
    if "period" in sheet.columns:
        found |= cells.whole_numbers(sheet, "period", 0, FARTHEST_DAY) > 0
    return found


def _doses(sheet: Sheet) -> Floats:
    if "doses_taken" in sheet.columns:
        return cells.answers(sheet, "doses_taken")
    return np.full(len(sheet.line), np.nan)


def _day_and_date(sheet: Sheet) -> tuple[Floats | None, Floats | None]:
    day = cells.whole_numbers(sheet, "day", -FARTHEST_DAY, FARTHEST_DAY) if "day" in sheet.columns else None
    return day, dates(sheet, day) if "date" in sheet.columns else None


def _from_first_blinded_day(
    numbers: Floats, is_blinded: NDArray[np.bool_], has_dates_alone: bool, plan: Plan, notes: list[str]
) -> tuple[Floats, float | None, bool]:
    """Number days from the first blinded one; say which that was in the file, and whether old numbers held already."""
    if not has_dates_alone and (numbers < 0).any():
        return numbers, 0.0, True
    if not is_blinded.any():
        return numbers - numbers.max() - 1, None, False
    first = float(numbers[is_blinded].min())
    if plan.layout is not None and plan.layout.run_in == "placebo" and has_dates_alone:
        first += plan.layout.run_in_days  # the run-in has kits too
    if first and not has_dates_alone:
        notes.append(note("day_0", day=first))
    return numbers - first, first, first == 0 and not has_dates_alone


def _weekday_of_day_0(numbers: Floats, date: Floats | None) -> int | None:
    """Find the weekday of day 0, by the dates of the rows."""
    if date is None:
        return None
    known = np.flatnonzero(np.isfinite(date))
    # ordinals count from a Monday, the first of January of the year 1, which is 1
    return int(date[known[0]] - numbers[known[0]] - 1) % WEEK_DAYS


def _fill(
    day: NDArray[np.int64], score: Floats, doses: Floats, weekday: int | None, diary: Diary | None,
    notes: tuple[str, ...],
) -> Scores:  # fmt: skip
    """Give every day from the first to the last a place among scores."""
    every = np.arange(day[0], day[-1] + 1)
    columns = []
    for values in (score, doses):
        column = np.full(every.shape, np.nan)
        column[day - day[0]] = values
        columns.append(column)
    return Scores(every, columns[0], columns[1], weekday, diary, notes)


def _one(values: NDArray[Whole], replicate: int) -> NDArray[Whole]:
    """Take one replicate of an array whose last axis may be shared."""
    return values[:, [replicate if values.shape[1] > 1 else 0]]
