from __future__ import annotations

import pytest
from hypothesis import given, settings

from n1trial.pack.room import marks, room
from n1trial.pack.rules import check_packable
from n1trial.scenario.model import Scenario
from tests.pack.packable import packables, shipped, short


def test_the_shipped_diary_has_room_to_write() -> None:
    found = room(shipped())
    assert found.is_enough
    assert not any((found.has_letters, found.has_ticks_below, found.is_tight))


def test_what_is_asked_makes_room_by_letters_then_by_closer_lines() -> None:
    asked = [room(short(**{"outcome.also_asked": [f"How far did you walk, {n}" for n in range(n)]})) for n in range(9)]
    assert asked == sorted(asked, key=lambda one: one.has_letters or one.is_tight)
    assert [one.has_letters for one in (asked[0], asked[8])] == [False, True]
    assert all(one.is_enough for one in asked[:7])


@pytest.mark.parametrize(
    ("times", "below"),
    [(["morning"], False), (["morning", "night"], False), (["with breakfast", "with lunch", "with dinner"], True)],
)
def test_ticks_of_the_doses_stand_below_where_they_are_wide(times: list[str], below: bool) -> None:
    assert room(short(**{"pack.times_of_day": times})).has_ticks_below is below


def test_letters_of_the_far_east_are_twice_as_wide() -> None:
    narrow, wide = (short(**{"outcome.question": letter * 200}) for letter in ("a", "あ"))
    assert (room(narrow).is_tight, room(wide).is_tight) == (False, True)


@settings(max_examples=50)
@given(packables())
def test_what_a_pack_is_made_of_has_room(scenario: Scenario) -> None:
    check_packable(scenario)
    assert room(scenario).is_enough


@pytest.mark.parametrize(
    ("scale", "step", "shown"),
    [([0, 10], 1.0, 11), ([-5, 5], 1.0, 11), ([0, 20], 1.0, 0), ([0, 1], 0.0, 0), ([1000, 1010], 1.0, 0)],
)
def test_scores_are_circled_where_few_and_narrow(scale: list[float], step: float, shown: int) -> None:
    changes = {
        "outcome.scale": scale, "outcome.step": step, "outcome.mcid": 0.25, "patient.baseline": scale[0] + 0.5,
        "treatment.effect": -0.2, "treatment.further_effects": [], "placebo.response": 0.0, "secondary": (),
        "evidence": (),
    }  # fmt: skip
    assert len(marks(short(**changes))) == shown
