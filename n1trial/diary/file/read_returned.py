"""Reading the diary of a blinded pack: every fault with its line, and no word of what was in the kits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

import numpy as np

from n1trial.arrays import Floats
from n1trial.diary.file import answers, cells
from n1trial.diary.file.calendar import refuse_empty, refuse_long_gaps, refuse_twice
from n1trial.diary.file.columns import COLUMNS, SEALED, TEXTS, column
from n1trial.diary.file.dates import dates, dates_behind
from n1trial.diary.file.read import FARTHEST_DAY
from n1trial.diary.file.returned_diary import DiaryFormat, Pauses, ReturnedDiary
from n1trial.diary.file.sheet import Sheet, read_sheet
from n1trial.files.source import Source


def read_returned(path: Source | Sheet, diary_format: DiaryFormat | None = None) -> ReturnedDiary:
    """Read the diary that a patient of a blinded pack brought back.

    Parameters
    ----------
    path : str, path, MemoryFile or Sheet
        A CSV file with a header and a row a planned day: ``day`` or ``date``, ``kit``, ``score`` and others of
        `COLUMNS`; or its sheet, to which what is found is added.
    diary_format : DiaryFormat, optional
        What the pack tells of it.

    Raises
    ------
    InputError
        With everything that is wrong with the file, and the lines.
    """
    diary_format = DiaryFormat() if diary_format is None else diary_format
    sheet = path if isinstance(path, Sheet) else read_sheet(path, COLUMNS)
    outcomes = {column(name): name for name in diary_format.outcomes}
    _check_columns(sheet, diary_format, outcomes)
    number, behind, day_zero = _days(sheet, diary_format)
    score = answers.scores(sheet, "score", diary_format.scale)
    seconds = {name: answers.scores(sheet, key, diary_format.outcomes[name]) for key, name in outcomes.items()}
    boxes = {name: cells.answers(sheet, name) for name in diary_format.triggers if name in sheet.columns}
    read = {
        "doses": answers.doses(sheet, diary_format.doses),
        "late": answers.late(sheet),
        "guess": answers.guesses(sheet, diary_format.names, is_control_active=diary_format.is_control_active),
        "units_left": answers.units_left(sheet),
    }
    _check_kits(sheet, diary_format)
    sheet.raise_faults()

    order = np.argsort(number, kind="stable")
    if (np.diff(order) < 0).any():
        sheet.note("sorted")
    texts = {
        name: answers.texts(sheet, name, order) for name in (*TEXTS, *diary_format.own) if name in sheet.columns
    }  # fmt: skip
    # A date and a kit are printed beforehand; only what the patient adds shows that a day was written about.
    written = [~np.isnan(values[order]) for values in (score, *read.values(), *seconds.values(), *boxes.values())]
    written += [np.array([text != "" for text in cells_]) for cells_ in texts.values()]
    return ReturnedDiary(
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
        np.logical_or.reduce(written),
        day_zero,
        tuple(sheet.notes),
        diary_format.pauses,
        {name: values[order] for name, values in boxes.items()},
    )


def _check_columns(sheet: Sheet, diary_format: DiaryFormat, outcomes: Mapping[str, str]) -> None:
    """Find columns that are missing, and note those that are left out."""
    needed = ("day", "kit", "score") if diary_format.needs_kit else ("day", "score")
    known = {*COLUMNS, *SEALED, *outcomes, *diary_format.triggers, *diary_format.own}
    sheet.check_columns((*needed, *diary_format.triggers), known)
    if sealed := [name for name in SEALED if name in sheet.columns]:
        sheet.note("sealed", names=sealed)


def _days(sheet: Sheet, diary_format: DiaryFormat) -> tuple[Floats, Floats, date | None]:
    """Return the day number of each row, days that it is behind its plan, and the date of day 0."""
    nothing = np.full(len(sheet.line), np.nan)
    day = cells.whole_numbers(sheet, "day", -FARTHEST_DAY, FARTHEST_DAY) if "day" in sheet.columns else None
    found = dates(sheet, day) if "date" in sheet.columns else None
    planned = None if diary_format.day_zero is None else diary_format.day_zero.toordinal()
    if day is None:
        if found is None:
            return nothing, nothing, diary_format.day_zero
        refuse_empty(sheet, "date")
        first = planned if planned is not None else np.nanmin(found) if np.isfinite(found).any() else 0
        refuse_twice(sheet, found, by_date=True)
        refuse_long_gaps(sheet, found)
        behind = _paused_at(sheet, found - first, diary_format.pauses)
        return found - first - behind, behind, date.fromordinal(max(int(first), 1))
    refuse_empty(sheet, "day")
    refuse_twice(sheet, day, by_date=False)
    refuse_long_gaps(sheet, day)
    if found is None:
        return day, nothing, diary_format.day_zero
    behind = dates_behind(sheet, day, found, planned)
    known = np.flatnonzero(np.isfinite(behind))
    if planned is None and known.size:
        planned = int((found - day - behind)[known[0]])
    return day, behind, None if planned is None or planned < 1 else date.fromordinal(planned)


def _paused_at(sheet: Sheet, since: Floats, pauses: Pauses) -> Floats:
    """Count days of all pauses before each date, from that of day 0 on; dates within a pause are faults."""
    behind = np.where(np.isfinite(since), 0.0, np.nan)
    for first, days in sorted(pauses):
        began = first + behind
        for row in np.flatnonzero((since >= began) & (since < began + days)):
            sheet.fault(sheet.line[row], "in_pause", "date", cell=sheet.columns["date"][row])
        behind = np.where(since >= began, behind + days, behind)
    return behind


def _check_kits(sheet: Sheet, diary_format: DiaryFormat) -> None:
    """Tell what is wrong with the kits: once for a kit with all its lines, or once for all kits."""
    if diary_format.kit_fault is None or "kit" not in sheet.columns:
        return
    noted = [(line, cell) for line, cell in zip(sheet.line, sheet.columns["kit"], strict=True) if cell]
    if noted and diary_format.kits_fault is not None and (told := diary_format.kits_fault({cell for _, cell in noted})):
        sheet.fault(noted[0][0], "kit", "kit", told=told)
        return
    lines: dict[str, list[int]] = {}
    for line, cell in noted:
        if told := diary_format.kit_fault(cell):
            lines.setdefault(told, []).append(line)
    for told, (first, *others) in lines.items():
        kind = "kit_often" if len(others) > 1 else "kit_twice" if others else "kit"
        sheet.fault(first, kind, "kit", told=told, lines=[*_stretches(others)])


def _stretches(numbers: Sequence[int]) -> Iterator[str]:
    """Join numbers next to each other as one: "3 to 9"."""
    for _, run in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        held = [number for _, number in run]
        yield f"{held[0]}" if len(held) == 1 else f"{held[0]} to {held[-1]}"
