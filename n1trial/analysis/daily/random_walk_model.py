"""Daily scores with autocorrelation, shifts, slow wandering and a placebo response, averaged over their sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from n1trial.analysis.daily.neighbors import Entries, Products, own_pairs
from n1trial.analysis.daily.random_walk import RESPONSE_DAYS, WAVES
from n1trial.analysis.daily.t_mixture import TMixture
from n1trial.analysis.period_means import total
from n1trial.arrays import Flags, Floats

AUTOCORRELATIONS = np.array([0, 0.2, 0.4, 0.6, 0.8, 0.88, 0.94, 0.98])
SHIFT_RATIOS = np.array([0, 0.4, 0.9])
DRIFT_RATIOS = np.array([0, 0.03, 0.1, 0.2])
"""Support of the prior: correlation φ from day to day; shifts λ and wandering ω per root of a day, in daily SDs."""
RESPONSE_RATIO = 2.0
"""SD of the placebo response in daily SDs, κ."""
NODES = (len(RESPONSE_DAYS), SHIFT_RATIOS.size, DRIFT_RATIOS.size, AUTOCORRELATIONS.size)
PRIOR: Floats = np.broadcast_to(np.array([2 / 9, 1 / 2, 5 / 18])[:, np.newaxis, np.newaxis], NODES) / (8 * 3 * 4)
"""Prior weights, shape (course of the placebo response, shifts, wandering, autocorrelation)."""


def by_component(axis: int, values: Floats) -> Floats:
    """Return the value of each component, where it goes by one axis of `PRIOR`."""
    shape = [1] * len(NODES)
    shape[axis] = -1
    return np.broadcast_to(values.reshape(shape), NODES).ravel()


def posterior(entries: Entries, df: Floats, is_kept: Sequence[Flags] = ()) -> TMixture:
    """Return the posterior of the effect of exposure.

    Scores have covariance σ²V, V = R(φ) + λ²ZZ' + ω²BB' + κ²gg', with flat level and effect and density 1/σ. Each node
    gives Student's t with n − 2 degrees of freedom about the generalized least-squares estimate, and a weight in
    proportion to prior · |V|^(−1/2) · |X'V⁻¹X|^(−1/2) · RSS^(−(n − 2)/2). What is adjusted for has flat coefficients,
    each of which takes a degree of freedom.

    Parameters
    ----------
    entries : Entries
    df : ndarray of float, shape (replicate,)
        n − 2, less the columns that are adjusted for.
    is_kept : sequence of ndarray of bool, shape (replicate,)
        Which of the own columns before exposure have a coefficient.

    Returns
    -------
    TMixture
        Components in the order of `PRIOR.ravel()`.
    """
    left = _without_level(entries.through(AUTOCORRELATIONS), entries.columns.stretches)
    left = _take_out(left, WAVES, DRIFT_RATIOS**2)
    left = _take_out(left, entries.columns.stretches, SHIFT_RATIOS**2)
    squares, log_determinant = _without_response(left)
    for kept in is_kept:
        squares, log_determinant = _without_first(squares, log_determinant, kept)
    xx, xy, yy = squares
    center = xy / xx
    rss = yy - center * xy
    log_weight = (np.log(xx) + log_determinant + df * np.log(rss)) / -2 + np.log(PRIOR.ravel())[:, np.newaxis]
    weight = np.exp(log_weight - log_weight.max(axis=0))
    return TMixture(weight / total(weight), center, np.sqrt(rss / (df * xx)), df)


def _without_level(products: Products, stretches: int) -> Products:
    """Take out the level, whose coefficient is flat: the sum of the stretches."""
    own, size = products.own, len(products.own)
    one, other = np.triu_indices(size)
    place = np.empty((size, size), dtype=np.int64)
    place[one, other] = place[other, one] = np.arange(one.size)
    of_stretches = slice(WAVES, WAVES + stretches)
    level = products.shared[place[of_stretches]].sum(axis=0)
    own_level = own[of_stretches].sum(axis=0)
    square = level[of_stretches].sum(axis=0)
    share = level / square
    return Products(
        products.shared - share[one] * level[other],
        own - share[:, np.newaxis] * own_level,
        products.squares
        - np.stack([own_level[one] * own_level[other] for one, other in own_pairs(own.shape[1])]) / square,
        products.log_determinant + np.log(square),
    )


def _take_out(products: Products, count: int, variance: Floats) -> Products:
    """Take out the first columns, with each of several variances in units of σ², of which the first is 0.

    A column c of variance v turns M = V⁻¹ into M − v/(1 + v·c'Mc)·Mcc'M and multiplies |V| by 1 + v·c'Mc. What all
    rows have lost to the columns before is subtracted at once, when a row is reached (Crout's order).
    """
    starts = _starts(len(products.own))
    roots, own_roots, log_determinant = _sweep(products, count, variance[1:, np.newaxis, np.newaxis])
    shared, own, squares, logs = (
        np.repeat(each[..., np.newaxis, :, :], variance.size, axis=-3)
        for each in (products.shared[starts[count] :], products.own[count:], products.squares, products.log_determinant)
    )
    logs[1:] += log_determinant
    for row, (start, end) in enumerate(pairwise(starts[count:]), count):
        shared[start - starts[count] : end - starts[count], 1:] -= _loss(roots[:, row], roots[:, row:])
        own[row - count, :, 1:] -= _loss(roots[:, row], own_roots)
    for place, (one, other) in enumerate(own_pairs(own.shape[1])):
        squares[place, 1:] -= np.einsum("k...,k...->...", own_roots[:, one], own_roots[:, other])
    return Products(_flatten(shared), _flatten(own), _flatten(squares), _flatten(logs))


def _flatten(values: Floats) -> Floats:
    """Join the axes of variances and nodes."""
    return values.reshape(*values.shape[:-3], -1, values.shape[-1])


def _sweep(products: Products, count: int, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Compute what the first columns account for, as roots: with the shared columns, with the own ones.

    Shapes (column taken out, column, variance, node, pattern) and (column taken out, own column, variance, node,
    replicate), and the logarithm of what |V| is multiplied by, (variance, node, pattern).
    """
    starts, nodes = _starts(len(products.own)), products.log_determinant.shape[0]
    roots = np.empty((count, len(products.own), len(variance), *products.log_determinant.shape))
    own = np.empty((count, products.own.shape[1], len(variance), nodes, products.own.shape[-1]))
    determinant = np.ones(roots.shape[2:])
    for row, (start, end) in enumerate(pairwise(starts[: count + 1])):
        weights, here = roots[:row, row], roots[row, row:]
        np.subtract(products.shared[start:end, np.newaxis], _loss(weights, roots[:row, row:]), out=here)
        np.subtract(products.own[row][:, np.newaxis], _loss(weights, own[:row]), out=own[row])
        pivot = 1 + variance * here[0]
        determinant *= pivot
        root = np.sqrt(variance / pivot)
        here *= root
        own[row] *= root
    return roots, own, np.log(determinant)


def _loss(weights: Floats, roots: Floats) -> Floats:
    """Sum over the columns taken out: what they account for, shape (column, variance, node, replicate)."""
    loss: Floats = np.einsum("k...,kc...->c...", weights, roots)
    return loss


def _starts(size: int) -> list[int]:
    """List the place of each column's first pair, itself with itself, and the number of pairs."""
    return [0, *np.cumsum(np.arange(size, 0, -1)).tolist()]


def _without_response(products: Products) -> tuple[Floats, Floats]:
    """Take out each course of the placebo response; squares (pair, component, replicate), log determinant."""
    each = np.cumsum([0, *range(len(RESPONSE_DAYS), 1, -1)])
    pivot = 1 + RESPONSE_RATIO**2 * products.shared[each]
    share = RESPONSE_RATIO**2 / pivot
    own = products.own.swapaxes(0, 1)
    left = products.squares[:, np.newaxis] - np.stack(
        [share * own[one] * own[other] for one, other in own_pairs(len(own))]
    )
    log_determinant = products.log_determinant + np.log(pivot)
    return left.reshape(len(left), -1, left.shape[-1]), log_determinant.reshape(-1, log_determinant.shape[-1])


def _without_first(squares: Floats, log_determinant: Floats, is_kept: Flags) -> tuple[Floats, Floats]:
    """Take the first of the own columns, of a flat coefficient, out of the products of the others, where it is kept."""
    count = math.isqrt(2 * len(squares))
    pivot = np.where(is_kept, squares[0], 1.0)
    share = is_kept / pivot
    taken = np.stack([share * squares[1 + one] * squares[1 + other] for one, other in own_pairs(count - 1)])
    return squares[count:] - taken, log_determinant + np.log(pivot)
