"""Doses and exposure, day by day."""

from __future__ import annotations

import numpy as np
import pytest

from n1trial.design.assignment import Assignment
from n1trial.design.schedule import Schedule, lay_out
from n1trial.patient import hours
from n1trial.patient.drug import absorb, draw_effect, take_doses
from tests.patient.stories import script, state_of, story
from tests.reference.cases import HALVES, THREE_QUARTERS, plain


def schedule_of(*orders: str, period_days: int, washout_days: int = 0, run_in_days: int = 0) -> Schedule:
    """Calendar of replicates with stated orders."""
    cycles = len(orders[0]) // 2
    layout = plain(
        design={"cycles": cycles, "period_days": period_days, "washout_days": washout_days,
                "run_in_days": run_in_days, "randomization": "balanced"}
    ).layout()  # fmt: skip
    order = np.array([[letter == "A" for letter in one] for one in orders]).T
    return lay_out(layout, Assignment(order, np.zeros((cycles, len(orders)), dtype=np.int16)))


def doses(
    *orders: str, period_days: int, every_days: int = 1, taken: list[list[float]] | None = None, chance: float = 0.5,
    weekend_drop: float = 0.0, washout_days: int = 0, run_in_days: int = 0,
) -> list[tuple[float, list[bool]]]:  # fmt: skip
    """Days with the doses in effect; `taken` is a row of draws a day from day 0 on."""
    schedule = schedule_of(*orders, period_days=period_days, washout_days=washout_days, run_in_days=run_in_days)
    state = state_of(len(orders))
    record = None if taken is None else np.ones((len(schedule.day), len(orders)), dtype=bool)
    uniform = None if taken is None else script(*taken)
    process = take_doses(state, schedule, every_days, chance, weekend_drop, uniform, record)
    return story(process, lambda: state.has_dose.tolist())


def test_every_active_dose_is_in_effect_on_its_day() -> None:
    assert doses("AB", "BA", period_days=2) == [
        (0 + hours.DOSE, [True, False]),
        (1 + hours.DOSE, [True, False]),
        (2 + hours.DOSE, [False, True]),
        (3 + hours.DOSE, [False, True]),
    ]


def test_washouts_and_run_in_hold_no_active_dose() -> None:
    found = doses("AB", "BA", period_days=1, washout_days=1, run_in_days=2)
    assert found == [(0.25, [True, False]), (1.25, [False, False]), (2.25, [False, True])]


def test_a_missed_dose_is_not_in_effect() -> None:
    taken = [[0.4, 0.4], [0.6, 0.4], [0.4, 0.5], [0.4, 0.4]]
    assert [held for _, held in doses("AB", "BA", period_days=2, taken=taken)] == [
        [True, False], [False, False], [False, False], [False, True],
    ]  # fmt: skip


def test_a_dose_covers_its_days_and_is_counted_from_the_first_of_its_period() -> None:
    taken = [[0.4]] * 4 + [[0.6], [0.4], [0.4], [0.4]]
    held = [held for _, (held,) in doses("AAB" + "B", period_days=4, every_days=3, taken=taken + [[0.4]] * 8)]
    assert held == [True] * 4 + [False] * 3 + [True] + [False] * 8


def test_a_dose_never_acts_past_its_period() -> None:
    assert [held for _, (held,) in doses("AB", period_days=2, every_days=30)] == [True, True, False, False]


def test_weekends_have_their_own_adherence() -> None:
    schedule = schedule_of("AB", period_days=7, run_in_days=1)
    taken = np.ones((15, 1), dtype=bool)
    list(take_doses(state_of(1), schedule, 1, 0.9, 0.5, script(*[[0.5]] * 14), taken))
    assert taken[:, 0].tolist() == [True] + ([True] * 5 + [False] * 2) * 2


def test_exposure_moves_toward_the_dose_in_effect_and_the_score_with_it() -> None:
    state = state_of(3, effect=[-2, 4, 1], exposure=[0, 1, 1], has_dose=[True, True, False], latent=[5, 5, 5])
    assert story(absorb(state, [0, 1], HALVES, THREE_QUARTERS), lambda: state.exposure.tolist()) == [
        (0 + hours.EXPOSURE, pytest.approx([1 / 2, 1, 1 / 4])),
        (1 + hours.EXPOSURE, pytest.approx([3 / 4, 1, 1 / 16])),
    ]
    assert state.latent.tolist() == pytest.approx([5 - 2 * 1.25, 5 + 4 * 2, 5 + 5 / 16])


def test_effect_is_drawn_from_those_who_respond_and_is_nothing_in_others() -> None:
    drawn = draw_effect(3, -1.0, 0.5, 0.5, normal=script([0, 2, -2]), uniform=script([0.4, 0.4, 0.5]))
    assert drawn.tolist() == [-1.0, 0.0, 0.0]
    assert draw_effect(2, -1.0, 0.5, 1.0, normal=script([1, -1]), uniform=None).tolist() == [-0.5, -1.5]
    assert draw_effect(2, -1.0, 0.0, 1.0, normal=None, uniform=None).tolist() == [-1.0, -1.0]
