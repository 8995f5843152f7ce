"""What is asked of whoever makes a pack: the first day of the diary, and passphrases that can seal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from n1trial.errors import InputError
from n1trial.pack.seal import SHORTEST_PASSPHRASE

Asked = TypeVar("Asked")

FIRST_YEAR, LAST_YEAR = 2000, 2200
"""Years that a diary can begin in; others are slips."""
START_DATE = "--start-date"


def first_day(typed: str, place: str = START_DATE) -> date:
    """First day of the diary.

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
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise InputError(f"{what}: must be in the years {FIRST_YEAR} to {LAST_YEAR}")
    return start


def check_passphrase(given: str, what: str) -> None:
    """Refuse a passphrase that is too short to seal with.

    Parameters
    ----------
    given : str
    what : str
        What it is the passphrase of.

    Raises
    ------
    InputError
    """
    if len(given) < SHORTEST_PASSPHRASE:
        raise InputError(
            f"the passphrase of {what} must have at least {SHORTEST_PASSPHRASE} characters, but has {len(given)}; "
            "four or five words that have nothing to do with each other are good"
        )


def check_copy(key: str, copy: str | None) -> None:
    """Refuse a second copy of the key that the first passphrase opens."""
    if copy == key:
        raise InputError("the second copy of the key has the same passphrase as the first, and so is of no use")


def faults_of(check: Callable[[Asked], object], asked: Asked) -> tuple[str, ...]:
    """What a check has to say against something; nothing where it passes."""
    try:
        check(asked)
    except InputError as error:
        return error.faults
    return ()
