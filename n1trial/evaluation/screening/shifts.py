"""Shifts that follow the patient's own life, in closed form: their covariance is a triangle that `shift_days` wide.

A shift lasts `shift_days`, and the trial begins on any of its days: two days share it with chance 1 − lag/shift_days.
"""

from __future__ import annotations

import math

import numpy as np

from n1trial.arrays import Floats, Integers


def triangle(lag: Floats | Integers, shift_days: int) -> Floats:
    """Return the correlation of shifts on days so far apart."""
    shared: Floats = np.maximum(0.0, 1 - np.abs(lag) / shift_days)
    return shared


def window_sums(values: Floats, shift_days: int) -> Floats:
    """Sum values over every stretch that a shift could last; products of these are quadratic forms of the triangle.

    Parameters
    ----------
    values : ndarray of float, shape (day, ...)
    shift_days : int

    Returns
    -------
    ndarray of float, shape (stretch, ...)
        Divided by √shift_days: `window_sums(x).T @ window_sums(y)` is x'Sy, with S the `triangle` of the days' lags.
    """
    days = len(values)
    sums = np.zeros((days + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=sums[1:])
    start = np.arange(1 - shift_days, days)
    found: Floats = sums[np.minimum(start + shift_days, days)] - sums[np.maximum(start, 0)]
    return found / math.sqrt(shift_days)


def mean_covariance(first: Floats, second: Floats, apart: Floats, shift_days: int) -> Floats:
    """Return the covariance of the means of two runs of days, the second beginning `apart` days after the first."""
    ends = _twice_summed(apart + second, shift_days) - _twice_summed(apart + second - first, shift_days)
    starts = _twice_summed(apart, shift_days) - _twice_summed(apart - first, shift_days)
    return (ends - starts) / (first * second)


def _twice_summed(lag: Floats, shift_days: int) -> Floats:
    """Return the even function whose second difference is the triangle, 0 at 0."""
    far = np.abs(lag)
    near = np.minimum(far, shift_days)
    within = near**2 / 2 - (near**3 - near) / (6 * shift_days)
    summed: Floats = within + np.maximum(far - shift_days, 0) * shift_days / 2
    return summed
