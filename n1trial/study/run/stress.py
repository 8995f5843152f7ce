"""What becomes of each analysis when the patient, or the drug, is not as planned."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace
from typing import NamedTuple

from n1trial.evaluation.characteristics import Figure, rate_beside
from n1trial.evaluation.stress import Departure, Stress
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Measurement, Progress, measure
from n1trial.study.run.cells import MOST_BESIDE
from n1trial.study.run.improvements import changed_or_none, with_time_course

MOST_DAYS = 36_500.0
"""Longest time constant that a scenario takes."""


def departures(scenario: Scenario) -> dict[Departure, Scenario]:
    """List scenarios by what departs from the plan; sizes are in daily SDs, and the analyst goes on assuming the plan.

    Departures that the scenario cannot show are left out: shifts tied to a change-over that is not drawn, losses of
    entries where none are lost, and leaks where nobody responds to placebo.
    """
    sd, treatment = scenario.patient.daily_sd, scenario.treatment
    changes: dict[Departure, dict[str, object]] = {
        Departure.AS_PLANNED: {},
        Departure.SMALL_SHIFTS: {"patient.period_sd": 0.3 * sd},
        Departure.LARGE_SHIFTS: {"patient.period_sd": 0.5 * sd},
    }
    if scenario.design.switch_jitter_days:
        tied = {"patient.period_shift_follows": "switch"}
        changes[Departure.SMALL_TIED_SHIFTS] = {"patient.period_sd": 0.3 * sd, **tied}
        changes[Departure.LARGE_TIED_SHIFTS] = {"patient.period_sd": 0.5 * sd, **tied}
    changes[Departure.INEXACT_DIARY] = {"patient.diary_sd": sd}
    changes[Departure.TREND] = {"patient.trend_per_week": 0.1 * sd}
    changes[Departure.DRIFT] = {"patient.drift_sd": 0.1 * sd}
    changes[Departure.AUTOCORRELATION] = {"patient.autocorrelation": 0.9}
    if scenario.conduct.missing > 0:
        changes[Departure.MISSING_WHEN_WORSE] = {"conduct.missing_when_worse": 1.0}
        changes[Departure.BACKFILLED] = {"conduct.backfilled": 0.5}
    if scenario.placebo.response:
        changes[Departure.LARGE_PLACEBO] = {"placebo.response": 2 * scenario.placebo.response}
    if scenario.placebo.response or scenario.placebo.response_sd:
        changes[Departure.SMALL_LEAK] = {"blinding.leak": 0.2}
        changes[Departure.LARGE_LEAK] = {"blinding.leak": 0.5}
    departed = {name: changed_or_none(scenario, **change) for name, change in changes.items()}
    if treatment.onset_days or treatment.offset_days:
        for name, factor in ((Departure.FAST_DRUG, 0.5), (Departure.SLOW_DRUG, 2.0)):
            days = (min(factor * days, MOST_DAYS) for days in (treatment.onset_days, treatment.offset_days))
            departed[name] = with_time_course(scenario, *days)
    return {name: changed for name, changed in departed.items() if changed is not None}


class Truth(NamedTuple):
    """Trials of the plan at one effect, and what was measured in them."""

    cell: Cell
    measurement: Measurement


def stress(
    null: Truth, worthwhile: Truth, seed: int, pool: Executor | None = None, progress: Progress | None = None
) -> tuple[Stress, ...]:
    """Put every method to every departure, at no effect and at the smallest worthwhile one.

    Parameters
    ----------
    null, worthwhile : Truth
        Of a crossover: what is seen as planned. Departures take the first of their trials.
    seed : int
    pool : Executor, optional
    progress : callable, optional

    Returns
    -------
    tuple of Stress
        By departure, then method.
    """
    plan, truths, names = null.cell.scenario, (null, worthwhile), departures(null.cell.scenario)
    cells = [_depart(truth.cell, changed) for changed in names.values() if changed != plan for truth in truths]
    departed = iter(measure(cells, seed, pool, progress))
    rows = []
    for name, changed in names.items():
        seen = [truth.measurement if changed == plan else next(departed) for truth in truths]
        for method in null.cell.methods:
            rates = (_rate(truth, one, method) for truth, one in zip(truths, seen, strict=True))
            rows.append(Stress(name, method, *rates))
    return tuple(rows)


def _depart(cell: Cell, variant: Scenario) -> Cell:
    return replace(cell, scenario=variant, replicates=min(cell.replicates, MOST_BESIDE), sample_size=0)


def _rate(truth: Truth, departure: Measurement, method: str) -> Figure:
    return rate_beside(departure.count(method, "detect"), truth.measurement.count(method, "detect"))
