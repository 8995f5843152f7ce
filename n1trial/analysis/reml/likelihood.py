"""REML likelihood of a diary with AR(1) errors, as a function of their autocorrelation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.reml.sums import Sums
from n1trial.arrays import Flags, Floats

Series = NDArray[np.float64]


def variable(value: NDArray[np.float64], derivatives: bool) -> Series:
    """Return the variable itself, at the point where all functions are taken."""
    return np.stack([value, np.ones_like(value), np.zeros_like(value)]) if derivatives else value[np.newaxis]


def constant(value: float, like: Series) -> Series:
    """Return a function that is the same everywhere."""
    series = np.zeros_like(like)
    series[0] = value
    return series


def times(one: Series, two: Series) -> Series:
    """Multiply two functions."""
    product: Series = one * two[0]
    if len(one) > 1:
        product[1] += one[0] * two[1]
        product[2] += 2 * one[1] * two[1] + one[0] * two[2]
    return product


def over(one: Series, two: Series) -> Series:
    """Divide one function by another."""
    quotient: Series = one / two[0]
    if len(one) > 1:
        steepness = two[1] / two[0]
        quotient[1] -= quotient[0] * steepness
        quotient[2] -= 2 * quotient[1] * steepness + quotient[0] * (two[2] / two[0])
    return quotient


def log(one: Series) -> Series:
    """Take the natural logarithm."""
    logarithm: Series = one / one[0]
    logarithm[0] = np.log(one[0])
    if len(one) > 1:
        logarithm[2] -= logarithm[1] ** 2
    return logarithm


REDUNDANT = 1e-10
"""A column of which the columns before it leave no more than this share has no coefficient of its own."""


@dataclass(frozen=True, eq=False)
class Profile:
    """The likelihood, profiled over coefficients and variance, at one autocorrelation a replicate.

    Attributes
    ----------
    criterion : ndarray of float, shape (1 or 3, replicate)
        Series in φ of (n − p) log RSS + log|R| + log|X′R⁻¹X|, which REML minimizes.
    log_variance : ndarray of float, shape (1 or 3, replicate)
        Series in φ of the logarithm of (n − p) times the estimate's variance.
    estimate : ndarray of float, shape (replicate,)
        Coefficient of the treatment.
    residual : ndarray of float, shape (replicate,)
        (1 − φ²)·RSS.
    """

    criterion: Series
    log_variance: Series
    estimate: Floats
    residual: Floats

    def take(self, replicates: NDArray[np.int64]) -> Profile:
        """Take what it says of some of the replicates, in the order given."""
        return Profile(*(getattr(self, field.name)[..., replicates] for field in fields(self)))


def profile(sums: Sums, keep: Flags, autocorrelation: Floats, derivatives: bool = True) -> Profile:
    """Evaluate the likelihood.

    With a = φ^gap and e = (1 − a²)/(1 − φ²) = 1 + φ² + … + φ^(2·gap − 2), an entry v after u adds (v − au)(v − au)′/e
    to (1 − φ²)·Z′R⁻¹Z, the first one, u, (1 − φ²)uu′. In v − u and v + u this is (1 + a)²/4e and (1 − a)²/4e times
    sums that do not depend on φ, and of the mixed products only those of the first and the last entry are left.
    An intercept has no differences: it is swept out with a factor of 1 − φ taken from its row, and nothing cancels
    or overflows where φ is close to 1.

    Parameters
    ----------
    sums : Sums
        Of the diary.
    keep : ndarray of bool, shape (column, replicate)
        Which columns of the model have a coefficient.
    autocorrelation : ndarray of float, shape (replicate,) or (1,)
        φ of one day with the next, above −1 and below 1; or the same for all.
    derivatives : bool
        Whether series have derivatives.

    Returns
    -------
    Profile
        For replicates with a coefficient of the treatment and a residual that is not 0.
    """
    products, log_determinant = _without_intercept(sums, variable(autocorrelation, derivatives))
    for is_kept in keep:
        one = constant(1, products[:, 0, 0])
        pivot = np.where(is_kept, products[:, 0, 0], one)
        share = over(products[:, 0, 1:] * is_kept, pivot[:, np.newaxis])
        products = products[:, 1:, 1:] - times(share[:, :, np.newaxis], products[:, np.newaxis, 0, 1:])
        log_determinant = log_determinant + log(pivot)
    log_residual = log(products[:, 0, 0])
    return Profile(
        criterion=(sums.n - 1 - keep.sum(axis=0)) * log_residual + log_determinant,
        log_variance=log_residual - log(pivot),
        estimate=share[0, -1],
        residual=products[0, 0, 0],
    )


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Least squares on days as if independent (φ = 0), which tell what model can be fitted.

    Attributes
    ----------
    keep : ndarray of bool, shape (column, replicate)
        Whether each column, trend, cycles and treatment, has a coefficient of its own beside those before it.
    estimate : ndarray of float, shape (replicate,)
        Coefficient of the treatment, 0 if it has none.
    spread : ndarray of float, shape (column + 1, replicate)
        Sum of squares about the mean of each column and, last, of the score.
    residual : ndarray of float, shape (replicate,)
        Sum of squares of what the model leaves of the score.
    """

    keep: Flags
    estimate: Floats
    spread: Floats
    residual: Floats


def least_squares(sums: Sums) -> LeastSquares:
    """Fit days as if they were independent, and find what has a coefficient."""
    products = _without_intercept(sums, variable(np.zeros_like(sums.origin), derivatives=False))[0][0]
    spread = np.diagonal(products).T
    keep = np.empty((len(products) - 1, sums.n.size), dtype=np.bool_)
    for column, is_kept in enumerate(keep):
        np.greater(products[0, 0], REDUNDANT * spread[column], out=is_kept)
        share = is_kept * products[0, 1:] / np.where(is_kept, products[0, 0], 1)
        products = products[1:, 1:] - share[:, np.newaxis] * products[0, 1:]
    return LeastSquares(keep, estimate=share[-1], spread=spread, residual=products[0, 0])


def _without_intercept(sums: Sums, phi: Series) -> tuple[Series, Series]:
    """Return what an intercept leaves of all products (1 − φ²)·Z′R⁻¹Z, and log|R| with the intercept's share."""
    one = constant(1, phi)
    products = (one - times(phi, phi))[:, np.newaxis, np.newaxis] * (sums.end_products / 2)
    level = (one + phi)[:, np.newaxis] * (sums.ends / 2)
    count = one + phi
    log_determinant = constant(0, phi)
    for place, (of_difference, of_sum, of_level, log_e) in enumerate(_weights(sums.gap, phi)):
        products = products + of_difference[:, np.newaxis, np.newaxis] * sums.differences[place]
        products += of_sum[:, np.newaxis, np.newaxis] * sums.sums[place]
        level = level + of_level[:, np.newaxis] * (sums.level[place] / 2)
        count = count + of_level * sums.count[place]
        log_determinant = log_determinant + log_e * sums.count[place]
    share = over(level, count[:, np.newaxis])
    of_intercept = times(times((one - phi)[:, np.newaxis], share)[:, :, np.newaxis], level[:, np.newaxis])
    return products - of_intercept, log_determinant + log(over(count, one + phi))


def _weights(gaps: NDArray[np.int64], phi: Series) -> Iterator[tuple[Series, Series, Series, Series]]:
    """Yield for each gap (1 + a)²/4e, (1 − a)²/4e, (1 − a)(1 + φ + … + φ^(gap − 1))/e and log e."""
    one = constant(1, phi)
    square = times(phi, phi)
    a, plain, e = phi, one, one
    for gap in range(1, int(gaps.max(initial=0)) + 1):
        if gap > 1:
            a, plain, e = times(a, phi), times(plain, phi) + one, times(e, square) + one
        if gap in gaps:
            yield (
                over(times(one + a, one + a), 4 * e),
                over(times(one - a, one - a), 4 * e),
                over(times(one - a, plain), e),
                log(e),
            )
