"""Closed forms against published and worked values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from n1trial import formulas

means = st.integers(-24, 24).map(lambda eighths: eighths / 8)
sds = st.integers(1, 24).map(lambda eighths: eighths / 8)


@pytest.mark.parametrize(
    ("mean", "sd", "se", "sample", "perfect"),
    [(0.0, 1.0, 0.5, 0.356825, 0.398942), (0.3, 1.0, 0.5, 0.226710, 0.266761)],
)
def test_value_of_information_has_its_check_values(
    mean: float, sd: float, se: float, sample: float, perfect: float
) -> None:
    assert formulas.evsi(mean, sd, se) == pytest.approx(sample, abs=5e-7)
    assert formulas.evpi(mean, sd) == pytest.approx(perfect, abs=5e-7)


@given(means, sds, means)
def test_perfect_information_is_the_mean_of_what_is_above_the_threshold(
    mean: float, sd: float, threshold: float
) -> None:
    above, _ = quad(
        lambda benefit: (benefit - threshold) * norm.pdf(benefit, mean, sd), threshold, threshold + abs(mean) + 40 * sd,
        points=[mean] if threshold < mean else None, epsabs=1e-12,
    )  # fmt: skip
    assert formulas.evpi(mean, sd, threshold) == pytest.approx(above - max(mean - threshold, 0), abs=1e-9)


@given(means, sds, sds, means)
def test_a_trial_is_worth_something_and_less_than_knowing(mean: float, sd: float, se: float, threshold: float) -> None:
    worth = formulas.evsi(mean, sd, se, threshold)
    assert 0 <= worth <= formulas.evpi(mean, sd, threshold)
    assert worth >= formulas.evsi(mean, sd, 2 * se, threshold)
    assert worth == pytest.approx(formulas.evsi(mean - threshold, sd, se), abs=1e-15)


@given(means, sds)
def test_a_trial_without_error_is_worth_as_much_as_knowing(mean: float, sd: float) -> None:
    assert formulas.evsi(mean, sd, 0.0) == formulas.evpi(mean, sd)


@given(means, sds)
def test_where_nothing_is_unknown_nothing_is_gained(mean: float, se: float) -> None:
    assert formulas.evpi(mean, 0.0) == formulas.evsi(mean, 0.0, se) == formulas.evsi(mean, 0.0, 0.0) == 0


def test_a_fast_drug_is_seen_in_full() -> None:
    assert formulas.attenuation("ABBA", 14, 0, 0) == 1


def test_attenuation_is_worked_by_hand() -> None:
    halves = 1 / math.log(2)
    on_drug = (1 / 2 + 3 / 4) / 2
    on_control = (3 / 8 + 3 / 16) / 2
    assert formulas.attenuation("AB", 2, halves, halves) == pytest.approx(on_drug - on_control)
    assert formulas.attenuation("AB", 2, halves, halves, discard_days=1) == pytest.approx(3 / 4 - 3 / 16)
    assert formulas.attenuation("BA", 2, halves, halves) == pytest.approx(on_drug)


@pytest.mark.parametrize("sequence", ["", "A", "AAB", "ABX", "abba", "AABB "])
def test_attenuation_refuses_what_is_no_sequence(sequence: str) -> None:
    with pytest.raises(ValueError, match=f"as many A as B and nothing else, but is {sequence!r}"):
        formulas.attenuation(sequence, 14, 7, 9)


@pytest.mark.parametrize("discard_days", [-1, 14, 15])
def test_attenuation_refuses_to_discard_all(discard_days: int) -> None:
    with pytest.raises(ValueError, match=f"below period_days 14, but is {discard_days}"):
        formulas.attenuation("AB", 14, 7, 9, discard_days)
