"""The diary that a patient of a blinded pack brings back: days and kits, and no word of what was in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.file import answers, cells
from n1trial.diary.file.calendar import refuse_empty, refuse_long_gaps, refuse_twice
from n1trial.diary.file.columns import COLUMNS, SEALED, TEXTS, column
from n1trial.diary.file.dates import dates, dates_behind
from n1trial.diary.file.read import FARTHEST_DAY
from n1trial.diary.file.sheet import Sheet, read_sheet
from n1trial.files.source import Source
from n1trial.texts import near_miss

Pauses = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Expected:
    """What is known of a diary before it is read; by default next to nothing.

    Parameters
    ----------
    scale : tuple of float
        Lowest and highest score possible.
    day_zero : date or None
        Planned date of day 0, before any pause.
    pauses : tuple of tuple (int, int)
        First day after each pause that dated papers tell of, and how many days it took.
    names : tuple of str or None
        What the treatment and its control are called, as guesses name them.
    is_control_active : bool
        Whether the control is a drug too, so that no guess can be "drug" or "placebo".
    doses : int
        Doses in a day.
    outcomes : mapping of str to tuple of float
        Scale of each secondary outcome, by name.
    own : tuple of str
        Columns for questions of the pack's own, which are noted down and not analyzed.
    kit_fault : callable or None
        Says what is wrong with the code of a kit, or None; without it codes are taken as they are.
    kits_fault : callable or None
        Says what is wrong with all codes of the file together, or None; what it says is told in place of each.
    needs_kit : bool
        Whether the column of kits must be there.
    """

    scale: tuple[float, float] = (float("-inf"), float("inf"))
    day_zero: date | None = None
    pauses: Pauses = ()
    names: tuple[str, str] | None = None
    doses: int = answers.MOST_DOSES
    outcomes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    kit_fault: Callable[[str], str | None] | None = None
    kits_fault: Callable[[Collection[str]], str | None] | None = None
    needs_kit: bool = False
    is_control_active: bool = False


@dataclass(frozen=True, eq=False)
class Returned:
    """Rows of a returned diary, sorted by day. All arrays have shape (row,).

    Attributes
    ----------
    place : str
        The file, as faults name it.
    line : ndarray of int
        Line of each row.
    day : ndarray of int64
        0 is the first blinded day; the run-in is negative.
    behind : ndarray of float
        Days by which the row's date is after its planned one; NaN where no date is given.
    kit : tuple of str
        Code of the kit as it was written; empty where none was.
    score : ndarray of float
        NaN where the entry is missing.
    doses : ndarray of int8
        Doses taken; `answers.NOT_SAID` where nobody wrote about them.
    is_late : ndarray of bool
        Whether the entry was written later.
    guess : ndarray of int8
        1 the drug, 0 control, −1 cannot tell, −2 not asked or not answered.
    units_left : ndarray of float
        Capsules left in the kit; NaN where not counted.
    texts : dict of str to tuple of str
        What was written into the columns `TEXTS`, and those of the pack's own, that the file has.
    outcomes : dict of str to ndarray of float
        Scores of the secondary outcomes that the file has, by name.
    has_guesses : bool
        Whether guesses could be understood: the names of the treatments are known.
    is_written : ndarray of bool
        Whether anything was written on the day.
    day_zero : date or None
        Planned date of day 0, or that of the file where no plan is known.
    notes : tuple of str
        What had to be said when the file was read, a sentence each.
    pauses : tuple of tuple (int, int)
        As the pack tells of them (`Expected`).
    """

    place: str
    line: NDArray[np.int64]
    day: NDArray[np.int64]
    behind: Floats
    kit: tuple[str, ...]
    score: Floats
    doses: NDArray[np.int8]
    is_late: NDArray[np.bool_]
    guess: NDArray[np.int8]
    units_left: Floats
    texts: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, Floats]
    has_guesses: bool
    is_written: NDArray[np.bool_]
    day_zero: date | None
    notes: tuple[str, ...]
    pauses: Pauses = ()

    def date_of(self, day: int) -> date | None:
        """Date of a day, where dates are known: that of its row, else as far behind the plan as the last row before."""
        if self.day_zero is None:
            return None
        rows = np.flatnonzero(np.isfinite(self.behind) & (self.day <= day))
        planned = _paused(self.pauses, day)
        if rows.size:
            planned += int(self.behind[rows[-1]]) - _paused(self.pauses, int(self.day[rows[-1]]))
        return self.day_zero + timedelta(days=day + planned)


def read_returned(path: Source | Sheet, expected: Expected | None = None) -> Returned:
    """Read the diary that a patient of a blinded pack brought back.

    Parameters
    ----------
    path : str, path, MemoryFile or Sheet
        A CSV file with a header and a row a planned day: ``day`` or ``date``, ``kit``, ``score`` and others of
        `COLUMNS`; or its sheet, to which what is found is added.
    expected : Expected, optional
        What the pack tells of it.

    Raises
    ------
    InputError
        With everything that is wrong with the file, and the lines.
    """
    expected = Expected() if expected is None else expected
    sheet = path if isinstance(path, Sheet) else read_sheet(path, COLUMNS)
    outcomes = {column(name): name for name in expected.outcomes}
    _check_columns(sheet, expected, outcomes)
    number, behind, day_zero = _days(sheet, expected)
    score = answers.scores(sheet, "score", expected.scale)
    seconds = {name: answers.scores(sheet, key, expected.outcomes[name]) for key, name in outcomes.items()}
    read = {
        "doses": answers.doses(sheet, expected.doses),
        "late": answers.late(sheet),
        "guess": answers.guesses(sheet, expected.names, is_control_active=expected.is_control_active),
        "units_left": answers.units_left(sheet),
    }
    _check_kits(sheet, expected)
    sheet.raise_faults()

    order = np.argsort(number, kind="stable")
    if (np.diff(order) < 0).any():
        sheet.notes.append("Rows are not in the order of their days; they were sorted.")
    texts = {
        name: answers.texts(sheet, name, order) for name in (*TEXTS, *expected.own) if name in sheet.columns
    }  # fmt: skip
    # A date and a kit are printed beforehand; only what the patient adds shows that a day was written about.
    written = [~np.isnan(values[order]) for values in (score, *read.values(), *seconds.values())]
    written += [np.array([text != "" for text in cells_]) for cells_ in texts.values()]
    return Returned(
        sheet.place,
        np.array(sheet.line)[order],
        number[order].astype(np.int64),
        behind[order],
        answers.texts(sheet, "kit", order) if "kit" in sheet.columns else ("",) * len(order),
        score[order],
        np.nan_to_num(read["doses"][order], nan=answers.NOT_SAID).astype(np.int8),
        np.nan_to_num(read["late"][order]) == 1,
        np.nan_to_num(read["guess"][order], nan=answers.NOT_ASKED).astype(np.int8),
        read["units_left"][order],
        texts,
        {name: values[order] for name, values in seconds.items() if column(name) in sheet.columns},
        expected.names is not None,
        np.logical_or.reduce(written),
        day_zero,
        tuple(sheet.notes),
        expected.pauses,
    )


def _check_columns(sheet: Sheet, expected: Expected, outcomes: Mapping[str, str]) -> None:
    """Find columns that are missing, and note those that are left out."""
    unknown = [name for name in sheet.columns if name not in {*COLUMNS, *SEALED, *outcomes, *expected.own}]
    needed = ("day", "kit", "score") if expected.needs_kit else ("day", "score")
    for name in needed:
        if name in sheet.columns or (name == "day" and "date" in sheet.columns):
            continue
        lack = "neither a column day nor date" if name == "day" else f"no column {name}"
        sheet.fault(sheet.header_line, f"has {lack}{near_miss(name, unknown)}")
    if unknown:
        sheet.notes.append(f"Columns that are not used: {', '.join(unknown)}.")
    if sealed := [name for name in SEALED if name in sheet.columns]:
        told = f"Not used: {', '.join(sealed)}. What was given when stands in the sealed key alone."
        sheet.notes.append(told)


def _days(sheet: Sheet, expected: Expected) -> tuple[Floats, Floats, date | None]:
    """Day number of each row, days that it is behind its plan, and the date of day 0."""
    nothing = np.full(len(sheet.line), np.nan)
    day = cells.whole_numbers(sheet, "day", -FARTHEST_DAY, FARTHEST_DAY) if "day" in sheet.columns else None
    found = dates(sheet, day) if "date" in sheet.columns else None
    planned = None if expected.day_zero is None else expected.day_zero.toordinal()
    if day is None:
        if found is None:
            return nothing, nothing, expected.day_zero
        refuse_empty(sheet, "date")
        first = planned if planned is not None else np.nanmin(found) if np.isfinite(found).any() else 0
        refuse_twice(sheet, found, by_date=True)
        refuse_long_gaps(sheet, found)
        behind = _paused_at(sheet, found - first, expected.pauses)
        return found - first - behind, behind, date.fromordinal(max(int(first), 1))
    refuse_empty(sheet, "day")
    refuse_twice(sheet, day, by_date=False)
    refuse_long_gaps(sheet, day)
    if found is None:
        return day, nothing, expected.day_zero
    behind = dates_behind(sheet, day, found, planned)
    known = np.flatnonzero(np.isfinite(behind))
    if planned is None and known.size:
        planned = int((found - day - behind)[known[0]])
    return day, behind, None if planned is None or planned < 1 else date.fromordinal(planned)


def _paused(pauses: Pauses, day: int) -> int:
    """Days of all pauses before a day of the plan."""
    return sum(days for first, days in pauses if first <= day)


def _paused_at(sheet: Sheet, since: Floats, pauses: Pauses) -> Floats:
    """Days of all pauses before each date, counted from that of day 0; dates within a pause are faults."""
    behind = np.where(np.isfinite(since), 0.0, np.nan)
    for first, days in sorted(pauses):
        began = first + behind
        for row in np.flatnonzero((since >= began) & (since < began + days)):
            told = f"date: {sheet.columns['date'][row]} is in a pause of the trial, by its newest papers"
            sheet.fault(sheet.line[row], told)
        behind = np.where(since >= began, behind + days, behind)
    return behind


def _check_kits(sheet: Sheet, expected: Expected) -> None:
    """Tell what is wrong with the kits: once for a kit with all its lines, or once for all kits."""
    if expected.kit_fault is None or "kit" not in sheet.columns:
        return
    noted = [(line, cell) for line, cell in zip(sheet.line, sheet.columns["kit"], strict=True) if cell]
    if noted and expected.kits_fault is not None and (told := expected.kits_fault({cell for _, cell in noted})):
        sheet.fault(noted[0][0], f"kit: {told}")
        return
    lines: dict[str, list[int]] = {}
    for line, cell in noted:
        if told := expected.kit_fault(cell):
            lines.setdefault(told, []).append(line)
    for told, (first, *others) in lines.items():
        also = f"; the same on line{'s' if len(others) > 1 else ''} {', '.join(_stretches(others))}" if others else ""
        sheet.fault(first, f"kit: {told}{also}")


def _stretches(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers next to each other as one: "3 to 9"."""
    for _, run in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        held = [number for _, number in run]
        yield f"{held[0]}" if len(held) == 1 else f"{held[0]} to {held[-1]}"
