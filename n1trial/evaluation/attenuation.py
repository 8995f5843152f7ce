"""How much of a slow drug's effect a plain comparison of this design can see."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.schedule import lay_out
from n1trial.exposure import course

MOST_ASSIGNMENTS = 20_000
"""Above this many assignments the mean is taken over as many random ones as `SAMPLED`, always the same."""
SAMPLED = 10_000
CHUNK = 4096


@lru_cache(maxsize=256)
def attenuation(layout: Layout, onset_days: float, offset_days: float, discard_days: int) -> float | None:
    """Return the share of the full effect that cycle differences see, averaged over the assignments of a scheme.

    Parameters
    ----------
    layout : Layout
    onset_days, offset_days : float
        Time constants of the drug, in days.
    discard_days : int
        Settling-in days left out at the start of every period.

    Returns
    -------
    float or None
        Mean over assignments and cycles of mean exposure in the drug period less that in the control period, all
        doses taken and all entries made; None in the open-label layout, which compares nothing.
    """
    if layout.randomization is None:
        return None
    total, count = 0.0, 0
    for assignment in _assignments(layout):
        contrast = _contrast(layout, assignment, onset_days, offset_days, discard_days)
        total += float(contrast.sum())
        count += len(contrast)
    return total / count


def _assignments(layout: Layout) -> Iterator[Assignment]:
    randomization = layout.randomization
    assert randomization is not None
    if randomization.assignments <= MOST_ASSIGNMENTS:
        yield from randomization.enumerate(CHUNK)
        return
    orders, switches = np.random.default_rng(0), np.random.default_rng(1)
    for start in range(0, SAMPLED, CHUNK):
        yield randomization.draw(orders, switches, min(CHUNK, SAMPLED - start))


def _contrast(
    layout: Layout, assignment: Assignment, onset_days: float, offset_days: float, discard_days: int
) -> NDArray[np.float64]:
    """Average exposure on the drug less that on control over cycles. Shape (assignment,)."""
    schedule = lay_out(layout, assignment)
    exposure = course(schedule.treatment == 1, onset_days, offset_days)
    settled = schedule.day_of_period >= discard_days
    total = np.zeros(exposure.shape[1])
    for period in range(1, layout.periods + 1):
        counted = settled & (schedule.period == period)
        mean = np.where(counted, exposure, 0.0).sum(axis=0) / counted.sum(axis=0)
        total += np.where(assignment.order[period - 1], mean, -mean)
    return total / layout.cycles
