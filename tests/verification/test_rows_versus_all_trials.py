"""What a run shows beside a truth, from 2,500 trials and all of the truth's, versus as many trials as the truth has."""

from __future__ import annotations

import math

import pytest

import n1trial
from n1trial.evaluation.characteristics import EventCount, gain_beside, rate_beside
from n1trial.simulation.simulate import BATCH_WIDTH
from n1trial.study.batches.measure import Cell, Measurement, measure, measure_batch
from n1trial.study.run.cells import MOST_BESIDE

SES, ALL, SEED, METHOD = 4.0, 4 * BATCH_WIDTH, 7, "paired"
BASE = n1trial.load_scenario("minimal").replace(
    **{
        "design.cycles": 4,
        "design.period_days": 14,
        "analysis.discard_days": 4,
        "analysis.minimum_days": 4,
        "patient.daily_sd": 2.0,
        "analysis.methods": [],
    }
)
CHANGES: list[tuple[float, dict[str, object]]] = [
    (-1.0, {"conduct.missing": 0.0}),
    (-1.0, {"patient.daily_sd": 1.0}),
    (0.0, {"patient.autocorrelation": 0.9}),
]


@pytest.fixture(scope="module")
def truths() -> dict[float, EventCount]:
    effects = (-1.0, 0.0)
    seen = measure([Cell(BASE, effect, (METHOD,), ALL) for effect in effects], SEED)
    return {effect: one.count(METHOD, "detect") for effect, one in zip(effects, seen, strict=True)}


def first_and_all(effect: float, change: dict[str, object]) -> tuple[Measurement, Measurement]:
    cell = Cell(BASE.replace(**change), effect, (METHOD,), ALL)
    (whole,) = measure([cell], SEED)
    return measure_batch((cell, SEED, 0)), whole


@pytest.mark.parametrize(("effect", "change"), CHANGES)
def test_few_trials_agree_with_all_within_their_error(
    truths: dict[float, EventCount], effect: float, change: dict[str, object]
) -> None:
    first, whole = (one.count(METHOD, "detect") for one in first_and_all(effect, change))
    assert first.trials == MOST_BESIDE
    few, many, alone = rate_beside(first, truths[effect]), rate_beside(whole, truths[effect]), first.rate
    assert many == whole.rate
    assert few.value is not None
    assert few.mcse is not None
    assert many.value is not None
    assert many.mcse is not None
    assert alone.mcse is not None
    # all trials hold the few, so that their difference has the variance of the few less that of all
    assert abs(few.value - many.value) < SES * math.sqrt(few.mcse**2 - many.mcse**2)
    assert many.mcse < few.mcse < alone.mcse
    gain, before = gain_beside(first, truths[effect]), truths[effect].rate
    assert gain.value == few.value - (before.value or 0)
    assert gain.mcse is not None
    assert gain.mcse < math.hypot(alone.mcse, before.mcse or 0)
