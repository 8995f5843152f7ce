"""Blinding indices against worked and published figures, and which guess of a period counts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from n1trial.evaluation.blinding import Guesses, bang, correct_share, count_guesses, index_figure, james
from n1trial.evaluation.characteristics import Figure

NEVER_ASKED = -2
PUBLISHED = [[82, 25, 170], [27, 29, 83]]
"""Bang, Ni & Davis 2004, table 4: drug, control, cannot tell, on the drug and on control."""


def guesses(*rows: list[int]) -> Guesses:
    return Guesses(np.array(rows))


def test_published_indices() -> None:
    on_drug, on_control = bang(guesses(*PUBLISHED))
    assert on_drug == pytest.approx(0.2058, abs=5e-5)
    assert on_control == pytest.approx(0.0144, abs=5e-5)
    assert james(guesses(*PUBLISHED)) == pytest.approx(0.75, abs=0.005)


@pytest.mark.parametrize(
    ("on_drug", "on_control", "indices"),
    [
        ([6, 2, 2], [1, 3, 6], (0.4, 0.2)),
        ([10, 0, 0], [0, 10, 0], (1, 1)),
        ([0, 10, 0], [10, 0, 0], (-1, -1)),
        ([5, 5, 0], [0, 0, 7], (0, 0)),
        ([10, 0, 0], [10, 0, 0], (1, -1)),
        ([1, 0, 1], [0, 0, 0], (0.5, None)),
        ([0, 0, 0], [0, 0, 0], (None, None)),
    ],
)
def test_bang_is_right_less_wrong(
    on_drug: list[int], on_control: list[int], indices: tuple[float | None, float | None]
) -> None:
    assert list(bang(guesses(on_drug, on_control))) == pytest.approx(list(indices))


@pytest.mark.parametrize(
    ("on_drug", "on_control", "index"),
    [
        ([0, 0, 5], [0, 0, 7], 1),
        ([5, 0, 0], [0, 7, 0], 0),
        ([4, 4, 0], [6, 6, 0], 0.5),
        ([6, 2, 0], [9, 3, 0], 0.5),
        ([0, 5, 0], [5, 0, 0], 1),
        ([2, 0, 2], [0, 2, 2], 0.5),
        ([4, 4, 8], [4, 4, 8], 0.75),
        ([0, 0, 0], [0, 0, 0], None),
    ],
)
def test_james_is_1_where_nobody_can_tell_a_half_at_random_and_0_where_all_are_right(
    on_drug: list[int], on_control: list[int], index: float | None
) -> None:
    assert james(guesses(on_drug, on_control)) == pytest.approx(index)


def test_james_is_worked_by_hand() -> None:
    # of those who guess: 3 of 10 wrong; by chance (5 x 4 + 5 x 6) / 100 = 1/2 would be
    kappa = (0.3 * 0.5 - 0.5 * 0.5) / (0.5 * 0.5)
    cannot_tell = 10 / 20
    expected = (1 + cannot_tell + (1 - cannot_tell) * kappa) / 2
    assert james(guesses([4, 1, 5], [2, 3, 5])) == pytest.approx(expected)
    assert expected == pytest.approx(0.65)


def test_share_of_right_guesses_is_among_those_who_guess() -> None:
    assert correct_share(guesses([6, 2, 20], [1, 3, 0])) == pytest.approx(9 / 12)
    assert correct_share(guesses([0, 0, 5], [0, 0, 5])) is None


def test_counts_add_up() -> None:
    assert (guesses([1, 2, 3], [4, 5, 6]) + guesses([1, 0, 0], [0, 0, 1])).counts.tolist() == [[2, 2, 3], [4, 5, 7]]


def count(rows: list[list[int]], asked_on: list[int], treatment: list[int]) -> list[list[int]]:
    """Count guesses in two periods of four days after a run-in of two, a washout of one between them."""
    period = np.array([0, 0, 1, 1, 1, 1, 0, 2, 2, 2, 2])[:, np.newaxis]
    taken = np.where(period > 0, np.array([0, *treatment])[period], 0)
    found = count_guesses(period, taken, np.arange(-2, 9), np.array(asked_on), np.array(rows, dtype=np.int8), 2)
    return [[int(number) for number in row] for row in found.counts]


def test_the_last_guess_of_a_period_counts_and_none_in_a_washout() -> None:
    # two replicates a row; asked on days 1 and 3 (first period), 4 (washout), 6 and 8 (second period)
    rows = [[1, 0], [0, -1], [1, 1], [1, 1], [-1, 0]]
    assert count(rows, [1, 3, 4, 6, 8], treatment=[1, 0]) == [[0, 1, 1], [0, 1, 1]]
    assert count(rows, [1, 3, 4, 6, 8], treatment=[0, 1]) == [[0, 1, 1], [0, 1, 1]]


def test_who_has_left_is_counted_as_far_as_asked() -> None:
    rows = [[1, 1], [0, NEVER_ASKED], [1, NEVER_ASKED], [1, NEVER_ASKED]]
    assert count(rows, [1, 3, 6, 8], treatment=[1, 0]) == [[1, 1, 0], [1, 0, 0]]


def test_nobody_asked_is_nobody_counted() -> None:
    assert count([], [], treatment=[1, 0]) == [[0, 0, 0], [0, 0, 0]]
    assert count([[NEVER_ASKED]], [3], treatment=[1, 0]) == [[0, 0, 0], [0, 0, 0]]
    assert not math.isnan(james(guesses([1, 0, 0], [0, 0, 0])) or 0.0)


def test_each_replicate_has_its_own_calendar() -> None:
    period = np.array([[1, 1], [1, 2], [2, 2]])
    treatment = np.array([[1, 0], [1, 1], [0, 1]])
    found = count_guesses(period, treatment, np.arange(3), np.array([1, 2]), np.array([[1, 0], [0, 1]]), 2)
    assert found.counts.tolist() == [[2, 0, 0], [0, 1, 0]]


TRIALS, REPETITIONS = 200, 400


def drawn(chance: np.random.Generator) -> Guesses:
    """Guesses of two periods a trial by patients of whom some know and some do not, so that guesses hang together."""
    knows = chance.random(TRIALS) < 0.3
    treatment = np.array([[1], [0]])
    right = np.where(knows, 0.9, 0.5) > chance.random((2, TRIALS))
    answers = np.where(chance.random((2, TRIALS)) < 0.2, -1, np.where(right, treatment, 1 - treatment))
    return count_guesses(np.array([[1], [2]]), treatment, np.arange(2), np.arange(2), answers.astype(np.int8), 2)


@pytest.mark.parametrize("place", range(4))
def test_the_error_of_an_index_is_how_much_another_seed_changes_it(place: int) -> None:
    """Within 4 standard errors of a standard deviation, 1/sqrt(2 REPETITIONS)."""
    index = (lambda seen: bang(seen)[0], lambda seen: bang(seen)[1], james, correct_share)[place]
    chance = np.random.default_rng(20261201)
    found = [index_figure(index, drawn(chance)) for _ in range(REPETITIONS)]
    spread = np.std([one.value or 0.0 for one in found])
    assert spread / np.mean([one.mcse or 0.0 for one in found]) == pytest.approx(1, abs=4 / np.sqrt(2 * REPETITIONS))


def test_what_nobody_guesses_and_one_patient_have_no_error() -> None:
    assert index_figure(james, guesses([0, 0, 0], [0, 0, 0])) == Figure()
    assert index_figure(james, guesses([2, 1, 0], [1, 1, 1])).mcse is None
    alike = count_guesses(np.array([[1]]), np.array([[1]]), np.arange(1), np.arange(1), np.ones((1, 50), np.int8), 1)
    assert index_figure(correct_share, alike) == Figure(1.0, None)
