from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.scenario.file.steps import MOST_VALUES, values_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2,3,4", (2, 3, 4)),
        (" 2 , 3.5 ,.5", (2, 3.5, 0.5)),
        ("pairs,alternating", ("pairs", "alternating")),
        ('"pairs", fixed', ("pairs", "fixed")),
        ("true,false", (True, False)),
        ("true,1", (True, 1)),
        ("5", (5,)),
        ('[],["trend"],["trend", "cycle"]', ([], ["trend"], ["trend", "cycle"])),
        ("[1,2],[3,4]", ([1, 2], [3, 4])),
        ('"a, b",c', ("a, b", "c")),
        ("2:6:2", (2, 4, 6)),
        ("6:2:-2", (6, 4, 2)),
        ("3:3:1", (3,)),
        ("0:1:0.3", (0.0, 0.3, 0.6, 0.9)),
        ("-1:0:.5", (-1.0, -0.5, 0.0)),
        ("2.0:3.0:1.0", (2.0, 3.0)),
        ("1,4:6:1,9", (1, 4, 5, 6, 9)),
        ("a:b", ("a:b",)),
    ],
)
def test_values(text: str, values: tuple[object, ...]) -> None:
    found = values_of(text)
    assert found == values
    assert [type(one) for one in found] == [type(one) for one in values]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "a value is missing; write K=a,b,c or K=start:stop:step"),
        ("1,,2", "a value is missing"),
        ("1,2,", "a value is missing"),
        ("1,2,1", "1 is there twice"),
        ("1,1.0", "1.0 is there twice"),
        ("1:3:1,2", "2 is there twice"),
        ("pairs,pairs", '"pairs" is there twice'),
        ("1:3", "a range has three numbers"),
        ("1:2:3:4", "a range has three numbers"),
        ("1:3:0", "the step is 0; it must lead from start to stop"),
        ("1:3:-1", "is empty: a step of -1 leads away from 3"),
        ("3:1:1", "is empty: a step of 1 leads away from 1"),
        ("0:1:1e-9", "has 1,000,000,001 values, more than 1,000"),
        ("0:1e999999999:1e-999999999", "too large"),
        (",".join(map(str, range(MOST_VALUES + 1))), "has more than 1000 values"),
    ],
)
def test_what_is_no_list_of_values(text: str, rule: str) -> None:
    with pytest.raises(ValueError) as error:
        values_of(text)
    assert rule in str(error.value)


@given(
    start=st.integers(-10_000, 10_000), step=st.integers(1, 500), count=st.integers(1, 200), places=st.integers(0, 4)
)
def test_a_range_in_decimals_hits_its_ends_and_every_step(start: int, step: int, count: int, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    numbers = [(start + index * step) * unit for index in range(count)]
    found = values_of(f"{numbers[0]}:{numbers[-1]}:{step * unit}")
    assert found == tuple(int(number) if places == 0 else float(str(number)) for number in numbers)
