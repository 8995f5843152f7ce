"""The days of a layout under its assignments, against the schedules that are dispensed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.screening.courses import MOST_ASSIGNMENTS, Courses, TimeCourse
from n1trial.evaluation.screening.paired import cycle_differences
from n1trial.exposure import course

LAYOUTS = {
    "pairs": Randomization("pairs", 3),
    "change-over drawn": Randomization("pairs", 2, jitter_days=2, jitter_step_days=1),
    "balanced": Randomization("balanced", 3),
    "constrained": Randomization("constrained", 3, max_run=2),
    "blocks": Randomization("blocks", 4, block_cycles=2),
    "counterbalanced": Randomization("counterbalanced", 3),
}


def layout_of(randomization: Randomization, washout_days: int = 0, period_days: int = 10) -> Layout:
    return Layout("crossover", 3, "open", randomization.cycles, period_days, washout_days, randomization)


@pytest.mark.parametrize("washout_days", [0, 3])
@pytest.mark.parametrize("randomization", LAYOUTS.values(), ids=LAYOUTS)
def test_days_are_those_of_the_schedule(randomization: Randomization, washout_days: int) -> None:
    layout = layout_of(randomization, washout_days)
    courses = Courses.of(layout)
    schedule = lay_out(layout, courses.assignment)
    on_drug = schedule.treatment[layout.run_in_days :] == 1
    assert np.array_equal(courses.on_drug, on_drug)
    settled = (schedule.day_of_period >= 4)[layout.run_in_days :]
    assert np.array_equal(
        np.broadcast_to(courses.is_settled(4), on_drug.shape), np.broadcast_to(settled, on_drug.shape)
    )
    for onset_days, offset_days in ((0.0, 0.0), (3.0, 7.0), (0.0, 5.0)):
        np.testing.assert_allclose(
            courses.exposure(TimeCourse(onset_days, offset_days)), course(on_drug, onset_days, offset_days), atol=1e-14
        )


def test_exposure_with_missed_doses_is_the_mean_over_all_ways_to_miss_them() -> None:
    courses = Courses.of(layout_of(Randomization("fixed", 1, sequence="AB"), period_days=5))
    chance, mean = 0.8, np.zeros(10)
    for taken in product([True, False], repeat=5):
        doses = np.array([*taken, *[False] * 5])
        mean += np.prod(np.where(taken, chance, 1 - chance)) * course(doses, 2.0, 3.0)
    np.testing.assert_allclose(courses.exposure(TimeCourse(2.0, 3.0, chance))[:, 0], mean, atol=1e-14)


@pytest.mark.parametrize(("onset_days", "offset_days"), [(1.0, 1.0), (0.0, 0.0), (2.0, 5.0)])
def test_unsteadiness_is_the_variance_over_all_ways_to_miss_doses(onset_days: float, offset_days: float) -> None:
    courses = Courses.of(layout_of(Randomization("fixed", 1, sequence="AB"), period_days=6))
    chance, correlation = 0.8, 0.4
    squares, mean = np.zeros(12), courses.exposure(TimeCourse(onset_days, offset_days, chance))[:, 0]
    for taken in product([True, False], repeat=6):
        doses = np.array([*taken, *[False] * 6])
        away = course(doses, onset_days, offset_days) - mean
        freed = (away - correlation * np.append(0.0, away[:-1])) / np.sqrt(1 - correlation**2)
        squares += np.prod(np.where(taken, chance, 1 - chance)) * freed**2
    found = courses.unsteadiness(TimeCourse(onset_days, offset_days, chance), correlation)
    np.testing.assert_allclose(found[:, 0], squares, atol=1e-14)


def test_all_assignments_where_they_are_few_and_always_the_same_sample_where_many() -> None:
    few, many = (Courses.of(layout_of(LAYOUTS[name])) for name in ("balanced", "change-over drawn"))
    assert few.assignment.order.shape[1] == 20
    assert many.assignment.order.shape[1] == MOST_ASSIGNMENTS
    again = Courses.of(layout_of(LAYOUTS["change-over drawn"]))
    assert np.array_equal(many.assignment.shift, again.assignment.shift)


@pytest.mark.parametrize("discard_days", [0, 4])
@pytest.mark.parametrize("name", ["pairs", "balanced", "constrained", "counterbalanced"])
def test_cycle_differences_see_the_attenuation(name: str, discard_days: int) -> None:
    layout = layout_of(LAYOUTS[name], washout_days=2)
    courses = Courses.of(layout)
    seen = cycle_differences(courses, courses.exposure(TimeCourse(4.0, 6.0)), discard_days)
    assert seen.mean() == pytest.approx(attenuation(layout, 4.0, 6.0, discard_days), abs=1e-13)
