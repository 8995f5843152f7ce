"""The share of the effect that a design sees, over all its assignments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial import formulas
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.evaluation import attenuation as module
from n1trial.evaluation.attenuation import attenuation

time_constants = st.sampled_from([0.0, 3.0, 21.0, 770.0])


def crossover(randomization: Randomization, period_days: int, washout_days: int = 0, run_in_days: int = 0) -> Layout:
    return Layout("crossover", run_in_days, "open", randomization.cycles, period_days, washout_days, randomization)


def orders(randomization: Randomization) -> list[str]:
    every = np.concatenate([chunk.order for chunk in randomization.enumerate()], axis=1)
    return ["".join("A" if on_drug else "B" for on_drug in order) for order in every.T]


@given(st.permutations("AAABBB"), st.integers(3, 20), time_constants, time_constants, st.integers(0, 2))
def test_a_fixed_sequence_is_the_closed_form(
    letters: list[str], period_days: int, onset_days: float, offset_days: float, discard_days: int
) -> None:
    sequence = "".join(letters)
    layout = crossover(Randomization("fixed", 3, sequence=sequence), period_days, run_in_days=4)
    expected = formulas.attenuation(sequence, period_days, onset_days, offset_days, discard_days)
    assert attenuation(layout, onset_days, offset_days, discard_days) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "randomization",
    [
        Randomization("pairs", 3),
        Randomization("alternating", 3),
        Randomization("counterbalanced", 3),
        Randomization("blocks", 4, block_cycles=2),
        Randomization("balanced", 3),
        Randomization("constrained", 3, max_run=2),
    ],
    ids=lambda scheme: scheme.scheme,
)
def test_a_scheme_sees_the_mean_of_what_its_orders_see(randomization: Randomization) -> None:
    expected = np.mean([formulas.attenuation(order, 28, 21.0, 45.0, 7) for order in orders(randomization)])
    assert attenuation(crossover(randomization, 28), 21.0, 45.0, 7) == pytest.approx(expected, abs=1e-12)


def test_a_random_switch_is_averaged_over_too() -> None:
    layout = crossover(Randomization("pairs", 1, jitter_days=1, jitter_step_days=1), 3)
    half = 1 / np.log(2)
    by_hand = []
    for first in (2, 3, 4):
        rise = 1 - 0.5 ** np.arange(1, 7)
        fall = (1 - 0.5**first) * 0.5 ** np.arange(1, 7 - first)
        by_hand += [rise[:first].mean() - fall.mean(), rise[: 6 - first].mean()]
    assert attenuation(layout, half, half, 0) == pytest.approx(np.mean(by_hand))


def test_a_washout_is_worth_its_days() -> None:
    half = 1 / np.log(2)
    layout = crossover(Randomization("fixed", 1, sequence="AB"), 2, washout_days=1)
    assert attenuation(layout, half, half, 0) == pytest.approx(5 / 8 - (3 / 16 + 3 / 32) / 2)


def test_a_fast_drug_is_seen_in_full_and_an_open_label_compares_nothing() -> None:
    assert attenuation(crossover(Randomization("pairs", 3), 14), 0.0, 0.0, 0) == 1
    assert attenuation(Layout("open-label", 14, "open", 3, 56, 0, None), 21.0, 45.0, 0) is None


def test_too_many_assignments_are_sampled_always_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    layout: Any = crossover(Randomization("pairs", 6), 28)
    exact = attenuation(layout, 21.0, 45.0, 0)
    assert exact is not None
    monkeypatch.setattr(module, "MOST_ASSIGNMENTS", 63)
    attenuation.cache_clear()
    sampled = attenuation(layout, 21.0, 45.0, 0)
    attenuation.cache_clear()
    assert sampled == attenuation(layout, 21.0, 45.0, 0) != exact
    attenuation.cache_clear()
    # orders of 6 cycles differ in what they see by .03 (standard deviation), of which 10,000 leave .0003
    assert sampled == pytest.approx(exact, abs=0.001)
