from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from n1trial.diary.file.scores import Scores
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate
from n1trial.study.calibration.mean_structure import BASELINE, BLINDED, DRUG, PLACEBO, TREND, WEEKLY, Level, level

BASE = load_scenario("minimal").replace(**{"conduct.dropout_per_week": 0.0, "patient.period_shift_follows": "calendar"})
OF_LIFE = BASE.replace(**{"patient.period_shift_follows": "nature", "patient.shift_days": 30})
JITTERED = BASE.replace(**{"design.period_days": 28, "design.switch_jitter_days": 7, "analysis.discard_days": 7})


def finished(scenario: Scenario = BASE) -> Scores:
    return Scores.of(simulate(scenario, replicates=1, seed=4).observed)


def blinded(scores: Scores, first: int = -10_000) -> Scores:
    """The same diary from a day on, without its treatments."""
    at = scores.day >= first
    return Scores(scores.day[at], scores.score[at], scores.doses[at], scores.weekday_of_day_0)


def stretch_of(level: Level) -> NDArray[np.int64]:
    """Return the stretch that each day belongs to, -1 for none."""
    return np.where(level.shifts.any(axis=1), level.shifts.argmax(axis=1), -1)


def test_a_finished_trial_tells_all_terms() -> None:
    scores = finished()
    found = level(scores, BASE)
    assert set(found.terms) == {BASELINE, TREND, WEEKLY, DRUG, PLACEBO}
    assert (found.offsets, found.is_told, found.has_shifts, found.notes) == ({}, True, True, ())
    np.testing.assert_allclose(found.terms[TREND], scores.day / 7)
    assert found.terms[WEEKLY][scores.day % 7 == 5] == pytest.approx(1.0)
    assert not found.terms[PLACEBO][scores.day < 0].any()
    assert found.terms[DRUG].max() == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_array_equal(stretch_of(found), BASE.layout().stretch_of_day)


def test_a_run_in_tells_neither_drug_nor_placebo_nor_shifts() -> None:
    scores = finished()
    at = scores.day < 0
    run_in = Scores(scores.day[at], scores.score[at], scores.doses[at], None)
    found = level(run_in, BASE)
    assert set(found.terms) == {BASELINE, TREND}
    assert (found.offsets, found.is_told, found.has_shifts) == ({}, True, False)
    assert found.entries(run_in).shifts.shape == (14, 0)


def test_a_blinded_diary_leaves_drug_and_placebo_together() -> None:
    found = level(blinded(finished()), BASE)
    assert set(found.terms) == {BASELINE, TREND, WEEKLY, BLINDED}
    assert not found.is_told


def test_without_a_run_in_the_stated_placebo_response_is_taken_away() -> None:
    scenario = BASE.replace(**{"placebo.response": -1.5})
    scores = blinded(finished(scenario), first=0)
    found = level(scores, scenario)
    assert set(found.terms) == {BASELINE, TREND, WEEKLY}
    assert found.offsets[PLACEBO][-1] == pytest.approx(-1.5)
    entries = found.entries(scores)
    np.testing.assert_allclose(entries.score, (scores.score - found.offsets[PLACEBO])[scores.is_entry])


def test_where_a_change_over_may_be_the_level_of_a_blinded_diary_is_free_to_change() -> None:
    scores = blinded(finished(JITTERED))
    stretch = stretch_of(level(scores, JITTERED))
    changes = scores.day[1:][np.diff(stretch) > 0].tolist()
    assert changes == [0, 21, 28, 35, 56, 77, 84, 91, 112, 133, 140, 147]


def test_shifts_follow_the_planned_calendar_and_not_the_switch() -> None:
    found = level(finished(JITTERED), JITTERED)
    np.testing.assert_array_equal(stretch_of(found), JITTERED.layout().stretch_of_day)


def test_a_diary_of_another_calendar_is_told_by_its_own_periods() -> None:
    scores = finished(BASE.replace(**{"design.period_days": 30}))
    found = level(scores, BASE)
    assert scores.day[1:][np.diff(stretch_of(found)) > 0].tolist() == [0, 30, 60, 90, 120, 150]
    assert found.notes == (
        "The diary was not kept on the scenario's calendar: shifts are told between its own periods.",
    )


def test_a_term_may_be_taken_from_the_scenario_instead() -> None:
    scores = finished()
    found = level(scores, BASE).without(TREND, 0.1 * scores.day / 7)
    assert TREND not in found.terms
    entries = found.entries(scores)
    np.testing.assert_allclose(entries.score, (scores.score - 0.1 * scores.day / 7)[scores.is_entry])


def test_shifts_of_the_patients_own_life_have_nearly_the_covariance_of_the_triangle() -> None:
    scores = finished(OF_LIFE)
    found = level(scores, OF_LIFE)
    shared = found.shifts @ found.shifts.T
    wanted = np.maximum(0, 1 - np.abs(np.subtract.outer(scores.day, scores.day)) / 30)
    assert np.abs(shared - wanted).max() < 0.1
    assert np.abs(shared - wanted).mean() < 0.01
    assert found.shifts.shape[1] < scores.day.size / 4
    assert found.has_shifts


def test_a_run_in_leaves_the_level_unsure_by_a_shift_and_tells_nothing_of_its_size() -> None:
    scores = finished(OF_LIFE)
    at = scores.day < 0
    run_in = Scores(scores.day[at], scores.score[at], scores.doses[at], None)
    found = level(run_in, OF_LIFE)
    assert not found.has_shifts
    assert (found.shifts**2).sum(axis=1) == pytest.approx(np.ones(14), abs=0.1)


def test_a_blinded_diary_is_free_to_change_with_the_capsules_alone() -> None:
    scores = blinded(finished(OF_LIFE))
    np.testing.assert_array_equal(level(scores, OF_LIFE).shifts, level(scores, BASE).shifts)
