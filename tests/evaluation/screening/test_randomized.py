"""The randomization test in closed form: levels that can be reached, and what moves its power."""

from __future__ import annotations

import math
from typing import Any

import pytest

from n1trial.design.randomization import Randomization
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses, TimeCourse
from n1trial.evaluation.screening.randomized import randomization_power, reachable_level
from tests.evaluation.screening.noise import ar1, plain
from tests.evaluation.screening.test_courses import layout_of

SLOW = Plan(assumed_onset_days=3.0, assumed_offset_days=5.0)


@pytest.mark.parametrize(
    ("randomization", "plan", "level"),
    [
        (Randomization("pairs", 3), SLOW, 0.0),
        (Randomization("pairs", 5), SLOW, 0.0),  # one order of 32 in either direction is beyond .05
        (Randomization("pairs", 5), Plan(sides=1), 1 / 32),
        (Randomization("pairs", 6), SLOW, 2 / 64),
        (Randomization("balanced", 4), SLOW, 2 / 70),
        (Randomization("balanced", 4), Plan(sides=1), 3 / 70),
        (Randomization("pairs", 3, jitter_days=1, jitter_step_days=1), SLOW, 10 / 216),
        (Randomization("balanced", 12), SLOW, 0.05),
    ],
)
def test_level_that_can_be_reached(randomization: Randomization, plan: Plan, level: float) -> None:
    courses = Courses.of(layout_of(randomization))
    assert reachable_level(courses, 2 * randomization.cycles, plan) == pytest.approx(level, rel=0.002)


def test_ends_early_tell_fewer_assignments_apart() -> None:
    courses = Courses.of(layout_of(Randomization("pairs", 8)))
    levels = [reachable_level(courses, stretches, SLOW) for stretches in range(1, 17)]
    assert levels[:6] == [0.0] * 6
    assert levels[-1] == pytest.approx(math.floor(0.05 * 256) / 256, rel=0.002)


def power(cycles: int, effect: float, **noise: Any) -> float:
    layout = layout_of(Randomization("balanced", cycles), period_days=14)
    courses, course = Courses.of(layout), TimeCourse(3.0, 5.0)
    exposure = courses.exposure(course)
    patient = plain(layout.treated_days, ar1(0.3, 1.4, **noise))
    return randomization_power(courses, exposure, exposure, patient, SLOW, (effect,))[0]


def test_power_rises_from_the_level_with_effect_and_cycles_and_falls_with_noise() -> None:
    assert power(6, 0.0) == pytest.approx(46 / 924, abs=0.008)
    assert power(6, 0.0) < power(6, 0.5) < power(6, 1.0) < power(8, 1.0)
    assert power(6, 1.0, shift_sd=0.4) < power(6, 1.0)
    assert power(6, 1.0, written_share=0.5) < power(6, 1.0)
    assert power(6, 50.0) > 0.99


def test_shifts_of_the_patients_own_life_cost_power_unless_they_outlast_the_trial() -> None:
    assert power(6, 1.0, shift_sd=0.8, shift_days=60) < power(6, 1.0) - 0.05
    assert power(6, 1.0, shift_sd=0.8, shift_days=60) < power(6, 1.0, shift_sd=0.8, shift_days=366)
