"""The engine against the scalar twin: the same numbers, the same lives, with every feature on and off.

States and latent scores agree to 1e-12 of their size, or of 1 where that is more; entries, yes or no fates and days
agree exactly in every replicate where nothing came within 1e-9 of going the other way. Every number that the engine
draws must be one that the page says is drawn: the twin leaves none over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import Batch, simulate_batch
from tests.reference.life import Draws, Life
from tests.reference.twin import live
from tests.strategies import numbers, scenarios

TOLERANCE = 1e-12
MARGIN = 1e-9
REPLICATES = 8
CANNOT_TELL, NOT_ASKED = -1, -2
GUESSES = {"drug": 1, "control": 0, "cannot tell": CANNOT_TELL}
OF_THE_DESIGN = ("order", "switch")
"""Streams whose numbers the twin is given as an assignment."""


@settings(max_examples=200, deadline=None)
@given(
    scenario=scenarios(),
    seed=st.integers(0, 2**32 - 1),
    batch_number=st.integers(0, 3),
    effect=st.none() | numbers(-2, 2),
)
def test_engine_and_twin_live_the_same_lives(
    scenario: Scenario, seed: int, batch_number: int, effect: float | None
) -> None:
    batch = simulate_batch(scenario, batch=batch_number, seed=seed, effect=effect, width=REPLICATES, record=True)
    close_calls = 0
    for replicate in range(REPLICATES):
        life, draws = life_of(scenario, batch, replicate, effect)
        assert draws.unread() == {}
        if life.margin < MARGIN:
            close_calls += 1
            continue
        compare_start(batch, replicate, life)
        compare_calendar(batch, replicate, life)
        compare_states(scenario, batch, replicate, life)
        compare_fates(batch, replicate, life)
        compare_guesses(batch, replicate, life)
        compare_secondaries(batch, replicate, life)
    assert close_calls <= 1


def life_of(scenario: Scenario, batch: Batch, replicate: int, effect: float | None) -> tuple[Life, Draws]:
    """Let the twin live through what one replicate was dealt."""
    order: list[bool] = []
    shift: list[int] = []
    assignment = batch.diaries.assignment
    if assignment is not None:
        order = [bool(on_drug) for on_drug in assignment.order[:, replicate]]
        shift = [int(days) for days in assignment.shift[:, replicate]]
    dealt = {name: rows for name, rows in batch.draws.items() if name not in OF_THE_DESIGN}
    draws = Draws({name: [float(row[replicate]) for row in rows] for name, rows in dealt.items()})
    return live(scenario, order, shift, draws, effect), draws


def compare_start(batch: Batch, replicate: int, life: Life) -> None:
    assert_close("effect", batch.diaries.truth[replicate], life.effect)
    assert_close("placebo response", batch.diaries.placebo_response[replicate], life.placebo_response)


def compare_calendar(batch: Batch, replicate: int, life: Life) -> None:
    diary = batch.diaries.observed
    assert diary.day.tolist() == [today.day for today in life.days]
    for name in ("period", "treatment", "day_of_period"):
        calendar = getattr(diary, name)
        found = calendar[:, min(replicate, calendar.shape[1] - 1)]
        assert found.tolist() == [int(getattr(today, name)) for today in life.days], name


def compare_states(scenario: Scenario, batch: Batch, replicate: int, life: Life) -> None:
    for name, off in (("exposure", 0.0), ("noise", None), ("drift", 0.0), ("shift", 0.0), ("latent", None)):
        twins = [getattr(today, name) for today in life.days]
        if name in batch.history:
            assert_close(name, batch.history[name][:, replicate], twins)
        else:
            assert twins == [off] * len(twins), f"{name} is not in the history"
    for trigger in scenario.trigger:
        loads = [today.load[trigger.name] for today in life.days]
        assert_close(trigger.name, batch.history[f"trigger {trigger.name}"][:, replicate], loads)
    compare_placebo(scenario, batch, replicate, life)


def compare_placebo(scenario: Scenario, batch: Batch, replicate: int, life: Life) -> None:
    """Compare belief and placebo response, which say something only from the first blinded dose on."""
    begins = scenario.design.run_in_days if scenario.design.run_in == "open" else 0
    belief = [today.belief for today in life.days[begins:]]
    if "belief" in batch.history:
        assert_close("belief", batch.history["belief"][begins:, replicate], belief)
    elif scenario.design.layout == "crossover":
        assert belief == [0.5] * len(belief)
    responses = [outcome.placebo_response for outcome in scenario.secondary]
    if any([*responses, scenario.placebo.response, scenario.placebo.response_sd]):
        course = [today.placebo_course for today in life.days]
        assert_close("placebo course", batch.history["placebo_course"][:, replicate], course)


def compare_fates(batch: Batch, replicate: int, life: Life) -> None:
    first = -life.days[0].day
    for name, twin_name in (("taken", "taken"), ("in_gap", "in_gap"), ("out", "dropped")):
        fates = [getattr(today, twin_name) for today in life.days]
        if name in batch.history:
            assert batch.history[name][first:, replicate].tolist() == fates[first:], name
        else:
            assert len(set(fates)) == 1, f"{name} is not in the history"
    leaves = batch.diaries.dropout_day[replicate]
    assert (int(leaves) if leaves <= life.days[-1].day + 1 else None) == life.dropout_day
    written = [today.written for today in life.days]
    assert_same_entries("entry", batch.history["written"][:, replicate], written)
    assert_same_entries("diary", batch.diaries.observed.score[:, replicate], written)


def compare_guesses(batch: Batch, replicate: int, life: Life) -> None:
    diaries = batch.diaries
    answers = zip(diaries.guess_days.tolist(), diaries.guesses[:, replicate].tolist(), strict=True)
    given = [(day, guess) for day, guess in answers if guess != NOT_ASKED]
    assert given == [(day, GUESSES[guess]) for day, guess in life.guesses]
    tell_days = [-1 if day is None else day for day in life.tell_days]
    if diaries.tell_day is None:
        assert set(tell_days) == {-1}
    else:
        assert diaries.tell_day[:, replicate].tolist() == tell_days


def compare_secondaries(batch: Batch, replicate: int, life: Life) -> None:
    assert set(batch.diaries.secondary) == set(life.secondary)
    for name, (days, values) in batch.diaries.secondary.items():
        assert [int(day) for day in days] == [day for day, _ in life.secondary[name]], name
        assert_same_entries(name, values[:, replicate], [value for _, value in life.secondary[name]])


def assert_close(what: str, engine: Any, twin: Any) -> None:
    """Compare numbers to 1e-12 of their size, or of 1."""
    expected = np.asarray(twin, dtype=float)
    allowed = TOLERANCE * np.maximum(1.0, np.abs(expected))
    wrong = ~(np.abs(engine - expected) <= allowed)
    assert not wrong.any(), f"{what}: first at row {np.argmax(wrong)}: engine {engine}, twin {expected}"


def assert_same_entries(what: str, engine: NDArray[np.generic], twin: Sequence[float | None]) -> None:
    """Compare entries: the same ones missing, the rest alike."""
    expected = np.array([np.nan if value is None else value for value in twin])
    entries = engine.astype(float)
    assert np.isnan(entries).tolist() == np.isnan(expected).tolist(), f"{what}: engine {engine}, twin {expected}"
    there = ~np.isnan(expected)
    assert_close(what, entries[there], expected[there])
