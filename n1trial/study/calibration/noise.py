"""What a diary says of ups and downs: a posterior over autocorrelation, inexactness and shifts between stretches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats

AUTOCORRELATIONS: Floats = np.round(np.arange(0.0, 0.96, 0.05), 2)
"""Uniform prior of the autocorrelation, as the method `mixed` has it; only finer."""
WHITE_SHARES: Floats = np.round(np.arange(0.0, 0.71, 0.1), 1)
"""Further shares of diary noise in the variance within stretches, uniform, beside those of rounding and as stated."""
SHIFTS: Floats = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5])
"""SD of shifts, in SDs within stretches."""
USUAL_SHIFT = 0.5
"""Scale of the half-normal prior of `SHIFTS`."""
BELIEVED_SHIFT = 0.5
"""Largest believable shift, in daily SDs, where a diary does not tell."""
DRAWS = 8000
SEED = 20260711
"""Of the draws that intervals are read off: a fixed number, so that one diary always gives one answer."""


@dataclass(frozen=True, eq=False)
class DiaryEntries:
    """Entries and what explains them.

    Attributes
    ----------
    day : ndarray of int, shape (entry,)
        Strictly rising.
    score : ndarray of float, shape (entry,)
    terms : ndarray of float, shape (entry, term)
        What the level is a sum of.
    shifts : ndarray of float, shape (entry, column)
        Its product with its own transpose is the covariance of shifts whose SD is 1; without columns there are none.
    has_shifts : bool
        Whether the diary is long enough to tell how large they are; else they are no larger than is believable.
    """

    day: NDArray[np.int64]
    score: Floats
    terms: Floats
    shifts: Floats
    has_shifts: bool = True


@dataclass(frozen=True, eq=False)
class NoisePosterior:
    """Nodes of the discrete prior of autocorrelation, share of diary noise and shifts, with what follows at each.

    Arrays have the nodes first. The rest of the prior is flat in the terms, and 1/variance in the variance within
    stretches.

    Attributes
    ----------
    autocorrelation, white, shift : ndarray of float, shape (node,)
        `white` is the share of the variance within stretches that is new every day.
    log_weight : ndarray of float, shape (node,)
        Prior times likelihood, the terms and the variance integrated out.
    coefficients : ndarray of float, shape (node, term)
    precision : ndarray of float, shape (node, term, term)
        Of the coefficients, times the variance.
    squares : ndarray of float, shape (node,)
        Sum of squares that remains; variance = squares / chi2(df).
    df : int
    """

    autocorrelation: Floats
    white: Floats
    shift: Floats
    log_weight: Floats
    coefficients: Floats
    precision: Floats
    squares: Floats
    df: int

    @property
    def weight(self) -> Floats:
        """Posterior probability of each node."""
        weight = np.exp(self.log_weight - self.log_weight.max())
        probability: Floats = weight / weight.sum()
        return probability

    def where(self, white: float) -> NoisePosterior:
        """Return the posterior given a share of diary noise that is a node."""
        at = self.white == white
        return NoisePosterior(
            self.autocorrelation[at], self.white[at], self.shift[at], self.log_weight[at],
            self.coefficients[at], self.precision[at], self.squares[at], self.df,
        )  # fmt: skip

    def evidence_of(self, white: float) -> float:
        """Say how many times as likely the best share of diary noise makes the diary as a given share does."""
        heard = {share: np.logaddexp.reduce(self.log_weight[self.white == share]) for share in np.unique(self.white)}
        prior = _weights(np.array(sorted(heard)))
        likelihood = {share: heard[share] - np.log(mass) for share, mass in zip(sorted(heard), prior, strict=True)}
        return float(np.exp(max(likelihood.values()) - likelihood[white]))

    def draw(self) -> dict[str, Floats]:
        """Draw from the posterior: ``variance`` within stretches, the three of the nodes, and ``coefficients``."""
        random = np.random.default_rng(SEED)
        node = random.choice(len(self.squares), DRAWS, p=self.weight)
        variance = self.squares[node] / random.chisquare(self.df, DRAWS)
        normal = random.standard_normal((DRAWS, self.coefficients.shape[1], 1))
        root = np.linalg.inv(np.linalg.cholesky(self.precision)).transpose(0, 2, 1)
        spread = (root[node] @ normal)[:, :, 0] * np.sqrt(variance)[:, np.newaxis]
        return {
            "variance": variance,
            "autocorrelation": self._between(self.autocorrelation[node], AUTOCORRELATIONS, random),
            "white": self.white[node],
            "shift": self._between(self.shift[node], SHIFTS, random),
            "coefficients": self.coefficients[node] + spread,
        }

    @staticmethod
    def _between(values: Floats, nodes: Floats, random: np.random.Generator) -> Floats:
        """Spread draws over the part of the axis that each node stands for, so that intervals have no steps."""
        if np.unique(values).size == 1:
            return values
        edges = np.concatenate([nodes[:1], (nodes[1:] + nodes[:-1]) / 2, nodes[-1:]])
        place = np.searchsorted(nodes, values)
        spread: Floats = edges[place] + random.random(values.size) * (edges[place + 1] - edges[place])
        return spread


def posterior(entries: DiaryEntries, white_shares: Floats) -> NoisePosterior:
    """Find what entries say of ups and downs and of the terms of the level.

    The covariance of entries is variance · ((1 − white) φ^|days apart| + white [same entry] + shift² · of shifts).

    Parameters
    ----------
    entries : DiaryEntries
        More entries than terms.
    white_shares : ndarray of float, shape (share,)
        Nodes, rising, in [0, 1).
    """
    autocorrelation, white = (grid.ravel() for grid in np.meshgrid(AUTOCORRELATIONS, white_shares, indexing="ij"))
    columns = np.concatenate([entries.shifts, entries.terms, entries.score[:, np.newaxis]], axis=1)
    products, log_det = _whitened_products(columns, np.diff(entries.day), autocorrelation, white)
    prior = np.log(np.outer(_weights(AUTOCORRELATIONS), _weights(white_shares)).ravel())
    stretches, terms = entries.shifts.shape[1], entries.terms.shape[1]
    df = len(entries.score) - terms
    largest = (SHIFTS[-1] if entries.has_shifts else BELIEVED_SHIFT) if stretches else 0.0
    shifts = SHIFTS[: np.searchsorted(SHIFTS, largest, side="right")]
    shift_prior = np.log(_weights(shifts)) - 0.5 * (shifts / USUAL_SHIFT) ** 2
    found = []
    for shift, log_prior in zip(shifts, shift_prior, strict=True):
        reduced, log_more = _with_shifts(products, stretches, shift)
        precision = reduced[:, :terms, :terms]
        coefficients = np.asarray(np.linalg.solve(precision, reduced[:, :terms, terms:])[:, :, 0], dtype=np.float64)
        squares = reduced[:, terms, terms] - (reduced[:, terms, :terms] * coefficients).sum(axis=1)
        log_terms = np.linalg.slogdet(precision)[1]
        log_weight = prior + log_prior - 0.5 * (log_det + log_more + log_terms + df * np.log(squares))
        found.append((np.full(white.shape, shift), log_weight, coefficients, precision, squares))
    shift_of, log_weight, coefficients, precision, squares = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    again = len(shifts)
    return NoisePosterior(
        np.tile(autocorrelation, again),
        np.tile(white, again),
        shift_of,
        log_weight,
        coefficients,
        precision,
        squares,
        df,
    )


def _whitened_products(
    columns: Floats, gap_days: NDArray[np.int64], autocorrelation: Floats, white: Floats
) -> tuple[Floats, Floats]:
    """Multiply columns by the inverse covariance within stretches; its log determinant too, at each node.

    A Kalman filter runs over the entries: what is left of each column after what the earlier entries foretell is
    uncorrelated.
    """
    left = np.empty((len(white), *columns.shape))
    state, doubt = np.zeros((len(white), columns.shape[1])), 1.0 - white
    log_det = np.zeros(len(white))
    for entry, row in enumerate(columns):
        if entry:
            carried = autocorrelation ** gap_days[entry - 1]
            state *= carried[:, np.newaxis]
            doubt = carried**2 * doubt + (1.0 - white) * (1.0 - carried**2)
        variance = doubt + white
        surprise = row - state
        left[:, entry] = surprise / np.sqrt(variance)[:, np.newaxis]
        log_det += np.log(variance)
        gain = doubt / variance
        state += gain[:, np.newaxis] * surprise
        doubt = doubt * (1.0 - gain)
    return left.transpose(0, 2, 1) @ left, log_det


def _with_shifts(products: Floats, stretches: int, shift: float) -> tuple[Floats, Floats]:
    """Return products of terms and score with shifts in the covariance, and what its log determinant gains."""
    within, beside = products[:, :stretches, :stretches], products[:, :stretches, stretches:]
    rest = products[:, stretches:, stretches:]
    if not stretches or shift == 0:
        return rest, np.zeros(len(products))
    inner = np.eye(stretches) + shift**2 * within
    reduced = rest - shift**2 * beside.transpose(0, 2, 1) @ np.linalg.solve(inner, beside)
    return reduced, np.linalg.slogdet(inner)[1]


def _weights(nodes: Floats) -> Floats:
    """Return trapezoid weights of a flat prior over nodes."""
    if nodes.size == 1:
        return np.ones(1)
    steps = np.diff(nodes)
    weights = np.concatenate([steps[:1], steps[1:] + steps[:-1], steps[-1:]])
    shares: Floats = weights / weights.sum()
    return shares
