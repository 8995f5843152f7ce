from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.design.assignment import Assignment
from n1trial.design.schedule import lay_out
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.life import life_in, live, live_on
from n1trial.simulation.simulate import BATCH_WIDTH, simulate, simulate_batch
from tests.simulation.lives import WIDTH, lived, quiet
from tests.strategies import scenarios


@pytest.mark.parametrize("replicate", [0, 7, BATCH_WIDTH + 3])
def test_any_replicate_can_be_made_again(replicate: int) -> None:
    scenario = quiet(
        patient={"daily_sd": 1.0},
        treatment={"effect_sd": 1.0},
        conduct={"missing": 0.3, "adherence": 0.7},
        design={"switch_jitter_days": 2, "switch_jitter_step_days": 1},
    )
    diaries = simulate(scenario, BATCH_WIDTH + 10, seed=5)
    life = live(scenario, replicate, seed=5)
    np.testing.assert_array_equal(life.score, diaries.score[:, replicate])
    np.testing.assert_array_equal(life.period, diaries.observed.period[:, replicate])
    assert diaries.observed.doses_taken is not None
    np.testing.assert_array_equal(life.is_taken, diaries.observed.doses_taken[:, replicate])
    assert life.effect == diaries.truth[replicate]
    assert life.replicate == replicate


@settings(max_examples=50, deadline=None)
@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1), column=st.integers(0, WIDTH - 1))
def test_entries_are_lost_where_nothing_is_filled_in(scenario: Scenario, seed: int, column: int) -> None:
    # without learning and without leaving when worse, what is filled in changes nothing else
    apart = {"blinding.learning": 0.0, "conduct.dropout_when_worse": 0.0}
    filled = lived(scenario.replace(**apart, **{"conduct.backfilled": 0.5}), column, seed)
    empty = lived(scenario.replace(**apart, **{"conduct.backfilled": 0.0}), column, seed)
    np.testing.assert_array_equal(filled.is_lost, empty.is_lost)
    np.testing.assert_array_equal(empty.is_lost, np.isnan(empty.score) & empty.is_recorded)
    assert not empty.is_filled.any()
    np.testing.assert_array_equal(filled.is_filled, np.isnan(empty.score) & ~np.isnan(filled.score))


@settings(max_examples=50, deadline=None)
@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1))
def test_every_array_has_a_value_a_day(scenario: Scenario, seed: int) -> None:
    life = lived(scenario, 1, seed)
    arrays = [life.exposure, life.belief, life.is_due, life.is_taken, life.is_lost, life.is_filled, life.is_in_gap]
    arrays += [life.score, life.period, life.cycle, life.treatment, life.is_recorded, *life.hits.values()]
    assert {array.shape for array in arrays} == {life.day.shape}
    assert life.diary.replicates == 1
    assert not life.is_due[life.day < 0].any()
    assert set(life.tell_days) <= set(life.day.tolist())
    assert life.dropout_day is None or 0 < life.dropout_day <= life.day[-1]


def test_a_dose_is_due_every_so_many_days_of_a_period_and_of_a_washout() -> None:
    life = lived(quiet(treatment={"every_days": 3}, design={"washout_days": 5, "run_in_days": 2}))
    #                                      run-in  A        washout    B
    assert life.is_due.astype(int).tolist() == [0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1]


def test_a_trigger_strikes_where_its_load_is_full() -> None:
    scenario = quiet(trigger=[{"name": "coffee", "days_per_week": 3.5, "effect": 1.0, "fade_days": 2.0}])
    batch = simulate_batch(scenario, width=WIDTH, record=True)
    drawn = np.array(batch.draws["trigger coffee"]) < 0.5
    hits = [life_in(scenario, batch, column, 1, column).hits["coffee"] for column in range(WIDTH)]
    np.testing.assert_array_equal(np.stack(hits, axis=1), drawn)


def test_tell_tale_days_are_days_of_the_trial() -> None:
    scenario = quiet(blinding={"side_effect": 1.0, "nocebo": 1.0}, design={"washout_days": 2})
    batch = simulate_batch(scenario, width=WIDTH, record=True)
    assert batch.diaries.tell_day is not None
    for column in range(WIDTH):
        first, second = batch.diaries.tell_day[:, column].tolist()
        assert life_in(scenario, batch, column, 1, column).tell_days == (first, 6 + second)


def test_a_patient_who_leaves_is_recorded_until_then() -> None:
    scenario = quiet(conduct={"dropout_per_week": 5.0})
    lives = [lived(scenario, column) for column in range(WIDTH)]
    left = [life for life in lives if life.dropout_day is not None]
    assert len(left) >= 4
    for life in left:
        np.testing.assert_array_equal(life.is_recorded, ~np.isnan(life.score))


def test_a_given_assignment_is_lived_through_and_changes_no_other_draw() -> None:
    scenario = load_scenario("b12-6-to-8-week")
    drawn = simulate_batch(scenario, 0, 5, width=1, record=True)
    own = drawn.diaries.assignment
    assert own is not None
    again = live_on(scenario, own, seed=5)
    assert np.array_equal(again.score, drawn.diaries.score[:, 0], equal_nan=True)
    reverse = Assignment(~own.order, -own.shift)
    other = live_on(scenario, reverse, seed=5, effect=0.0)
    assert np.array_equal(other.diary.treatment, lay_out(scenario.layout(), reverse).treatment)
    assert (other.effect, other.placebo_response) == (0.0, again.placebo_response)
    assert other.hits.keys() == again.hits.keys()
    assert all(np.array_equal(other.hits[name], hits) for name, hits in again.hits.items())
