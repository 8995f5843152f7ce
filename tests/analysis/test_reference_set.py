"""Which assignment a diary shows, and which others could have been drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from n1trial.analysis.randomized.reference_set import Own, own_assignments, reference_set
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan

SCHEMES = [
    Randomization("pairs", 3),
    Randomization("pairs", 2, jitter_days=2, jitter_step_days=1),
    Randomization("alternating", 3, jitter_days=2, jitter_step_days=2),
    Randomization("balanced", 3),
    Randomization("constrained", 3, max_run=2),
    Randomization("blocks", 4, block_cycles=2),
    Randomization("fixed", 2, sequence="ABBA", jitter_days=1, jitter_step_days=1),
]
every_scheme = pytest.mark.parametrize("randomization", SCHEMES, ids=lambda scheme: scheme.scheme)


def layout_of(randomization: Randomization) -> Layout:
    return Layout("crossover", 3, "open", randomization.cycles, 5, 1, randomization)


def every_assignment(randomization: Randomization) -> Diary:
    """A replicate on each assignment of a scheme."""
    layout = layout_of(randomization)
    schedule = lay_out(layout, reference_set(randomization, 1000).assignment)
    return Diary.of(schedule, np.zeros((schedule.day.size, randomization.assignments)), Plan(layout=layout))


def own(diary: Diary) -> Own:
    layout = diary.plan.layout
    assert layout is not None
    assert layout.randomization is not None
    return own_assignments(diary, layout, layout.randomization)


def days_of(diary: Diary, days: Any) -> Diary:
    """Diary of some of the days."""
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score")
    return replace(diary, **{name: getattr(diary, name)[days] for name in names})


@every_scheme
def test_the_assignment_is_read_off_the_calendar(randomization: Randomization) -> None:
    found = own(every_assignment(randomization))
    given = reference_set(randomization, 1000).assignment
    np.testing.assert_array_equal(found.assignment.order, given.order)
    np.testing.assert_array_equal(found.assignment.shift, given.shift)
    assert found.is_admissible.all()


@every_scheme
def test_a_diary_that_ends_early_leaves_its_last_days_open(randomization: Randomization) -> None:
    diary = every_assignment(randomization)
    for last in (1, 4, 9, 14):
        found = own(days_of(diary, diary.day < last))
        assert found.is_admissible.all()
        on_drug = diary.treatment[(diary.day >= 0) & (diary.day < last)] == 1
        np.testing.assert_array_equal(found.on_drug[:last], on_drug)


def test_days_that_a_diary_lacks_are_no_hindrance() -> None:
    diary = every_assignment(Randomization("pairs", 2, jitter_days=1, jitter_step_days=1))
    found = own(days_of(diary, diary.day % 3 != 0))
    assert found.is_admissible.all()
    np.testing.assert_array_equal(found.on_drug, diary.treatment[diary.day >= 0] == 1)


def test_an_order_that_the_scheme_does_not_draw_is_told() -> None:
    diary = every_assignment(Randomization("balanced", 2))
    layout = layout_of(Randomization("pairs", 2))
    found = own_assignments(diary, layout, Randomization("pairs", 2))
    order = reference_set(Randomization("balanced", 2), 10).assignment.order
    np.testing.assert_array_equal(found.is_admissible, (order[::2] != order[1::2]).all(axis=0))
    assert (found.assignment.order[::2] != found.assignment.order[1::2]).all()


def test_a_switch_that_the_scheme_does_not_draw_is_told() -> None:
    diary = every_assignment(Randomization("pairs", 2, jitter_days=2, jitter_step_days=1))
    coarse = Randomization("pairs", 2, jitter_days=2, jitter_step_days=2)
    found = own_assignments(diary, layout_of(coarse), coarse)
    shift = reference_set(Randomization("pairs", 2, jitter_days=2, jitter_step_days=1), 1000).assignment.shift
    np.testing.assert_array_equal(found.is_admissible, (shift % 2 == 0).all(axis=0))


def test_a_calendar_that_is_off_by_a_day_is_told() -> None:
    diary = every_assignment(Randomization("pairs", 2))
    assert not own(replace(diary, day=diary.day + 1)).is_admissible.any()


def test_the_list_holds_every_assignment_once() -> None:
    reference = reference_set(Randomization("pairs", 2, jitter_days=1, jitter_step_days=1), 36)
    assert reference.is_complete
    assert (reference.size, reference.added, reference.total) == (36, 0, 36)
    rows = np.concatenate([reference.assignment.order, reference.assignment.shift])
    assert np.unique(rows, axis=1).shape[1] == 36


def test_too_many_assignments_are_drawn_and_always_the_same_ones() -> None:
    randomization = Randomization("pairs", 2, jitter_days=1, jitter_step_days=1)
    reference = reference_set(randomization, 35)
    assert not reference.is_complete
    assert (reference.size, reference.added, reference.total) == (35, 1, 36)
    reference_set.cache_clear()
    again = reference_set(randomization, 35)
    np.testing.assert_array_equal(reference.assignment.order, again.assignment.order)
    np.testing.assert_array_equal(reference.assignment.shift, again.assignment.shift)


def test_drawn_orders_and_switches_do_not_go_together() -> None:
    reference = reference_set(Randomization("pairs", 10, jitter_days=1, jitter_step_days=1), 4000)
    order, shift = reference.assignment.order[::2], reference.assignment.shift
    standard_error = 1 / np.sqrt(4000)
    for rows in (order, shift):
        assert np.abs(np.corrcoef(rows) - np.eye(10)).max() < 4 * standard_error
    assert np.abs(np.corrcoef(order, shift)[:10, 10:]).max() < 4 * standard_error
