"""Missed and made-up entries, gaps and dropout, day by day."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.patient import hours
from n1trial.patient.conduct import chance_missing, drop_out, keep_diary, leave_gaps, review_diary
from n1trial.patient.logistic import logistic
from n1trial.patient.state import NEVER, State
from tests.patient.stories import script, state_of, story

MISSED = math.nan


def column(*values: float) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)[:, np.newaxis]


def review(*entries: float) -> list[tuple[bool, float, float]]:
    """Return what a patient with these entries knows each morning: whether of the last week, its mean, that of all."""
    state = state_of(1)
    process = review_diary(state, list(range(len(entries) + 1)), column(*entries))

    def look() -> tuple[bool, float, float]:
        return bool(state.knows_recent[0]), float(state.recent_mean[0]), float(state.blinded_mean[0])

    seen = story(process, look)
    assert [time for time, _ in seen] == [day + hours.REVIEW for day in range(len(entries) + 1)]
    return [what for _, what in seen]


def test_a_week_is_known_by_three_entries() -> None:
    assert review(4, MISSED, 8, 3) == [
        (False, 0, 0), (False, 4, 4), (False, 4, 4), (False, 6, 6), (True, 5, 5),
    ]  # fmt: skip


def test_the_last_week_is_seven_days_and_all_days_are_all() -> None:
    *_, eighth, ninth = review(80, 1, 1, 1, 1, 1, 1, 9)
    assert eighth == pytest.approx((True, 86 / 7, 86 / 7))
    assert ninth == pytest.approx((True, 15 / 7, 95 / 8))


def test_a_week_is_forgotten_where_nothing_new_is_written() -> None:
    knows = [knows for knows, _, _ in review(1, 2, 3, *[MISSED] * 8)]
    assert knows == [False] * 3 + [True] * 5 + [False] * 4


@given(st.lists(st.integers(0, 10) | st.just(MISSED), min_size=1, max_size=40))
def test_what_is_known_is_what_is_written(entries: list[float]) -> None:
    for day, (knows, recent, blinded) in enumerate(review(*entries)):
        week = [entry for entry in entries[max(0, day - 7) : day] if not math.isnan(entry)]
        before = [entry for entry in entries[:day] if not math.isnan(entry)]
        assert knows == (len(week) >= 3)
        assert recent == pytest.approx(np.mean(week) if week else 0, abs=1e-12)
        assert blinded == pytest.approx(np.mean(before) if before else 0, abs=1e-12)


@pytest.mark.parametrize(
    ("day", "growth", "when_worse", "worse", "log_odds"),
    [(0, 0, 0, 0, 0), (14, 0.5, 0, 0, 1), (7, 0.5, 2.0, -0.75, -1), (0, 0, 1.0, 3.0, 3)],
)
def test_chance_to_miss_grows_with_time_and_bad_days(
    day: int, growth: float, when_worse: float, worse: float, log_odds: float
) -> None:
    odds = math.exp(log_odds)
    for worse_by_sd in (worse, np.array([worse])):
        chance = chance_missing(day, 0.2, growth, when_worse, worse_by_sd)
        assert np.asarray(chance).item() == pytest.approx(0.25 * odds / (1 + 0.25 * odds), rel=1e-12)


def test_the_logistic_curve_is_tame_at_its_ends() -> None:
    log_odds = np.array([-1e6, -2.0, 0.0, 2.0, 1e6])
    assert logistic(log_odds).tolist() == pytest.approx([0, 1 / (1 + math.e**2), 0.5, 1 / (1 + math.e**-2), 1])


def kept(state: State, entries: NDArray[np.float64], uniform: Sequence[float] | None, **options: object) -> list[float]:
    """Return the entries of the first replicate after they were kept with a chance of .3 to be lost."""
    chance = None if uniform is None else lambda _: 0.3
    draws = None if uniform is None else script(*[[number] for number in uniform])
    process = keep_diary(state, list(range(len(entries))), entries, chance, draws, **options)  # type: ignore[arg-type]
    assert [time for time, _ in story(process, lambda: None)] == [day + hours.ENTRY for day in range(len(entries))]
    return [float(entry) for entry in entries[:, 0]]


def test_entries_are_lost_by_chance() -> None:
    assert kept(state_of(1), column(1, 2, 3), [0.3, 0.29, 0.9]) == pytest.approx([1, MISSED, 3], nan_ok=True)


def test_entries_are_lost_in_gaps_and_after_dropout() -> None:
    assert np.isnan(kept(state_of(1, is_in_gap=[True]), column(1, 2), None)).all()
    assert np.isnan(kept(state_of(1, is_out=[True]), column(1, 2), None)).all()
    assert kept(state_of(1), column(1, 2), None) == [1, 2]


def test_lost_entries_are_made_up_as_copies_of_the_last_one() -> None:
    found = kept(
        state_of(1), column(1, 2, 3, 4, 5), [0.9, 0.1, 0.1, 0.9, 0.1],
        backfilled=0.5, fills=script([0.1], [0.1], [0.4], [0.4], [0.5]),
    )  # fmt: skip
    assert found == pytest.approx([1, 1, 1, 4, MISSED], nan_ok=True)


def test_the_run_in_can_be_copied_from_and_nothing_can_not() -> None:
    fills = {"backfilled": 0.5, "fills": script([0.1], [0.1])}
    assert kept(state_of(1), column(1, 2), [0.1, 0.1], **fills, last=np.array([8.0])) == [8, 8]
    fills = {"backfilled": 0.5, "fills": script([0.1], [0.1])}
    assert np.isnan(kept(state_of(1), column(1, 2), [0.1, 0.1], **fills)).all()


def test_nothing_is_made_up_after_dropout() -> None:
    fills = {"backfilled": 0.5, "fills": script([0.1], [0.1])}
    assert np.isnan(kept(state_of(1, is_out=[True]), column(1, 2), [0.1, 0.9], **fills, last=np.array([8.0]))).all()


def test_a_gap_covers_the_days_after_the_night_it_begins_in() -> None:
    starts = [[0.05], [0.05], [0.2], [0.05], [0.2], [0.2]]
    lengths = [[0.8], [0.9], [0.9], [0.0], [0.9], [0.9]]
    state = state_of(1)
    process = leave_gaps(state, list(range(6)), 3.0, 2.0, script(*starts), script(*lengths))
    seen = story(process, lambda: bool(state.is_in_gap[0]))
    assert [time for time, _ in seen] == [day + hours.GAP for day in range(6)]
    # of 3 days after night 0, during which no other begins; of 1 day after night 3, without a break
    assert [covered for _, covered in seen] == [True, True, True, True, False, False]


@pytest.mark.parametrize(("uniform", "days"), [(0.0, 1), (0.499, 1), (0.5, 2), (0.74, 2), (0.76, 3), (0.99, 7)])
def test_gaps_have_geometric_lengths(uniform: float, days: int) -> None:
    state = state_of(1)
    process = leave_gaps(state, list(range(10)), 3.0, 2.0, script([0.0], *[[0.9]] * 9), script(*[[uniform]] * 10))
    covered = [covered for _, covered in story(process, lambda: bool(state.is_in_gap[0]))]
    assert covered == [True] * days + [False] * (10 - days)


def test_gaps_of_one_day() -> None:
    state = state_of(2)
    process = leave_gaps(
        state, [0, 1, 2], 3.0, 1.0, script([0.05, 0.5], [0.5, 0.5], [0.5, 0.05]), script(*[[0.0, 0.999]] * 3)
    )
    assert [covered for _, covered in story(process, lambda: state.is_in_gap.tolist())] == [
        [True, False], [False, False], [False, True],
    ]  # fmt: skip


def leave(*uniform: Sequence[float], when_worse: float = 0.0, worse: float = 0.0) -> tuple[list[list[bool]], list[int]]:
    """Tell who is out after each night, and the days of dropout; half of all leave in a week by themselves."""
    width = len(uniform[0])
    state = state_of(width, knows_recent=[True] * (width - 1) + [False])
    day_of = np.full(width, NEVER, dtype=np.int64)
    process = drop_out(
        state,
        list(range(len(uniform))),
        math.log(2),
        when_worse,
        lambda: np.full(width, worse),
        script(*uniform),
        day_of,
    )
    seen = story(process, lambda: state.is_out.tolist())
    assert [time for time, _ in seen] == [day + hours.DROPOUT for day in range(len(uniform))]
    return [out for _, out in seen], day_of.tolist()


A_NIGHT = 1 - 2 ** (-1 / 7)


def test_who_leaves_is_out_from_the_next_day_and_stays_out() -> None:
    below, above = A_NIGHT - 1e-9, A_NIGHT + 1e-9
    assert leave([above, above, below], [above, below, below]) == (
        [[False, False, True], [False, True, True]],
        [NEVER, 2, 1],
    )


def test_more_leave_when_worse_where_the_last_week_is_known() -> None:
    twice = 1 - 2 ** (-2 / 7)
    out, _ = leave([twice - 1e-9, twice + 1e-9, twice - 1e-9], when_worse=math.log(2), worse=1.0)
    assert out == [[True, False, False]]


def test_however_bad_it_is_a_chance_is_a_chance() -> None:
    assert leave([0.999, 0.999], when_worse=10.0, worse=1000.0)[0] == [[True, False]]
    assert leave([0.0, 0.999], when_worse=10.0, worse=-1000.0)[0] == [[False, False]]
