"""The diary that is open on the page: read once, blind, with the pack that is open beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from n1trial.diary.file.columns import COLUMNS
from n1trial.diary.file.sheet import read_sheet
from n1trial.errors import InputError
from n1trial.files.source import MemoryFile
from n1trial.pack.visit.blinded_look import look
from n1trial.pack.visit.check import DiaryCheck
from n1trial.web.shared.job import faults_in


@dataclass(frozen=True, eq=False)
class DiaryFile:
    """A diary as it was read when it was opened.

    Attributes
    ----------
    file : MemoryFile
    pack : Path or None
        Folder of the pack that was open beside it.
    names_treatments : bool
        Whether it says what was given when.
    check : DiaryCheck or None
        What it tells blind; None where it has faults.
    faults : tuple of str
        Everything that is wrong with it and with its pack.
    """

    file: MemoryFile
    pack: Path | None
    names_treatments: bool = False
    check: DiaryCheck | None = None
    faults: tuple[str, ...] = ()


def read_diary_file(file: MemoryFile, pack: Path | None = None) -> DiaryFile:
    """Read a diary blind, as `n1trial check-diary` does; what is wrong with it is part of what is read."""
    names_treatments = False
    try:
        sheet = read_sheet(file, COLUMNS)
        names_treatments = any(sheet.columns.get("treatment", ()))
        return DiaryFile(file, pack, names_treatments, look(sheet, pack))
    except InputError as error:
        return DiaryFile(file, pack, names_treatments, faults=error.faults)
    except Exception as error:
        return DiaryFile(file, pack, names_treatments, faults=faults_in(error))


def missing_entries_in_words(check: DiaryCheck) -> str:
    """Say how much of a diary is not written, before its key is opened.

    Parameters
    ----------
    check : DiaryCheck
        Of a diary whose pack is known; of any other there is nothing to say.

    Returns
    -------
    str
        A sentence or two.
    """
    if check.trial is None:
        return ""
    days = check.trial.scenario.layout().days
    written = sum(week.entries for week in check.weeks)
    last = int(days[-1])
    ahead = last - (int(days[0]) - 1 if check.last_day is None else check.last_day)
    told = f"{len(days) - written} of {len(days)} days have no entry."
    if ahead <= 0:
        return told
    return (
        f"{told} Nothing is written about the last {ahead} days: if the trial is still going on, do not open the key."
        " Who opens it now ends the trial here."
    )
