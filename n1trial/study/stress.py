"""What becomes of each analysis when the patient, or the drug, is not as planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.verdict import CERTAIN_SES, MISLEADING_FACTOR
from n1trial.study.measure import Cell, Progress, measure
from n1trial.study.relief import changed_or_none, moved

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario

AS_PLANNED = "as planned"
MOST_DAYS = 36_500.0
"""Longest time constant that a scenario takes."""
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


def departures(scenario: Scenario) -> dict[str, Scenario]:
    """Scenarios by what departs from the plan; sizes are in daily SDs, and the analyst goes on assuming the plan.

    Departures that the scenario cannot show are left out: shifts tied to a change-over that is not drawn, losses of
    entries where none are lost, and leaks where nobody responds to placebo.
    """
    sd, treatment = scenario.patient.daily_sd, scenario.treatment
    changes: dict[str, dict[str, object]] = {AS_PLANNED: {}}
    for size in (0.3, 0.5):
        changes[f"shifts of {size} between periods"] = {"patient.period_sd": size * sd}
    if scenario.design.switch_jitter_days:
        for name, size in zip(TIED, (0.3, 0.5), strict=True):
            changes[name] = {"patient.period_sd": size * sd, "patient.period_shift_follows": "switch"}
    changes["inexact diary"] = {"patient.diary_sd": sd}
    changes["trend of 0.1 a week"] = {"patient.trend_per_week": 0.1 * sd}
    changes["drift of 0.1 a day"] = {"patient.drift_sd": 0.1 * sd}
    changes["autocorrelation of 0.9"] = {"patient.autocorrelation": 0.9}
    if scenario.conduct.missing > 0:
        changes["entries missing on bad days"] = {"conduct.missing_when_worse": 1.0}
        changes["half of the missing entries filled in"] = {"conduct.backfilled": 0.5}
    if scenario.placebo.response or scenario.placebo.response_sd:
        for name, leak in zip(UNBLINDED, (0.2, 0.5), strict=True):
            changes[name] = {"blinding.leak": leak}
    departed = {name: changed_or_none(scenario, **change) for name, change in changes.items()}
    if treatment.onset_days or treatment.offset_days:
        for name, factor in (("drug twice as fast", 0.5), ("drug half as fast", 2.0)):
            days = (min(factor * days, MOST_DAYS) for days in (treatment.onset_days, treatment.offset_days))
            departed[name] = moved(scenario, *days)
    return {name: changed for name, changed in departed.items() if changed is not None}


def stress(
    scenario: Scenario,
    methods: Sequence[str],
    replicates: int,
    seed: int,
    pool: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Stress, ...]:
    """Put every method to every departure, at no effect and at the smallest worthwhile one.

    Parameters
    ----------
    scenario : Scenario
        A crossover.
    methods : sequence of str
    replicates : int
        Simulated trials of each departure and truth.
    seed : int
    pool : Executor, optional
    progress : callable, optional

    Returns
    -------
    tuple of Stress
        By departure, then method.
    """
    plan, names = scenario.plan(), departures(scenario)
    cells = [
        Cell(changed, effect, tuple(methods), replicates)
        for changed in names.values()
        for effect in (0.0, plan.benefit_sign * plan.mcid)
    ]
    seen = measure(cells, seed, pool, progress)
    rows = []
    for index, name in enumerate(names):
        null, worthwhile = seen[2 * index].tallies, seen[2 * index + 1].tallies
        for method in methods:
            rates = (rate(tallies[method].detected, tallies[method].replicates) for tallies in (null, worthwhile))
            rows.append(Stress(name, method, *rates))
    return tuple(rows)


def inflated(rows: Sequence[Stress], alpha: float) -> dict[str, list[str]]:
    """Departures, by method, under which false alarms exceed 1.5·alpha beyond chance."""
    found: dict[str, list[str]] = {row.method: [] for row in rows}
    for row in rows:
        value, mcse = row.type_1.value or 0.0, row.type_1.mcse or 0.0
        if value - CERTAIN_SES * mcse > MISLEADING_FACTOR * alpha:
            found[row.method].append(row.departure)
    return found


def recommended(rows: Sequence[Stress], alpha: float, planned: str) -> tuple[str, str] | None:
    """Method that keeps its false alarms and detects most, and the reason in a sentence; None where none keeps them.

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
            return planned, f"{planned}: no other that keeps its false alarms detects more beyond chance."
    reason = f"{best}: it detects the smallest worthwhile effect most often of those that keep their false alarms"
    unsafe = [method for method in power if method not in sound and power[method] > power[best]]
    if unsafe:
        told = ", ".join(f"{method} ({_broken_by(broken[method])})" for method in unsafe)
        reason += f"; more often, but not safely: {told}"
    return best, f"{reason}."


def _broken_by(departures: Sequence[str]) -> str:
    """First departure that breaks a method, or that it breaks even as planned."""
    held_against = [departure for departure in departures if departure not in {*UNBLINDED, *TIED}]
    return "even as planned" if AS_PLANNED in held_against else held_against[0]
