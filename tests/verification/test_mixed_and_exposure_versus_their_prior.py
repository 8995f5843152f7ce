"""Posterior ranks of the truth, uniform when the noise is drawn from the prior."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from n1trial.analysis.daily.stretch_model import AUTOCORRELATIONS, PRIOR, SHIFT_RATIOS
from n1trial.analysis.estimates import AnalysisRequest
from n1trial.analysis.methods import exposure, mixed
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan

REPLICATES = 20_000
SEED = 20261122
BINS = 20
STANDARD_ERRORS = 4


def noise_from_the_prior(layout: Layout, rng: np.random.Generator) -> NDArray[np.float64]:
    """Scores of daily SD 1 without an effect, autocorrelation and shift ratio drawn from the prior."""
    node = rng.choice(PRIOR.size, REPLICATES, p=PRIOR.ravel())
    autocorrelation = np.repeat(AUTOCORRELATIONS, SHIFT_RATIOS.size)[node]
    shift_ratio = np.tile(SHIFT_RATIOS, AUTOCORRELATIONS.size)[node]
    noise = rng.normal(size=(layout.days.size, REPLICATES))
    for day in range(1, len(noise)):
        noise[day] = autocorrelation * noise[day - 1] + np.sqrt(1 - autocorrelation**2) * noise[day]
    shifts = shift_ratio * rng.normal(size=(layout.periods, REPLICATES))
    scores: NDArray[np.float64] = 6 + noise + shifts[layout.stretch_of_day]
    return scores


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("method", [mixed, exposure], ids=["mixed", "exposure"])
def test_ranks_are_uniform(method: ModuleType, missing: float) -> None:
    rng = np.random.default_rng(SEED)
    randomization = Randomization("pairs", 2, jitter_days=4, jitter_step_days=2)
    layout = Layout("crossover", 0, "open", 2, 16, 2, randomization)
    scores = noise_from_the_prior(layout, rng)
    scores[rng.random(scores.shape) < missing] = np.nan
    plan = Plan(layout=layout, discard_days=2, assumed_onset_days=3.0, assumed_offset_days=6.0)
    diary = Diary.of(lay_out(layout, randomization.draw(rng, rng, REPLICATES)), scores, plan)
    found = method.analyze(diary, AnalysisRequest(truth=np.zeros(REPLICATES), intervals=0))
    assert found.is_estimable.all()

    counts = np.histogram(found.p_benefit, bins=BINS, range=(0, 1))[0]
    expected = REPLICATES / BINS
    chi_squared, df = ((counts - expected) ** 2 / expected).sum(), BINS - 1
    assert chi_squared < df + STANDARD_ERRORS * np.sqrt(2 * df)
    for level in (0.01, 0.05, 0.2):
        error = np.sqrt(level * (1 - level) / REPLICATES)
        assert (found.p_value <= level).mean() == pytest.approx(level, abs=STANDARD_ERRORS * error)
    assert found.covers is not None
    np.testing.assert_array_equal(found.covers, found.p_value >= plan.alpha)
