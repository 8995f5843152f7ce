"""Papers that a mail program changed at the ends of their lines are the same papers; any other change is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.open_key import FILLED_IN, open_key
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.pack.trial.read import read_trial
from tests.pack.conftest import Sealed
from tests.pack.conftest import quick as quick  # the fixture

pytestmark = pytest.mark.usefixtures("quick")
TEXTS = (".html", ".csv", ".toml", ".txt", ".ics")


def changed_by(spoil: Callable[[bytes], bytes], sealed: Sealed, folder: Path) -> tuple[str, ...]:
    pack = sealed.write(folder / "pack")
    for path in pack.rglob("*"):
        if path.suffix in TEXTS:
            path.write_bytes(spoil(path.read_bytes()))
    key = Key.from_bytes(sealed.pack.key_text, "key")
    assert read_trial(pack).kits == key.trial.kits
    content, passphrase = (pack / "key.age").read_bytes(), sealed.passphrases.key
    return open_key(content, passphrase, stated_commitment(pack), pack / "key.age", pack).changes


def plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content,
        lambda content: plain(content).replace(b"\n", b"\r\n"),
        plain,
        lambda content: content.rstrip(b"\r\n"),
        lambda content: content + b"\r\n",
    ],
    ids=["as it was", "crlf", "lf", "no end", "another end"],
)
def test_ends_of_lines_are_no_change(
    sealed_pack: Sealed, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:  # fmt: skip
    assert changed_by(spoil, sealed_pack, tmp_path) == ()


def test_a_blank_is_a_change_of_every_paper(sealed_pack: Sealed, tmp_path: Path) -> None:
    changed = changed_by(lambda content: content.replace(b"\n", b" \n", 3), sealed_pack, tmp_path)
    papers = Key.from_bytes(sealed_pack.pack.key_text, "key").papers
    assert set(changed) == {path for path in papers if path.endswith(TEXTS)} - set(FILLED_IN)
