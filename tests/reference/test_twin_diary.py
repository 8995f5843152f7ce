"""The twin against days worked out by hand: ups and downs, entries, gaps, dropout, secondary outcomes."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.reference.cases import HALVES, Script, column, exactly, live_through, plain
from tests.reference.life import Draws
from tests.reference.twin import live


def test_noise_is_stationary_from_the_first_day() -> None:
    life = live_through(numbers={"noise": [1.0, 0.5, -1.0]}, patient={"daily_sd": 2.0, "autocorrelation": 0.6})
    assert column(life, "noise")[:4] == exactly([2.0, 2.0, -0.4, -0.24])


@pytest.mark.parametrize(("better", "noise"), [("lower", 1.3489795003921634), ("higher", -1.3489795003921634)])
def test_patient_enrolled_when_worse_starts_worse(better: str, noise: float) -> None:
    life = live_through(
        numbers={"noise": [3.0], "noise start": [0.5]},
        patient={"daily_sd": 2.0, "enrolled_when_worse": 0.0},
        outcome={"better": better},
    )
    assert life.days[0].noise == exactly(noise)


def test_drift_starts_from_the_first_day_of_the_run_in() -> None:
    life = live_through(numbers={"drift": [1.0, -3.0, 1.0]}, patient={"drift_sd": 0.5}, design={"run_in_days": 2})
    assert column(life, "drift")[:5] == exactly([0.0, 0.5, -1.0, -0.5, -0.5])


@pytest.mark.parametrize(("follows", "days"), [("calendar", [4, 4]), ("switch", [5, 3])])
def test_period_shift_follows_the_calendar_or_the_hidden_switch(follows: str, days: list[int]) -> None:
    life = live_through(
        "AB",
        [1],
        numbers={"period shift": [1.0, -1.0]},
        patient={"period_sd": 2.0, "period_shift_follows": follows},
        design={"run_in_days": 1, "period_days": 3, "washout_days": 1},
    )
    assert column(life, "shift") == [0.0] + [2.0] * days[0] + [-2.0] * (days[1] - 1)


def test_period_shift_follows_the_patients_own_life_from_the_run_in_on() -> None:
    life = live_through(
        numbers={"period shift": [1.0, -1.0, 0.5], "period shift phase": [0.5]},
        patient={"period_sd": 2.0, "shift_days": 4},
        design={"run_in_days": 1},
    )
    assert column(life, "shift") == [2.0] * 2 + [-2.0] * 4 + [1.0] * 3


def test_week_and_trend() -> None:
    life = live_through(
        patient={"trend_per_week": 0.7, "weekly_amplitude": 1.0},
        design={"run_in_days": 7},
        treatment={"effect": 0.0},
    )
    saturday, wednesday = life.days[5], life.days[2]
    assert (saturday.day, wednesday.day) == (-2, -5)
    assert saturday.latent == exactly(5 - 0.2 + 1)
    assert wednesday.latent == exactly(5 - 0.5 + math.cos(6 * math.pi / 7))


def test_triggers_wear_off_from_the_day_they_hit() -> None:
    life = live_through(
        numbers={"trigger late night": [0.1, 0.9, 0.9, 0.1], "trigger coffee": [0.1, 0.9, 0.1, 0.9]},
        trigger=[
            {"name": "late night", "days_per_week": 3.5, "effect": 2.0, "fade_days": HALVES},
            {"name": "coffee", "days_per_week": 3.5, "effect": -1.0, "fade_days": 0.0},
        ],
        treatment={"effect": 0.0},
    )
    assert [today.load["late night"] for today in life.days[:5]] == exactly([1, 1 / 2, 1 / 4, 1, 1 / 2])
    assert [today.load["coffee"] for today in life.days[:5]] == [1, 0, 1, 0, 0]
    assert column(life, "latent")[:5] == exactly([6.0, 6.0, 4.5, 7.0, 6.0])


@pytest.mark.parametrize(
    ("scale", "step", "score", "written"),
    [
        ([0, 10], 1, 2.5, 2.0),
        ([0, 10], 1, 3.5, 4.0),
        ([1, 10], 1, 2.5, 3.0),
        ([0, 10], 0.5, 3.3, 3.5),
        ([0, 10], 0, 3.3, 3.3),
        ([0, 6], 1, 7.0, 6.0),
        ([4, 9], 1, 3.0, 4.0),
    ],
)
def test_entries_are_rounded_from_the_low_end_and_clipped(
    scale: list[float], step: float, score: float, written: float
) -> None:
    outcome = {"scale": scale, "step": step}
    life = live_through("BA", numbers={"diary noise": [score - 5]}, outcome=outcome, patient={"diary_sd": 1.0})
    assert life.days[0].latent == 5.0
    assert life.days[0].written == exactly(written)


def test_missing_grows_with_time_and_with_a_bad_night() -> None:
    numbers = {"missing": [0.7] * 14, "noise": [0.0, 0.5, -0.5] + [0.0] * 11}
    conduct = {"missing": 0.5, "missing_growth_per_week": math.log(3), "missing_when_worse": 2.0}
    life = live_through(numbers=numbers, conduct=conduct, design={"period_days": 7}, treatment={"effect": 0.0})
    # logistic(logit(.5) + ln 3·d/7 + 2·noise) > .7 where ln 3·d/7 + 2·noise > .8473: on day 1, and from day 6 on
    assert [today.day for today in life.days if today.written is None] == [1, *range(6, 14)]


def test_gap_covers_its_days_and_may_be_followed_at_once() -> None:
    # gap_days 2: 1 + floor(log2(1/(1 − v))) is 3 at v = .8, 1 at v = .4
    life = live_through(
        numbers={"gap": [0.0] * 6 + [0.9] * 4, "gap length": [0.8, 0.0, 0.0, 0.4, 0.8, 0.0] + [0.0] * 4},
        conduct={"gaps_per_month": 3.0, "gap_days": 2.0},
        design={"period_days": 5},
    )
    assert [today.day for today in life.days if today.in_gap] == [1, 2, 3, 4, 5, 6, 7]
    assert [today.day for today in life.days if today.written is None] == [1, 2, 3, 4, 5, 6, 7]


def test_gap_of_one_day() -> None:
    life = live_through(
        numbers={"gap": [0.9, 0.0, 0.9], "gap length": [0.9, 0.9, 0.9]},
        conduct={"gaps_per_month": 3.0, "gap_days": 1.0},
    )
    assert [today.day for today in life.days if today.in_gap] == [2]


def test_filled_entries_are_copies_of_copies() -> None:
    noise = [3.0, 1.0, 2.0, 0.0, 0.0, 7.0]
    lost = {"noise": noise, "missing": [0.1, 0.1, 0.1, 0.9], "backfilled": [0.1, 0.1, 0.9, 0.1]}
    changes: dict[str, Any] = {"conduct": {"missing": 0.5, "backfilled": 0.5}, "treatment": {"effect": 0.0}}
    life = live_through(numbers=lost, design={"run_in_days": 2}, **changes)
    assert column(life, "written")[:6] == exactly([8.0, 6.0, 6.0, 6.0, None, 12.0])
    assert live_through(numbers=lost, **changes).days[0].written is None


def test_nothing_is_recorded_after_dropout() -> None:
    # a hazard of .7 a day: 1 − exp(−.7) = .5034
    life = live_through(
        numbers={"dropout": [0.6, 0.51, 0.5, 0.9], "missing": [0.9, 0.9, 0.9, 0.1], "backfilled": [0.1] * 8},
        conduct={"dropout_per_week": 4.9, "missing": 0.5, "backfilled": 0.5},
        pack={"kit_days": 3},
        treatment={"effect": 0.0, "onset_days": HALVES},
    )
    assert life.dropout_day == 3
    assert column(life, "dropped") == [False] * 3 + [True] * 5
    assert column(life, "written") == [5.0] * 3 + [None] * 5
    assert [day for day, _ in life.guesses] == [2]
    assert life.days[3].exposure == exactly(15 / 16)


def test_bad_week_drives_out() -> None:
    # from the third entry on the week is 2 SDs worse: h = .07·e² = .5172, 1 − e^−h = .4038; before it .0676
    setting: dict[str, Any] = {
        "conduct": {"dropout_per_week": 0.49, "dropout_when_worse": 1.0},
        "treatment": {"effect": 0.0},
    }
    bad = {"noise": [2.0] * 8}
    assert live_through(numbers=bad | {"dropout": [0.07] * 3 + [0.40]}, **setting).dropout_day == 4
    assert live_through(numbers=bad | {"dropout": [0.07] * 3 + [0.41]}, **setting).dropout_day is None
    assert live_through(numbers=bad | {"dropout": [0.9, 0.067]}, **setting).dropout_day == 2


SLEEP = {
    "name": "sleep",
    "scale": [0, 1000],
    "step": 0,
    "better": "higher",
    "mcid": 20.0,
    "every_days": 2,
    "baseline": 400.0,
    "daily_sd": 10.0,
    "autocorrelation": 0.6,
    "diary_sd": 0.0,
    "effect": 30.0,
    "placebo_response": 8.0,
    "trigger_scale": -5.0,
    "correlation": -0.8,
}


def test_secondary_outcome_shares_what_drives_the_primary() -> None:
    life = live_through(
        numbers={
            "noise": [9.0, 1.0, 9.0, 0.5],
            "noise of secondary sleep": [0.5, -1.0],
            "trigger coffee": [0.9, 0.1],
            "diary noise of secondary sleep": [2.0],
        },
        secondary=[SLEEP | {"diary_sd": 3.0}],
        treatment={"onset_days": HALVES},
        placebo={"onset_days": HALVES},
        trigger=[{"name": "coffee", "days_per_week": 3.5, "effect": 2.0}],
    )
    # innovations -.8 + .6/2 = -.5 and -.8/2 - .6 = -1: the noise is -.5 and then -.6/2 - .8 = -1.1
    first, second, *_ = life.secondary["sleep"]
    assert first == (1, exactly(400 + 30 * 0.75 + 8 * 0.75 - 10 * 0.5 - 5 * 2 + 3 * 2))
    assert second == (3, exactly(400 + 30 * 0.9375 + 8 * 0.9375 - 10 * 1.1))
    assert [day for day, _ in life.secondary["sleep"]] == [1, 3, 5, 7]


def test_secondary_outcome_starts_worse_with_the_primary() -> None:
    life = live_through(
        numbers={"noise": [3.0], "noise start": [0.5]},
        patient={"enrolled_when_worse": 0.0},
        secondary=[SLEEP | {"every_days": 1, "placebo_response": 0.0}],
        treatment={"effect": 0.0, "onset_days": 1e4},
    )
    day, value = life.secondary["sleep"][0]
    assert day == 0
    assert value == pytest.approx(400 - 8 * 0.6744897501960817 + 30 * 1e-4, abs=1e-6)


def test_in_who_does_not_respond_no_outcome_responds() -> None:
    sleep = SLEEP | {"placebo_response": 0.0}
    setting: dict[str, Any] = {"secondary": [sleep], "treatment": {"responders": 0.5}}
    assert live_through(numbers={"responder": [0.6]}, **setting).secondary["sleep"][0] == (1, 400.0)
    assert live_through(numbers={"responder": [0.4]}, **setting).secondary["sleep"][0] == (1, 430.0)
    half = live(plain(secondary=[sleep]), [True, False], [0], Script({}), effect=-1.0)
    assert half.secondary["sleep"][0] == (1, 415.0)


def test_secondary_outcome_stops_at_dropout_and_only_there() -> None:
    life = live_through(
        numbers={"missing": [0.0] * 8, "dropout": [0.9] * 4 + [0.0]},
        secondary=[SLEEP],
        conduct={"missing": 0.5, "dropout_per_week": 0.1},
        treatment={"effect": 0.0},
        design={"run_in_days": 3},
    )
    assert [day for day, _ in life.secondary["sleep"]] == [-3, -1, 1, 3, 5, 7]
    assert [value is None for _, value in life.secondary["sleep"]] == [False] * 4 + [True] * 2


def test_nearest_miss_is_remembered() -> None:
    life = live_through(
        numbers={"missing": [0.9, 0.5 + 1e-10], "noise": [0.499999]},
        conduct={"missing": 0.5},
        outcome={"scale": [0, 10], "step": 1},
        treatment={"effect": 0.0},
    )
    assert life.margins["missing"] == pytest.approx(1e-10, rel=1e-3)
    assert life.margins["score"] == pytest.approx(1e-6, rel=1e-3)
    assert life.margin == life.margins["missing"]


def test_draws_tell_what_was_left_and_what_was_not_there() -> None:
    draws = Draws({"noise": [1.0, 2.0], "dose": [0.5]})
    assert [draws.next("noise"), draws.next("dose")] == [1.0, 0.5]
    assert draws.unread() == {"noise": 1}
    with pytest.raises(LookupError, match="'dose': number 1 asked for"):
        draws.next("dose")
