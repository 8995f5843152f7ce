from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate_batch
from tests.simulation.lives import WIDTH, quiet
from tests.strategies import scenarios


@settings(max_examples=25, deadline=None)
@given(scenario=scenarios())
def test_looking_on_changes_nothing(scenario: Scenario) -> None:
    seen = simulate_batch(scenario, seed=3, width=WIDTH, record=True).diaries
    unseen = simulate_batch(scenario, seed=3, width=WIDTH).diaries
    np.testing.assert_array_equal(seen.score, unseen.score)
    np.testing.assert_array_equal(seen.truth, unseen.truth)
    np.testing.assert_array_equal(seen.dropout_day, unseen.dropout_day)
    np.testing.assert_array_equal(seen.guesses, unseen.guesses)


def test_what_is_not_recorded_costs_nothing() -> None:
    batch = simulate_batch(quiet(), width=WIDTH)
    assert batch.history == {}
    assert batch.draws == {}


def test_every_quantity_has_a_row_a_day() -> None:
    history = simulate_batch(quiet(), width=WIDTH, record=True).history
    assert {name: rows.shape for name, rows in history.items()} == dict.fromkeys(history, (8, WIDTH))
    assert history["exposure"][:, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert history["latent"][:, 0].tolist() == [3, 3, 3, 3, 5, 5, 5, 5]


def test_a_gap_and_a_dropout_begin_the_day_after_their_night() -> None:
    # gaps begin every night and last a day, so that one follows the other
    history = simulate_batch(quiet(conduct={"gaps_per_month": 30.0, "gap_days": 1.0}), width=WIDTH, record=True).history
    assert history["in_gap"][:, 0].tolist() == [False] + 7 * [True]
    batch = simulate_batch(quiet(conduct={"dropout_per_week": 10.0}), width=WIDTH, record=True)
    first_out = batch.history["out"].argmax(axis=0)
    stays = ~batch.history["out"].any(axis=0)
    np.testing.assert_array_equal(first_out[~stays], batch.diaries.dropout_day[~stays])
    assert not stays.all()
