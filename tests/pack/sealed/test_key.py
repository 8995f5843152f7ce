"""The text of a key: what is none is told so, whoever wrote it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.seal import SealError, unseal

CASES = Path(__file__).parents[2] / "cases" / "packs" / "0.1.0"


@pytest.fixture(scope="module")
def text() -> bytes:
    """Text of a key that release 0.1.0 has sealed."""
    passphrase = json.loads((CASES / "opens.json").read_text(encoding="utf-8"))["passphrase"]
    return unseal((CASES / "pack" / "key.age").read_bytes(), passphrase, "key.age")


def test_a_key_of_the_first_release_is_one(text: bytes) -> None:
    assert Key.from_bytes(text, "key.age").version == "0.1.0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", "ABC"),
        ("order", 3),
        ("order", "A"),
        ("shifts", []),
        ("shifts", ["99999999"]),
        ("shifts", [{}]),
        ("kits", [{"number": "1"}]),
        ("kits", [{"number": 1, "code": "A", "replacement": "B", "first_day": 0, "last_day": 10**6}]),
        ("kits", [{"number": 1, "code": "A", "replacement": "B", "first_day": 35000, "last_day": 35001}]),
        ("kits", 5),
        ("papers", ["a"]),
        ("planned", {}),
        ("start", "9999-12-31"),
        ("start", 7),
        ("assignment_secret", "00" * 80),
        ("codes_secret", ""),
        ("scenario", {}),
        ("scenario", []),
        ("is_rehearsal", "no"),
        ("version", None),
    ],
)
def test_a_key_that_its_maker_rewrote_is_refused_in_words(text: bytes, name: str, value: Any) -> None:
    nonce, document = text.decode().split("\n", 1)
    changed = json.dumps(json.loads(document) | {name: value})
    with pytest.raises(SealError, match="holds no key of a pack"):
        Key.from_bytes(f"{nonce}\n{changed}".encode(), "key.age")
