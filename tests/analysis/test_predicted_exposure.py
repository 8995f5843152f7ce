from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import n1trial
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.diary.diary import Diary
from n1trial.exposure import course
from n1trial.simulation.simulate import simulate_batch
from tests.analysis.diaries import of_periods
from tests.reference.cases import plain

ONSET_DAYS, OFFSET_DAYS = 3.0, 8.0


def on_days(diary: Diary, rows: list[int]) -> Diary:
    """Diary of which only some rows were brought home."""
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score", "doses_taken")
    return replace(diary, **{name: getattr(diary, name)[rows] for name in names if getattr(diary, name) is not None})


def test_is_what_the_simulated_patient_has_when_the_constants_are_right() -> None:
    scenario = n1trial.load_scenario("b12-6-to-8-week").replace(**{"conduct.adherence": 0.8})
    batch = simulate_batch(scenario, width=20, record=True)
    found = predicted_exposure(batch.diaries.observed, 21.0, 45.0)
    assert_array_equal(found, batch.history["exposure"])


def test_goes_by_planned_doses_where_asked_to() -> None:
    diary = of_periods("ABA", [[5.0] * 4] * 3, run_in=[6, 6])
    some = replace(diary, doses_taken=np.arange(14)[:, np.newaxis] % 3 > 0)
    planned = predicted_exposure(some, ONSET_DAYS, OFFSET_DAYS, doses=False)
    assert_array_equal(planned[2:], course(diary.treatment[2:] == 1, ONSET_DAYS, OFFSET_DAYS))
    assert_array_equal(planned[:2], 0)
    assert (predicted_exposure(some, ONSET_DAYS, OFFSET_DAYS) < planned)[4:].all()


def test_replicates_that_share_a_calendar_share_their_exposure() -> None:
    diary = of_periods("AB", [[5.0] * 3] * 2)
    twice = replace(diary, score=np.repeat(diary.score, 2, axis=1))
    assert predicted_exposure(twice, 1.0, 1.0).shape == (6, 1)
    assert predicted_exposure(replace(twice, doses_taken=np.full((6, 2), True)), 1.0, 1.0).shape == (6, 2)


@pytest.mark.parametrize("doses_taken", [None, np.full((12, 1), True)])
def test_runs_over_days_that_are_not_in_the_diary(doses_taken: np.ndarray | None) -> None:
    diary = replace(of_periods("ABA", [[5.0] * 4] * 3), doses_taken=doses_taken)
    kept = [1, 2, 4, 7, 8, 11]  # every period from its first day on that is in the diary, but the first period
    found = predicted_exposure(on_days(diary, kept), ONSET_DAYS, OFFSET_DAYS)
    assert_array_equal(found, predicted_exposure(diary, ONSET_DAYS, OFFSET_DAYS)[kept])


def test_a_day_that_is_not_in_the_diary_is_taken_for_the_one_before() -> None:
    diary = of_periods("AB", [[5.0] * 4] * 2)
    found = predicted_exposure(on_days(diary, [0, 1, 2, 3, 6, 7]), 0.0, 0.0)
    assert_array_equal(found[:, 0], [1, 1, 1, 1, 0, 0])
    held = predicted_exposure(on_days(diary, [0, 1, 2, 3, 6, 7]), 2.0, 2.0)[4, 0]
    assert held == course(np.array([1, 1, 1, 1, 1, 1, 0, 0]) == 1, 2.0, 2.0)[6]


def test_a_diary_of_the_run_in_alone_has_none() -> None:
    assert_array_equal(predicted_exposure(of_periods("", [], run_in=[5, 6]), 1.0, 1.0), np.zeros((2, 1)))


def test_a_weekly_dose_acts_for_its_week_and_a_missed_one_does_not() -> None:
    scenario = plain(
        design={"cycles": 2, "period_days": 10},
        treatment={"every_days": 4, "onset_days": 3.0, "offset_days": 5.0},
        conduct={"adherence": 0.5},
    )
    batch = simulate_batch(scenario, seed=4, width=50, record=True)
    diary = batch.diaries.observed
    predicted = predicted_exposure(diary, 3.0, 5.0)
    np.testing.assert_allclose(predicted, batch.history["exposure"].astype(np.float64), atol=1e-12)
    assert (predicted_exposure(diary, 3.0, 5.0, doses=False) != predicted).any()
