"""The smallest effect that a trial detects often enough, found with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.special import ndtri

Powers = Mapping[str, float]
"""Chance to detect, by method."""
Measure = Callable[[Mapping[float, Sequence[str]]], Mapping[float, Powers]]
"""Simulated powers by benefit, in points, of the methods asked for at each."""

TARGETS = (0.8, 0.9)
STEPS = 3
"""Looks between a benefit that is too small and one that is not, half as large again or less."""
GROWTH = 2.0
PLAIN = 0.97
"""Power from which on the benefit is so plain that a look at half of it comes first."""
FALLS = 100.0
"""So much smaller than the first benefit a look may be: an analysis that detects everything never stops."""
WITHIN = 0.1
"""A look is at least this share of the bracket away from both its ends."""


def smallest_detectable(
    powers_at: Measure,
    methods: Sequence[str],
    start: float,
    largest: float,
    alpha: float = 0.05,
    margin: float = 0.0,
) -> dict[str, dict[float, float | None]]:
    """Find the smallest benefit that each method detects with a power of 80 and of 90%.

    The power is taken for a normal distribution function of the benefit between two looks.

    Parameters
    ----------
    powers_at : callable
        Simulated powers, with common random numbers, so that they rise with the benefit.
    methods : sequence of str
    start, largest : float
        Benefit to begin with and largest one to try, in points, positive.
    alpha : float
        What the power is taken to be at no benefit.
    margin : float
        So much must the highest power seen exceed a target: where trials end early it levels off, and near that level
        the benefit would be a matter of chance.

    Returns
    -------
    dict of str to dict of float to (float or None)
        By method and target; None where not even the largest benefit is detected so often.
    """
    known: dict[str, dict[float, float]] = {method: {} for method in methods}

    def look(what: Mapping[float, Sequence[str]]) -> None:
        for benefit, powers in powers_at(what).items():
            for method in what[benefit]:
                known[method][benefit] = powers[method]

    benefit, falling_short = min(start, largest), list(methods)
    while falling_short:
        look({benefit: falling_short})
        falling_short = [method for method in falling_short if known[method][benefit] < max(TARGETS)]
        if benefit == largest:
            break
        benefit = min(GROWTH * benefit, largest)
    benefit, too_easy = min(start, largest), list(methods)
    floor = benefit / FALLS
    while benefit > floor and (too_easy := [method for method in too_easy if known[method][benefit] > PLAIN]):
        benefit /= GROWTH
        look({benefit: too_easy})
    wishes = [
        (method, target) for method in methods for target in TARGETS if max(known[method].values()) >= target + margin
    ]  # fmt: skip
    for _ in range(STEPS):
        wanted: dict[float, list[str]] = {}
        for method, target in wishes:
            benefit = _between(known[method], target, alpha)
            if benefit not in known[method] and method not in wanted.setdefault(benefit, []):
                wanted[benefit].append(method)
        look({benefit: asked for benefit, asked in sorted(wanted.items()) if asked})
    found = {(method, target): _between(known[method], target, alpha, within=0.0) for method, target in wishes}
    return {method: {target: found.get((method, target)) for target in TARGETS} for method in methods}


def _between(powers: Mapping[float, float], target: float, alpha: float, within: float = WITHIN) -> float:
    """Find the benefit at which the power should reach the target, between the nearest looks to either side."""
    high = min(benefit for benefit, power in powers.items() if power >= target)
    low = max((benefit for benefit in powers if benefit < high), default=0.0)
    ends = np.clip([powers.get(low, alpha), powers[high], target], 1e-3, 1 - 1e-3)
    lower, upper, wanted = ndtri(ends)
    share = (wanted - lower) / (upper - lower) if upper > lower else 1.0
    return low + (high - low) * float(np.clip(share, within, 1 - within))
