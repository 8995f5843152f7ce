from __future__ import annotations

import json
import struct
from collections import Counter
from dataclasses import fields, replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.evaluation.tally import Tally
from n1trial.study.batches.batch_json import add_up, decode, encode
from n1trial.study.batches.measure import Cell, Measurement, measure, measure_batch
from tests.features import busy

METHODS = ("paired", "ols")


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Tallies whose every number is any number of its kind; a sum is never NaN."""
    values: dict[str, object] = {}
    for item in fields(Tally):
        if item.type == "int":
            values[item.name] = draw(st.integers(0, 2**63))
        elif item.type == "float":
            values[item.name] = draw(st.floats(allow_nan=False))
    reasons = Counter(draw(st.dictionaries(st.sampled_from(["no_variation", "too_few_cycles"]), st.integers(1, 9))))
    likely = Counter(draw(st.dictionaries(st.sampled_from(["0.8", "0.975"]), st.integers(0, 9))))
    return Tally(**values, reasons=reasons, likely=likely)  # type: ignore[arg-type]


def bits(tally: Tally) -> list[object]:
    """All that a tally holds, floats by their bits."""
    held = [getattr(tally, item.name) for item in fields(Tally)]
    return [struct.pack("d", one) if isinstance(one, float) else one for one in held]


@cache
def any_batch() -> Measurement:
    return measure_batch((Cell(busy(), 0.0, ("paired",), 1), 1, 0))


def as_measured(tally: Tally, finished: int) -> Measurement:
    return replace(any_batch(), tallies={"paired": tally}, finished=finished)


@given(tally=tallies(), finished=st.integers(0, 2**63))
def test_a_batch_comes_back_to_the_last_bit(tally: Tally, finished: int) -> None:
    found = decode(encode(as_measured(tally, finished)))
    assert found.finished == finished
    assert bits(found.tallies["paired"]) == bits(tally)


def test_batches_add_up_to_what_they_do_without_the_way_through_a_text() -> None:
    cell = Cell(busy(), -1.0, METHODS, 5400)
    (whole,) = measure([cell], seed=3)
    found = add_up([decode(encode(measure_batch((cell, 3, batch)))) for batch in range(cell.batches)])
    assert found.finished == whole.finished
    for method in METHODS:
        assert bits(found.tallies[method]) == bits(replace(whole.tallies[method], half_widths=[]))


def test_a_text_does_not_grow_with_the_trials() -> None:
    few, many = (encode(measure_batch((Cell(busy(), -1.0, METHODS, trials), 3, 0))) for trials in (100, 2500))
    assert len(many) < 1.2 * len(few)


def damaged() -> list[str]:
    whole = json.loads(encode(any_batch()))
    one = whole["tallies"]["paired"]
    changes: list[dict[str, object]] = [
        {"replicates": "1"},
        {"error": 1},
        {"reasons": []},
        {"reasons": {"no_variation": 0.5}},
        {"likely": {"0.8": 0.5}},
        {"more": 1},
    ]
    documents = [{**whole, "tallies": {"paired": {**one, **change}}} for change in changes]
    fewer = {name: value for name, value in one.items() if name != "adopted"}
    others = [{**whole, "finished": 0.5}, {**whole, "tallies": {}}, {"finished": 1}, [], {"tallies": {"paired": fewer}}]
    return [*map(json.dumps, [*documents, *others]), "", "{", encode(any_batch())[:-1]]


@pytest.mark.parametrize("text", damaged())
def test_a_text_that_is_no_batch_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # which has no words of ours: the store has them
        decode(text)
