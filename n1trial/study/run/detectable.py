"""The smallest effect that a trial detects often enough, found with common random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.special import ndtri

from n1trial.evaluation.characteristics import NO_FIGURE, Figure
from n1trial.study.run.findings import SEEN_SES

Powers = Mapping[float, float]
"""Chance to detect, by benefit."""
Measure = Callable[[Mapping[float, Sequence[str]]], Mapping[float, Mapping[str, float]]]
"""Simulated powers by benefit, in points, of the methods asked for at each."""

TARGETS = (0.8, 0.9)
PLAIN = 0.95
"""Power from which on no larger benefit is looked at."""
MOST_LOOKS = 8
"""Looks at most for each method."""
GROWTH, GRID = 2.0, 1.1
"""While benefits are too small, looks are at the first one times a power of `GROWTH`; between two of them at the first
one times a power of `GRID`. So methods share them: simulating a trial takes longer than analyzing it."""
WITHIN = 0.1
"""A look is at least this share of the bracket away from both its ends."""
LEAST = 2e-4
"""Least power that so many trials as a look has can tell from none, and from one."""
NO_POWERS: Mapping[str, Powers] = {}


def smallest_detectable(
    powers_at: Measure,
    methods: Sequence[str],
    start: float,
    largest: float,
    at_none: float = 0.025,
    replicates: float = math.inf,
    start_powers: Mapping[str, Powers] = NO_POWERS,
) -> dict[str, dict[float, Figure]]:
    """Find the smallest benefit that each method detects with a power of 80 and of 90%.

    The power is taken for a normal distribution function of the benefit between two looks.

    Parameters
    ----------
    powers_at : callable
        Simulated powers, with common random numbers, so that they rise with the benefit.
    methods : sequence of str
    start, largest : float
        Benefit to begin with and largest one to try, in points, positive.
    at_none : float
        What the power to detect a benefit is taken to be where there is none.
    replicates : float
        Trials of a look. The highest power seen must exceed a target by `SEEN_SES` standard errors: where trials end
        early it levels off, and near that level the benefit would be a matter of chance.
    start_powers : mapping of str to mapping of float to float
        Powers by method and benefit that were simulated before, with the same numbers.

    Returns
    -------
    dict of str to dict of float to Figure
        By method and target; without a value where not even the largest benefit is detected so often. Its standard
        error is that of the power at the target, by the slope of the power there.
    """
    margin = SEEN_SES * math.sqrt(TARGETS[0] * (1 - TARGETS[0]) / replicates)
    curves = {
        method: {benefit: power for benefit, power in start_powers.get(method, {}).items() if 0 < benefit <= largest}
        for method in methods
    }
    for _ in range(MOST_LOOKS):
        wanted: dict[float, list[str]] = {}
        for method, powers in curves.items():
            benefit = _next_look(powers, start, largest, at_none, margin) if powers else min(start, largest)
            if benefit is not None:
                wanted.setdefault(benefit, []).append(method)
        if not wanted:
            break
        for benefit, seen in powers_at(dict(sorted(wanted.items()))).items():
            for method in wanted[benefit]:
                curves[method][benefit] = seen[method]
    return {
        method: {
            target: _figure(powers, target, at_none, replicates)
            if max(powers.values()) >= target + margin
            else NO_FIGURE
            for target in TARGETS
        }
        for method, powers in curves.items()
    }


def _next_look(powers: Powers, start: float, largest: float, at_none: float, margin: float) -> float | None:
    """Return the benefit to look at next: a larger one while no power is high enough, then one near each target.

    None where all have been looked at.
    """
    highest, top = max(powers.values()), max(powers)
    if highest < min(max(TARGETS) + margin, PLAIN) and top < largest:
        steps = math.floor(math.log(top / start, GROWTH) + 1e-9) + 1
        return min(start * GROWTH**steps, largest)
    for target in TARGETS:
        if highest >= target + margin:
            benefit = _between(powers, target, at_none, within=WITHIN)
            look = min(start * GRID ** round(math.log(benefit / start, GRID)), largest)
            if look not in powers:
                return look
    return None


def _figure(powers: Powers, target: float, at_none: float, replicates: float) -> Figure:
    """Return the benefit at which the power reaches the target, with its Monte Carlo standard error."""
    low, high, lower, upper, wanted = _bracket(powers, target, at_none)
    slope = math.exp(-wanted * wanted / 2) / math.sqrt(2 * math.pi) * (upper - lower) / (high - low)
    error = math.sqrt(target * (1 - target) / replicates) / slope if slope > 0 else None
    return Figure(_between(powers, target, at_none), error)


def _bracket(powers: Powers, target: float, at_none: float) -> tuple[float, float, float, float, float]:
    """Find the nearest looks to either side of a target: benefits, normal quantiles of powers and of the target."""
    high = min(benefit for benefit, power in powers.items() if power >= target)
    low = max((benefit for benefit in powers if benefit < high), default=0.0)
    ends = np.clip([powers.get(low, at_none), powers[high], target], LEAST, 1 - LEAST)
    return low, high, *map(float, ndtri(ends))  # type: ignore[return-value]


def _between(powers: Powers, target: float, at_none: float, within: float = 0.0) -> float:
    """Find the benefit at which the power should reach the target, between the nearest looks to either side."""
    low, high, lower, upper, wanted = _bracket(powers, target, at_none)
    share = (wanted - lower) / (upper - lower) if upper > lower else 1.0
    return low + (high - low) * min(max(share, within), 1 - within)
