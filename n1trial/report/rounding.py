"""Numbers in two digits, or in as many as keep two sentences from disagreeing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from n1trial.report.words import points

FEWEST, EXACT, MOST = 2, 6, 15
"""Digits; what somebody typed as a limit, in few, is written as it is."""
SMALLEST = 5e-4
NEARLY = 0.25
"""Two numbers that differ by less than this share of the larger are one number to a reader."""


def finite(number: float) -> float | None:
    """Return a number as JSON and pages have it: None where it is infinite or does not exist."""
    return float(number) if math.isfinite(number) else None


def size(number: float) -> str:
    """Write the size of a difference in two digits, or all before the point, unsigned; what nobody could see is 0."""
    return _show(abs(number), _fewest(abs(number))) if abs(number) >= SMALLEST else "0"


def sizes_apart(values: Sequence[float], limits: Sequence[float]) -> tuple[list[str], list[str]]:
    """Write the sizes of numbers, so that none reads as one of the limits, or as beyond it, unless it is.

    Parameters
    ----------
    values : sequence of float
        Finite.
    limits : sequence of float
        Positive: what the size of each number is held against, below zero and above.

    Returns
    -------
    tuple of list of str
        Sizes of the values, and the limits; without sign, as ``29.95`` beside ``30``.
    """
    needed = [max((_digits(abs(value), limit) for limit in limits), default=_fewest(abs(value))) for value in values]
    most = max(needed, default=FEWEST)
    return (
        [_show(abs(value), digits) for value, digits in zip(values, needed, strict=True)],
        [_show(limit, EXACT if float(f"{limit:.{EXACT}g}") == limit else most) for limit in limits],
    )


def is_nearly(one: float, other: float, smallest: float) -> bool:
    """Whether two numbers would read as the same said twice.

    Parameters
    ----------
    one, other : float
    smallest : float
        Smallest difference that matters; a tenth of it is none.
    """
    return abs(one - other) <= max(NEARLY * max(abs(one), abs(other)), 0.1 * smallest)


def _digits(size: float, limit: float) -> int:
    """Find the fewest digits with which a number is on the side of a limit that it is on."""
    for digits in range(_fewest(size), MOST):
        shown, bound = float(f"{size:.{digits}g}"), float(f"{limit:.{digits}g}")
        if (shown > bound, shown < bound) == (size > limit, size < limit):
            return digits
    return MOST


def _fewest(size: float) -> int:
    return max(FEWEST, len(str(int(size))))


def _show(size: float, digits: int) -> str:
    return np.format_float_positional(float(f"{size:.{digits}g}"), trim="-")


def three_digits(number: float) -> str:
    """Write a number of the page in three digits at most, with a true minus."""
    return f"{float(f'{number:.3g}'):g}".replace("-", "\N{MINUS SIGN}")


def percent(share: float) -> str:
    """Write a share as a whole number of 100."""
    return f"{math.floor(100 * share + 0.5)}"


def signed_points(number: float, unit: str) -> str:
    """Write a difference on the scale with its sign: "−1 point"."""
    return ("\N{MINUS SIGN}" if number < 0 else "+" if number > 0 else "") + points(abs(number), unit)
