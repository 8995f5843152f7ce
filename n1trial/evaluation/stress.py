"""How analyses stand departures from the plan, and which of them to trust."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from n1trial.diary.methods import RANDOMIZATION
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.verdict import CERTAIN_SES, MISLEADING_FACTOR


class Departure(StrEnum):
    """Departure from the plan, as results name it; sizes are in daily SDs."""

    AS_PLANNED = "as planned"
    SMALL_SHIFTS = "shifts of 0.3 between periods"
    LARGE_SHIFTS = "shifts of 0.5 between periods"
    SMALL_TIED_SHIFTS = "shifts of 0.3, tied to the change-over"
    LARGE_TIED_SHIFTS = "shifts of 0.5, tied to the change-over"
    INEXACT_DIARY = "inexact diary"
    TREND = "trend of 0.1 a week"
    DRIFT = "drift of 0.1 a day"
    AUTOCORRELATION = "autocorrelation of 0.9"
    MISSING_WHEN_WORSE = "entries missing on bad days"
    BACKFILLED = "half of the missing entries filled in"
    LARGE_PLACEBO = "placebo response twice as large"
    SMALL_LEAK = "leak of 0.2"
    LARGE_LEAK = "leak of 0.5"
    FAST_DRUG = "drug twice as fast"
    SLOW_DRUG = "drug half as fast"


@dataclass(frozen=True)
class Stress:
    """One method under one departure from the plan.

    Attributes
    ----------
    departure : Departure
    method : str
    type_1 : Figure
        Chance to detect an effect where there is none.
    detect : Figure
        Chance to detect the smallest worthwhile effect.
    """

    departure: Departure
    method: str
    type_1: Figure
    detect: Figure


def fails(type_1: Figure, alpha: float) -> bool:
    """Whether an analysis fails in a row: its false alarms exceed 1.5·alpha by more than a standard error.

    Examples
    --------
    >>> from n1trial.evaluation.characteristics import rate
    >>> fails(rate(80, 1000), 0.05), fails(rate(90, 1000), 0.05)
    (False, True)
    """
    return (type_1.value or 0.0) - (type_1.mcse or 0.0) > MISLEADING_FACTOR * alpha


def inflated_departures(rows: Sequence[Stress], alpha: float) -> dict[str, list[Departure]]:
    """List departures, by method, under which it does not hold its false alarms."""
    found: dict[str, list[Departure]] = {row.method: [] for row in rows}
    for row in rows:
        if fails(row.type_1, alpha):
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
    unsafe : tuple of (str, Departure)
        Methods that detect more and do not keep their false alarms, each with a departure that breaks it.
    failures : tuple of Departure
        Where no method keeps its false alarms: departures under which the exact test, recommended then, fails too.
    """

    method: str
    is_kept: bool = False
    unsafe: tuple[tuple[str, Departure], ...] = ()
    failures: tuple[Departure, ...] = ()


def recommend(rows: Sequence[Stress], alpha: float, primary: str) -> Recommendation | None:
    """Find the method that keeps its false alarms and detects most; where none does, the exact test if it was run.

    The planned method stays unless another detects more beyond chance.
    """
    held_against = inflated_departures(rows, alpha)
    detect = {row.method: row.detect for row in rows if row.departure is Departure.AS_PLANNED}
    power = {method: figure.value or 0.0 for method, figure in detect.items()}
    sound = [method for method in power if power[method] > alpha and not held_against[method]]
    if not sound:
        exact = RANDOMIZATION.name
        can_detect = power.get(exact, 0.0) > alpha
        return Recommendation(exact, failures=tuple(held_against[exact])) if can_detect else None
    best = max(sound, key=lambda method: power[method])
    if primary in sound and best != primary:
        gain = detect[best] - detect[primary]
        if (gain.value or 0.0) <= CERTAIN_SES * (gain.mcse or 0.0):
            return Recommendation(primary, is_kept=True)
    unsafe = (method for method in power if method not in sound and power[method] > power[best])
    return Recommendation(best, unsafe=tuple((method, _worst(held_against[method])) for method in unsafe))


def _worst(departures: Sequence[Departure]) -> Departure:
    """Give the first departure; that a method breaks even as planned says most."""
    return Departure.AS_PLANNED if Departure.AS_PLANNED in departures else departures[0]
