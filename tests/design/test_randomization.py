"""Randomization: what each scheme admits, how many that is, and how they are gone through and drawn."""

from __future__ import annotations

import itertools
import math
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.design.assignment import Assignment
from n1trial.design.layout import Layout
from n1trial.design.randomization import MAX_CYCLES, SCHEMES, Randomization
from n1trial.design.schedule import lay_out
from n1trial.exposure import course


def letters(order: NDArray[np.bool_]) -> list[str]:
    """Spell orders of shape (period, replicate) with A for the drug."""
    return ["".join("A" if on_drug else "B" for on_drug in replicate) for replicate in order.T]


def spelled(assignment: Assignment) -> list[tuple[str, tuple[int, ...]]]:
    """Spell assignments as (sequence, shifts)."""
    return list(zip(letters(assignment.order), map(tuple, assignment.shift.T.tolist()), strict=True))


def is_admissible(scheme: Randomization, sequence: str) -> bool:
    """Say, straight from the words of the specification, whether the scheme could have drawn the sequence."""
    cycles = [sequence[start : start + 2] for start in range(0, len(sequence), 2)]
    if len(cycles) != scheme.cycles or sequence.count("A") != sequence.count("B"):
        return False
    match scheme.scheme:
        case "pairs":
            return all(cycle in ("AB", "BA") for cycle in cycles)
        case "alternating":
            return cycles[0] in ("AB", "BA") and all(cycle == cycles[0] for cycle in cycles)
        case "counterbalanced":
            return cycles[0] in ("AB", "BA") and all(
                later == earlier[::-1] for earlier, later in itertools.pairwise(cycles)
            )
        case "blocks":
            size = 2 * (scheme.block_cycles or 0)
            blocks = [sequence[start : start + size] for start in range(0, len(sequence), size)]
            return all(block.count("A") == block.count("B") for block in blocks)
        case "balanced":
            return True
        case "constrained":
            return max(len(list(run)) for _, run in itertools.groupby(sequence)) <= (scheme.max_run or 0)
        case "fixed":
            return sequence == scheme.sequence
    raise AssertionError(scheme.scheme)


def admissible(scheme: Randomization) -> list[str]:
    """All sequences the scheme could draw, in alphabetical order, by trying every one there is."""
    tried = map("".join, itertools.product("AB", repeat=2 * scheme.cycles))
    return [sequence for sequence in tried if is_admissible(scheme, sequence)]


def every_scheme(cycles: int) -> list[Randomization]:
    """Every scheme with every setting that a number of cycles allows (of fixed sequences, some)."""
    plain = [Randomization(scheme, cycles) for scheme in ("pairs", "alternating", "counterbalanced", "balanced")]
    divisors = [size for size in range(1, cycles + 1) if cycles % size == 0]
    blocks = [Randomization("blocks", cycles, block_cycles=size) for size in divisors]
    constrained = [Randomization("constrained", cycles, max_run=most) for most in range(1, 2 * cycles + 1)]
    sequences = {"AB" * cycles, "BA" * cycles, "A" * cycles + "B" * cycles, ("ABBA" * cycles)[: 2 * cycles]}
    return plain + blocks + constrained + [Randomization("fixed", cycles, sequence=each) for each in sorted(sequences)]


SMALL = [scheme for cycles in range(1, 6) for scheme in every_scheme(cycles)]
WITH_SWITCH = [
    Randomization("pairs", 2, jitter_days=7),
    Randomization("pairs", 3, jitter_days=7),
    Randomization("alternating", 3, jitter_days=14),
    Randomization("counterbalanced", 2, jitter_days=3, jitter_step_days=1),
    Randomization("fixed", 2, sequence="ABBA", jitter_days=7),
]


def name(scheme: Randomization) -> str:
    """Short test name."""
    setting = scheme.block_cycles or scheme.max_run or scheme.sequence or ""
    return f"{scheme.scheme}{setting}-{scheme.cycles}" + (f"-jitter{scheme.jitter_days}" if scheme.jitter_days else "")


@st.composite
def schemes(draw: st.DrawFn, most_cycles: int = MAX_CYCLES) -> Randomization:
    """Any scheme with any settings."""
    cycles = draw(st.integers(1, most_cycles))
    scheme = draw(st.sampled_from(SCHEMES))
    sequence = "".join(draw(st.permutations("AB" * cycles)))
    divisors = [size for size in range(1, cycles + 1) if cycles % size == 0]
    bare = Randomization(scheme, cycles, draw(st.sampled_from(divisors)), draw(st.integers(1, 2 * cycles)), sequence)
    jitter_days = draw(st.integers(0, 21)) if bare.holds_both else 0
    return Randomization(
        scheme, cycles, bare.block_cycles, bare.max_run, sequence, jitter_days, draw(st.integers(1, 14))
    )


# What is admitted, and how much of it


@pytest.mark.parametrize("scheme", SMALL, ids=name)
def test_orders_are_the_admissible_sequences_in_alphabetical_order(scheme: Randomization) -> None:
    expected = admissible(scheme)
    assert scheme.orders == len(expected)
    assert letters(scheme.order(np.arange(scheme.orders))) == expected


@pytest.mark.parametrize("cycles", [1, 2, 3, 4, 5, 6, 13, 26])
def test_counts_against_closed_forms(cycles: int) -> None:
    assert Randomization("pairs", cycles).orders == 2**cycles
    assert Randomization("alternating", cycles).orders == 2
    assert Randomization("counterbalanced", cycles).orders == 2
    assert Randomization("balanced", cycles).orders == math.comb(2 * cycles, cycles)
    assert Randomization("constrained", cycles, max_run=1).orders == 2
    assert Randomization("constrained", cycles, max_run=cycles).orders == math.comb(2 * cycles, cycles)
    assert Randomization("fixed", cycles, sequence="AB" * cycles).orders == 1
    for size in (size for size in range(1, cycles + 1) if cycles % size == 0):
        blocks = Randomization("blocks", cycles, block_cycles=size)
        assert blocks.orders == math.comb(2 * size, size) ** (cycles // size)


def test_runs_of_at_most_two_against_a_closed_form() -> None:
    # The runs of A, each 1 or 2 long, form a composition of the number of cycles into ones and twos, and so do those
    # of B; the numbers of runs are equal (either may come first) or differ by one.
    for cycles in range(1, MAX_CYCLES + 1):
        ways = {runs: math.comb(runs, cycles - runs) for runs in range(cycles + 1)}
        expected = sum(ways[runs] * (2 * ways[runs] + 2 * ways.get(runs + 1, 0)) for runs in ways)
        assert Randomization("constrained", cycles, max_run=2).orders == expected


def test_orders_that_cannot_be_finished_are_not_begun() -> None:
    # AABAA breaks no rule itself, but leaves three B in a row.
    scheme = Randomization("constrained", 4, max_run=2)
    orders = letters(scheme.order(np.arange(scheme.orders)))
    assert any(order.startswith("AABAB") for order in orders)
    assert not any(order.startswith("AABAA") for order in orders)


@pytest.mark.parametrize("scheme", SMALL, ids=name)
def test_holds_both_is_true_only_where_every_cycle_holds_both(scheme: Randomization) -> None:
    always = all(sequence[2 * cycle] != sequence[2 * cycle + 1] for sequence in admissible(scheme)
                 for cycle in range(scheme.cycles))  # fmt: skip
    if scheme.scheme in ("pairs", "alternating", "counterbalanced", "fixed"):
        assert scheme.holds_both == always
    else:
        assert not scheme.holds_both


@pytest.mark.parametrize(
    ("jitter_days", "jitter_step_days", "expected"),
    [
        (0, 7, (0,)),
        (7, 7, (-7, 0, 7)),
        (14, 7, (-14, -7, 0, 7, 14)),
        (10, 7, (-7, 0, 7)),
        (5, 7, (0,)),
        (2, 1, (-2, -1, 0, 1, 2)),
    ],
)
def test_switches(jitter_days: int, jitter_step_days: int, expected: tuple[int, ...]) -> None:
    scheme = Randomization("pairs", 3, jitter_days=jitter_days, jitter_step_days=jitter_step_days)
    assert scheme.switches == expected
    assert scheme.assignments == 8 * len(expected) ** 3


def test_assignments_are_exact_beyond_64_bits() -> None:
    scheme = Randomization("pairs", 26, jitter_days=21, jitter_step_days=1)
    assert scheme.assignments == 2**26 * 43**26


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scheme": "coin", "cycles": 3}, "scheme must be one of pairs, .*, fixed, not 'coin'"),
        ({"scheme": "pairs", "cycles": 0}, "cycles must be 1 to 26, not 0"),
        ({"scheme": "pairs", "cycles": 27}, "cycles must be 1 to 26, not 27"),
        ({"scheme": "blocks", "cycles": 4}, "block_cycles must be a divisor of the 4 cycles, not None"),
        (
            {"scheme": "blocks", "cycles": 4, "block_cycles": 3},
            "block_cycles must be a divisor of the 4 cycles, not 3",
        ),
        (
            {"scheme": "blocks", "cycles": 4, "block_cycles": 0},
            "block_cycles must be a divisor of the 4 cycles, not 0",
        ),
        ({"scheme": "constrained", "cycles": 3}, "max_run must be 1 or more, not None"),
        ({"scheme": "constrained", "cycles": 3, "max_run": 0}, "max_run must be 1 or more, not 0"),
        ({"scheme": "fixed", "cycles": 2}, "sequence must be made of 2 A and 2 B, not None"),
        ({"scheme": "fixed", "cycles": 2, "sequence": "ABAA"}, "sequence must be made of 2 A and 2 B, not 'ABAA'"),
        ({"scheme": "fixed", "cycles": 2, "sequence": "ABBAAB"}, "sequence must be made of 2 A and 2 B, not 'ABBAAB'"),
        ({"scheme": "fixed", "cycles": 2, "sequence": "abba"}, "sequence must be made of 2 A and 2 B, not 'abba'"),
        ({"scheme": "pairs", "cycles": 3, "jitter_days": -1}, "jitter_days must be 0 or more, not -1"),
        (
            {"scheme": "balanced", "cycles": 3, "jitter_days": 7},
            r"jitter_days must be 0 where a cycle need not hold both treatments \(balanced\), not 7",
        ),
        (
            {"scheme": "fixed", "cycles": 2, "sequence": "AABB", "jitter_days": 7},
            r"jitter_days must be 0 where a cycle need not hold both treatments \(fixed\), not 7",
        ),
        ({"scheme": "pairs", "cycles": 3, "jitter_step_days": 0}, "jitter_step_days must be 1 or more, not 0"),
    ],
)
def test_impossible_arguments_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Randomization(**arguments)


# Orders by rank


def test_rank_of_the_longest_balanced_orders() -> None:
    # The place of an order in the alphabetical list is a sum of binomial coefficients: for each B, the orders that
    # put an A there instead. Most ranks here are beyond 32 bits.
    scheme = Randomization("balanced", MAX_CYCLES)
    rank = np.random.default_rng(1).integers(0, scheme.orders, 200)
    rank[:3] = 0, scheme.orders - 1, scheme.orders // 2
    for order, expected in zip(scheme.order(rank).T, rank.tolist(), strict=True):
        drugs_left, place = MAX_CYCLES, 0
        for period, on_drug in enumerate(order):
            left = 2 * MAX_CYCLES - period - 1
            place += 0 if on_drug or drugs_left == 0 else math.comb(left, drugs_left - 1)
            drugs_left -= int(on_drug)
        assert place == expected
        assert drugs_left == 0


@pytest.mark.parametrize("rank", [-1, 8])
def test_ranks_that_do_not_exist_are_refused(rank: int) -> None:
    with pytest.raises(ValueError, match=f"^rank must be 0 to 7, not {min(rank, 0)} to {max(rank, 0)}$"):
        Randomization("pairs", 3).order(np.array([0, rank]))


def test_order_leaves_its_argument_alone() -> None:
    rank = np.arange(8)
    Randomization("pairs", 3).order(rank)
    assert rank.tolist() == list(range(8))


# Enumeration


@pytest.mark.parametrize("scheme", WITH_SWITCH + every_scheme(2) + every_scheme(4), ids=name)
@pytest.mark.parametrize("chunk", [1, 7, 4096])
def test_enumeration_holds_every_admissible_assignment_once(scheme: Randomization, chunk: int) -> None:
    chunks = list(scheme.enumerate(chunk))
    sizes = [each.order.shape[1] for each in chunks]
    assert all(size == chunk for size in sizes[:-1])
    assert sum(sizes) == scheme.assignments
    assert all(each.shift.shape[1] == size for each, size in zip(chunks, sizes, strict=True))
    found = [assignment for each in chunks for assignment in spelled(each)]
    switchings = itertools.product(scheme.switches, repeat=scheme.cycles)
    assert found == list(itertools.product(admissible(scheme), switchings))


@pytest.mark.parametrize(
    "scheme",
    [
        Randomization("balanced", 26),
        Randomization("constrained", 26, max_run=3),
        Randomization("pairs", 26, jitter_days=21, jitter_step_days=1),
    ],
    ids=name,
)
def test_enumeration_of_very_many_holds_one_chunk_at_a_time(scheme: Randomization) -> None:
    assert scheme.assignments > 10**13
    tracemalloc.start()
    chunks = list(map(spelled, itertools.islice(scheme.enumerate(100), 5)))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 20e6
    assert len(set().union(*chunks)) == 500
    assert all(is_admissible(scheme, sequence) for chunk in chunks for sequence, _ in chunk)


def test_enumeration_carries_over_digits_beyond_64_bits() -> None:
    # 43**26 switchings an order: the second order begins after more assignments than 64 bits can count.
    scheme = Randomization("pairs", 26, jitter_days=21, jitter_step_days=1)
    first = next(scheme.enumerate(44))
    assert first.shift[-1].tolist() == [*range(-21, 22), -21]
    assert first.shift[-2].tolist() == [-21] * 43 + [-20]
    assert (first.shift[:-2] == -21).all()
    assert set(letters(first.order)) == {"AB" * 26}


def test_enumeration_refuses_empty_chunks() -> None:
    with pytest.raises(ValueError, match=r"^chunk must be 1 or more, not 0$"):
        next(Randomization("pairs", 3).enumerate(0))


# Draws


@settings(deadline=None, max_examples=100)
@given(scheme=schemes(), size=st.integers(0, 40), seed=st.integers(0, 2**32))
def test_every_draw_is_admissible(scheme: Randomization, size: int, seed: int) -> None:
    assignment = scheme.draw(np.random.default_rng(seed), np.random.default_rng(seed + 1), size)
    assert assignment.order.shape == (2 * scheme.cycles, size)
    assert assignment.order.dtype == np.bool_
    assert assignment.shift.shape == (scheme.cycles, size)
    assert assignment.shift.dtype == np.int16
    assert set(np.unique(assignment.shift).tolist()) <= set(scheme.switches)
    assert all(is_admissible(scheme, sequence) for sequence in letters(assignment.order))


@settings(deadline=None, max_examples=50)
@given(scheme=schemes(), size=st.integers(2, 40), seed=st.integers(0, 2**32))
def test_draws_repeat_and_a_longer_row_begins_with_the_shorter(scheme: Randomization, size: int, seed: int) -> None:
    def draw(width: int) -> Assignment:
        return scheme.draw(np.random.default_rng(seed), np.random.default_rng(seed + 1), width)

    once, again, fewer = draw(size), draw(size), draw(size // 2)
    assert np.array_equal(once.order, again.order)
    assert np.array_equal(once.shift, again.shift)
    assert np.array_equal(fewer.order, once.order[:, : size // 2])
    assert np.array_equal(fewer.shift[0], once.shift[0, : size // 2])


def test_orders_do_not_depend_on_the_switch() -> None:
    plain, moved = Randomization("pairs", 4), Randomization("pairs", 4, jitter_days=14)
    orders, switches = np.random.default_rng(3), np.random.default_rng(4)
    state = switches.bit_generator.state
    order = plain.draw(orders, switches, 500).order
    assert switches.bit_generator.state == state, "without a random switch its stream draws nothing"
    jittered = moved.draw(np.random.default_rng(3), switches, 500)
    assert np.array_equal(jittered.order, order)
    assert set(np.unique(jittered.shift).tolist()) == {-14, -7, 0, 7, 14}


# Smallest p


@pytest.mark.parametrize(
    ("cycles", "pairs", "pairs_switch_over_three_weeks", "balanced"),
    [(2, 4, 36, 6), (3, 8, 216, 20), (4, 16, 1296, 70), (5, 32, 7776, 252), (6, 64, 46656, 924)],
)
def test_numbers_of_assignments_as_tabulated(
    cycles: int, pairs: int, pairs_switch_over_three_weeks: int, balanced: int
) -> None:
    table = {
        Randomization("pairs", cycles): pairs,
        Randomization("pairs", cycles, jitter_days=7): pairs_switch_over_three_weeks,
        Randomization("balanced", cycles): balanced,
    }
    for scheme, assignments in table.items():
        assert scheme.assignments == assignments
        assert scheme.smallest_p(1) == 1 / assignments
        assert scheme.smallest_p(2) == 2 / assignments


@pytest.mark.parametrize("sides", [1, 2])
def test_fixed_without_a_random_switch_has_no_randomization_test(sides: int) -> None:
    assert Randomization("fixed", 2, sequence="ABBA").smallest_p(sides) is None
    assert Randomization("fixed", 2, sequence="ABBA", jitter_days=5).smallest_p(sides) is None
    assert Randomization("fixed", 2, sequence="ABBA", jitter_days=7).smallest_p(sides) == sides / 9


def cycle_difference(layout: Layout, assignment: Assignment, score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over cycles of the mean score on the drug minus that on control, by assignment."""
    schedule = lay_out(layout, assignment)
    replicates = assignment.order.shape[1]
    cycle, treatment = (
        np.broadcast_to(each, (score.size, replicates)) for each in (schedule.cycle, schedule.treatment)
    )
    differences = [
        [score[(cycle[:, one] == each) & (treatment[:, one] == 1)].mean()
         - score[(cycle[:, one] == each) & (treatment[:, one] == 0)].mean() for each in range(1, layout.cycles + 1)]
        for one in range(replicates)
    ]  # fmt: skip
    statistic: NDArray[np.float64] = np.mean(differences, axis=1)
    return statistic


def exposure_slope(layout: Layout, assignment: Assignment, score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardized product of score and predicted exposure (onset 5, offset 9 days), intercept and trend removed."""
    on_drug = np.broadcast_to(lay_out(layout, assignment).treatment, (score.size, assignment.order.shape[1]))
    terms = np.stack([np.ones(score.size), np.arange(score.size)], axis=1)
    exposure = course(on_drug == 1, 5.0, 9.0)
    left = exposure - terms @ np.linalg.lstsq(terms, exposure)[0]
    statistic: NDArray[np.float64] = left.T @ score / np.linalg.norm(left, axis=0)
    return statistic


@pytest.mark.parametrize("scheme", WITH_SWITCH[:1] + WITH_SWITCH[-1:] + every_scheme(2) + every_scheme(3), ids=name)
@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("statistic_of", [cycle_difference, exposure_slope], ids=["cycle", "exposure"])
def test_smallest_p_is_the_smallest_that_the_test_reaches(
    scheme: Randomization, sides: int, statistic_of: Callable[..., NDArray[np.float64]]
) -> None:
    layout = Layout("crossover", 0, "open", scheme.cycles, 21, 0, scheme)
    score = np.random.default_rng(8).normal(size=layout.days.size)
    statistic = np.concatenate([statistic_of(layout, chunk, score) for chunk in scheme.enumerate()])
    ends = (statistic, -statistic)[:sides]
    smallest = min(sides * np.count_nonzero(each >= each.max() - 1e-9) / scheme.assignments for each in ends)
    assert (scheme.smallest_p(sides) or 1.0) == pytest.approx(min(smallest, 1.0), rel=1e-12)
