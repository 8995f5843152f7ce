"""What is asked of whoever makes a pack: the first day of the diary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from n1trial.errors import InputError
from n1trial.pack.wording import PackFault
from n1trial.wording import Finding

Value = TypeVar("Value")

YEARS = (2000, 2200)
"""Years that a diary can begin in; others are slips."""


def first_day(typed: str, place: str | None = None) -> date:
    """Read the first day of the diary.

    Parameters
    ----------
    typed : str
        Such as 2027-01-04.
    place : str, optional
        Where it was typed, as the error names it; by default the argument `start_date`.

    Raises
    ------
    InputError
        If it is no date, or surely not meant.
    """
    argument, value = ("start_date", typed) if place is None else ("", f"{place} {typed}".strip())
    try:
        start = date.fromisoformat(typed)
    except ValueError:
        raise InputError(PackFault("no_date", argument, value=value)) from None
    first, last = YEARS
    if not first <= start.year <= last:
        raise InputError(PackFault("no_year", argument, {"first": first, "last": last}, value))
    return start


def faults_of(check: Callable[[Value], object], value: Value) -> tuple[str | Finding, ...]:
    """Say what a check has against something; nothing where it passes."""
    try:
        check(value)
    except InputError as error:
        return error.findings
    return ()
