"""Texts that were typed and names of files, made fit to keep."""

from __future__ import annotations

from pathlib import PurePosixPath

from n1trial.errors import InputError
from n1trial.texts import text_fault

LONGEST_ENDING = 10
LONGEST_NAME = 60
"""Characters of a file's name; four bytes each, no system takes many more."""
NOT_IN_NAMES = '<>:"|?*'
"""What some system takes in no name."""


def one_line(typed: str, what: str) -> str:
    """Return a text that was typed, without blanks around it.

    Raises
    ------
    InputError
        If it holds what hides, reorders or commands.
    """
    if rule := text_fault(typed.strip()):
        raise InputError(f"{what} {rule}")
    return typed.strip()


def tidy_name(name: str, without: str) -> str:
    """Make a name fit for a file here, as it was given, without folders.

    Parameters
    ----------
    name : str
        As a browser tells it: anything.
    without : str
        Stands for a name that is none.
    """
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    plain = "".join(each if each.isprintable() and each not in NOT_IN_NAMES else "_" for each in last)
    if len(plain) > LONGEST_NAME:
        suffix = PurePosixPath(plain).suffix
        ending = suffix if len(suffix) <= LONGEST_ENDING else ""
        plain = plain[: LONGEST_NAME - len(ending)] + ending
    return without if plain in ("", ".", "..") else plain
