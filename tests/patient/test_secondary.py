"""Secondary outcomes on days of their own."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from n1trial.patient import hours
from n1trial.patient.secondary import SecondaryScore, hour_of, observe_secondary
from tests.patient.stories import script, state_of, story

SLEEP = SecondaryScore(
    scale=(0.0, 12.0), step=0.0, every_days=3, baseline=6.0, daily_sd=0.0, autocorrelation=0.0, diary_sd=0.0,
    placebo_response=0.0, correlation=0.0,
)  # fmt: skip


def test_own_days_are_the_last_of_each_stretch_from_day_0_and_before() -> None:
    assert SLEEP.own_days(list(range(-5, 7))) == [-4, -1, 2, 5]


def test_noise_is_carried_from_one_own_day_to_the_next_and_moves_with_the_primary() -> None:
    outcome = replace(SLEEP, daily_sd=2.0, autocorrelation=0.6, correlation=0.8)
    state = state_of(1, innovation=[1.0])
    scores = np.full((2, 1), np.nan)
    process = observe_secondary(
        state, [0, 1, 2, 3, 4, 5], 0.5, outcome, np.zeros(1), [], scores, script([-1.0], [2.0]), None
    )
    assert [time for time, _ in story(process, lambda: None)] == [2.5, 5.5]
    first = 0.8 * 1 + 0.6 * -1
    second = 0.6 * first + 0.8 * (0.8 * 1 + 0.6 * 2)
    assert scores[:, 0].tolist() == pytest.approx([6 + 2 * first, 6 + 2 * second])


def test_drug_placebo_and_triggers_move_it_each_in_its_own_measure() -> None:
    outcome = replace(SLEEP, placebo_response=0.5, diary_sd=0.25)
    state = state_of(2, exposure=[0.5, 1.0], belief=[0.5, 1.0])
    state.placebo_course = 0.5
    state.trigger_loads = [np.array([1.0, 0.0]), np.array([0.5, 0.0])]
    scores = np.full((1, 2), np.nan)
    list(
        observe_secondary(
            state, [2], 0.5, outcome, np.array([2.0, -2.0]), [-1.0, 3.0], scores, script([0, 0]), script([2, -2])
        )
    )
    assert scores[0].tolist() == [6 + 1 + 0.25 - 1 + 1.5 + 0.5, 6 - 2 + 0.5 - 0.5]


def test_it_is_written_on_its_own_scale_and_not_after_dropout() -> None:
    state = state_of(3, is_out=[False, False, True])
    scores = np.full((1, 3), np.nan)
    outcome = replace(SLEEP, step=0.5, scale=(1.0, 5.5), daily_sd=1.0)
    list(observe_secondary(state, [2], 0.5, outcome, np.zeros(3), [], scores, script([-1.3, 9, 0]), None))
    assert scores[0, :2].tolist() == [4.5, 5.5]
    assert math.isnan(scores[0, 2])


def test_outcomes_are_observed_one_after_the_other_between_entry_and_guess() -> None:
    times = [hour_of(position) for position in range(20)]
    assert [hours.ENTRY, *times, hours.GUESS] == sorted({hours.ENTRY, *times, hours.GUESS})
