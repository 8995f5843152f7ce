"""What it is worth to know more before a treatment is adopted or not."""

from __future__ import annotations

import math

from scipy.special import ndtr


def evpi(mean: float, sd: float, threshold: float = 0.0) -> float:
    """Return the expected value of perfect information on a normal benefit, against adopting or not by its mean.

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

    Raises
    ------
    ValueError
        If `sd` is negative.

    Examples
    --------
    >>> import n1trial
    >>> round(n1trial.formulas.evpi(0.5, 1.0), 3)
    0.198
    """
    _check(sd=sd)
    return _unit_loss(mean - threshold, sd)


def evsi(mean: float, sd: float, se: float, threshold: float = 0.0) -> float:
    """Return the expected value of a trial's information on a normal benefit, before the trial.

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

    Raises
    ------
    ValueError
        If `sd` or `se` is negative.

    Examples
    --------
    >>> import n1trial
    >>> round(n1trial.formulas.evsi(0.5, 1.0, 0.8), 3)
    0.123
    """
    _check(sd=sd, se=se)
    if sd == 0:
        return 0.0
    return _unit_loss(mean - threshold, sd**2 / math.hypot(sd, se))


def _check(**spreads: float) -> None:
    for name, spread in spreads.items():
        if not spread >= 0:
            raise ValueError(f"{name} must be 0 or more, but is {spread}")


def _unit_loss(mean: float, sd: float) -> float:
    """Compute E[max(X, 0)] − max(mean, 0) of a normal X."""
    if sd == 0:
        return 0.0
    z = abs(mean) / sd
    return sd * (math.exp(-z * z / 2) / math.sqrt(2 * math.pi) - z * float(ndtr(-z)))
