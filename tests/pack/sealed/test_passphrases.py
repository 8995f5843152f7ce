from __future__ import annotations

import pytest

from n1trial.errors import InputError
from n1trial.pack.sealed.passphrases import WORDS, check_copy, check_passphrase, offered_words, weakness


def test_words_on_offer_are_of_the_list_differ_each_time_and_seal() -> None:
    offers = [offered_words() for _ in range(30)]
    assert len(set(offers)) == 30
    for offer in offers:
        assert len(offer.split(" ")) == WORDS
        assert offer.isascii()
        assert weakness(offer) is None
    drawn = {word for offer in offers for word in offer.split(" ")}
    assert len(drawn) > 150  # of 180, from 7,776 words


def test_the_whole_list_is_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    held = list[int]()

    def count(words: list[str], **_: object) -> str:
        held.append(len(set(words)))
        return ""

    monkeypatch.setattr("xkcdpass.xkcd_password.generate_xkcdpassword", count)
    offered_words()
    assert held == [7776]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "empty"), ("            ", "empty"), ("caf\udce9 sur la falaise", "no-text"), ("x" * 11, "short"),
        ("e\u0301" * 11, "short"), ("aaaaaaaaaaaa", "guessable"), ("123456789012", "guessable"),
        ("passwordpassword", "guessable"), ("a" * 5000, "guessable"),
    ],
)  # fmt: skip
def test_what_does_not_seal(typed: str, kind: str) -> None:
    found = weakness(typed)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "typed", ["the pharmacist's words", "falaise ocre, vent du nord", "жёлтый конь бежит", "Kq7!vZp2mWc9"]
)
def test_what_seals(typed: str) -> None:
    assert weakness(typed) is None


def test_a_rehearsal_takes_any_passphrase_that_is_one() -> None:
    assert weakness("short", is_rehearsal=True) is None
    assert weakness("", is_rehearsal=True) is not None


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    with pytest.raises(InputError) as refused:
        check_passphrase("short", "the key")
    fault = str(refused.value)
    assert fault.startswith(
        "the passphrase of the key must have at least 12 characters, but has 5; take 6 random words, such as: "
    )
    assert weakness(fault.partition("such as: ")[2]) is None
    with pytest.raises(InputError, match=r"is easily guessed \(.+\); take 6 random words, such as: "):
        check_passphrase("qwertyuiop12", "the key")


def test_the_same_passphrase_in_two_forms_is_no_second_one() -> None:
    check_copy("one", None)
    with pytest.raises(InputError, match="the same passphrase as the first"):
        check_copy("caf\u00e9", "cafe\u0301")
