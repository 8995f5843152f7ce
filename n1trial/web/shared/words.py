"""Words of the command line as the page says them: options are fields here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TypeVar

from n1trial.errors import InputError
from n1trial.texts import rule_broken

Answer = TypeVar("Answer")

FIELDS = {
    "--pdf: ": "PDF too: ",
    "make the pack without --pdf": "make the pack without PDFs",
    "choose another with --out": "put it elsewhere, and try again",
    "choose another folder with --out": "put it elsewhere, and try again",
    "--ended needs --reason TEXT: why": "an early end needs a reason: why",
    "--ended ": "the last day of the trial, ",
    ", with --by NAME and --reason TEXT": ", with a name and a reason",
    "--receipt ": "",
    "--pack tells": "the pack's zip tells",
    " (n1trial analyze --key)": "",
    "n1trial run tells the answer": "the answer is given",
    "n1trial analyze is for": "Analyze is for",
}
"""What the command line calls a thing, with what the page calls it."""
LONGEST_ENDING = 10
LONGEST_NAME = 60
"""Characters of a file's name; four bytes each, no system takes many more."""
NOT_IN_NAMES = '<>:"|?*'
"""What some system takes in no name."""


def in_page_words(fault: str) -> str:
    """A sentence of the command line for whoever reads it on the page."""
    for said, here in FIELDS.items():
        fault = fault.replace(said, here)
    return fault


def with_page_words(work: Callable[[], Answer]) -> Answer:
    """Do work and return its answer; faults of what was given are in the words of the page."""
    try:
        return work()
    except InputError as error:
        raise InputError(map(in_page_words, error.faults)) from None


def one_line(typed: str, what: str) -> str:
    """A text that was typed, without blanks around it.

    Parameters
    ----------
    typed : str
    what : str
        What it is, as the error says it.

    Raises
    ------
    InputError
        If it holds what hides, reorders or commands.
    """
    if rule := rule_broken(typed.strip()):
        raise InputError(f"{what} {rule}")
    return typed.strip()


def tidy_name(name: str, without: str) -> str:
    """Name of a file as it was given, without folders, and so that it can be a file's name here.

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
