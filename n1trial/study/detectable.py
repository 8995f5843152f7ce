"""The smallest effect that a trial detects often enough, by bisection with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Powers = Mapping[str, float]
"""Chance to detect, by method."""
Measure = Callable[[Sequence[float]], Sequence[Powers]]
"""Powers at each of several benefits, in points."""

TARGETS = (0.8, 0.9)
STEPS = 7
"""Halvings of the bracket between a benefit that is too small and twice that."""


def smallest_detectable(
    powers_at: Measure, methods: Sequence[str], start: float, largest: float
) -> dict[str, dict[float, float | None]]:
    """Find the smallest benefit that each method detects with a power of 80 and of 90%.

    Parameters
    ----------
    powers_at : callable
        Simulated powers at a list of benefits; with common random numbers, so that they rise with the benefit.
    methods : sequence of str
    start, largest : float
        Benefit to begin with and largest one to try, in points, positive.

    Returns
    -------
    dict of str to dict of float to (float or None)
        By method and target; None where not even the largest benefit is detected so often. Good to about 1%.
    """
    known: dict[float, Powers] = {}

    def look(benefits: Sequence[float]) -> None:
        new = sorted(set(benefits) - known.keys())
        known.update(zip(new, powers_at(new), strict=True))

    wanted = [(method, target) for method in methods for target in TARGETS]
    benefit = min(start, largest)
    look([benefit])
    while benefit < largest and any(known[benefit][method] < target for method, target in wanted):
        benefit = min(2 * benefit, largest)
        look([benefit])
    brackets = {
        (method, target): _bracket(known, method, target) for method, target in wanted
        if known[benefit][method] >= target
    }  # fmt: skip
    for _ in range(STEPS):
        look([(low + high) / 2 for low, high in brackets.values()])
        brackets = {wish: _bracket(known, *wish) for wish in brackets}
    found = {wish: _between(known, *wish, *bracket) for wish, bracket in brackets.items()}
    return {method: {target: found.get((method, target)) for target in TARGETS} for method in methods}


def _bracket(known: Mapping[float, Powers], method: str, target: float) -> tuple[float, float]:
    """Narrowest known pair of benefits between which the power crosses the target."""
    high = min(benefit for benefit, powers in known.items() if powers[method] >= target)
    return max((benefit for benefit in known if benefit < high), default=0.0), high


def _between(known: Mapping[float, Powers], method: str, target: float, low: float, high: float) -> float:
    """Benefit between two by linear interpolation of the power."""
    upper = known[high][method]
    lower = known[low][method] if low in known else 0.0
    return low + (high - low) * (target - lower) / (upper - lower) if upper > lower else high
