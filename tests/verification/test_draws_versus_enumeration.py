"""Draws of every scheme versus its enumerated assignments: each must come up equally often."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from n1trial.design.assignment import Assignment
from n1trial.design.randomization import Randomization

SEED = 20261122
DRAWS_AN_ASSIGNMENT = 200
# The chance of a standard normal beyond 4 standard errors to one side: chi-square is judged by both of its tails,
# because draws that are too even are not random either.
TAIL = float(stats.norm.sf(4))

SCHEMES = [
    Randomization("pairs", 3),
    Randomization("pairs", 6),
    Randomization("pairs", 2, jitter_days=7),
    Randomization("pairs", 3, jitter_days=7),
    Randomization("pairs", 2, jitter_days=14),
    Randomization("alternating", 3),
    Randomization("alternating", 3, jitter_days=7),
    Randomization("counterbalanced", 4),
    Randomization("counterbalanced", 3, jitter_days=3, jitter_step_days=1),
    Randomization("blocks", 4, block_cycles=2),
    Randomization("blocks", 6, block_cycles=3),
    Randomization("balanced", 3),
    Randomization("balanced", 5),
    Randomization("constrained", 3, max_run=2),
    Randomization("constrained", 4, max_run=3),
    Randomization("constrained", 6, max_run=2),
    Randomization("fixed", 3, sequence="ABBAAB", jitter_days=7),
]


def name(scheme: Randomization) -> str:
    """Short test name."""
    return f"{scheme.scheme}-{scheme.cycles}" + (f"-jitter{scheme.jitter_days}" if scheme.jitter_days else "")


def code(assignment: Assignment) -> NDArray[np.int64]:
    """Give each assignment of up to 12 periods and 6 shifts a number of its own."""
    bits = assignment.order.astype(np.int64)
    digits = assignment.shift.astype(np.int64) + 32
    number = np.zeros(bits.shape[1], dtype=np.int64)
    for row in bits:
        number = 2 * number + row
    for row in digits:
        number = 64 * number + row
    return number


def chi_square_tails(found: NDArray[np.int64], listed: NDArray[np.int64]) -> tuple[float, float]:
    """Lower and upper tail of Pearson's chi-square of draws over the listed codes, all of them equally likely."""
    codes, counts = np.unique(found, return_counts=True)
    assert np.isin(codes, listed).all(), "something was drawn that is not in the enumeration"
    expected = found.size / listed.size
    unseen = listed.size - codes.size
    chi_square = ((counts - expected) ** 2).sum() / expected + unseen * expected
    df = listed.size - 1
    return float(stats.chi2.cdf(chi_square, df)), float(stats.chi2.sf(chi_square, df))


@pytest.mark.parametrize("scheme", SCHEMES, ids=name)
def test_draws_are_uniform_over_the_enumerated_assignments(scheme: Randomization) -> None:
    listed = np.concatenate([code(chunk) for chunk in scheme.enumerate()])
    assert np.unique(listed).size == scheme.assignments
    orders, switches = np.random.default_rng([SEED, 1]).spawn(2)
    drawn = scheme.draw(orders, switches, DRAWS_AN_ASSIGNMENT * scheme.assignments)
    lower, upper = chi_square_tails(code(drawn), listed)
    assert lower > TAIL
    assert upper > TAIL


def test_drawing_period_by_period_would_be_told_apart() -> None:
    # The usual mistake with limited runs: toss a fair coin wherever both treatments are still possible.
    scheme = Randomization("constrained", 4, max_run=2)
    listed = np.concatenate([code(chunk) for chunk in scheme.enumerate()])
    every = scheme.order(np.arange(scheme.orders))
    generator = np.random.default_rng(SEED)
    walks = np.empty((8, DRAWS_AN_ASSIGNMENT * scheme.assignments), dtype=np.bool_)
    for walk in walks.T:
        possible = every
        for period in range(8):
            walk[period] = generator.choice(np.unique(possible[period]))
            possible = possible[:, possible[period] == walk[period]]
    shift = np.zeros((4, walks.shape[1]), dtype=np.int16)
    _, upper = chi_square_tails(code(Assignment(walks, shift)), listed)
    assert upper < 1e-12


@pytest.mark.parametrize("cycles", [13, 26])
def test_long_constrained_orders_begin_as_often_as_counted(cycles: int) -> None:
    # Too many to enumerate: the chance of the first three periods is counted by the orders that go on from them,
    # found here by a recursion over single orders' rules and not by the module's table.
    scheme = Randomization("constrained", cycles, max_run=3)

    def completions(drug_left: int, control_left: int, run: int, known: dict[tuple[int, int, int], int]) -> int:
        """Orders of what is left after a run on the drug of that length, neither treatment more than 3 in a row."""
        if drug_left == control_left == 0:
            return 1
        key = (drug_left, control_left, run)
        if key not in known:
            same = completions(drug_left - 1, control_left, run + 1, known) if drug_left and run < 3 else 0
            other = completions(control_left - 1, drug_left, 1, known) if control_left else 0
            known[key] = same + other
        return known[key]

    known: dict[tuple[int, int, int], int] = {}
    after = {
        "AAA": completions(cycles - 3, cycles, 3, known),
        "AAB": completions(cycles - 1, cycles - 2, 1, known),
        "ABA": completions(cycles - 2, cycles - 1, 1, known),
        "ABB": completions(cycles - 2, cycles - 1, 2, known),
    }
    assert scheme.orders == 2 * sum(after.values())

    draws = 40_000
    orders, switches = np.random.default_rng([SEED, 2]).spawn(2)
    order = scheme.draw(orders, switches, draws).order
    for start, ways in after.items():
        chance = ways / scheme.orders
        starts = np.array([letter == "A" for letter in start])[:, np.newaxis]
        for matches in ((order[:3] == starts).all(axis=0), (order[:3] != starts).all(axis=0)):
            standard_error = np.sqrt(chance * (1 - chance) / draws)
            assert abs(matches.mean() - chance) < 4 * standard_error
