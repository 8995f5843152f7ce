"""Share of the effect that a comparison sees, against worked values: closed form, all assignments, and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from n1trial import formulas
from n1trial.analysis.analyze import analyze
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.evaluation.attenuation import attenuation
from n1trial.simulation.simulate import simulate
from tests.reference.cases import plain

SIX_PLACES, FOUR_PLACES, THREE_PLACES = 5e-7, 5e-5, 5e-4

HALF_LIVES = [
    # half-life of onset and of offset, days dropped, ABABAB, BABABA; periods of 42 days
    (0, 1, 0, 0.976190, 0.984127),
    (0, 3, 0, 0.908403, 0.938935),
    (0, 14, 0, 0.589545, 0.726363),
    (0, 14, 14, 0.736136, 0.824091),
    (14, 14, 0, 0.256789, 0.378405),
]

TIME_COURSES = [
    # onset, offset, cycles, days of a period, days by which the switch moves, seen in all days, without 14, without 28
    (7, 9, 2, 42, 0, (0.740, 0.935, 0.980), THREE_PLACES),
    (7, 9, 2, 56, 0, (0.804, 0.955, 0.988), THREE_PLACES),
    (21, 45, 2, 42, 0, (0.279, 0.456, 0.576), THREE_PLACES),
    (21, 45, 2, 56, 0, (0.371, 0.530, 0.638), THREE_PLACES),
    (21, 45, 3, 56, 0, (0.363, 0.519, 0.626), THREE_PLACES),
    (21, 45, 3, 49, 7, (0.3160, 0.4806, 0.5936), FOUR_PLACES),
    (28, 769, 2, 42, 0, (0.076, 0.165, 0.229), THREE_PLACES),
    (28, 769, 2, 56, 0, (0.101, 0.177, 0.230), THREE_PLACES),
]
DROPPED = (0, 14, 28)


def crossover(randomization: Randomization, period_days: int) -> Layout:
    return Layout("crossover", 14, "open", randomization.cycles, period_days, 0, randomization)


@pytest.mark.parametrize(("onset", "offset", "dropped", "drug_first", "control_first"), HALF_LIVES)
def test_half_lives(onset: float, offset: float, dropped: int, drug_first: float, control_first: float) -> None:
    onset_days, offset_days = onset / math.log(2), offset / math.log(2)
    for sequence, expected in (("ABABAB", drug_first), ("BABABA", control_first)):
        closed = formulas.attenuation(sequence, 42, onset_days, offset_days, dropped)
        assert closed == pytest.approx(expected, abs=SIX_PLACES)
        layout = crossover(Randomization("fixed", 3, sequence=sequence), 42)
        assert attenuation(layout, onset_days, offset_days, dropped) == pytest.approx(expected, abs=SIX_PLACES)


@pytest.mark.parametrize(
    ("onset_days", "offset_days", "cycles", "period_days", "jitter_days", "expected", "places"), TIME_COURSES
)
def test_random_pairs(
    onset_days: float, offset_days: float, cycles: int, period_days: int, jitter_days: int,
    expected: tuple[float, ...], places: float,
) -> None:  # fmt: skip
    layout = crossover(Randomization("pairs", cycles, jitter_days=jitter_days), period_days)
    seen = [attenuation(layout, onset_days, offset_days, dropped) for dropped in DROPPED]
    assert seen == pytest.approx(list(expected), abs=places)


@pytest.mark.parametrize("dropped", DROPPED)
@pytest.mark.parametrize(("onset_days", "offset_days", "jitter_days"), [(21, 45, 7), (21, 45, 0), (7, 9, 7)])
def test_simulated_trials_without_noise_see_it(
    onset_days: float, offset_days: float, jitter_days: int, dropped: int
) -> None:
    # within 4 standard errors of the mean over 5,000 simulated assignments
    scenario = plain(
        treatment={"effect": -2.0, "onset_days": float(onset_days), "offset_days": float(offset_days)},
        patient={"daily_sd": 0.0},
        design={"cycles": 3, "period_days": 49, "switch_jitter_days": jitter_days},
        analysis={"discard_days": dropped},
    )
    contrast = analyze(simulate(scenario, 5000, seed=20261122).observed, "paired").estimate / -2
    expected = attenuation(scenario.layout(), onset_days, offset_days, dropped)
    standard_error = contrast.std(ddof=1) / math.sqrt(contrast.size)
    assert not np.isnan(contrast).any()
    assert contrast.mean() == pytest.approx(expected, abs=4 * standard_error)
