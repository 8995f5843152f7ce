"""What an analyst sees of a trial."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan

LAYOUT = Layout("crossover", 1, "open", 1, 3, 1, Randomization("pairs", 1))
SCHEDULE = lay_out(LAYOUT, Assignment(np.array([[True, False], [False, True]]), np.zeros((1, 2), dtype=np.int16)))


def diary(plan: Plan = Plan(layout=LAYOUT)) -> Diary:  # noqa: B008
    """Run-in of a day, two periods of three days with a washout of one between; a missing entry in the second."""
    score = np.arange(16.0).reshape(8, 2)
    score[6, 1] = math.nan
    return Diary.of(SCHEDULE, score, plan)


def test_a_diary_is_a_schedule_with_scores() -> None:
    kept = diary()
    for name in ("day", "period", "cycle", "treatment", "day_of_period"):
        assert getattr(kept, name) is getattr(SCHEDULE, name)
    assert kept.replicates == 2
    assert kept.doses_taken is None
    taken = np.ones((8, 2), dtype=bool)
    assert Diary.of(SCHEDULE, kept.score, kept.plan, taken).doses_taken is taken


def test_usable_days_are_written_within_a_period_and_settled() -> None:
    assert diary(Plan(discard_days=1)).is_usable().T.astype(int).tolist() == [
        [0, 0, 1, 1, 0, 0, 1, 1],
        [0, 0, 1, 1, 0, 0, 0, 1],
    ]
    assert diary(Plan(discard_days=0)).is_usable().sum(axis=0).tolist() == [6, 5]
    assert not diary(Plan(discard_days=3)).is_usable().any()


def test_another_plan_leaves_the_entries_alone() -> None:
    kept = diary()
    stricter = kept.with_plan(dataclasses.replace(kept.plan, discard_days=2))
    assert stricter.score is kept.score
    assert (stricter.plan.discard_days, kept.plan.discard_days) == (2, 14)


def test_nothing_can_be_changed_in_place_of_what_was_planned() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        diary().plan = Plan()  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Plan().alpha = 0.5  # type: ignore[misc]
