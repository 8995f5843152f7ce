"""How often a test rejects, as a function of how far the truth is from what it tests; tables, for speed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import nctdtr, stdtrit

from n1trial.arrays import Floats

FARTHEST, STEP = 30.0, 0.05
MOST_DF = 200.0


def t_rejects(noncentrality: Floats, df: float, alpha: float, sides: int, inflation: float = 1.0) -> Floats:
    """Chance that Student's t rejects.

    Parameters
    ----------
    noncentrality : ndarray of float, any shape
        Mean of the estimate over its standard deviation; for one side positive in the direction tested.
    df : float
        Above 0; taken to a quarter.
    alpha : float
        Level, above 0 and below 1.
    sides : {1, 2}
    inflation : float
        How many times its standard deviation the test takes the estimate's for, 1 or more; taken to a twentieth.

    Returns
    -------
    ndarray of float
        Of the shape of `noncentrality`, from a table with steps of 0.05.
    """
    grid, chance = _table(max(round(4 * min(df, MOST_DF)), 1) / 4, alpha, sides, round(20 * inflation) / 20)
    found: Floats = np.interp(noncentrality, grid, chance)
    return found


@lru_cache(maxsize=4096)
def _table(df: float, alpha: float, sides: int, inflation: float) -> tuple[Floats, Floats]:
    grid = np.arange(-FARTHEST, FARTHEST + STEP / 2, STEP)
    critical = inflation * stdtrit(df, 1 - alpha / sides)
    above = 1 - nctdtr(df, grid, critical)
    # where one of the tails is nothing, scipy can give NaN
    above = np.where(np.isnan(above), grid > 0, above)
    return grid, above + (above[::-1] if sides == 2 else 0.0)
