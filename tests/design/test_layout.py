"""The calendar: what each day of a layout holds, before and after an assignment is put on it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import Schedule, lay_out, period_spans

FLAGSHIP = Layout("crossover", 14, "open", 3, 49, 0, Randomization("pairs", 3, jitter_days=7))
OPEN_LABEL = Layout("open-label", 14, "open", 3, 56, 0, None)


def crossover(sequence: str, period_days: int, washout_days: int = 0, run_in_days: int = 0) -> Layout:
    """Lay out one stated sequence."""
    scheme = Randomization("fixed", len(sequence) // 2, sequence=sequence)
    return Layout("crossover", run_in_days, "open", scheme.cycles, period_days, washout_days, scheme)


def assignment_of(sequence: str, shift: list[int] | None = None) -> Assignment:
    """One assignment, spelled."""
    order = np.array([[letter == "A"] for letter in sequence])
    days = shift if shift is not None else [0] * (len(sequence) // 2)
    return Assignment(order, np.array(days, dtype=np.int16)[:, np.newaxis])


def full(values: NDArray[np.generic], replicates: int) -> list[list[int]]:
    """Values by replicate and day, whether or not the replicates share them."""
    wide: list[list[int]] = np.broadcast_to(values, (values.shape[0], replicates)).T.tolist()
    return wide


def stretches(values: list[int]) -> list[tuple[int, int]]:
    """Runs of equal values as (value, length)."""
    return [(value, len(list(run))) for value, run in itertools.groupby(values)]


# The flagship: periods of 6, 7 or 8 weeks


def test_flagship_lasts_44_weeks_with_18_to_24_on_placebo() -> None:
    assert FLAGSHIP.days[0] == -14
    assert FLAGSHIP.days[-1] == 293
    assert (np.diff(FLAGSHIP.days) == 1).all()
    assert FLAGSHIP.treated_days == 294
    assert FLAGSHIP.cycle_days == 98
    assert FLAGSHIP.periods == 6
    assert FLAGSHIP.weeks == 44
    assert FLAGSHIP.weeks_on_control() == (18, 24)
    assert FLAGSHIP.shortest_period_days == 42


def test_every_flagship_assignment_has_periods_of_6_7_or_8_weeks_in_cycles_of_14() -> None:
    assert FLAGSHIP.randomization is not None
    chunks = list(FLAGSHIP.randomization.enumerate(100))
    lengths: set[tuple[int, ...]] = set()
    for assignment in chunks:
        schedule = lay_out(FLAGSHIP, assignment)
        replicates = assignment.order.shape[1]
        for period, cycle in zip(full(schedule.period, replicates), full(schedule.cycle, replicates), strict=True):
            runs = stretches(period)
            assert [value for value, _ in runs] == [0, 1, 2, 3, 4, 5, 6]
            assert stretches(cycle) == [(0, 14), (1, 98), (2, 98), (3, 98)]
            lengths.add(tuple(length for _, length in runs[1:]))
    expected = {(49 + one, 49 - one, 49 + two, 49 - two, 49 + three, 49 - three)
                for one, two, three in itertools.product((-7, 0, 7), repeat=3)}  # fmt: skip
    assert lengths == expected


def test_weeks_on_control_are_the_least_and_most_of_all_assignments() -> None:
    scheme = Randomization("pairs", 2, jitter_days=5, jitter_step_days=2)
    for run_in, run_in_days in itertools.product(("open", "placebo"), (0, 10)):
        kind: Literal["open", "placebo"] = "open" if run_in == "open" else "placebo"
        layout = Layout("crossover", run_in_days, kind, 2, 21, 6, scheme)
        on_control = layout.days >= (-run_in_days if kind == "placebo" else 0)
        treatment = np.concatenate([lay_out(layout, chunk).treatment for chunk in scheme.enumerate()], axis=1)
        weeks = (treatment[on_control] == 0).sum(axis=0) / 7
        assert layout.weeks_on_control() == pytest.approx((weeks.min(), weeks.max()), abs=1e-12)


# Single calendars, written out


def test_two_short_cycles_with_washouts_and_run_in() -> None:
    schedule = lay_out(crossover("ABBA", 3, washout_days=2, run_in_days=2), assignment_of("ABBA"))
    assert schedule.day.tolist() == list(range(-2, 18))
    #                                      run-in 1        washout 2        washout 3        washout 4
    assert schedule.period[:, 0].tolist() == [0, 0, 1, 1, 1, 0, 0, 2, 2, 2, 0, 0, 3, 3, 3, 0, 0, 4, 4, 4]
    assert schedule.cycle[:, 0].tolist() == [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 2, 2, 2, 0, 0, 2, 2, 2]
    assert schedule.treatment[:, 0].tolist() == [0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert schedule.day_of_period[:, 0].tolist() == [
        -1, -1, 0, 1, 2, -1, -1, 0, 1, 2, -1, -1, 0, 1, 2, -1, -1, 0, 1, 2,
    ]  # fmt: skip


def test_a_moved_switch_moves_its_washout_along() -> None:
    scheme = Randomization("pairs", 2, jitter_days=1, jitter_step_days=1)
    layout = replace(crossover("ABAB", 3, washout_days=1), randomization=scheme)
    schedule = lay_out(layout, assignment_of("ABBA", shift=[1, -1]))
    assert schedule.period[:, 0].tolist() == [1, 1, 1, 1, 0, 2, 2, 0, 3, 3, 0, 4, 4, 4, 4]
    assert schedule.treatment[:, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert schedule.day_of_period[:, 0].tolist() == [0, 1, 2, 3, -1, 0, 1, -1, 0, 1, -1, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("sequence", "cycles"),
    [
        ("AABB", [1, 2, 1, 2]),
        ("BAAB", [1, 1, 2, 2]),
        ("AAABBB", [1, 2, 3, 1, 2, 3]),
        ("ABBBAA", [1, 1, 2, 3, 2, 3]),
    ],
)
def test_cycle_pairs_the_kth_period_of_each_treatment(sequence: str, cycles: list[int]) -> None:
    scheme = Randomization("balanced", len(sequence) // 2)
    layout = Layout("crossover", 1, "open", scheme.cycles, 2, 0, scheme)
    schedule = lay_out(layout, assignment_of(sequence))
    assert schedule.cycle[1::2, 0].tolist() == cycles
    assert schedule.cycle[2::2, 0].tolist() == cycles
    assert schedule.cycle[0, 0] == 0


def test_replicates_share_a_calendar_unless_a_switch_moves() -> None:
    assert FLAGSHIP.randomization is not None
    still = Assignment(FLAGSHIP.randomization.order(np.arange(8)), np.zeros((3, 8), dtype=np.int16))
    shared = lay_out(FLAGSHIP, still)
    assert shared.period.shape == shared.cycle.shape == shared.day_of_period.shape == (308, 1)
    assert shared.treatment.shape == (308, 8)
    shift = still.shift.copy()
    shift[1, 3] = 7
    own = lay_out(FLAGSHIP, Assignment(still.order, shift))
    assert own.period.shape == own.cycle.shape == own.day_of_period.shape == own.treatment.shape == (308, 8)
    others = [replicate for replicate in range(8) if replicate != 3]
    for field in ("period", "cycle", "treatment", "day_of_period"):
        before, after = getattr(shared, field), getattr(own, field)
        assert after.dtype == before.dtype
        assert np.array_equal(after[:, others], np.broadcast_to(before, (308, 8))[:, others])


def test_stretch_follows_the_calendar_and_not_the_switch() -> None:
    stretch = FLAGSHIP.stretch_of_day
    assert stretches(stretch.tolist()) == [(-1, 14), (0, 49), (1, 49), (2, 49), (3, 49), (4, 49), (5, 49)]
    with_washout = crossover("ABBA", 3, washout_days=2, run_in_days=2).stretch_of_day
    assert stretches(with_washout.tolist()) == [(-1, 2), (0, 5), (1, 5), (2, 5), (3, 3)]


# Open-label


def test_open_label_is_one_stretch_on_the_drug() -> None:
    schedule = lay_out(OPEN_LABEL, None)
    assert OPEN_LABEL.is_open_label
    assert OPEN_LABEL.periods == 1
    assert OPEN_LABEL.treated_days == OPEN_LABEL.shortest_period_days == 336
    assert OPEN_LABEL.weeks == 50
    assert OPEN_LABEL.weeks_on_control() == (0, 0)
    assert replace(OPEN_LABEL, run_in="placebo").weeks_on_control() == (2, 2)
    for values in (schedule.period, schedule.cycle, schedule.treatment):
        assert stretches(values[:, 0].tolist()) == [(0, 14), (1, 336)]
    assert schedule.day_of_period[:, 0].tolist() == [-1] * 14 + list(range(336))
    halves = 336 // OPEN_LABEL.period_days
    assert stretches(OPEN_LABEL.stretch_of_day.tolist()) == [
        (-1, 14), *((number, OPEN_LABEL.period_days) for number in range(halves))
    ]  # fmt: skip


# Any layout, day by day


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Any crossover layout."""
    cycles = draw(st.integers(1, 5))
    scheme = draw(st.sampled_from(["pairs", "alternating", "counterbalanced", "blocks", "balanced", "constrained"]))
    jitter_days = draw(st.integers(0, 9)) if scheme in ("pairs", "alternating", "counterbalanced") else 0
    step_days = draw(st.integers(1, 4))
    randomization = Randomization(
        scheme, cycles, cycles, draw(st.integers(1, 4)), None, jitter_days, step_days
    )  # fmt: skip
    return Layout(
        kind="crossover",
        run_in_days=draw(st.integers(0, 9)),
        run_in=draw(st.sampled_from(["open", "placebo"])),
        cycles=cycles,
        period_days=draw(st.integers(jitter_days + 1, 30)),
        washout_days=draw(st.integers(0, 8)),
        randomization=randomization,
    )


def walk(layout: Layout, order: list[bool], shift: list[int]) -> list[tuple[int, int, int, int]]:
    """Period, cycle, treatment and day of period of each day, by going through one trial period by period."""
    days = [(0, 0, 0, -1)] * layout.run_in_days
    given = {True: 0, False: 0}
    for period, on_drug in enumerate(order, start=1):
        given[on_drug] += 1
        first_of_cycle = period % 2 == 1
        moved = shift[(period - 1) // 2]
        length = layout.period_days + (moved if first_of_cycle else -moved)
        days += [(period, given[on_drug], int(on_drug), day) for day in range(length)]
        if period < len(order):
            days += [(0, 0, 0, -1)] * layout.washout_days
    return days


def columns(schedule: Schedule, replicates: int) -> list[list[tuple[int, int, int, int]]]:
    """Period, cycle, treatment and day of period of each day, by replicate."""
    fields = (schedule.period, schedule.cycle, schedule.treatment, schedule.day_of_period)
    wide = [full(values, replicates) for values in fields]
    return [list(zip(*(values[one] for values in wide), strict=True)) for one in range(replicates)]


@settings(deadline=None, max_examples=150)
@given(layout=layouts(), size=st.integers(1, 6), seed=st.integers(0, 2**32))
def test_laying_out_versus_walking_day_by_day(layout: Layout, size: int, seed: int) -> None:
    assert layout.randomization is not None
    generators = np.random.default_rng(seed).spawn(2)
    assignment = layout.randomization.draw(generators[0], generators[1], size)
    schedule = lay_out(layout, assignment)
    expected = [
        walk(layout, order, shift)
        for order, shift in zip(assignment.order.T.tolist(), assignment.shift.T.tolist(), strict=True)
    ]
    assert columns(schedule, size) == expected
    assert schedule.day.tolist() == list(range(-layout.run_in_days, layout.treated_days))
    starts, lengths = (each.T.tolist() for each in period_spans(layout, assignment))
    for days, start, length in zip(expected, starts, lengths, strict=True):
        firsts = [day for day, (_, _, _, day_of_period) in enumerate(days, -layout.run_in_days) if day_of_period == 0]
        assert start == firsts
        assert length == [days_in for period, days_in in stretches([period for period, _, _, _ in days]) if period > 0]
    dtypes = [schedule.period.dtype, schedule.cycle.dtype, schedule.treatment.dtype, schedule.day_of_period.dtype]
    assert dtypes == [np.int8, np.int8, np.int8, np.int16]


@settings(deadline=None, max_examples=50)
@given(layout=layouts(), seed=st.integers(0, 2**32))
def test_lengths_add_up(layout: Layout, seed: int) -> None:
    assert layout.randomization is not None
    generators = np.random.default_rng(seed).spawn(2)
    schedule = lay_out(layout, layout.randomization.draw(generators[0], generators[1], 3))
    lengths = [
        (np.broadcast_to(schedule.period, (layout.days.size, 3)) == period).sum(axis=0)
        for period in range(1, layout.periods + 1)
    ]
    assert min(length.min() for length in lengths) >= layout.shortest_period_days
    assert np.array_equal(sum(lengths), np.full(3, 2 * layout.cycles * layout.period_days))
    weeks = (schedule.treatment[layout.days >= 0] == 0).sum(axis=0) / 7
    run_in_weeks = layout.run_in_days / 7 if layout.run_in == "placebo" else 0.0
    least, most = layout.weeks_on_control()
    assert (weeks + run_in_weeks >= least - 1e-12).all()
    assert (weeks + run_in_weeks <= most + 1e-12).all()
