"""What moves the score without a treatment, number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from n1trial.patient import hours
from n1trial.patient.noise import autocorrelate, drift, shift_periods, truncated_start
from tests.patient.stories import script, state_of, story


def test_noise_is_carried_from_day_to_day() -> None:
    state = state_of(2, latent=[5, 5])
    fresh = 2 * math.sqrt(0.75)
    process = autocorrelate(state, [-1, 0, 1], 2.0, 0.5, script([1, -1], [0, 1], [1, 0]))
    assert story(process, lambda: state.noise.tolist()) == [
        (-1 + hours.NOISE, [2, -2]),
        (0 + hours.NOISE, [1, -1 + fresh]),
        (1 + hours.NOISE, pytest.approx([0.5 + fresh, 0.5 * (-1 + fresh)])),
    ]
    assert state.latent.tolist() == pytest.approx([5 + 3.5 + fresh, 5 - 3 + fresh + 0.5 * (fresh - 1)])
    assert state.innovation.tolist() == [1, 0]


def test_a_start_takes_the_place_of_the_first_number_alone() -> None:
    state = state_of(1)
    process = autocorrelate(state, [0, 1], 1.0, 0.6, script([9], [1]), start=np.array([3.0]))
    seen = story(process, lambda: (float(state.innovation[0]), float(state.noise[0])))
    assert seen == [(hours.NOISE, (3.0, 3.0)), (1 + hours.NOISE, (1.0, pytest.approx(0.6 * 3 + 0.8)))]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("cut", [-2.0, 0.0, 0.5, 5.0])
def test_a_start_is_beyond_the_cut_to_the_worse_side(cut: float, sign: int) -> None:
    uniform = np.array([1e-12, 0.25, 0.5, 1 - 1e-12])
    start = truncated_start(uniform, cut, sign)
    assert (sign * start).tolist() == pytest.approx(norm.isf(uniform * norm.sf(cut)).tolist(), rel=1e-9)
    assert (sign * start >= cut - 1e-9).all()


def test_drift_begins_at_nothing_and_walks() -> None:
    state = state_of(2, latent=[5, 5])
    assert story(drift(state, [-2, -1, 0], 0.5, script([1, -1], [1, 3])), lambda: state.drift.tolist()) == [
        (-1 + hours.DRIFT, [0.5, -0.5]),
        (0 + hours.DRIFT, [1.0, 1.0]),
    ]
    assert state.latent.tolist() == [6.5, 5.5]


def test_shifts_follow_the_calendar_or_each_replicates_own() -> None:
    shifts = np.array([[1.0, 2.0], [10.0, 20.0]])
    state = state_of(2)
    assert story(shift_periods(state, [0, 1, 2], np.array([0, 0, 1]), shifts), lambda: state.shift.tolist()) == [
        (0 + hours.SHIFT, [1, 2]),
        (1 + hours.SHIFT, [1, 2]),
        (2 + hours.SHIFT, [10, 20]),
    ]
    assert state.latent.tolist() == [12, 24]
    own = np.array([[0, 0], [1, 0], [1, 1]])
    seen = [shift for _, shift in story(shift_periods(state, [0, 1, 2], own, shifts), lambda: state.shift.tolist())]
    assert seen == [[1, 2], [10, 2], [10, 20]]
