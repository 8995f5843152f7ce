"""Patients whose truth is known, calibrated by their diaries: do intervals hold it, and is the power near?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pytest

from n1trial.diary.scores import Scores
from n1trial.scenario.file import load_scenario
from n1trial.simulation.simulate import simulate_batch
from n1trial.study.calibrate import calibrate
from n1trial.study.measure import Cell, measure

SES = 4.0
"""Standard errors that a rate may differ by."""
NOMINAL, NEAR = 0.9, 0.05
"""Coverage asked for: an interval holds on average over its prior, and at no single truth exactly."""
NEAR_TOGETHER = 0.03
"""The same of all keys together: .91 to .93 by 120 run-ins of each truth, the prior being wider than these truths."""
SEED = 20260712
DIARIES = {"finished": 10, "28": 20, "14": 24}
"""Of each truth, by kind of diary; each has a seed of its own, so that no two truths share their luck."""

MOST_LOST = (0.2, 0.12, 0.12, 0.12, 0.12)
"""Of power, by truth: without shifts a median of .12 to .15 is lost where power is .5, by 14 to 40 diaries."""

BASE = load_scenario("minimal").replace(**{"conduct.dropout_per_week": 0.0})
TRUTHS: tuple[Mapping[str, object], ...] = (
    {},
    {"patient.period_sd": 0.4},
    {"patient.autocorrelation": 0.6, "patient.trend_per_week": 0.03},
    {"patient.autocorrelation": 0.0, "patient.period_sd": 0.7, "patient.weekly_amplitude": 0.4},
    {"patient.autocorrelation": 0.5, "patient.period_sd": 0.3, "placebo.response": -1.0},
)
KEYS = {
    "finished": (
        "patient.baseline", "patient.daily_sd", "patient.autocorrelation", "patient.period_sd",
        "patient.trend_per_week", "patient.weekly_amplitude", "placebo.response", "conduct.missing",
        "conduct.adherence",
    ),
    "28": ("patient.baseline", "patient.daily_sd", "patient.autocorrelation", "patient.weekly_amplitude"),
    "14": ("patient.baseline", "patient.daily_sd", "patient.autocorrelation", "patient.weekly_amplitude"),
}  # fmt: skip
MOST_BIAS = {
    "patient.baseline": 0.15, "patient.daily_sd": 0.1, "patient.autocorrelation": 0.1, "patient.period_sd": 0.25,
    "patient.trend_per_week": 0.01, "patient.weekly_amplitude": 0.1, "placebo.response": 0.3, "conduct.missing": 0.02,
    "conduct.adherence": 0.02,
}  # fmt: skip
"""Median of estimate less truth in finished trials: shifts of no size are told to have some."""


def diaries(changes: Mapping[str, object], kind: str) -> Iterator[Scores]:
    """Simulated patients of a truth, each with its effect of −1."""
    truth = BASE.replace(**changes)
    scenario = truth if kind == "finished" else truth.replace(**{"design.run_in_days": int(kind), "design.cycles": 1})
    seed = SEED + 10 * TRUTHS.index(changes) + list(KEYS).index(kind)
    observed = simulate_batch(scenario, 0, seed, -1.0, keep=DIARIES[kind]).diaries.observed
    for replicate in range(DIARIES[kind]):
        scores = Scores.of(observed, replicate)
        if kind != "finished":
            at = scores.day < 0
            scores = Scores(scores.day[at], scores.score[at], np.full(int(at.sum()), np.nan))
            scores = Scores(scores.day, scores.score, scores.taken, 0)
        yield scores


@cache
def found(kind: str) -> dict[str, list[tuple[float, float, float]]]:
    """Estimate less truth, and both ends of the interval less truth, by key, over all truths."""
    errors: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for changes in TRUTHS:
        truth = BASE.replace(**changes)
        for scores in diaries(changes, kind):
            for finding in calibrate(scores, BASE).findings:
                known = truth.value(finding.key)
                assert isinstance(known, float)
                if finding.low is not None and finding.high is not None and finding.estimate is not None:
                    errors[finding.key].append((finding.estimate - known, finding.low - known, finding.high - known))
    return errors


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in KEYS.items() for key in keys])
def test_intervals_hold_the_truth(kind: str, key: str) -> None:
    errors = np.array(found(kind)[key])
    assert len(errors) >= DIARIES[kind] * len(TRUTHS) * 0.8
    covered = float(((errors[:, 1] <= 1e-9) & (errors[:, 2] >= -1e-9)).mean())
    least = NOMINAL - NEAR
    assert covered >= least - SES * math.sqrt(least * (1 - least) / len(errors))


def is_nominal(kind: str, wider: float = 1.0) -> bool:
    """Whether all intervals together hold the truth as often as they say, no less and no more.

    Their ends may be moved away from the estimate by a factor. The keys of one diary are not independent: the standard
    error is that of the means of diaries.
    """
    errors = np.array([found(kind)[key] for key in KEYS[kind] if len(found(kind)[key]) == DIARIES[kind] * len(TRUTHS)])
    assert len(errors) >= len(KEYS[kind]) / 2
    middle, low, high = np.moveaxis(errors, -1, 0)
    low, high = middle + wider * (low - middle), middle + wider * (high - middle)
    held = ((low <= 1e-9) & (high >= -1e-9)).mean(axis=0)  # share of keys, by diary
    return abs(float(held.mean()) - NOMINAL) <= NEAR_TOGETHER + SES * float(held.std(ddof=1)) / math.sqrt(held.size)


@pytest.mark.parametrize("kind", KEYS)
def test_intervals_together_are_neither_too_narrow_nor_too_wide(kind: str) -> None:
    assert is_nominal(kind)
    assert not is_nominal(kind, 0.6)
    assert not is_nominal(kind, 2.0)


@pytest.mark.parametrize("key", KEYS["finished"])
def test_estimates_of_finished_trials_are_near_the_truth(key: str) -> None:
    errors = np.array(found("finished")[key])[:, 0]
    doubt = SES * 1.253 * errors.std() / math.sqrt(errors.size)  # of a median
    assert abs(float(np.median(errors))) <= MOST_BIAS[key] + doubt


@pytest.mark.parametrize("key", KEYS["14"])
def test_a_longer_diary_tells_more(key: str) -> None:
    width = {kind: float(np.median([high - low for _, low, high in found(kind)[key]])) for kind in KEYS}
    assert width["14"] > width["28"]
    if key != "patient.baseline":  # of which a finished trial is told by its run-in of 14 days alone
        assert width["28"] > width["finished"]


@pytest.mark.parametrize(("changes", "most_lost"), list(zip(TRUTHS, MOST_LOST, strict=True)))
def test_the_calibrated_patient_has_no_more_power_than_the_true_one_and_loses_as_written(
    changes: Mapping[str, object], most_lost: float
) -> None:
    made = [calibrate(scores, BASE).scenario.replace(unsettled=None) for scores in diaries(changes, "finished")]
    cells = [Cell(scenario, -1.0, ("paired",), 400) for scenario in (BASE.replace(**changes), *made)]
    true, *powers = (each.tallies["paired"].detected / 400 for each in measure(cells, SEED))
    assert -0.12 < true - float(np.median(powers)) < most_lost
    assert all(abs(power - true) < 0.3 for power in powers)
