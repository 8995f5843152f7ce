"""Which designs are worth choosing between: none that another beats in every respect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

VISIBLE = 0.02
"""A longer or heavier design must show the effect in so much more of the trials to be worth telling apart."""


@dataclass(frozen=True)
class Objectives:
    """Figures that a design is judged by.

    Attributes
    ----------
    power : float
        Chance to detect the smallest worthwhile effect; more is better.
    weeks : float
        Length of the trial, with as many diary entries; less is better.
    weeks_on_placebo : float
        Most that an assignment may ask for; less is better.
    """

    power: float
    weeks: float
    weeks_on_placebo: float

    def is_lighter(self, other: Objectives) -> bool:
        """Whether this asks no more of the patient in any respect."""
        return self.weeks <= other.weeks and self.weeks_on_placebo <= other.weeks_on_placebo

    def beats(self, other: Objectives) -> bool:
        """Whether this is as good in every respect and better in one."""
        return self.is_lighter(other) and self.power >= other.power and self != other


def front(objectives: Sequence[Objectives]) -> list[int]:
    """Find the designs that no other beats, by their places, from light to heavy.

    Of equals the first is taken.
    """
    order = sorted(range(len(objectives)), key=lambda i: (objectives[i].weeks, objectives[i].weeks_on_placebo,
                                                         -objectives[i].power, i))  # fmt: skip
    found: list[int] = []
    for place in order:
        mine = objectives[place]
        if not any(objectives[other].beats(mine) or objectives[other] == mine for other in found):
            found.append(place)
    return found


def visible_front(objectives: Sequence[Objectives], least: float = VISIBLE) -> list[int]:
    """Find designs of the front that show the effect visibly more often than every lighter one, from light to heavy."""
    found: list[int] = []
    for place in front(objectives):
        mine = objectives[place]
        lighter = [objectives[other].power for other in found if objectives[other].is_lighter(mine)]
        if mine.power >= max(lighter, default=-1.0) + least:
            found.append(place)
    return found


def shortfalls(objectives: Sequence[Objectives]) -> list[float]:
    """Say how much less often each design shows the effect than the best that is no heavier; 0 on the front."""
    power, weeks, placebo = (
        np.array([getattr(one, name) for one in objectives], dtype=np.float64)
        for name in ("power", "weeks", "weeks_on_placebo")
    )
    found = []
    for mine in range(power.size):
        lighter = (weeks <= weeks[mine]) & (placebo <= placebo[mine])
        found.append(float(power[lighter].max() - power[mine]))
    return found


def thin(places: Sequence[int], objectives: Sequence[Objectives], most: int) -> list[int]:
    """Choose as many designs as can be shown, the strongest among them, the others spread over their power."""
    if len(places) <= most:
        return list(places)
    strongest = max(places, key=lambda place: objectives[place].power)
    kept = {strongest}
    low, high = min(objectives[p].power for p in places), objectives[strongest].power
    for wanted in np.linspace(low, high, most):
        rest = [place for place in places if place not in kept]
        if len(kept) < most and rest:
            kept.add(min(rest, key=lambda place: abs(objectives[place].power - wanted)))
    return [place for place in places if place in kept]
