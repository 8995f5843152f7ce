from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.scenario.scenario import Scenario
from n1trial.simulation.life import Life
from n1trial.simulation.story import KINDS, Event, story
from tests.simulation.lives import at, lived, quiet_life, quiet_openly
from tests.strategies import scenarios


def told(life: Life) -> list[tuple[int, str]]:
    return [(event.day, event.text) for event in story(life)]


def kinds(life: Life) -> list[tuple[int, str]]:
    return [(event.day, event.kind) for event in story(life)]


def test_a_trial_to_which_nothing_happens() -> None:
    assert story(quiet_life()) == [
        Event(0, "first day", "first blinded day, on Drug: round 1, period 1 of 2"),
        Event(4, "change-over", "change-over from Drug to Placebo: round 1, period 2 of 2"),
        Event(7, "end", "the trial ends"),
    ]


def test_run_in_washouts_and_a_treatment_that_is_repeated() -> None:
    design = {"run_in_days": 7, "cycles": 2, "washout_days": 2, "sequence": "ABBA"}
    assert told(quiet_life(design=design)) == [
        (-7, "run-in begins, without treatment"),
        (0, "first blinded day, on Drug: round 1, period 1 of 4"),
        (4, "washout begins, on Placebo"),
        (6, "change-over from Drug to Placebo: round 1, period 2 of 4"),
        (10, "washout begins, on Placebo"),
        (12, "round 2, period 3 of 4 begins, on Placebo again"),
        (16, "washout begins, on Placebo"),
        (18, "change-over from Placebo to Drug: round 2, period 4 of 4"),
        (21, "the trial ends"),
    ]


def test_a_placebo_run_in() -> None:
    design = {"run_in_days": 3, "run_in": "placebo"}
    assert told(quiet_life(design=design))[0] == (-3, "run-in begins, on Placebo, unknown to the patient")


def test_rounds_that_do_not_hold_both_treatments_are_counted_by_treatment() -> None:
    assert told(quiet_life(design={"cycles": 2, "sequence": "AABB"}))[:3] == [
        (0, "first blinded day, on Drug: round 1, period 1 of 4"),
        (4, "round 2, period 2 of 4 begins, on Drug again"),
        (8, "change-over from Drug to Placebo: round 1, period 3 of 4"),
    ]


def test_doses_are_missed() -> None:
    life = quiet_life()
    life = replace(life, is_taken=~at(life, 1, 5, 6), is_due=~at(life, 6))
    assert told(life)[1:4] == [
        (1, "dose of Drug missed"),
        (4, "change-over from Drug to Placebo: round 1, period 2 of 2"),
        (5, "dose of Placebo missed"),
    ]
    assert (6, "dose missed") not in kinds(life)


def test_triggers_strike_in_the_order_of_the_scenario() -> None:
    life = quiet_life()
    life = replace(life, hits={"stress": at(life, 2, 3), "caffeine": at(life, 3)})
    assert told(life)[1:4] == [(2, "trigger: stress"), (3, "trigger: stress"), (3, "trigger: caffeine")]


def test_entries_are_missing_or_filled_in_later() -> None:
    life = quiet_life()
    life = replace(life, is_lost=at(life, 1, 2), is_filled=at(life, 2))
    assert told(life)[1:3] == [(1, "no entry"), (2, "entry filled in later: 3, a copy of the one before")]


def test_a_gap_is_told_once_and_what_was_filled_in_within_it() -> None:
    life = quiet_life()
    life = replace(life, is_in_gap=at(life, 1, 2, 3), is_lost=at(life, 1, 2, 3, 6), is_filled=at(life, 2))
    assert kinds(life) == [
        (0, "first day"),
        (1, "gap begins"),
        (2, "entry filled in later"),
        (3, "gap ends"),
        (4, "change-over"),
        (6, "entry missing"),
        (7, "end"),
    ]


def test_a_gap_that_the_trial_does_not_outlast() -> None:
    life = quiet_life()
    assert kinds(replace(life, is_in_gap=at(life, 6, 7)))[2:] == [(6, "gap begins"), (7, "gap ends"), (7, "end")]


def test_tell_tale_effects() -> None:
    assert told(replace(quiet_life(), tell_days=(1, 7)))[1:] == [
        (1, "a tell-tale effect: sure of Drug until the period ends"),
        (4, "change-over from Drug to Placebo: round 1, period 2 of 2"),
        (7, "something taken for a tell-tale effect: as the period ends"),
        (7, "the trial ends"),
    ]


def test_guesses_and_what_it_was() -> None:
    assert told(replace(quiet_life(), guesses={1: 1, 2: 0, 3: -1, 5: 1, 7: 0}))[1:] == [
        (1, "thinks they take Drug (right)"),
        (2, "thinks they take Placebo (it is Drug)"),
        (3, "cannot tell what they take (it is Drug)"),
        (4, "change-over from Drug to Placebo: round 1, period 2 of 2"),
        (5, "thinks they take Drug (it is Placebo)"),
        (7, "thinks they take Placebo (right)"),
        (7, "the trial ends"),
    ]


def test_nothing_is_told_of_a_patient_who_has_left() -> None:
    life = quiet_life()
    life = replace(
        life, dropout_day=4, is_taken=~at(life, 3, 5), hits={"stress": at(life, 6)}, is_in_gap=at(life, 3, 4)
    )
    assert told(life) == [
        (0, "first blinded day, on Drug: round 1, period 1 of 2"),
        (3, "a gap in the diary begins"),
        (3, "dose of Drug missed"),
        (3, "drops out: from tomorrow on nothing is recorded"),
    ]


def test_the_order_of_a_day() -> None:
    life = quiet_life()
    life = replace(
        life,
        is_in_gap=at(life, 4),
        is_lost=at(life, 4),
        is_filled=at(life, 4),
        is_taken=~at(life, 4),
        hits={"stress": at(life, 4)},
        tell_days=(4,),
        guesses={4: 0},
        dropout_day=5,
    )
    assert [kind for day, kind in kinds(life) if day == 4] == [
        "change-over", "gap begins", "dose missed", "trigger", "tell-tale effect", "entry filled in later", "gap ends",
        "guess", "dropped out",
    ]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1))
def test_every_story_is_in_order_and_comes_to_an_end(scenario: Scenario, seed: int) -> None:
    life = lived(scenario, 0, seed)
    events = story(life)
    assert [(event.day, KINDS.index(event.kind)) for event in events] == sorted(
        (event.day, KINDS.index(event.kind)) for event in events
    )
    assert events[-1].kind == ("end" if life.dropout_day is None else "dropped out")
    assert [event.kind for event in events].count("first day") == 1
    counted = {kind: sum(event.kind == kind for event in events) for kind in KINDS}
    assert counted["dose missed"] == int((life.is_due & ~life.is_taken & life.is_recorded).sum())
    assert counted["entry filled in later"] == int(life.is_filled.sum())
    assert counted["gap begins"] - counted["gap ends"] in (0, 1)
    assert counted["guess"] == len(life.guesses)


def test_an_open_label_trial() -> None:
    assert told(lived(quiet_openly())) == [
        (-2, "run-in begins, without treatment"),
        (0, "first day on Drug, openly"),
        (7, "the trial ends"),
    ]
