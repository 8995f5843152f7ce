"""Arithmetic on functions of one variable, each given by its value and its first two derivatives at a point.

A series is an array whose first axis is (value,) or (value, first derivative, second derivative); both operands of an
operation have the same length there, and their other axes are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]


def variable(value: NDArray[np.float64], derivatives: bool) -> Series:
    """The variable itself, at the point where all functions are taken."""
    return np.stack([value, np.ones_like(value), np.zeros_like(value)]) if derivatives else value[np.newaxis]


def constant(value: float, like: Series) -> Series:
    """A function that is the same everywhere."""
    series = np.zeros_like(like)
    series[0] = value
    return series


def times(one: Series, two: Series) -> Series:
    """Product."""
    product: Series = one * two[0]
    if len(one) > 1:
        product[1] += one[0] * two[1]
        product[2] += 2 * one[1] * two[1] + one[0] * two[2]
    return product


def over(one: Series, two: Series) -> Series:
    """Quotient."""
    quotient: Series = one / two[0]
    if len(one) > 1:
        steepness = two[1] / two[0]
        quotient[1] -= quotient[0] * steepness
        quotient[2] -= 2 * quotient[1] * steepness + quotient[0] * (two[2] / two[0])
    return quotient


def log(one: Series) -> Series:
    """Natural logarithm."""
    logarithm: Series = one / one[0]
    logarithm[0] = np.log(one[0])
    if len(one) > 1:
        logarithm[2] -= logarithm[1] ** 2
    return logarithm
