"""One draw of a randomization scheme: who gets what when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Assignment:
    """One draw of a scheme, or many: the order of treatments and the days of the switches.

    Attributes
    ----------
    order : ndarray of bool, shape (period, replicate)
        True where the period is on the drug.
    shift : ndarray of int16, shape (cycle, replicate)
        Days by which the switch of the cycle is moved from the middle; 0 without a random switch.
    """

    order: NDArray[np.bool_]
    shift: NDArray[np.int16]
