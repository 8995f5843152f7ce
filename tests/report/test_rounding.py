from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from n1trial.report.rounding import is_nearly, sizes_apart

sizes = st.floats(1e-3, 1e4)


def test_an_end_close_to_a_limit_is_told_apart_from_it() -> None:
    assert sizes_apart([-15.2, 29.95], [30.0]) == (["15", "29.9"], ["30"])
    assert sizes_apart([0.541], [0.54321234]) == (["0.541"], ["0.543"])
    assert sizes_apart([1.0, 2.345], [1.0]) == (["1", "2.3"], ["1"])
    assert sizes_apart([0.0], [1.25]) == (["0"], ["1.25"])
    assert sizes_apart([29.9999], [30.0]) == (["29.9999"], ["30"])
    assert sizes_apart([1.2], [1.25]) == (["1.2"], ["1.25"])


@given(st.lists(st.floats(-1e4, 1e4), max_size=3), st.lists(sizes, min_size=1, max_size=3))
def test_no_number_reads_as_on_the_other_side_of_a_limit(values: list[float], limits: list[float]) -> None:
    shown, bounds = sizes_apart(values, limits)
    for value, text in zip(values, shown, strict=True):
        for limit, bound in zip(limits, bounds, strict=True):
            if abs(abs(value) - limit) > 1e-12 * limit:
                assert (float(text) > float(bound)) == (abs(value) > limit)
                assert (float(text) < float(bound)) == (abs(value) < limit)


@given(sizes, sizes)
def test_two_numbers_are_one_whichever_comes_first(one: float, other: float) -> None:
    assert is_nearly(one, other, 1.0) == is_nearly(other, one, 1.0)
    assert is_nearly(0.61, 0.59, 1.0)
    assert not is_nearly(1.1, -1.1, 1.0)
    assert is_nearly(-0.02, 0.03, 1.0)
