"""The logistic curve, which turns log-odds into a chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def logistic(log_odds: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Compute 1 / (1 + exp(−log-odds)) by the hyperbolic tangent, which neither overflows nor is slow."""
    chance: NDArray[np.float64] = 0.5 + 0.5 * np.tanh(0.5 * np.asarray(log_odds))
    return chance
