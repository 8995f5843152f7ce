"""The paired t test in closed form, against exact rates and the formula."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from n1trial import formulas
from n1trial.design.randomization import Randomization
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses, TimeCourse
from n1trial.evaluation.screening.paired import difference_variance, paired_power, t_rejects
from tests.evaluation.screening.noise import ar1, plain
from tests.evaluation.screening.test_courses import layout_of

TABLE = Path(__file__).parents[2] / "verification/data/power/exact.csv"
EXACT = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
PLAN = Plan(discard_days=0, minimum_days=1)


@pytest.mark.parametrize(
    "row", EXACT, ids=lambda row: f"{row['periods']}x{row['period_days']} {row['phi']} {row['effect']}"
)
def test_power_and_variance_are_exact_without_carryover(row: dict[str, str]) -> None:
    cycles, period_days = int(row["periods"]) // 2, int(row["period_days"])
    layout = layout_of(Randomization("pairs", cycles), period_days=period_days)
    courses, patient = Courses.of(layout), plain(layout.treated_days, ar1(float(row["phi"])))
    variance = difference_variance(courses, patient, 0)
    assert variance == pytest.approx(float(row["pair_diff_var"]), rel=1e-11)
    exposure = courses.exposure(TimeCourse(0.0, 0.0))
    found = paired_power(courses, exposure, patient, PLAN, (float(row["effect"]),))[0]
    assert found == pytest.approx(float(row["nct_paired"]), abs=3e-4)
    assert found == pytest.approx(float(row["exact_paired_t"]), abs=0.003)


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("cycles", [2, 3, 6, 20])
def test_the_table_is_the_formula(cycles: int, sides: int) -> None:
    for ratio in (0.0, 0.37, 1.01, 2.5):
        found = t_rejects(np.array([ratio * np.sqrt(cycles)]), cycles - 1, 0.05, sides)[0]
        assert found == pytest.approx(formulas.paired_power(ratio, cycles, 0.05, sides), abs=3e-4)


@pytest.mark.parametrize("jitter", [0, 3])
@pytest.mark.parametrize("washout_days", [0, 2, 5])
@pytest.mark.parametrize("discard_days", [0, 2])
def test_shifts_of_the_calendar_enter_a_difference_as_far_as_they_differ(
    discard_days: int, washout_days: int, jitter: int
) -> None:
    """Periods that reach into the stretch beside share its shift."""
    layout = layout_of(Randomization("pairs", 1, jitter_days=jitter, jitter_step_days=3), washout_days, 10)
    courses = Courses.of(layout)
    noise = ar1(0.0, 1e-9, shift_sd=0.7)
    found = difference_variance(courses, plain(layout.treated_days, noise), discard_days)
    stretch = np.searchsorted(courses.stretch_starts, np.arange(layout.treated_days), side="right")
    start, length = courses.spans
    for column in range(start.shape[1]):
        weights = np.zeros(3)
        for period, sign in ((0, 1), (1, -1)):
            days = np.arange(start[period, column] + discard_days, start[period, column] + length[period, column])
            np.add.at(weights, stretch[days], sign / days.size)
        assert found[0, column] == pytest.approx(0.49 * (weights**2).sum(), rel=1e-9)


@pytest.mark.parametrize("shift_days", [1, 8, 40])
@pytest.mark.parametrize(("jitter", "washout_days", "discard_days"), [(0, 0, 0), (3, 2, 2)])
def test_shifts_of_the_patients_own_life_enter_a_difference_by_their_covariance(
    jitter: int, washout_days: int, discard_days: int, shift_days: int
) -> None:
    layout = layout_of(Randomization("pairs", 1, jitter_days=jitter, jitter_step_days=3), washout_days, 10)
    courses, noise = Courses.of(layout), replace(ar1(0.0, 1e-9, shift_sd=0.7), shift_days=shift_days)
    found = difference_variance(courses, plain(layout.treated_days, noise), discard_days)
    start, length = courses.spans
    day = np.arange(layout.treated_days)
    covariance = 0.49 * np.maximum(0, 1 - np.abs(np.subtract.outer(day, day)) / shift_days)
    for column in range(start.shape[1]):
        weights = np.zeros(len(day))
        for period, sign in ((0, 1), (1, -1)):
            days = np.arange(start[period, column] + discard_days, start[period, column] + length[period, column])
            weights[days] = sign / days.size
        assert found[0, column] == pytest.approx(weights @ covariance @ weights, rel=1e-9)


def test_leaving_and_missing_cost_pairs() -> None:
    layout = layout_of(Randomization("pairs", 4), period_days=14)
    courses, plan = Courses.of(layout), Plan(discard_days=0, minimum_days=10)
    exposure = courses.exposure(TimeCourse(0.0, 0.0))

    def power(written_share: float, hazard: float) -> float:
        patient = plain(layout.treated_days, ar1(0.0, 1.0, written_share=written_share), hazard=hazard)
        return paired_power(courses, exposure, patient, plan, (1.0,))[0]

    assert power(1.0, 0.0) > power(0.8, 0.0) > power(0.5, 0.0)
    assert power(1.0, 0.0) > power(1.0, 0.002) > power(1.0, 0.02)
    assert power(0.1, 0.0) < 0.01
