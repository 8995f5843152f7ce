"""Shares of simulated trials as readers get them: of 100, with what another seed could have given."""

from __future__ import annotations

import math

from n1trial.evaluation.characteristics import Figure

UNKNOWN = "not known"
REACH = 1.96
"""Standard errors to either side within which 95 of 100 seeds fall."""


def in_100(share: float | None) -> str:
    """Give a share as a frequency with the one denominator that is used throughout."""
    return f"{'an unknown number' if share is None else count_of_100(share)} of 100"


def count_of_100(share: float) -> str:
    """Give a share as a number of 100: "16", "fewer than 1"."""
    number = round(100 * share)
    if number == 0 and share > 0:
        return "fewer than 1"
    if number == 100 and share < 1:
        return "more than 99"
    return str(number)


def margin(figure: Figure) -> int:
    """Say by how many of 100 a share could differ with another seed, 1 or more: two standard errors, rounded up."""
    return min(100, max(1, math.ceil(200 * (figure.mcse or 0.0))))


def about(figure: Figure) -> str:
    """Give a share with its margin: "16 of 100, give or take 1"."""
    return UNKNOWN if figure.value is None else f"{in_100(figure.value)}, give or take {margin(figure)}"


def count(figure: Figure) -> str:
    """Give a share as a number of 100: "16", "fewer than 1"."""
    return UNKNOWN if figure.value is None else count_of_100(figure.value)


def cell(figure: Figure) -> str:
    """Give a share as a number of 100 for a narrow column: "16", "0", "-" where it is not known."""
    return "-" if figure.value is None else f"{100 * figure.value:.0f}"


def ends(figure: Figure) -> tuple[float, float]:
    """Return the ends of the 95% Monte Carlo interval of a share that exists."""
    value, reach = figure.value or 0.0, REACH * (figure.mcse or 0.0)
    return max(0.0, value - reach), min(1.0, value + reach)


def interval(figure: Figure) -> str:
    """Give a share less and more its margin, in whole numbers of 100: "15 to 17"."""
    if figure.value is None:
        return UNKNOWN
    middle, reach = round(100 * figure.value), margin(figure)
    return f"{max(0, middle - reach)} to {min(100, middle + reach)}"


def with_error(figure: Figure) -> str:
    """Give a figure on a scale of its own with its Monte Carlo standard error: "0.63 ± 0.02"."""
    if figure.value is None:
        return UNKNOWN
    error = figure.mcse or 0.0
    value = f"{figure.value:.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{value} ± {error:.2f}" if error >= 0.005 else f"{value} ± less than 0.01"
