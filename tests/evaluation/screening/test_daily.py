"""Standard errors of the daily models, against formulas and dense covariance matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from n1trial import formulas
from n1trial.arrays import Floats
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.diary.plan import Plan
from n1trial.evaluation.screening.courses import Courses, TimeCourse
from n1trial.evaluation.screening.daily import daily_power
from n1trial.evaluation.screening.expected_patient import Noise
from n1trial.evaluation.screening.least_squares import ModelDays, ScreenFit, planned_shift_sd
from tests.evaluation.screening.noise import ar1, plain
from tests.evaluation.screening.test_courses import layout_of


def weeks(layout: Layout) -> Floats:
    """Trend of a model, as a column."""
    return np.arange(layout.treated_days, dtype=np.float64)[:, np.newaxis] / 7


def standard_errors(courses: Courses, days: ModelDays, noise: Noise) -> Floats:
    """Standard error at the scenario's noise, all stretches seen, by assignment."""
    error: Floats = 1 / np.sqrt(ScreenFit(courses, days, noise, np.array([courses.stretches])).information[-1, -1])
    return error


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.7])
@pytest.mark.parametrize("sequence", ["ABAB", "BAAB", "ABBABA"])
def test_contrast_on_all_days_has_the_error_of_the_formula(sequence: str, correlation: float) -> None:
    courses = Courses.of(layout_of(Randomization("fixed", len(sequence) // 2, sequence=sequence), period_days=21))
    on_drug = courses.on_drug.astype(np.float64)
    found = standard_errors(courses, ModelDays(on_drug, on_drug, None, 1), ar1(correlation, 1.4))
    wanted = formulas.gls_standard_error(sequence, 21, correlation, 1.4)
    assert found[0] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("discard_days", "shift_sd", "rel"), [(0, 0.0, 1e-10), (5, 0.0, 1e-10), (0, 0.6, 0.08), (5, 0.6, 0.03)]
)
@pytest.mark.parametrize("has_trend", [False, True])
def test_errors_of_exposure_and_contrast_by_dense_matrices(
    discard_days: int, has_trend: bool, shift_sd: float, rel: float
) -> None:
    """Exact without shifts; with them the day before a stretch says nothing of its shift, which costs some hundredths.

    The case is a hard one: large shifts of short stretches, and much memory from day to day.
    """
    layout = layout_of(Randomization("pairs", 3), washout_days=2, period_days=14)
    courses, noise = Courses.of(layout), ar1(0.5, 1.3, shift_sd=shift_sd)
    exposure = courses.exposure(TimeCourse(4.0, 6.0))
    usable = courses.is_settled(discard_days) if discard_days else None
    gap = discard_days + layout.washout_days + 1 if discard_days else 1
    days = ModelDays(exposure, exposure, usable, gap, (weeks(layout),) if has_trend else ())
    found = standard_errors(courses, days, noise)
    day = np.arange(layout.treated_days)
    lag = np.abs(np.subtract.outer(day, day))
    stretch = np.searchsorted(courses.stretch_starts, day, side="right")
    covariance = 1.3**2 * 0.5**lag + shift_sd**2 * np.equal.outer(stretch, stretch)
    for column in range(exposure.shape[1]):
        kept = np.ones(day.size, dtype=bool) if usable is None else usable[:, 0]
        columns = [np.ones(day.size), exposure[:, column], *([day] if has_trend else [])]
        design = np.stack(columns, axis=1)[kept]
        information = design.T @ np.linalg.solve(covariance[np.ix_(kept, kept)], design)
        assert found[column] == pytest.approx(np.sqrt(np.linalg.inv(information)[1, 1]), rel=rel)


@pytest.mark.parametrize("shift_days", [1, 9, 60])
@pytest.mark.parametrize(("washout_days", "discard_days"), [(0, 0), (2, 5)])
@pytest.mark.parametrize("correlation", [0.01, 0.5])
def test_shifts_of_the_patients_own_life_by_dense_matrices(
    washout_days: int, discard_days: int, correlation: float, shift_days: int
) -> None:
    """What the estimate would be of each day's score, by unit scores, gives its variance; two of three rounds seen."""
    layout = layout_of(Randomization("pairs", 3), washout_days, 14)
    courses, noise = Courses.of(layout), replace(ar1(correlation, 1.3, shift_sd=0.6), shift_days=shift_days)
    exposure = courses.exposure(TimeCourse(4.0, 6.0))
    usable = courses.is_settled(discard_days) if discard_days else None
    days = ModelDays(exposure, exposure, usable, discard_days + layout.washout_days + 1, (weeks(layout),))
    fit = ScreenFit(courses, days, noise, np.array([4, 6]))
    unit = np.eye(layout.treated_days)
    weights = np.stack([fit.coefficient(column[:, np.newaxis]) for column in unit])  # (day, ending, assignment)
    lag = np.abs(np.subtract.outer(np.arange(len(unit)), np.arange(len(unit))))
    stretch = np.searchsorted(courses.stretch_starts, np.arange(len(unit)), side="right")
    of_life = 0.36 * np.maximum(0, 1 - lag / shift_days)
    planned = planned_shift_sd(courses, noise) ** 2 * np.equal.outer(stretch, stretch)
    wanted = np.einsum("dea,df,fea->ea", weights, of_life - planned, weights)
    assert fit.misfit() == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_stretches_of_the_patients_own_life_set_planned_ones_apart_as_far_as_they_do() -> None:
    courses = Courses.of(layout_of(Randomization("pairs", 3), 0, 14))
    calendar = ar1(0.3, shift_sd=0.6)
    assert planned_shift_sd(courses, calendar) == 0.6
    spans = [planned_shift_sd(courses, replace(calendar, shift_days=days)) for days in (1, 7, 14, 60, 366)]
    assert spans[0] == pytest.approx(0.6 / np.sqrt(14))
    assert max(spans) < 0.6
    assert spans[-1] < spans[3] < spans[2]


def test_no_power_without_days_on_both_treatments_and_all_of_it_at_huge_effects() -> None:
    layout = layout_of(Randomization("pairs", 4), period_days=21)
    courses = Courses.of(layout)
    exposure = courses.exposure(TimeCourse(1.0, 1.0))
    days, noise = ModelDays(exposure, exposure, None, 1, (weeks(layout),)), ar1(0.3)
    stays = plain(layout.treated_days, noise)
    leaves = plain(layout.treated_days, noise, hazard=10.0)
    assert daily_power(courses, days, stays, Plan(), (0.0, 100.0))[1] == pytest.approx(1.0)
    assert daily_power(courses, days, leaves, Plan(), (100.0,))[0] == pytest.approx(0.0, abs=1e-12)


def test_placebo_response_that_rises_with_the_drug_raises_false_alarms() -> None:
    layout = layout_of(Randomization("pairs", 3), period_days=49)
    courses = Courses.of(layout)
    exposure = courses.exposure(TimeCourse(21.0, 45.0))
    days, noise = ModelDays(exposure, exposure, None, 1, (weeks(layout),)), ar1(0.3, 1.4, shift_sd=0.4)
    rise = 1 - np.exp(-np.arange(1, layout.treated_days + 1) / 10)
    without, responding = (
        daily_power(courses, days, plain(layout.treated_days, noise, placebo=rise, response=size), Plan(), (0.0,))[0]
        for size in (0.0, 1.5)
    )
    assert without < 0.06
    assert responding > without + 0.015
