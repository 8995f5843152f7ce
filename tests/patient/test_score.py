"""Where the score of a day begins, and how it is written down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.patient import hours
from n1trial.patient.score import begin_days, on_scale, rate
from tests.patient.stories import script, state_of, story


def test_a_day_begins_from_baseline_and_trend() -> None:
    state = state_of(2, latent=[99, 99])
    assert story(begin_days(state, [-7, 0, 14], 6.0, 0.5, 0.0), lambda: state.latent.tolist()) == [
        (-7 + hours.BEGIN, [5.5, 5.5]),
        (0 + hours.BEGIN, [6.0, 6.0]),
        (14 + hours.BEGIN, [7.0, 7.0]),
    ]


def test_the_week_is_highest_on_saturday_in_the_run_in_too() -> None:
    state = state_of(1)
    seen = story(begin_days(state, list(range(-7, 7)), 6.0, 0.0, 1.0), lambda: float(state.latent[0]))
    week = [level for _, level in seen[7:]]
    assert np.argmax(week) == 5
    assert week[5] == 7.0
    assert np.mean(week) == pytest.approx(6.0)
    assert [level for _, level in seen[:7]] == week


@pytest.mark.parametrize(
    ("step", "low", "written"),
    [
        (1.0, 0.0, [0, 0, 0, 2, 2, 10, 10]),
        (0.5, 0.0, [0, 0.5, 0.5, 1.5, 2.5, 10, 10]),
        (2.0, 1.0, [1, 1, 1, 1, 3, 9, 10]),
        (0.0, 0.0, [0, 0.4, 0.5, 1.5, 2.5, 9.9, 10]),
    ],
)
def test_scores_are_rounded_from_the_low_end_halves_to_even_and_clipped(
    step: float, low: float, written: list[float]
) -> None:
    scores = np.array([-3, 0.4, 0.5, 1.5, 2.5, 9.9, 1e9])
    assert on_scale(scores, low, 10.0, step, out=np.empty(7)).tolist() == written


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
    st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    st.sampled_from([(0.0, 10.0), (-5.0, 5.0), (1.0, 7.0)]),
)
def test_what_is_written_is_on_the_scale_and_within_half_a_step(
    scores: list[float], step: float, scale: tuple[float, float]
) -> None:
    low, high = scale
    written = on_scale(np.array(scores), low, high, step, out=np.empty(len(scores)))
    assert ((written >= low) & (written <= high)).all()
    inside = np.clip(scores, low, high)
    assert (np.abs(written - inside) <= step / 2 + 1e-12).all()


def test_the_diary_has_noise_of_its_own_which_the_latent_score_has_not() -> None:
    state = state_of(2, latent=[5.0, 6.0])
    written = np.zeros((2, 2))
    process = rate(state, [3, 4], written, (0.0, 10.0), 0.0, 0.5, script([1, -1], [2, -20]))
    assert [time for time, _ in story(process, lambda: None)] == [3 + hours.SCORE, 4 + hours.SCORE]
    assert written.tolist() == [[5.5, 5.5], [6.0, 0.0]]
    assert state.latent.tolist() == [5.0, 6.0]
