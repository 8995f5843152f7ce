"""How well patients guess what they take: Bang's and James' blinding indices."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.evaluation.characteristics import NO_FIGURE, Figure

DRUG, CONTROL, CANNOT_TELL = 1, 0, -1
STEP = 1e-6
"""Share of all guesses by which a count is moved to find how an index follows it."""


@dataclass(frozen=True)
class Guesses:
    """Last guesses of periods, counted by what was taken.

    Attributes
    ----------
    counts : ndarray, shape (2, 3)
        Rows: periods on the drug, on control. Columns: guessed the drug, guessed control, cannot tell.
    products : ndarray of int, shape (6, 6), or None
        Products of these six counts in one trial, summed over trials: guesses of one patient hang together. None where
        there is one patient only.
    trials : int
        Those without a guess included.
    """

    counts: NDArray[np.integer | np.floating]
    products: NDArray[np.int64] | None = None
    trials: int = 1

    def __add__(self, other: Guesses) -> Guesses:
        if self.products is None or other.products is None:
            return Guesses(self.counts + other.counts, None, self.trials + other.trials)
        products = self.products + other.products
        return Guesses(self.counts + other.counts, products, self.trials + other.trials)


def count_guesses(
    period: NDArray[np.integer],
    treatment: NDArray[np.integer],
    day: NDArray[np.integer],
    guess_days: NDArray[np.integer],
    guesses: NDArray[np.integer],
    periods: int,
) -> Guesses:
    """Count the last guess of every period.

    Parameters
    ----------
    period, treatment : ndarray of int, shape (day, replicate or 1)
    day : ndarray of int, shape (day,)
    guess_days : ndarray of int, shape (kit,)
    guesses : ndarray of int, shape (kit, replicate)
        1 the drug, 0 control, −1 cannot tell; anything else is no guess.
    periods : int
        Periods of the trial.
    """
    counts = np.zeros((2, 3, guesses.shape[-1]), dtype=np.int64)
    if len(guess_days) == 0:
        return _total(counts)
    rows = np.searchsorted(day, guess_days)
    shape = guesses.shape
    in_period = np.broadcast_to(period[rows], shape)
    on_drug = np.broadcast_to(treatment[rows], shape)
    for number in range(1, periods + 1):
        asked = (in_period == number) & (guesses >= CANNOT_TELL)
        replicates = np.flatnonzero(asked.any(axis=0))
        last = shape[0] - 1 - np.argmax(asked[::-1], axis=0)[replicates]
        answers, taken = guesses[last, replicates], on_drug[last, replicates]
        for row, treated in enumerate((DRUG, CONTROL)):
            for column, answer in enumerate((DRUG, CONTROL, CANNOT_TELL)):
                counts[row, column, replicates] += (taken == treated) & (answers == answer)
    return _total(counts)


def _total(counts: NDArray[np.int64]) -> Guesses:
    """Add up counts of shape (2, 3, replicate) over trials."""
    trials = counts.shape[-1]
    one_by_one = counts.reshape(6, trials)
    return Guesses(counts.sum(axis=-1), one_by_one @ one_by_one.T, trials)


def index_figure(index: Callable[[Guesses], float | None], guesses: Guesses) -> Figure:
    """Give an index with its Monte Carlo standard error, by the delta method over trials.

    Parameters
    ----------
    index : callable
        Such as `james`.
    guesses : Guesses

    Returns
    -------
    Figure
        Without a value where nobody guesses, and without an error of one trial alone.
    """
    value = index(guesses)
    if value is None:
        return NO_FIGURE
    if guesses.products is None or guesses.trials < 2:
        return Figure(value)
    total = guesses.counts.ravel()
    covariance = guesses.products - np.outer(total, total) / guesses.trials
    slope = np.array([_slope(index, guesses, place) for place in range(total.size)])
    variance = float(slope @ covariance @ slope) * guesses.trials / (guesses.trials - 1)
    # where all trials guess alike another seed may still differ, and nothing tells by how much
    return Figure(value, math.sqrt(variance) if variance > 0 else None)


def _slope(index: Callable[[Guesses], float | None], guesses: Guesses, place: int) -> float:
    """Return how an index follows one of its counts; a count of none moves upward alone."""
    up, down = guesses.counts.astype(np.float64), guesses.counts.astype(np.float64)
    step = STEP * float(up.sum())
    up.flat[place] += step
    down.flat[place] -= min(step, float(down.flat[place]))
    width = float(up.flat[place] - down.flat[place])
    return ((index(Guesses(up)) or 0.0) - (index(Guesses(down)) or 0.0)) / width


def bang(guesses: Guesses) -> tuple[float | None, float | None]:
    """Compute Bang's index in periods on drug and on control (Bang, Ni & Davis, Control Clin Trials 2004;25:143-156).

    Share of right less share of wrong guesses, "cannot tell" counted in the whole: 0 under perfect blinding, 1 when
    all guess right, −1 when all guess wrong; None without a guess.
    """
    signs = np.array([[1, -1, 0], [-1, 1, 0]])
    totals = guesses.counts.sum(axis=1)
    right_less_wrong = (guesses.counts * signs).sum(axis=1)
    on_drug, on_control = (
        float(net / total) if total else None for net, total in zip(right_less_wrong, totals, strict=True)
    )
    return on_drug, on_control


def james(guesses: Guesses) -> float | None:
    """Compute James' index (James et al., Stat Med 1996;15:1421-34): 1 all say "cannot tell", .5 random, 0 all right.

    With weights 0 for a right and 0.5 for a wrong guess and 1 for "cannot tell".
    """
    total = guesses.counts.sum()
    if total == 0:
        return None
    share = guesses.counts / total
    cannot_tell = float(share[:, 2].sum())
    if cannot_tell == 1:
        return 1.0
    weights = np.array([[0.0, 0.5], [0.5, 0.0]])
    told = share[:, :2] / (1 - cannot_tell)
    observed = float((weights * told).sum())
    expected = float((weights * np.outer(told.sum(axis=1), told.sum(axis=0))).sum())
    kappa = 0.0 if expected == 0 else (observed - expected) / expected
    return (1 + cannot_tell + (1 - cannot_tell) * kappa) / 2


def correct_share(guesses: Guesses) -> float | None:
    """Return the share of right guesses among those who guess."""
    counts = guesses.counts
    told = counts[:, :2].sum()
    return float((counts[0, 0] + counts[1, 1]) / told) if told else None
