"""Sentences are made of values by templates; values are shown as a TOML file has them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.scenario.check.fault import Fault, Remark
from n1trial.wording import LONGEST_SHOWN, fill, join_words, near_miss, show, value_text

PLAIN = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), st.text()
)


@given(st.one_of(PLAIN, st.lists(PLAIN)))
def test_a_value_is_written_so_that_toml_reads_it_again(value: object) -> None:
    assert tomllib.loads(f"value = {value_text(value)}") == {"value": value}


@given(st.one_of(PLAIN, st.lists(PLAIN), st.integers(), st.dictionaries(st.text(), PLAIN)))
def test_a_value_is_shown_on_one_short_line(value: object) -> None:
    assert len(show(value)) <= LONGEST_SHOWN
    assert show(value).isprintable() or not any(character < " " for character in show(value))


def test_a_template_shows_values_as_toml_has_them_or_as_it_says() -> None:
    facts = {"value": "a b", "end": 4.0, "names": ["c", "d"], "share": 0.25, "meant": "cycles"}
    said = fill("{value} {value:s} {end} {end:plain} {names:listed} {names:joined} {share:.0%}{meant:meant}", facts)
    assert said == '"a b" a b 4.0 4 c, d c and d 25% (did you mean cycles?)'


def test_what_is_meant_is_told_where_a_word_is_near() -> None:
    assert near_miss("CYCELS", ["cycles", "washout"]) == " (did you mean cycles?)"
    assert near_miss("x", ["cycles"]) == ""
    assert (join_words([]), join_words(["a"]), join_words(["a", "b", "c"])) == ("", "a", "a, b and c")


def test_findings_are_values_that_are_told_apart_and_counted() -> None:
    fault = Fault("off_scale", "patient.baseline", {"low": 0.0, "high": 10.0, "value": [11]})
    assert str(fault) == "patient.baseline: must be on the scale from 0 to 10, but is [11]"
    assert len({fault, Fault(fault.kind, fault.place, dict(fault.facts))}) == 1
    assert len({fault, Fault(fault.kind, fault.place, {**fault.facts, "value": 12})}) == 2
    assert str(Remark("of_the_block", "", {"words": "It is all the same."})) == "It is all the same."


def test_a_kind_without_a_template_is_a_slip_of_ours() -> None:
    with pytest.raises(ValueError, match="no words for nothing"):
        Fault("nothing", "design.cycles")
