"""What a design sees of an effect, and how precisely."""

from __future__ import annotations

import math

import numpy as np

from n1trial.exposure import course


def attenuation(sequence: str, period_days: int, onset_days: float, offset_days: float, discard_days: int = 0) -> float:
    """Return the share of a drug's full effect that a comparison of period means sees, in one sequence.

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
        If the sequence is not of A and B in equal numbers, nothing is left of a period, or a time constant is negative.

    Examples
    --------
    >>> import n1trial
    >>> round(n1trial.formulas.attenuation("AB", 56, 21, 45), 2)
    0.13
    """
    for name, days in (("onset_days", onset_days), ("offset_days", offset_days)):
        if not days >= 0:
            raise ValueError(f"{name} must be 0 or more, but is {days}")
    on_drug = np.array([letter == "A" for letter in sequence])
    if set(sequence) != {"A", "B"} or 2 * on_drug.sum() != len(on_drug):
        raise ValueError(f"sequence must hold as many A as B and nothing else, but is {sequence!r}")
    if not 0 <= discard_days < period_days:
        raise ValueError(f"discard_days must be 0 or more and below period_days {period_days}, but is {discard_days}")
    exposure = course(np.repeat(on_drug, period_days), onset_days, offset_days).reshape(len(on_drug), period_days)
    seen = exposure[:, discard_days:].mean(axis=1)
    return float(seen[on_drug].mean() - seen[~on_drug].mean())


def gls_standard_error(sequence: str, period_days: int, autocorrelation: float, sd: float = 1.0) -> float:
    """Return the standard error of the treatment in generalized least squares on days, an AR(1) that is known [1]_.

    Parameters
    ----------
    sequence : str
        Order of treatments, A the drug and B control, e.g. "ABAB"; no washout between periods.
    period_days : int
        Days in a period, 1 or more.
    autocorrelation : float
        From one day to the next, above −1 and below 1.
    sd : float
        Marginal standard deviation of a day's score.

    Returns
    -------
    float
        On the score's scale.

    Raises
    ------
    ValueError
        If there are not both treatments, or a number is outside its range.

    References
    ----------
    .. [1] Yang, Steingrimsson, Schmid. Sample size calculations for n-of-1 trials. arXiv 2110.08970.

    Examples
    --------
    >>> import n1trial
    >>> round(n1trial.formulas.gls_standard_error("ABAB", 28, 0.3), 3)
    0.249
    """
    if set(sequence) != {"A", "B"}:
        raise ValueError(f"sequence must hold A and B and nothing else, but is {sequence!r}")
    if period_days < 1:
        raise ValueError(f"period_days must be 1 or more, but is {period_days}")
    if not -1 < autocorrelation < 1:
        raise ValueError(f"autocorrelation must be above -1 and below 1, but is {autocorrelation}")
    on_drug = np.repeat([letter == "A" for letter in sequence], period_days)
    columns = np.stack([np.ones(len(on_drug)), on_drug])
    # What a day adds to the day before has variance 1 − autocorrelation² and is independent of it.
    innovation = (columns[:, 1:] - autocorrelation * columns[:, :-1]) / math.sqrt(1 - autocorrelation**2)
    independent = np.concatenate([columns[:, :1], innovation], axis=1)
    (one, cross), (_, treatment) = independent @ independent.T
    return sd / math.sqrt(treatment - cross**2 / one)
