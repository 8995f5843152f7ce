from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from n1trial import formulas

effects = st.integers(-96, 96).map(lambda thirtyseconds: thirtyseconds / 32)


@given(effects, st.integers(2, 12), st.sampled_from([0.01, 0.05, 0.2]))
def test_paired_power_agrees_with_scipy(effect: float, cycles: int, alpha: float) -> None:
    def beyond(tail: float) -> float:
        return float(stats.nct.sf(stats.t.isf(tail, cycles - 1), cycles - 1, effect * math.sqrt(cycles)))

    mirrored = stats.nct.sf(stats.t.isf(alpha / 2, cycles - 1), cycles - 1, -effect * math.sqrt(cycles))
    assert formulas.paired_power(effect, cycles, alpha, sides=1) == pytest.approx(beyond(alpha), abs=1e-9)
    assert formulas.paired_power(effect, cycles, alpha) == pytest.approx(beyond(alpha / 2) + mirrored, abs=1e-9)


@given(st.sampled_from([0.01, 0.05, 0.2]))
def test_without_an_effect_power_is_the_level(alpha: float) -> None:
    assert formulas.normal_power(0.0, 1.0, alpha) == pytest.approx(alpha)
    assert formulas.paired_power(0.0, 3, alpha) == pytest.approx(alpha)
    assert formulas.paired_power(0.0, 3, alpha, sides=1) == pytest.approx(alpha)


@given(effects.filter(bool), st.floats(0.1, 10))
def test_power_of_a_normal_test_is_the_same_by_both_formulas(effect: float, se: float) -> None:
    power, type_s, exaggeration = formulas.retrodesign(effect, se)
    assert power == pytest.approx(formulas.normal_power(effect, se))
    assert formulas.retrodesign(-effect, se) == (power, type_s, exaggeration)
    assert 0 <= type_s <= 0.5
    assert exaggeration >= 1 - 1e-12


def test_large_effects_are_found_and_neither_turned_nor_exaggerated() -> None:
    assert formulas.paired_power(1e3, 6) == pytest.approx(1)
    assert formulas.retrodesign(40.0, 1.0) == pytest.approx((1, 0, 1))
    assert formulas.senn_sample_size(3, 100.0, 0.0, 1.0) == 1
    assert formulas.senn_sample_size(3, 100.0, 0.0, 1.0, effects="random") == 2


def test_more_cycles_need_fewer_patients_and_more_power_needs_more() -> None:
    sizes = [formulas.senn_sample_size(cycles, -1.0, 1.0, 2.0, effects="random") for cycles in range(1, 8)]
    assert sizes == sorted(sizes, reverse=True)
    assert formulas.senn_sample_size(3, 1.0, 1.0, 2.0, power=0.9) > formulas.senn_sample_size(3, 1.0, 1.0, 2.0)


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="se must be above 0, but is 0"):
        formulas.normal_power(1.0, 0.0)
    with pytest.raises(ValueError, match="cycles must be 2 or more, but is 1"):
        formulas.paired_power(1.0, 1)
    with pytest.raises(ValueError, match="sides must be 1 or 2, but is 3"):
        formulas.paired_power(1.0, 3, sides=3)
    with pytest.raises(ValueError, match="cycles must be 2 or more for fixed effects, but is 1"):
        formulas.senn_sample_size(1, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match='effects must be "fixed" or "random", but is \'mixed\''):
        formulas.senn_sample_size(3, 1.0, 1.0, 1.0, effects="mixed")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="effect must not be 0"):
        formulas.senn_sample_size(3, 0.0, 1.0, 1.0)
    with pytest.raises(ValueError, match=r"power must be above alpha 0\.05 and below 1, but is 1"):
        formulas.senn_sample_size(3, 1.0, 1.0, 1.0, power=1.0)
    with pytest.raises(ValueError, match="effect must not be 0"):
        formulas.retrodesign(0.0, 1.0)
