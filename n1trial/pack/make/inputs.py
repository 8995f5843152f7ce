"""What is asked of whoever makes a pack: the first day of the diary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from n1trial.errors import InputError

Value = TypeVar("Value")

YEARS = (2000, 2200)
"""Years that a diary can begin in; others are slips."""
START_DATE = "--start-date"


def first_day(typed: str, place: str = START_DATE) -> date:
    """Read the first day of the diary.

    Parameters
    ----------
    typed : str
        Such as 2027-01-04.
    place : str
        Where it was typed, as the error names it.

    Raises
    ------
    InputError
        If it is no date, or surely not meant.
    """
    what = f"{place} {typed}".strip()
    try:
        start = date.fromisoformat(typed)
    except ValueError:
        raise InputError(f"{what}: must be a date such as 2027-01-04") from None
    first, last = YEARS
    if not first <= start.year <= last:
        raise InputError(f"{what}: must be in the years {first} to {last}")
    return start


def faults_of(check: Callable[[Value], object], asked: Value) -> tuple[str, ...]:
    """Say what a check has against something; nothing where it passes."""
    try:
        check(asked)
    except InputError as error:
        return error.faults
    return ()
