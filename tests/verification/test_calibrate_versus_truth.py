"""Patients whose truth is known, calibrated by their diaries: do intervals hold it, and is the power near?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from n1trial.diary.file.scores import Scores
from n1trial.scenario.file.load import load_scenario
from n1trial.simulation.simulate import simulate_batch
from n1trial.study.batches.measure import Cell, measure
from n1trial.study.calibration.calibrate import Calibration, calibrate

Figures = NDArray[np.float64]
SES = 4.0
"""Standard errors that a rate may differ by."""
NOMINAL, NEAR = 0.9, 0.05
"""Coverage asked for: an interval holds on average over its prior, and at no single truth exactly."""
NEAR_TOGETHER = 0.03
"""The same of all keys together: .91 to .93 by 120 run-ins of each truth, the prior being wider than these truths."""
SEED = 20260712
DIARIES = {"finished": 10, "28": 20, "14": 24}
"""Of each truth, by kind of diary; each has a seed of its own, so that no two truths share their luck."""
RESPONSES, RESPONSES_ALIKE = 24, 6
"""Finished trials of each truth, in patients whose placebo responses differ and in the first of them if they do not."""
APART = 1.0
"""SD of the responses that differ, in points."""

MOST_LOST = (0.2, 0.12, 0.12, 0.12, 0.12)
"""Of power, by truth: without shifts a median of .12 to .15 is lost where power is .5, by 14 to 40 diaries."""

BASE = load_scenario("minimal").replace(**{"conduct.dropout_per_week": 0.0, "patient.period_shift_follows": "calendar"})
RESPONSE, DOUBT = "placebo.response", "placebo.response_sd"
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
COMPLETE = ("conduct.missing",)
"""Keys that say nothing of a simulated run-in, which is always written in full."""
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
    observed = simulate_batch(scenario, 0, seed, -1.0, first=DIARIES[kind]).diaries.observed
    for replicate in range(DIARIES[kind]):
        scores = Scores.of(observed, replicate)
        if kind != "finished":
            at = scores.day < 0
            scores = Scores(scores.day[at], scores.score[at], np.full(int(at.sum()), np.nan))
            scores = Scores(scores.day, scores.score, scores.doses, 0)
        yield scores


@cache
def calibrations(number: int, kind: str) -> list[Calibration]:
    """Of the simulated patients of a truth."""
    return [calibrate(scores, BASE) for scores in diaries(TRUTHS[number], kind)]


@cache
def found(kind: str) -> dict[str, list[tuple[float, float, float]]]:
    """Estimate less truth, and both ends of the interval less truth, by key, over all truths."""
    errors: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for number, changes in enumerate(TRUTHS):
        truth = BASE.replace(**changes)
        for calibration in calibrations(number, kind):
            for finding in calibration.findings:
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


@pytest.mark.parametrize("kind", KEYS)
def test_no_other_interval_is_shown_that_does_not_hold_the_truth(kind: str) -> None:
    others = found(kind).keys() - {*KEYS[kind], *(() if kind == "finished" else COMPLETE)}
    assert others >= {"patient.diary_sd"}
    least, wrong = NOMINAL - NEAR, []
    for key in sorted(others):
        errors = np.array(found(kind)[key])
        covered = float(((errors[:, 1] <= 1e-9) & (errors[:, 2] >= -1e-9)).mean())
        if covered < least - SES * math.sqrt(least * (1 - least) / len(errors)):
            wrong.append(f"{key}: {covered:.2f} of {len(errors)}")
    assert not wrong


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


@pytest.mark.parametrize(("number", "most_lost"), list(enumerate(MOST_LOST)))
def test_the_calibrated_patient_has_no_more_power_than_the_true_one_and_loses_as_written(
    number: int, most_lost: float
) -> None:
    made = [each.scenario.replace(unsettled=None) for each in calibrations(number, "finished")]
    cells = [Cell(scenario, -1.0, ("paired",), 400) for scenario in (BASE.replace(**TRUTHS[number]), *made)]
    true, *powers = (each.tallies["paired"].detected / 400 for each in measure(cells, SEED))
    assert -0.12 < true - float(np.median(powers)) < most_lost
    assert all(abs(power - true) < 0.3 for power in powers)


@cache
def responses(apart: float, trials: int) -> dict[str, Figures]:
    """The placebo response as told less the patient's own, its doubt, and whether it is told where a point matters.

    Two points matter here, so that nearly every diary tells its response; `apart` is the SD of responses in truth.
    """
    scenario, found = BASE.replace(**{"outcome.mcid": 2 * BASE.outcome.mcid}), []
    for number, changes in enumerate(TRUTHS):
        truth = BASE.replace(**changes, **{DOUBT: apart})
        made = simulate_batch(truth, 0, SEED + 100 + number, -1.0, first=trials).diaries
        for replicate, own in enumerate(made.placebo_response):
            by_key = {each.key: each for each in calibrate(Scores.of(made.observed, replicate), scenario).findings}
            if DOUBT in by_key:
                response, doubt = by_key[RESPONSE], by_key[DOUBT]
                assert response.low is not None
                assert response.high is not None
                is_narrow = response.high - response.low <= 2 * BASE.outcome.mcid
                found.append((RESPONSES * number + replicate, response.value - own, doubt.value, is_narrow))
    diary, error, doubt, is_narrow = np.array(found).T
    return {"diary": diary, "error": error, "doubt": doubt, "is_narrow": is_narrow}


def holds(error: Figures, doubt: Figures) -> bool:
    """Whether the patient's own response is as often within a doubt, and within 1.645, as with normal errors."""
    for doubts, nominal in ((1.0, 0.683), (1.645, NOMINAL)):
        within = float((np.abs(error) <= doubts * doubt).mean())
        if abs(within - nominal) > NEAR + SES * math.sqrt(nominal * (1 - nominal) / error.size):
            return False
    return True


def test_the_patients_own_placebo_response_is_as_near_as_its_doubt_says() -> None:
    found = responses(APART, RESPONSES)
    error, doubt, is_narrow = found["error"], found["doubt"], found["is_narrow"] == 1
    assert error.size >= 0.8 * RESPONSES * len(TRUTHS)
    assert holds(error, doubt)
    assert not holds(error, 0.6 * doubt)
    assert not holds(error, 2.0 * doubt)
    assert is_narrow.sum() >= 0.2 * error.size
    assert holds(error[is_narrow], doubt[is_narrow])  # as it goes out where a point matters


def test_how_far_responses_lie_apart_is_nothing_that_one_diary_tells() -> None:
    alike, apart = responses(0.0, RESPONSES_ALIKE), responses(APART, RESPONSES)
    _, here, there = np.intersect1d(alike["diary"], apart["diary"], return_indices=True)
    assert here.size >= 0.8 * RESPONSES_ALIKE * len(TRUTHS)
    ratio = apart["doubt"][there] / alike["doubt"][here]
    assert abs(float(np.median(ratio)) - 1) < 0.03  # by rounding and the ends of the scale alone
    assert DOUBT not in found("finished")  # of numbers with an interval
