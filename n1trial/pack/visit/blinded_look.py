"""The blinded look at a diary file, with or without the pack that it belongs to."""

from __future__ import annotations

from pathlib import Path

from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.returned_diary import DiaryFormat
from n1trial.diary.file.sheet import Sheet
from n1trial.errors import InputError
from n1trial.files.source import Source
from n1trial.pack.trial.read import read_trial
from n1trial.pack.visit.check import DiaryCheck, check
from n1trial.pack.visit.diary_format import diary_format, kit_fault


def look(diary: Source | Sheet, pack: Path | None = None) -> DiaryCheck:
    """Look at a diary without the key.

    Parameters
    ----------
    diary : str, path, MemoryFile or Sheet
    pack : Path, optional
        Folder of the pack; only its blinded files are read.

    Raises
    ------
    InputError
        With everything that is wrong with the pack and with the diary.
    """
    trial = None
    faults: tuple[str, ...] = ()
    try:
        trial = None if pack is None else read_trial(pack)
    except InputError as error:
        faults = error.faults
    rules = DiaryFormat(kit_fault=kit_fault) if trial is None else diary_format(trial)
    try:
        returned = read_returned(diary, rules)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    if faults:
        raise InputError(faults)
    return check(returned, trial)
