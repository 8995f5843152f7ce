"""How analyses stand departures from the plan, and which of them to trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.verdict import CERTAIN_SES, MISLEADING_FACTOR

AS_PLANNED = "as planned"
UNBLINDED = ("leak of 0.2", "leak of 0.5")
TIED = ("shifts of 0.3, tied to the change-over", "shifts of 0.5, tied to the change-over")
"""Departures under which none, or none that makes use of a drawn change-over, holds: shown, not held against any."""


@dataclass(frozen=True)
class Stress:
    """One method under one departure from the plan.

    Attributes
    ----------
    departure, method : str
    type_1 : Figure
        Chance to detect an effect where there is none.
    detect : Figure
        Chance to detect the smallest worthwhile effect.
    """

    departure: str
    method: str
    type_1: Figure
    detect: Figure


def inflated(rows: Sequence[Stress], alpha: float) -> dict[str, list[str]]:
    """Departures, by method, under which false alarms exceed 1.5·alpha beyond chance."""
    found: dict[str, list[str]] = {row.method: [] for row in rows}
    for row in rows:
        value, mcse = row.type_1.value or 0.0, row.type_1.mcse or 0.0
        if value - CERTAIN_SES * mcse > MISLEADING_FACTOR * alpha:
            found[row.method].append(row.departure)
    return found


@dataclass(frozen=True)
class Recommendation:
    """Method that the stresses speak for.

    Attributes
    ----------
    method : str
    is_kept : bool
        Whether it is the planned one, kept because no other detects more beyond chance.
    unsafe : tuple of (str, str)
        Methods that detect more and do not keep their false alarms, each with a departure that breaks it.
    """

    method: str
    is_kept: bool = False
    unsafe: tuple[tuple[str, str], ...] = ()


def recommended(rows: Sequence[Stress], alpha: float, planned: str) -> Recommendation | None:
    """Find the method that keeps its false alarms and detects most; None where none keeps them.

    Leaks, and shifts tied to a hidden change-over, are not held against a method: no analysis mends them. The planned
    method stays unless another detects more beyond chance.
    """
    broken: Mapping[str, list[str]] = inflated(rows, alpha)
    detect = {row.method: row.detect for row in rows if row.departure == AS_PLANNED}
    power = {method: figure.value or 0.0 for method, figure in detect.items()}
    sound = [
        method for method in power if power[method] > alpha and not set(broken[method]) - {*UNBLINDED, *TIED}
    ]  # fmt: skip
    if not sound:
        return None
    best = max(sound, key=lambda method: power[method])
    if planned in sound and best != planned:
        gain = detect[best] - detect[planned]
        if (gain.value or 0.0) <= CERTAIN_SES * (gain.mcse or 0.0):
            return Recommendation(planned, is_kept=True)
    unsafe = (method for method in power if method not in sound and power[method] > power[best])
    return Recommendation(best, unsafe=tuple((method, _broken_by(broken[method])) for method in unsafe))


def _broken_by(departures: Sequence[str]) -> str:
    """Find the first departure that is held against a method; that it breaks even as planned says most."""
    held_against = [departure for departure in departures if departure not in {*UNBLINDED, *TIED}]
    return AS_PLANNED if AS_PLANNED in held_against else held_against[0]
