"""How often the randomization test detects an effect that comes slowly, against the figures stated for it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.analysis.methods import randomization
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan
from n1trial.exposure import course

REPLICATES = 5000
STANDARD_ERRORS = 4
DAILY_SD, AUTOCORRELATION = 1.4, 0.3
ONSET_DAYS, OFFSET_DAYS = 21.0, 45.0

STATED_REPLICATES = 10_000
STATED = {(3, 1): 0.208, (3, 2): 0.448, (4, 1): 0.358, (4, 2): 0.750}
"""Power at alpha .05 by cycles and effect, in cycles of 98 days with the switch after 42, 49 or 56.

In docs/methods.md; measured with other seeds. What the test is, dense matrices tell in another file.
"""


@cache
def analyzed(cycles: int, effect: float, jitter_days: int = 7, missing: float = 0.0) -> Estimates:
    diary = simulated(cycles, effect, jitter_days, missing)
    return randomization.analyze(diary, AnalysisRequest(np.full(REPLICATES, effect), intervals=0))


def simulated(cycles: int, effect: float, jitter_days: int = 7, missing: float = 0.0, seed: int = 20100309) -> Diary:
    """Patients with AR(1) noise and a drug that acts as the plan assumes; the same noise for every effect."""
    rng = np.random.default_rng([seed, cycles])
    scheme = Randomization("pairs", cycles, jitter_days=jitter_days)
    layout = Layout("crossover", 0, "open", cycles, 49, 0, scheme)
    schedule = lay_out(layout, scheme.draw(rng, rng, REPLICATES))
    score = noise(rng, schedule.day.size) + effect * course(schedule.treatment == 1, ONSET_DAYS, OFFSET_DAYS)
    score[rng.random(score.shape) < missing] = np.nan
    plan = Plan(layout=layout, assumed_onset_days=ONSET_DAYS, assumed_offset_days=OFFSET_DAYS)
    return Diary.of(schedule, score, plan)


def noise(rng: np.random.Generator, days: int) -> NDArray[np.float64]:
    """Draw stationary AR(1) noise, shape (day, replicate)."""
    innovation = rng.normal(0, DAILY_SD, (days, REPLICATES))
    innovation[1:] *= np.sqrt(1 - AUTOCORRELATION**2)
    score: NDArray[np.float64] = lfilter([1], [1, -AUTOCORRELATION], innovation, axis=0)
    return score


@pytest.mark.parametrize(("cycles", "effect"), STATED)
def test_power(cycles: int, effect: int) -> None:
    stated = STATED[cycles, effect]
    standard_error = np.sqrt(stated * (1 - stated) * (1 / REPLICATES + 1 / STATED_REPLICATES))
    rate = np.mean(analyzed(cycles, effect).p_value <= 0.05)
    assert abs(rate - stated) <= STANDARD_ERRORS * standard_error


@pytest.mark.parametrize("missing", [0.0, 0.15])
@pytest.mark.parametrize("cycles", [3, 4])
def test_false_alarms_and_coverage(cycles: int, missing: float) -> None:
    """No two of the 6^k assignments tie: the size of either direction is the largest multiple of 1/6^k within .025."""
    size = 2 * np.floor(0.025 * 6**cycles) / 6**cycles
    standard_error = np.sqrt(size * (1 - size) / REPLICATES)
    found = analyzed(cycles, 1.0, missing=missing)
    assert found.covers is not None
    assert abs(np.mean(~found.covers) - size) <= STANDARD_ERRORS * standard_error
    null = analyzed(cycles, 0.0, missing=missing)
    np.testing.assert_array_equal(null.p_value <= 0.05, ~found.covers)


@pytest.mark.parametrize("cycles", [3, 4, 5])
def test_fixed_pairs_cannot_succeed(cycles: int) -> None:
    found = analyzed(cycles, 2.0, jitter_days=0)
    assert found.p_value.min() == 2 / 2**cycles
    assert found.covers is not None
    assert found.covers.all()


def test_the_standard_error_is_the_spread_of_the_slopes() -> None:
    """Though days are autocorrelated: it is measured on the statistic and not on days; both estimate the effect."""
    diary = simulated(3, 1.0)
    found = randomization.analyze(diary, AnalysisRequest(np.ones(REPLICATES), intervals=0))
    slope = slopes(diary)
    variance = found.standard_error**2
    standard_error = np.hypot(variance.std(), np.sqrt(2) * slope.var()) / np.sqrt(REPLICATES)
    assert abs(variance.mean() - slope.var()) <= STANDARD_ERRORS * standard_error
    for estimate in (slope, found.estimate):
        assert abs(estimate.mean() - 1) <= STANDARD_ERRORS * estimate.std() / np.sqrt(REPLICATES)


def slopes(diary: Diary) -> NDArray[np.float64]:
    """Compute generalized least squares under the working covariance, without a missing day."""
    layout = diary.plan.layout
    assert layout is not None
    covariance = 0.3 ** np.abs(np.subtract.outer(diary.day, diary.day))
    covariance += 0.09 * np.equal.outer(layout.stretch_of_day, layout.stretch_of_day)
    inverse = np.linalg.inv(covariance)
    inverse -= np.outer(inverse.sum(axis=1), inverse.sum(axis=0)) / inverse.sum()
    exposure = course(diary.treatment == 1, ONSET_DAYS, OFFSET_DAYS)
    weighted = inverse @ exposure
    slope: NDArray[np.float64] = (weighted * diary.score).sum(axis=0) / (weighted * exposure).sum(axis=0)
    return slope
