"""The placebo response, belief, tell-tale effects and guesses, day by day."""

from __future__ import annotations

import math

import numpy as np
import pytest

from n1trial.design.assignment import Assignment
from n1trial.design.schedule import lay_out
from n1trial.patient import hours
from n1trial.patient.placebo import (
    CANNOT_TELL,
    NOT_ASKED,
    draw_tell_days,
    exponential_course,
    fade,
    give_away,
    gompertz_course,
    guess,
    learn,
    respond_to_placebo,
    start_stretches,
)
from tests.patient.stories import script, state_of, story
from tests.reference.cases import HALVES, plain


def test_an_exponential_response_rises_from_the_day_of_the_first_dose() -> None:
    assert exponential_course(3, HALVES).tolist() == pytest.approx([1 / 2, 3 / 4, 7 / 8])
    assert exponential_course(3, 0.0).tolist() == [1, 1, 1]


@pytest.mark.parametrize(("weeks", "response"), [(1, 0.149091), (4, 1.864850), (12, 6.033280)])
def test_a_gompertz_response_has_its_check_values(weeks: int, response: float) -> None:
    course = gompertz_course(7 * weeks + 1, displacement=5.0, rate_per_week=0.35)
    assert course[0] == 0
    assert 6.506469979 * course[-1] == pytest.approx(response, abs=5e-7)


def test_a_response_may_wear_off() -> None:
    course = np.array([0.5, 1.0, 1.0])
    assert fade(course, 0.0).tolist() == [0.5, 1, 1]
    assert fade(course, HALVES).tolist() == pytest.approx([0.5, 0.5, 0.25])


def test_belief_scales_the_response() -> None:
    state = state_of(3, placebo_response=[-2, -2, -2], belief=[0.5, 1.0, 0.0])
    process = respond_to_placebo(state, -1, np.array([0.5, 1.0]))
    assert story(process, lambda: state.latent.tolist()) == [
        (-1 + hours.PLACEBO, [-1, -2, 0]),
        (0 + hours.PLACEBO, [-3, -6, 0]),
    ]
    assert state.placebo_course == 1.0


def test_belief_is_set_anew_where_a_true_stretch_begins() -> None:
    layout = plain(design={"run_in_days": 2, "period_days": 2, "washout_days": 1}).layout()
    assignment = Assignment(np.array([[True, False], [False, True]]), np.zeros((1, 2), dtype=np.int16))
    schedule = lay_out(layout, assignment)
    state = state_of(2, belief=[0.3, 0.3], is_told=[True, True])
    on_drug, on_control = 0.5 + 0.1, 0.5 - 0.1
    seen = story(start_stretches(state, schedule, 0, 0.2), lambda: (state.belief.tolist(), state.is_told.tolist()))
    assert seen == [
        (0 + hours.RESET, (pytest.approx([on_drug, on_control]), [False, False])),
        (2 + hours.RESET, (pytest.approx([on_control, on_control]), [False, False])),
        (3 + hours.RESET, (pytest.approx([on_control, on_drug]), [False, False])),
    ]
    from_placebo_run_in = [time for time, _ in story(start_stretches(state, schedule, -2, 0.2), lambda: None)]
    assert from_placebo_run_in == [-2 + hours.RESET, *(time for time, _ in seen)]


def test_each_replicate_has_stretches_of_its_own_where_the_switch_is_random() -> None:
    layout = plain(design={"period_days": 3, "switch_jitter_days": 1, "switch_jitter_step_days": 1}).layout()
    assignment = Assignment(np.array([[True, True], [False, False]]), np.array([[-1, 1]], dtype=np.int16))
    state = state_of(2)
    seen = story(start_stretches(state, lay_out(layout, assignment), 0, 1.0), lambda: state.belief.tolist())
    assert seen == [(hours.RESET, [1, 1]), (2 + hours.RESET, [0, 1]), (4 + hours.RESET, [0, 0])]


def test_tell_tale_effects_happen_by_treatment_on_a_day_of_the_period() -> None:
    order = np.array([[True, False, True], [False, True, False]])
    length = np.array([[5, 5, 6], [5, 5, 4]])
    tell_day = draw_tell_days(
        order, length, 0.3, 0.1, chance=script([0.29, 0.2, 0.1], [0.2, 0.31, 0.09]),
        when=script([0.999, 0, 0], [0, 0, 0.5]),
    )  # fmt: skip
    assert tell_day.tolist() == [[4, -1, 0], [-1, -1, 2]]


def test_belief_is_certain_from_the_day_after_to_the_end_of_the_period() -> None:
    tell_day = np.array([[4, -1, 0, 0], [-1, -1, 2, 0]])
    start, length = np.array([[0, 0, 0, 0], [5, 5, 6, 5]]), np.array([[5, 5, 6, 5], [5, 5, 4, 5]])
    state = state_of(4)
    seen = story(give_away(state, start, tell_day, length), lambda: (state.belief.tolist(), state.is_told.tolist()))
    assert seen == [
        (1 + hours.TOLD, ([0.5, 0.5, 1, 1], [False, False, True, True])),
        (6 + hours.TOLD, ([0.5, 0.5, 1, 1], [False, False, True, True])),
        (9 + hours.TOLD, ([0.5, 0.5, 1, 1], [False, False, True, True])),
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_belief_learns_from_a_better_week_unless_told_or_too_little_is_written(sign: int) -> None:
    state = state_of(
        4, belief=[0.5, 0.5, 1.0, 0.5], blinded_mean=[5, 5, 5, 5], is_told=[False, False, True, False],
        recent_mean=[5 - 2 * sign, 5 + 2 * sign, 5 - sign, 5 - sign], knows_recent=[True, True, True, False],
    )  # fmt: skip
    ((time, belief),) = story(learn(state, [8], 0.25, sign, 2.0), lambda: state.belief.tolist())
    suggested = 1 / (1 + math.exp(-1))
    assert time == 8 + hours.LEARNING
    assert belief == pytest.approx([0.5 + 0.25 * (suggested - 0.5), 0.5 - 0.25 * (suggested - 0.5), 1, 0.5])


def test_guesses_follow_belief_and_only_the_unsure_cannot_tell() -> None:
    state = state_of(6, belief=[0.5, 0.55, 0.45, 0.56, 0.44, 0.5], is_out=[False] * 5 + [True])
    days: list[int] = []
    guesses: list[np.ndarray[tuple[int], np.dtype[np.int8]]] = []
    process = guess(state, [6, 13], script([0.49] * 6, [0.5] * 6), script([0.499] * 6, [0.5] * 6), days, guesses)
    assert [time for time, _ in story(process, lambda: None)] == [6 + hours.GUESS, 13 + hours.GUESS]
    assert days == [6, 13]
    assert [row.tolist() for row in guesses] == [
        [CANNOT_TELL] * 3 + [1, 0, NOT_ASKED],
        [0, 1, 0, 1, 0, NOT_ASKED],
    ]
