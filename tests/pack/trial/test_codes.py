from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.pack.trial.codes import ALPHABET, LOOK_ALIKES, draw_codes, is_code, normalize_code, with_check_character

characters = st.text(ALPHABET, min_size=5, max_size=5)


def test_the_alphabet_has_no_look_alikes_and_no_vowels() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 19
    assert not set(ALPHABET) & set("0O1IL2Z5S8BUVQGAE")


@given(characters)
def test_a_code_is_one_however_it_is_typed(text: str) -> None:
    code = with_check_character(text)
    assert is_code(code)
    for typed in (code.lower(), code.replace("-", ""), f" {code[:3]} {code[4:]} ", code.replace("-", "–")):
        assert is_code(typed)
        assert normalize_code(typed) == code


@given(characters, st.integers(0, 5), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(text: str, place: int, other: str) -> None:
    plain = with_check_character(text).replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    assert is_code(wrong) == (wrong == plain)


@given(characters, st.integers(0, 5), st.integers(0, 5))
def test_two_exchanged_characters_are_found(text: str, one: int, other: int) -> None:
    plain = list(with_check_character(text).replace("-", ""))
    swapped = list(plain)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert is_code("".join(swapped)) == (swapped == plain)


@given(characters, st.integers(0, 5))
def test_a_look_alike_that_no_code_has_is_forgiven(text: str, place: int) -> None:
    plain = with_check_character(text).replace("-", "")
    for wrong, right in LOOK_ALIKES.items():
        if right == plain[place]:
            assert normalize_code(plain[:place] + wrong + plain[place + 1 :]) == with_check_character(text)


def test_a_look_alike_of_two_characters_is_read_where_the_check_character_decides() -> None:
    code = next(with_check_character(f"C{end}") for end in ("3467", "4679"))
    assert normalize_code(f"G{code[1:]}") == code


@pytest.mark.parametrize("typed", ["", "H7K", "H7K-3M", "H7K-3MXX", "000-000", "AEI-OUU"])
def test_what_is_no_code(typed: str) -> None:
    assert not is_code(typed)


def test_drawn_codes_differ_and_have_no_order() -> None:
    codes = draw_codes(np.random.default_rng(20270104), 3000)
    assert len(set(codes)) == 3000
    assert all(map(is_code, codes))
    # Rank correlation of place and code: its SD is 1/sqrt(n - 1); k = 4.
    ranks = np.argsort(np.argsort(codes))
    correlation = np.corrcoef(np.arange(3000), ranks)[0, 1]
    assert abs(correlation) < 4 / np.sqrt(2999)
