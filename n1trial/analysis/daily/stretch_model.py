"""Daily scores with autocorrelated noise and a random shift for each stretch of the calendar, averaged over both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.daily.cross_products import CrossProducts, WhitenedProducts
from n1trial.analysis.daily.t_mixture import TMixture
from n1trial.analysis.period_means import total
from n1trial.arrays import Floats

AUTOCORRELATIONS = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
SHIFT_RATIOS = np.array([0, 0.2, 0.4, 0.6, 0.8, 1.0])
"""Support of the prior: correlation φ from day to day, and SD of the shifts in daily SDs, λ."""


def trapezoid(nodes: Floats) -> Floats:
    """Return weights that spread probability 1 evenly over the range of the nodes, by the trapezoid rule."""
    halves = np.diff(nodes) / 2 / (nodes[-1] - nodes[0])
    weights: Floats = np.append(halves, 0) + np.append(0, halves)
    return weights


PRIOR = trapezoid(AUTOCORRELATIONS)[:, np.newaxis] * trapezoid(SHIFT_RATIOS)
"""Prior weights, shape (autocorrelation, shift ratio): this discrete distribution is the prior."""


@dataclass(frozen=True, eq=False)
class StretchLeastSquares:
    """Ordinary least squares, which tells what can be estimated; arrays of shape (replicate,).

    Attributes
    ----------
    is_kept : ndarray of bool, shape (column, replicate)
        Whether each column but the score adds anything to those before it.
    estimate : ndarray of float
        Coefficient of the last column before the score; of no meaning where that column is not kept.
    residual, about_mean : ndarray of float
        Sums of squares: of the residuals, and of the scores about their mean.
    """

    is_kept: NDArray[np.bool_]
    estimate: Floats
    residual: Floats
    about_mean: Floats


def least_squares(cross: CrossProducts, tolerance: float) -> StretchLeastSquares:
    """Sweep the columns out in their order.

    Parameters
    ----------
    cross : CrossProducts
        Of the columns, the score last.
    tolerance : float
        A column is kept where at least this share of its sum of squares is left.
    """
    products = cross.whiten(0.0).products
    terms = len(products) - 1
    squares = products[np.arange(terms), np.arange(terms)].copy()
    is_kept = np.empty(squares.shape, dtype=np.bool_)
    about_mean = products[terms, terms]
    for column in range(terms):
        pivot = products[column, column]
        is_kept[column] = pivot > tolerance * squares[column]
        if column == terms - 1:
            estimate = products[column, terms] / pivot
        _sweep(products, column, is_kept[column] / np.where(is_kept[column], pivot, 1.0))
        if column == 0:
            about_mean = products[terms, terms].copy()
    return StretchLeastSquares(is_kept, estimate, products[terms, terms], about_mean)


def posterior(cross: CrossProducts, is_kept: NDArray[np.bool_], df: Floats) -> TMixture:
    """Return the posterior of the coefficient of the last column before the score.

    With covariance σ²V, V = R(φ) + λ²ZZ', flat coefficients and density 1/σ, each node (φ, λ) gives Student's t with
    n − p degrees of freedom about the generalized least-squares estimate, and a weight in proportion to
    prior · |V|^(−1/2) · |X'V⁻¹X|^(−1/2) · RSS^(−(n − p)/2).

    Parameters
    ----------
    cross : CrossProducts
        Of the columns, the score last.
    is_kept : ndarray of bool, shape (column, replicate)
        Columns of the model; the others are passed over.
    df : ndarray of float, shape (replicate,)
        n − p.

    Returns
    -------
    TMixture
        Components in the order of `PRIOR.ravel()`.
    """
    shape = (*PRIOR.shape, df.size)
    log_weight, center, spread = np.empty(shape), np.empty(shape), np.empty(shape)
    for node, autocorrelation in enumerate(AUTOCORRELATIONS.tolist()):
        whitened = cross.whiten(autocorrelation)
        products, determinant = _with_shifts(whitened)
        terms = len(products) - 1
        for column in range(terms - 1):
            determinant *= _pivot(products, column, is_kept[column])
        information, moment = products[terms - 1, terms - 1], products[terms - 1, terms]
        center[node] = moment / information
        rss = products[terms, terms] - center[node] * moment
        spread[node] = np.sqrt(rss / (df * information))
        log_weight[node] = (np.log(determinant * information) + df * np.log(rss) + whitened.log_determinant) / -2
    log_weight += np.log(PRIOR)[..., np.newaxis]
    weight = np.exp(log_weight - log_weight.max(axis=(0, 1)))
    nodes = (PRIOR.size, df.size)
    weight = weight.reshape(nodes)
    return TMixture(weight / total(weight), center.reshape(nodes), spread.reshape(nodes), df)


def _with_shifts(white: WhitenedProducts) -> tuple[Floats, Floats]:
    """Compute W'V⁻¹W (column, column, shift ratio, replicate) and |I + λ²Z'R⁻¹Z| (shift ratio, replicate).

    By Woodbury's identity, one stretch swept out after the other: Z'R⁻¹Z is tridiagonal.
    """
    variance = SHIFT_RATIOS[:, np.newaxis] ** 2
    columns, stretches = len(white.products), len(white.with_stretch)
    products = np.repeat(white.products[:, :, np.newaxis], variance.size, axis=2)
    determinant = np.ones(products.shape[2:])
    diagonal = white.within_stretch[0]
    row = [white.with_stretch[0, column] for column in range(columns)]
    for stretch in range(stretches):
        pivot = 1 + variance * diagonal
        determinant *= pivot
        share = variance / pivot
        for column in range(columns):
            weighted = share * row[column]
            for other in range(column, columns):
                products[column, other] -= weighted * row[other]
        if stretch + 1 < stretches:
            link = white.between_stretches[stretch]
            share *= link
            diagonal = white.within_stretch[stretch + 1] - share * link
            row = [white.with_stretch[stretch + 1, column] - share * row[column] for column in range(columns)]
    return products, determinant


def _pivot(products: Floats, column: int, is_kept: NDArray[np.bool_]) -> Floats:
    """Sweep a column out where it is kept; its pivot there, else 1."""
    pivot = np.where(is_kept, products[column, column], 1)
    _sweep(products, column, is_kept / pivot)
    return pivot


def _sweep(products: Floats, column: int, share: Floats) -> None:
    """Take out of the products (column, column, ...) what one column accounts for."""
    for row in range(column + 1, len(products)):
        weighted = share * products[column, row]
        for other in range(row, len(products)):
            products[row, other] -= weighted * products[column, other]
