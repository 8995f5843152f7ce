"""Laws of the simulation: what a seed, a longer run, a change of labels, level or unit make of the same trials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.analysis.analyze import analyze
from n1trial.errors import InputError
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH, Diaries, simulate, simulate_batch
from tests.features import busy
from tests.reference.cases import plain
from tests.strategies import scenarios

SEED = 20100309
PER_REPLICATE = (
    "score", "period", "treatment", "day_of_period", "cycle", "doses_taken", "truth", "placebo_response",
    "dropout_day", "guesses", "tell_day", "order", "shift", "sleep",
)  # fmt: skip


def columns_of(diaries: Diaries) -> dict[str, Any]:
    """Everything that trials have, by name; what the last axis counts are replicates."""
    found = {name: getattr(diaries.observed, name) for name in PER_REPLICATE[1:6]}
    found |= {name: getattr(diaries, name) for name in ("score", *PER_REPLICATE[6:11])}
    if diaries.assignment is not None:
        found |= {"order": diaries.assignment.order, "shift": diaries.assignment.shift}
    return found | {name: scores for name, (_, scores) in diaries.secondary.items()}


def assert_same(first: Diaries, second: Diaries, which: Any = slice(None)) -> None:
    """Every replicate of the first is that of the second, to the last bit."""
    theirs = columns_of(second)
    for name, ours in columns_of(first).items():
        expected = theirs[name] if theirs[name] is None or theirs[name].shape[-1] == 1 else theirs[name][..., which]
        if ours is None:
            assert expected is None, name
        else:
            assert ours.dtype == expected.dtype, name
            np.testing.assert_array_equal(ours, expected, err_msg=name)


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = simulate(busy(), 20, seed=SEED), simulate(busy(), 20, seed=SEED)
    assert set(columns_of(first)) == set(PER_REPLICATE)
    assert first.score.tobytes() == second.score.tobytes()
    assert_same(first, second)


def test_another_seed_gives_other_trials() -> None:
    assert simulate(busy(), 20, seed=SEED).score.tobytes() != simulate(busy(), 20, seed=SEED + 1).score.tobytes()


def test_the_scenario_says_how_many_and_which_where_the_call_does_not() -> None:
    scenario = busy(**{"simulation.replicates": 7, "simulation.seed": SEED})
    assert_same(simulate(scenario), simulate(busy(), 7, seed=SEED))


@pytest.mark.parametrize("scenario", [busy(), plain(), plain(design={"layout": "open-label", "run_in_days": 3})])
def test_a_longer_run_begins_with_the_shorter_one(scenario: Scenario) -> None:
    shorter, longer = BATCH_WIDTH + 300, 2 * BATCH_WIDTH + 100
    few, many = simulate(scenario, shorter, seed=SEED), simulate(scenario, longer, seed=SEED)
    assert (few.replicates, many.replicates) == (shorter, longer)
    assert_same(few, many, slice(shorter))


@pytest.mark.parametrize("first", [1, 2, 3, 7, 60, 1235])
@pytest.mark.parametrize("scenario", [busy(), plain(), plain(design={"layout": "open-label", "run_in_days": 3})])
def test_the_first_of_a_batch_are_those_of_the_whole(scenario: Scenario, first: int) -> None:
    few = simulate_batch(scenario, 1, SEED, first=first, record=True)
    assert few.diaries.replicates == first
    whole = simulate_batch(scenario, 1, SEED, record=True)
    assert_same(few.diaries, whole.diaries, slice(first))
    for name, rows in whole.draws.items():
        np.testing.assert_array_equal(few.draws[name], [row[:first] for row in rows], err_msg=name)


def test_batches_differ() -> None:
    score = simulate(plain(), 2 * BATCH_WIDTH, seed=SEED).score
    assert not (score[:, :BATCH_WIDTH] == score[:, BATCH_WIDTH:]).any()


@pytest.mark.parametrize("replicate", [0, 1234, BATCH_WIDTH, BATCH_WIDTH + 17])
def test_one_replicate_can_be_made_again(replicate: int) -> None:
    batch, place = divmod(replicate, BATCH_WIDTH)
    again = simulate_batch(busy(), batch, SEED, first=place + 1).diaries
    together = simulate(busy(), BATCH_WIDTH + 20, seed=SEED)
    for name, whole in columns_of(together).items():
        np.testing.assert_array_equal(columns_of(again)[name][..., -1], whole[..., replicate], err_msg=name)


def test_looking_on_changes_nothing() -> None:
    watched = simulate_batch(busy(), 0, SEED, record=True)
    assert_same(simulate_batch(busy(), 0, SEED).diaries, watched.diaries)
    assert watched.history["latent"].shape == watched.diaries.score.shape
    unwatched = simulate_batch(busy(), 0, SEED, first=1)
    assert unwatched.draws == unwatched.history == {}


def test_replicates_are_1_or_more() -> None:
    with pytest.raises(InputError, match="replicates: must be 1 or more, and is 0"):
        simulate(plain(), 0)


def test_a_frame_has_a_row_a_replicate_and_day() -> None:
    diaries = simulate(busy(), 3, seed=SEED)
    frame = diaries.to_frame()
    days = len(diaries.observed.day)
    assert list(frame) == ["replicate", "day", "period", "cycle", "treatment", "score", "doses_taken"]
    assert frame["replicate"].tolist() == [0] * days + [1] * days + [2] * days
    assert frame["day"].tolist() == diaries.observed.day.tolist() * 3
    np.testing.assert_array_equal(frame["score"], diaries.score.T.ravel())
    assert "doses_taken" not in simulate(plain(), 3, seed=SEED).to_frame()


WIDTH = 6
CHANGES: list[dict[str, Any]] = [
    {"patient.autocorrelation": -0.25, "patient.daily_sd": 2.0},
    {"patient.baseline": 4.0, "patient.drift_sd": 1.0, "patient.diary_sd": 1.0, "patient.trend_per_week": -1.0},
    {"treatment.effect": 1.0, "treatment.onset_days": 0.0, "treatment.every_days": 1},
    {"treatment.responders": 0.25, "treatment.effect_sd": 2.0},
    {"conduct.missing": 0.5, "conduct.gaps_per_month": 10.0, "conduct.gap_days": 5.0},
    {"conduct.dropout_per_week": 1.0, "conduct.adherence": 0.5, "conduct.backfilled": 1.0},
    {"blinding.leak": 1.0, "blinding.side_effect": 1.0, "blinding.learning": 0.5},
    {"trigger.coffee.days_per_week": 7.0, "secondary.sleep.correlation": 1.0},
    {"design.randomization": "alternating", "design.switch_jitter_days": 1},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: " ".join(changes))
def test_a_changed_parameter_leaves_all_draws_alone(changes: dict[str, Any]) -> None:
    before = simulate_batch(busy(), 0, SEED, width=WIDTH, record=True)
    after = simulate_batch(busy(**changes), 0, SEED, width=WIDTH, record=True)
    assert before.diaries.score.tobytes() != after.diaries.score.tobytes()
    assert set(before.draws) == set(after.draws)
    for name, rows in before.draws.items():
        np.testing.assert_array_equal(rows, after.draws[name], err_msg=name)


def test_a_longer_design_begins_with_the_draws_of_the_shorter_one() -> None:
    before = simulate_batch(busy(), 0, SEED, width=WIDTH, record=True)
    after = simulate_batch(busy(**{"design.cycles": 3}), 0, SEED, width=WIDTH, record=True)
    assert set(before.draws) == set(after.draws)
    for name, rows in before.draws.items():
        np.testing.assert_array_equal(rows, after.draws[name][: len(rows)], err_msg=name)


@pytest.mark.parametrize(
    "key", ["conduct.missing", "conduct.dropout_per_week", "patient.drift_sd", "treatment.effect_sd"]
)
def test_a_feature_switched_off_takes_its_own_draws_and_no_others(key: str) -> None:
    before = simulate_batch(busy(), 0, SEED, width=WIDTH, record=True).draws
    after = simulate_batch(busy(**{key: 0.0}), 0, SEED, width=WIDTH, record=True).draws
    gone = {"conduct.missing": "missing", "conduct.dropout_per_week": "dropout", "patient.drift_sd": "drift"}
    assert set(before) - set(after) == {gone.get(key, "effect")}
    for name, rows in after.items():
        np.testing.assert_array_equal(rows, before[name], err_msg=name)


def test_swapped_labels_swap_the_sign_and_nothing_else() -> None:
    design = {"cycles": 3, "period_days": 5, "randomization": "fixed", "run_in_days": 0}
    changes: dict[str, Any] = {"conduct": {"missing": 0.2}, "patient": {"daily_sd": 1.0, "autocorrelation": 0.5}}
    first = plain(design=design | {"sequence": "ABBAAB"}, treatment={"effect": -2.0}, **changes)
    changes["patient"] = changes["patient"] | {"baseline": 3.0}
    second = plain(design=design | {"sequence": "BAABBA"}, treatment={"effect": 2.0}, **changes)
    ours, theirs = simulate(first, 50, seed=SEED).observed, simulate(second, 50, seed=SEED).observed
    assert (ours.treatment == 1 - theirs.treatment).all()
    np.testing.assert_allclose(ours.score, theirs.score, rtol=0, atol=1e-12)
    for method in ("paired", "ols"):
        here, there = analyze(ours, method), analyze(theirs, method)
        np.testing.assert_allclose(here.estimate, -there.estimate, rtol=0, atol=1e-10)
        np.testing.assert_allclose(here.p_value, there.p_value, rtol=0, atol=1e-10)
        np.testing.assert_allclose(here.p_benefit, 1 - there.p_benefit, rtol=0, atol=1e-10)


def compare(first: Scenario, second: Scenario, level: float, unit: float, effect: float | None) -> None:
    """Second trials are the first on another level and in another unit; whatever else happens is the same."""
    ours = simulate_batch(first, 0, SEED, effect, width=8).diaries
    theirs = simulate_batch(second, 0, SEED, None if effect is None else unit * effect, width=8).diaries
    np.testing.assert_allclose(theirs.score, level + unit * ours.score, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(theirs.truth, unit * ours.truth, rtol=1e-12)
    for name in ("guesses", "dropout_day"):
        np.testing.assert_array_equal(getattr(theirs, name), getattr(ours, name))
    for name, (_, scores) in ours.secondary.items():
        np.testing.assert_allclose(theirs.secondary[name][1], scores, rtol=1e-12, atol=1e-9)


@settings(max_examples=40)
@given(scenarios(), st.sampled_from([-16.0, 0.5, 128.0]), st.none() | st.sampled_from([-1.0, 0.0, 0.25]))
def test_another_level_shifts_the_scores_and_nothing_else(
    scenario: Scenario, level: float, effect: float | None
) -> None:
    low, high = scenario.outcome.scale
    moved = {"outcome.scale": [low + level, high + level], "patient.baseline": scenario.patient.baseline + level}
    compare(scenario, scenario.replace(**moved), level, 1.0, effect)


IN_POINTS = {
    "treatment": ("effect", "effect_sd"),
    "outcome": ("step", "mcid"),
    "patient": ("baseline", "daily_sd", "diary_sd", "period_sd", "drift_sd", "trend_per_week", "weekly_amplitude"),
    "placebo": ("response", "response_sd"),
    "decision": ("benefit",),
}


@settings(max_examples=40)
@given(scenarios(), st.sampled_from([0.125, 3.0, 10.0]), st.none() | st.sampled_from([-1.0, 0.0, 0.25]))
def test_another_unit_scales_the_scores_and_nothing_else(scenario: Scenario, unit: float, effect: float | None) -> None:
    changes: dict[str, Any] = {
        f"{table}.{key}": unit * getattr(getattr(scenario, table), key)
        for table, keys in IN_POINTS.items()
        for key in keys
    }
    changes["outcome.scale"] = [unit * end for end in scenario.outcome.scale]
    for trigger in scenario.trigger:
        changes[f"trigger.{trigger.name}.effect"] = unit * trigger.effect
    for outcome in scenario.secondary:
        changes[f"secondary.{outcome.name}.trigger_scale"] = outcome.trigger_scale / unit
    compare(scenario, scenario.replace(**changes), 0.0, unit, effect)


def test_every_number_of_the_patient_in_points_is_scaled_above() -> None:
    described = {
        f"{table}.{name}"
        for table in IN_POINTS
        for name, item in type(getattr(plain(), table)).model_fields.items()
        if "points" in (item.description or "")
    }
    elsewhere = {"treatment.established_effect", "treatment.further_effects", "outcome.unit"}
    named = {f"{table}.{key}" for table, keys in IN_POINTS.items() for key in keys}
    assert described - elsewhere <= named
