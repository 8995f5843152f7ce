"""The paired t test for differences that resemble their neighbors in time."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtr


def serial_t(differences: Sequence[float]) -> tuple[float, float, float, float, float]:
    """Test paired differences that follow each other in time by the serial t [1]_.

    The lag-one correlation r₁ about the mean is corrected for its bias, to r = r₁ + (1 − r₁²)/(m − 1). Differences
    with correlation r^lag are worth m' = m²/Σᵢⱼ r^|i − j| independent ones, so that their variance is
    Σ(d − d̄)²/(m·(1 − 1/m')) and that of their mean this over m'.

    Parameters
    ----------
    differences : sequence of float
        Drug minus control in the order of the cycles, three or more and not all the same.

    Returns
    -------
    t, df, p : float
        The statistic, its m' − 1 degrees of freedom, and the one-sided P(T ≥ t).
    r, m_effective : float
        Corrected correlation, and m'.

    Raises
    ------
    ValueError
        If there are fewer than three differences, one is no number, or they do not differ.

    References
    ----------
    .. [1] Tang, Landes. Some t-tests for N-of-1 trials with serial correlation. PLoS ONE 2020; 15:e0228077.

    Examples
    --------
    >>> import n1trial
    >>> t, df, p, r, effective = n1trial.formulas.serial_t([1.0, 0.4, 0.9, 1.3])
    >>> round(p, 3)
    0.032
    """
    values = np.asarray(differences, dtype=np.float64)
    m = len(values)
    if m < 3 or not np.isfinite(values).all() or np.ptp(values) == 0:
        raise ValueError(f"differences must be three or more numbers and not all the same, but are {list(differences)}")
    residual = values - values.mean()
    squares = float(residual @ residual)
    raw = float(residual[1:] @ residual[:-1]) / squares
    r = raw + (1 - raw**2) / (m - 1)
    lag = np.arange(1, m)
    m_effective = float(m**2 / (m + 2 * ((m - lag) * r**lag).sum()))
    variance = squares / (m * (1 - 1 / m_effective))
    t = float(values.mean()) / math.sqrt(variance / m_effective)
    return t, m_effective - 1, float(stdtr(m_effective - 1, -t)), r, m_effective
