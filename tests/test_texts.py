"""Characters that no text may hold, and texts made safe to show."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from n1trial.errors import InputError, N1trialError, RunError
from n1trial.texts import (
    LINE_FEED,
    begins_like_a_formula,
    cell,
    code_and_name,
    escaped_json,
    is_refused,
    refused_characters,
    strip_refused,
    text_fault,
    visible,
)

ANY = st.text(st.characters(categories=None))  # halves of characters too
WHOLE = st.text(st.characters(codec="utf-8"))


@pytest.mark.parametrize(
    "character",
    [
        *map(chr, [*range(0x20), *range(0x7F, 0xA0)]),
        *"\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        *"\u00ad\u200b\u2060\ufeff\ufff9\U000e0001\U000e0041",
        *"\ud800\udfff\ufdd0",
        "\ufffe",
        "\U0010ffff",
    ],
)
def test_what_controls_reorders_or_hides_is_refused(character: str) -> None:
    assert is_refused(character)
    (found,) = refused_characters(f"abc{character}")
    assert (found.position, found.character) == (4, character)


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin B12",
        "\u0648\u06cc\u062a\u0627\u0645\u06cc\u0646\u200c\u0647\u0627",  # Persian, with a joiner's absence
        "\u0915\u094d\u200d\u0937",  # Devanagari
        "\u200f\u05d5\u05d9\u05d8\u05de\u05d9\u05df B12\u200e \u061c",
        "\U0001f469\u200d\u2695\ufe0f",  # a doctor, of three characters
        "\u7dad\u751f\u7d20 \u00b5g \u2192 \ue000 e\u0301",
        "",
    ],
)
def test_what_names_need_is_not(text: str) -> None:
    assert refused_characters(text) == ()
    assert text_fault(text) is None
    assert visible(text) == text
    assert strip_refused(text) == (text, ())


def test_every_character_of_a_refused_category_is_refused_but_what_words_need() -> None:
    kept = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and not is_refused(character)
    ]
    assert {unicodedata.bidirectional(character) for character in kept} <= {"L", "R", "AL", "AN", "BN", "ON"}
    assert len(kept) <= 18


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x00", "U+0000 NULL"),
        ("\x9b", "U+009B CONTROL CHARACTER"),
        ("\ud800", "U+D800 HALF OF A CHARACTER"),
        ("\ufdd0", "U+FDD0 NO CHARACTER"),
    ],
)
def test_a_character_is_named_and_not_shown(character: str, name: str) -> None:
    assert code_and_name(character) == name


def test_the_rule_names_place_and_character() -> None:
    assert text_fault("nap\u202elatot") == "must not hold U+202E RIGHT-TO-LEFT OVERRIDE (character 4)"
    assert text_fault("a\nb") == "must not hold U+000A LINE FEED (character 2)"
    assert text_fault("a\nb", allow=LINE_FEED) is None
    told = text_fault("\x1b" * 9)
    assert told is not None
    assert told.count("ESCAPE") == 3
    assert told.endswith("nor 6 more that cannot be seen")


@given(ANY)
def test_what_is_shown_or_stripped_holds_nothing_refused(text: str) -> None:
    assert refused_characters(visible(text, allow="")) == ()
    assert refused_characters(visible(text), allow=LINE_FEED) == ()
    clean, taken = strip_refused(text)
    assert refused_characters(clean, allow=LINE_FEED) == ()
    assert taken == refused_characters(text, allow=LINE_FEED)


@given(st.recursive(WHOLE, lambda held: st.lists(held) | st.dictionaries(WHOLE, held), max_leaves=5))
@example(["\x7f\u202e\U000e0041", "\ud800"])
def test_json_stays_exact(value: object) -> None:
    written = escaped_json(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(written) == value
    assert refused_characters(written, allow="\n") == ()


def test_what_parts_words_becomes_a_blank() -> None:
    assert strip_refused("a\u2028b\x1bc\u202ed")[0] == "a bcd"


@pytest.mark.parametrize("text", ["=1+PWN", "+A1", "-A1", "@SUM(A1)", "\uff1d1+1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert begins_like_a_formula(text)
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "Placebo", "-1.5", "+2", -3, None, 1.5, "a=b"])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert cell(value) == value


@given(ANY)
def test_no_cell_hides_anything(text: str) -> None:
    written = str(cell(text))
    assert refused_characters(written, allow=LINE_FEED) == ()
    assert written[:1] != "=" != written[:1].replace("\uff1d", "=")


@pytest.mark.parametrize("kind", [N1trialError, InputError, RunError])
def test_no_error_shows_a_raw_character(kind: type[N1trialError]) -> None:
    assert str(kind("a\x1b]0;title\x07\nb")) == "a<U+001B>]0;title<U+0007>\nb"
    assert InputError(["a\x1b", "b"]).faults == ("a<U+001B>", "b")
