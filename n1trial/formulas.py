"""Closed forms: what can be said of a design without simulating it."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from n1trial.exposure import course


def attenuation(sequence: str, period_days: int, onset_days: float, offset_days: float, discard_days: int = 0) -> float:
    """Share of a drug's full effect that a comparison of period means sees, in one sequence.

    Parameters
    ----------
    sequence : str
        Order of treatments, A the drug and B control, in equal numbers, e.g. "ABBA"; no washout between periods.
    period_days : int
        Days in a period, 1 or more.
    onset_days, offset_days : float
        Time constants of onset and offset in days, 0 or more (half-life / ln 2).
    discard_days : int
        Settling-in days left out at the start of every period, fewer than `period_days`.

    Returns
    -------
    float
        Mean exposure in drug periods less that in control periods, all doses taken: 1 sees the full effect.

    Raises
    ------
    ValueError
        If the sequence is not of A and B in equal numbers, or nothing is left of a period.
    """
    on_drug = np.array([letter == "A" for letter in sequence])
    if set(sequence) != {"A", "B"} or 2 * on_drug.sum() != len(on_drug):
        raise ValueError(f"sequence must hold as many A as B and nothing else, but is {sequence!r}")
    if not 0 <= discard_days < period_days:
        raise ValueError(f"discard_days must be 0 or more and below period_days {period_days}, but is {discard_days}")
    exposure = course(np.repeat(on_drug, period_days), onset_days, offset_days).reshape(len(on_drug), period_days)
    seen = exposure[:, discard_days:].mean(axis=1)
    return float(seen[on_drug].mean() - seen[~on_drug].mean())


def evpi(mean: float, sd: float, threshold: float = 0.0) -> float:
    """Expected value of perfect information on a normal benefit, against adopting or not by its mean.

    Parameters
    ----------
    mean, sd : float
        Prior of the benefit, on the outcome's scale; `sd` 0 or more.
    threshold : float
        Benefit above which the treatment is worth adopting.

    Returns
    -------
    float
        E[max(benefit − threshold, 0)] − max(mean − threshold, 0), on the outcome's scale.
    """
    return _unit_loss(mean - threshold, sd)


def evsi(mean: float, sd: float, se: float, threshold: float = 0.0) -> float:
    """Expected value of a trial's information on a normal benefit, before the trial.

    Parameters
    ----------
    mean, sd : float
        Prior of the benefit, on the outcome's scale; `sd` 0 or more.
    se : float
        Standard error of the trial's unbiased, normal estimate; 0 or more.
    threshold : float
        Benefit above which the treatment is worth adopting.

    Returns
    -------
    float
        E[max(posterior mean − threshold, 0)] − max(mean − threshold, 0), on the outcome's scale.
    """
    if sd == 0:
        return 0.0
    return _unit_loss(mean - threshold, sd**2 / math.hypot(sd, se))


def _unit_loss(mean: float, sd: float) -> float:
    """E[max(X, 0)] − max(mean, 0) of a normal X."""
    if sd == 0:
        return 0.0
    z = abs(mean) / sd
    return sd * (math.exp(-z * z / 2) / math.sqrt(2 * math.pi) - z * float(ndtr(-z)))
