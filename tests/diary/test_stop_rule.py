from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.diary.stop_rule import FEWEST_IN_RUN_IN, StopRule, judge

RULE = StopRule(2.0, 4, "lower", (0.0, 10.0))
SCORES = st.lists(st.sampled_from([math.nan, 0.0, 1.0, 4.0, 5.0, 7.0, 7.5, 10.0]), min_size=9, max_size=40)


@given(scores=SCORES, run_in=st.integers(0, 9), days=st.integers(1, 9), better=st.sampled_from(["lower", "higher"]))
def test_every_stretch_of_days_is_held_against_the_run_in(
    scores: list[float], run_in: int, days: int, better: Any
) -> None:
    rule = StopRule(2.0, days, better, (0.0, 10.0))
    day = np.arange(len(scores)) - run_in
    found = judge(rule, day, np.array(scores)[:, np.newaxis])
    before = [score for score in scores[:run_in] if not math.isnan(score)]
    for index, blinded in enumerate(scores[run_in:]):
        assert found.day[index] == index
        held = scores[max(run_in, run_in + index - days + 1) : run_in + index + 1]
        written = [score for score in held if not math.isnan(score)]
        is_judged = len(before) >= FEWEST_IN_RUN_IN and len(held) == days and 2 * len(written) >= days
        assert found.is_judged[index, 0] == is_judged, blinded
        if is_judged:
            change = math.fsum(written) / len(written) - math.fsum(before) / len(before)
            worse = change if better == "lower" else -change
            assert found.is_met[index, 0] == (worse >= 2 - 1e-8)
        else:
            assert not found.is_met[index, 0]
    assert found.run_in_entries[0] == len(before)
    assert math.isnan(found.run_in_mean[0]) == (len(before) < FEWEST_IN_RUN_IN)


def test_replicates_are_judged_each_for_itself() -> None:
    day = np.arange(-7, 8)
    calm, worse = np.full(15, 5.0), np.where(day < 3, 5.0, 7.0)
    found = judge(RULE, day, np.stack([calm, worse, np.where(day < 0, np.nan, 7.0)], axis=1))
    assert found.is_met.any(axis=0).tolist() == [False, True, False]
    assert np.flatnonzero(found.is_met[:, 1]).tolist() == [6, 7]
    assert found.run_in_entries.tolist() == [7, 7, 0]


@pytest.mark.parametrize(
    ("better", "usual", "can_be_met"),
    [("lower", 8, True), ("lower", 8.1, False), ("higher", 2, True), ("higher", 1.9, False)],
)
def test_a_scale_has_room_or_not(better: Any, usual: float, can_be_met: bool) -> None:
    assert StopRule(2.0, 14, better, (0.0, 10.0)).can_be_met(usual) == can_be_met


def test_means_of_decimal_scores_meet_a_limit_that_they_reach() -> None:
    rule, day = StopRule(0.2, 3, "lower", (0.0, 1.0)), np.arange(-7, 3)
    assert judge(rule, day, np.where(day < 0, 0.1, 0.3)[:, np.newaxis]).is_met[-1, 0]
