from __future__ import annotations

import pytest
from hypothesis import given, settings

from n1trial.pack.make.rules import check_packable
from n1trial.pack.papers.diary_page import marks, room
from n1trial.pack.papers.sheet_settings import SETTINGS
from n1trial.scenario.scenario import Scenario
from tests.pack.crowded import CROWDED
from tests.pack.packable import packables, shipped, short


def test_the_shipped_diary_has_room_to_write() -> None:
    found = room(shipped())
    assert found.is_enough
    assert not found.setting.has_letters
    assert found.setting.points >= 11
    assert found.mark_mm > 9  # the score is the largest thing of a day


def test_what_is_asked_makes_room_by_letters_then_by_closer_lines() -> None:
    asked = [room(short(**{"outcome.also_asked": [f"How far did you walk, {n}" for n in range(n)]})) for n in range(9)]
    order = [SETTINGS.index(one.setting) for one in asked]
    assert order == sorted(order)
    assert [one.setting.has_letters for one in (asked[0], asked[8])] == [False, True]
    assert all(one.is_enough for one in asked[:7])


@pytest.mark.parametrize("times", [["morning"], ["morning", "night"], ["with breakfast", "with lunch", "with dinner"]])
def test_boxes_of_the_doses_find_their_place(times: list[str]) -> None:
    found = room(short(**{"pack.times_of_day": times, "outcome.also_asked": [], "trigger": [], "evidence": ()}))
    assert found.is_enough
    assert found.setting.points >= 11


def test_long_names_many_triggers_and_three_doses_a_day_have_room() -> None:
    assert room(CROWDED).is_enough


def test_a_weekly_outcome_takes_room_on_its_day_alone() -> None:
    weekly = {"name": "Dry mouth", "scale": [0, 10], "step": 1, "better": "lower", "mcid": 1.0, "baseline": 2.0,
              "daily_sd": 1.0, "every_days": 7}  # fmt: skip
    without, once = room(short(secondary=[], evidence=())), room(short(secondary=[weekly], evidence=()))
    daily = room(short(secondary=[weekly | {"every_days": 1}], evidence=()))
    assert without.height_mm < once.height_mm or without.setting != once.setting
    assert once.is_enough
    assert SETTINGS.index(once.setting) <= SETTINGS.index(daily.setting)


def test_letters_of_the_far_east_are_twice_as_wide() -> None:
    narrow, wide = (short(**{"outcome.question": letter * 200}) for letter in ("a", "あ"))
    assert room(narrow).height_mm < room(wide).height_mm or room(narrow).setting != room(wide).setting


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
