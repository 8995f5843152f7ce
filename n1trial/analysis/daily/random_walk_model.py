"""Daily scores with autocorrelation, shifts, slow wandering and a placebo response, averaged over their sizes."""

from __future__ import annotations

import numpy as np

from n1trial.analysis.daily.random_walk import RESPONSE_DAYS, WAVES, Entries, Products
from n1trial.analysis.daily.t_mixture import TMixture
from n1trial.analysis.period_means import total
from n1trial.arrays import Floats

AUTOCORRELATIONS = np.array([0, 0.2, 0.4, 0.6, 0.8, 0.88, 0.94, 0.98])
SHIFT_RATIOS = np.array([0, 0.4, 0.9])
DRIFT_RATIOS = np.array([0, 0.03, 0.1, 0.2])
"""Support of the prior: correlation φ from day to day; shifts λ and wandering ω per root of a day, in daily SDs."""
ROWS, FEW = 4, 5000
"""Rows of a matrix updated at a time, where it holds more than few numbers, so that little of it is updated in vain."""
RESPONSE_RATIO = 2.0
"""SD of the placebo response in daily SDs, κ."""
NODES = (AUTOCORRELATIONS.size, len(RESPONSE_DAYS), SHIFT_RATIOS.size, DRIFT_RATIOS.size)
PRIOR: Floats = np.broadcast_to(np.array([2 / 9, 1 / 2, 5 / 18])[:, np.newaxis], NODES) / (8 * 3 * 4)
"""Prior weights, shape (autocorrelation, course of the placebo response, shifts, wandering)."""


def by_component(axis: int, values: Floats) -> Floats:
    """Return the value of each component, where it goes by one axis of `PRIOR`."""
    shape = [1] * len(NODES)
    shape[axis] = -1
    return np.broadcast_to(values.reshape(shape), NODES).ravel()


def posterior(entries: Entries, df: Floats) -> TMixture:
    """Return the posterior of the effect of exposure.

    Scores have covariance σ²V, V = R(φ) + λ²ZZ' + ω²BB' + κ²gg', with flat level and effect and density 1/σ. Each node
    gives Student's t with n − 2 degrees of freedom about the generalized least-squares estimate, and a weight in
    proportion to prior · |V|^(−1/2) · |X'V⁻¹X|^(−1/2) · RSS^(−(n − 2)/2).

    Parameters
    ----------
    entries : Entries
    df : ndarray of float, shape (replicate,)
        n − 2.

    Returns
    -------
    TMixture
        Components in the order of `PRIOR.ravel()`.
    """
    shape = (*NODES, df.size)
    log_weight, center, spread = np.empty(shape), np.empty(shape), np.empty(shape)
    for node, autocorrelation in enumerate(AUTOCORRELATIONS.tolist()):
        products = entries.through(autocorrelation)
        (xx, xy, yy), determinant = _swept(products)
        center[node] = xy / xx
        rss = yy - center[node] * xy
        spread[node] = np.sqrt(rss / (df * xx))
        log_weight[node] = (np.log(determinant * xx) + df * np.log(rss) + products.log_determinant) / -2
    nodes = (PRIOR.size, df.size)
    log_weight = log_weight.reshape(nodes) + np.log(PRIOR).reshape(-1, 1)
    weight = np.exp(log_weight - log_weight.max(axis=0))
    return TMixture(weight / total(weight), center.reshape(nodes), spread.reshape(nodes), df)


def _swept(products: Products) -> tuple[Floats, Floats]:
    """Compute squares of exposure and score with all else taken out, and |V|·1'V⁻¹1/|R|.

    Shapes (3, course, shifts, wandering, replicate) and (course, shifts, wandering, pattern). A column c of variance v
    turns M = V⁻¹ into M − v/(1 + v·c'Mc)·Mcc'M and multiplies |V| by 1 + v·c'Mc; a flat one has infinite variance.
    """
    stretches = len(products.common) - 1 - WAVES - len(RESPONSE_DAYS)
    shared, own, squares = (
        _with_axes(each, SHIFT_RATIOS.size, 1) for each in (products.common, products.own, products.squares)
    )
    left = _Left(shared, own, squares, np.ones((SHIFT_RATIOS.size, 1, shared.shape[-1])))
    for _ in range(stretches):
        left.sweep((SHIFT_RATIOS**2)[:, np.newaxis, np.newaxis])
    left.sweep(np.inf)
    still, moving = left, left.repeat(DRIFT_RATIOS.size - 1)
    still = _Left(still.shared[WAVES:, WAVES:], still.own[WAVES:], still.squares, still.determinant)
    for _ in range(WAVES):
        moving.sweep((DRIFT_RATIOS[1:] ** 2)[:, np.newaxis])
    both = [(still.shared, moving.shared), (still.own, moving.own), (still.squares, moving.squares)]
    shared, own, squares = (np.concatenate(each, axis=-2) for each in both)
    determinant = np.concatenate([still.determinant, moving.determinant], axis=-2)

    each_course = np.arange(len(RESPONSE_DAYS))
    pivot = 1 + RESPONSE_RATIO**2 * shared[each_course, each_course]
    share = RESPONSE_RATIO**2 / pivot
    x, y = own[:, 0], own[:, 1]
    taken = np.stack([share * x * x, share * x * y, share * y * y])
    return squares[:, np.newaxis] - taken, determinant * pivot


def _with_axes(values: Floats, *sizes: int) -> Floats:
    """Give values axes of these sizes before the last."""
    shape = values.shape
    wide = values.reshape(*shape[:-1], *(1 for _ in sizes), shape[-1])
    return np.broadcast_to(wide, (*shape[:-1], *sizes, shape[-1])).copy()


class _Left:
    """Products of the columns that are not yet taken out."""

    def __init__(self, common: Floats, own: Floats, squares: Floats, determinant: Floats) -> None:
        self.shared, self.own, self.squares, self.determinant = common, own, squares, determinant

    def repeat(self, times: int) -> _Left:
        """Repeat the same for each of several variances, on the axis before the last."""
        each = (self.shared, self.own, self.squares, self.determinant)
        shared, own, squares, determinant = (np.repeat(values, times, axis=-2) for values in each)
        return _Left(shared, own, squares, determinant)

    def sweep(self, variance: Floats | float) -> None:
        """Take out the first column, of a variance in units of σ² (infinite: a flat one)."""
        row, own = self.shared[0], self.own[0]
        if np.ndim(variance) == 0:
            pivot, share = row[0], 1 / row[0]
        else:
            pivot = 1 + variance * row[0]
            share = variance / pivot
        self.determinant = self.determinant * pivot
        weighted = share * row
        self.shared, self.own = self.shared[1:, 1:], self.own[1:]
        rows = ROWS if row.size > FEW else len(self.shared)
        for place in range(0, len(self.shared), rows):
            here = weighted[place + 1 : place + 1 + rows, np.newaxis]
            self.shared[place : place + rows, place:] -= here * row[place + 1 :]
        self.own -= weighted[1:, np.newaxis] * own
        self.squares[:2] -= share * own[0] * own
        self.squares[2] -= share * own[1] * own[1]
