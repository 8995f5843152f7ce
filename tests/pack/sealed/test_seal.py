from __future__ import annotations

import base64
import json
import os
import pickle
import pty
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.pack.sealed.code_break import TITLE, Content, broken_code, code_break_file, is_code_break_file, width_for
from n1trial.pack.sealed.seal import SealError, seal, seal_once, unseal, unseal_once
from n1trial.pack.sealed.secrets import phrase
from n1trial.pack.trial.commitment import commitment_of
from tests.pack.conftest import quick as quick  # the fixture
from tests.pack.packable import secret_bytes
from tests.patience import PATIENCE_SECONDS

PASSPHRASE = "four words of nothing"
CONTENT = b"nonce\n{}\n"


@pytest.fixture(scope="session")
def sealed() -> bytes:
    return seal(CONTENT, PASSPHRASE)


def test_what_is_sealed_opens_with_its_passphrase_alone(sealed: bytes) -> None:
    assert CONTENT not in sealed
    assert unseal(sealed, PASSPHRASE, "key.age") == CONTENT
    with pytest.raises(SealError) as refused:
        unseal(sealed, PASSPHRASE.upper(), "key.age")
    assert refused.value.exit_code == 4
    assert str(refused.value).startswith("key.age: does not open")


def test_a_damaged_file_does_not_open(sealed: bytes) -> None:
    damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for content in (damaged, b"", b"age-encryption.org/v1\n", b"something else"):
        with pytest.raises(SealError, match="does not open"):
            unseal(content, PASSPHRASE, "key.age")


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_the_ordinary_age_program_opens_it(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "key.age").write_bytes(sealed)
    mine, theirs = pty.openpty()
    age = subprocess.Popen(
        ["setsid", "--ctty", "age", "--decrypt", "--output", "key", "key.age"], cwd=tmp_path, stdin=theirs,
        stdout=theirs, stderr=theirs, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    asked = b""
    while b"passphrase" not in asked.lower():
        asked += os.read(mine, 1024)
    os.write(mine, PASSPHRASE.encode() + b"\n")
    assert age.wait(timeout=PATIENCE_SECONDS) == 0
    os.close(mine)
    assert (tmp_path / "key").read_bytes() == CONTENT
    told = subprocess.run(["sha256sum", "key"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert told.split()[0] == commitment_of(CONTENT)


@given(secret_bytes(), st.binary(max_size=200))
def test_a_one_time_phrase_opens_its_own_and_no_other(secret: bytes, content: bytes) -> None:
    one, other = phrase(secret, "one"), phrase(secret, "other")
    sealed = seal_once(content, one)
    assert unseal_once(sealed, one.lower().replace("-", " "), "x") == content
    with pytest.raises(SealError, match="one-time phrase is not the right one"):
        unseal_once(sealed, other, "x")


NAMES = {"H7K-3MX": "Placebo", "XTN-F6W": "Žlutý kůň", "DYR-34C": "Placebo"}
PAIR = ("Placebo", "Žlutý kůň")
PAYLOAD = re.compile(rb"\n--- [A-Za-z0-9+/]{43}\n(.*)", re.DOTALL)


def contents_of(names: Mapping[str, str], pair: tuple[str, str] = PAIR) -> list[Content]:
    return [Content(code, name, phrase(b"x" * 16, code), width_for(code, pair)) for code, name in names.items()]


def sizes_in(file: bytes) -> set[tuple[int, int]]:
    """Characters of each entry, and bytes of what is encrypted in it, which the random header does not blur."""
    entries = file.decode().split("kit ")[1:]
    armored = ["".join(entry.split("-----")[2].split()) for entry in entries]
    payloads = [PAYLOAD.search(base64.b64decode(text)) for text in armored]
    return {(len(entry), len(found[1])) for entry, found in zip(entries, payloads, strict=True) if found}


def test_a_code_break_file_tells_one_kit_and_nothing_of_the_others() -> None:
    held = contents_of(NAMES)
    file = code_break_file(held)
    assert is_code_break_file(file)
    assert b"Placebo" not in file
    for one in held:
        assert broken_code(file, one.code, one.phrase, "code-break.age") == one.name
        for other in held:
            if other is not one:
                with pytest.raises(SealError):
                    broken_code(file, other.code, one.phrase, "code-break.age")


def test_entries_exchanged_within_a_code_break_file_are_noticed() -> None:
    held = contents_of(NAMES)
    swapped = code_break_file(held).replace(b"H7K-3MX", b"?").replace(b"DYR-34C", b"H7K-3MX").replace(b"?", b"DYR-34C")
    with pytest.raises(SealError, match="holds no content of kit DYR-34C"):
        broken_code(swapped, "DYR-34C", held[0].phrase, "code-break.age")


def any_name() -> st.SearchStrategy[str]:
    """Give names of all of Unicode, also what no scenario accepts, dense in what JSON escapes."""
    escaped = st.text(st.sampled_from('"\\\x1b\0\n/é😀\u2028\ud800'), max_size=120)
    return st.one_of(st.text(st.characters(), max_size=80), escaped, st.sampled_from(['B12 "forte"', "x" * 700]))


@settings(max_examples=100)
@given(st.tuples(any_name(), any_name()), st.lists(st.booleans(), min_size=3, max_size=3))
def test_no_size_in_a_code_break_file_tells_what_a_kit_holds(pair: tuple[str, str], is_drug: list[bool]) -> None:
    held = {code: pair[which] for code, which in zip(NAMES, is_drug, strict=True)}
    file = code_break_file(contents_of(held, pair))
    assert len(sizes_in(file)) == 1
    assert sizes_in(file) == sizes_in(code_break_file(contents_of(dict.fromkeys(NAMES, pair[0]), pair)))


@given(any_name())
def test_a_kit_s_content_comes_back_as_it_was(name: str) -> None:
    (one,) = contents_of({"H7K-3MX": name}, (name, "Placebo"))
    read = json.loads(one.text())
    assert read == json.loads(json.dumps({"kit": "H7K-3MX", "content": name}))


def test_a_name_that_does_not_fit_is_never_sealed_at_its_own_size() -> None:
    with pytest.raises(ValueError, match="more than 512"):
        Content("H7K-3MX", '"' * 300, "phrase", 512).text()


def test_names_that_papers_can_print_all_have_one_size() -> None:
    assert {width_for("H7K-3MX", (name, "Placebo")) for name in ("B12", "x" * 100, '"' * 100, "é" * 75)} == {512}


def test_a_file_of_the_first_version_still_opens() -> None:
    text = json.dumps({"kit": "H7K-3MX", "content": "Žlutý kůň", "fill": "   "}, ensure_ascii=False)
    entry = f"kit H7K-3MX\n{seal_once(text.encode(), '9F3K').decode().strip()}\n"
    assert broken_code(f"{TITLE}\n{entry}   \n".encode(), "H7K-3MX", "9f3k", "code-break.age") == "Žlutý kůň"


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("0189-ABVZ", "OI89-ABVZ"), ("0189-ABVZ", "o l89 abvz"), ("0189-ABVZ", "018g-abuz"), ("5189-ABVZ", "S189ABVZ"),
        ("0189-ABVZ", "0189-ABV2"), ("0189-ABVZ", "DL89-ABVZ"),
    ],
)  # fmt: skip
def test_a_slip_in_a_one_time_phrase_is_forgiven(printed: str, typed: str) -> None:
    sealed = seal_once(CONTENT, printed)
    if typed == "018g-abuz":  # 9 and G are no twins
        with pytest.raises(SealError):
            unseal_once(sealed, typed, "x")
    else:
        assert unseal_once(sealed, typed, "x") == CONTENT


def test_two_twins_exchanged_are_not_guessed() -> None:
    with pytest.raises(SealError):
        unseal_once(seal_once(CONTENT, "55AA-AAAA"), "SSAA-AAAA", "x")


@pytest.mark.usefixtures("quick")
def test_a_passphrase_opens_in_any_form_of_its_letters() -> None:
    composed, decomposed = "café sur la falaise", unicodedata.normalize("NFD", "café sur la falaise")
    assert composed != decomposed
    for one, other in ((composed, decomposed), (decomposed, composed)):
        assert unseal(seal(CONTENT, one), other, "key.age") == CONTENT
    as_before = bytes(pyrage.passphrase.encrypt(CONTENT, decomposed))  # as it was sealed before the form was fixed
    assert unseal(as_before, decomposed, "key.age") == CONTENT
    with pytest.raises(SealError, match="does not open"):
        unseal(seal(CONTENT, composed), "\udcff", "key.age")


def test_a_key_that_demands_too_much_is_refused_from_its_header(sealed: bytes) -> None:
    for work in (23, 30, 63, 99999):
        costly = re.sub(rb"(-> scrypt \S+) \d+", rb"\1 %d" % work, sealed, count=1)
        with pytest.raises(SealError, match=rf"^key.age: was not opened: it demands 2\^{work} steps") as refused:
            unseal(costly, PASSPHRASE, "key.age")
        assert refused.value.kind == "work"
    endless = re.sub(rb"(-> scrypt \S+) \d+", rb"\1 " + b"9" * 5000, sealed, count=1)
    with pytest.raises(SealError, match="was not opened: it demands"):  # Python reads no number of so many digits
        unseal(endless, PASSPHRASE, "key.age")


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: sealed[:60],
        lambda sealed: sealed.replace(b"-> scrypt", b"-> scr\x00pt", 1),
        lambda sealed: sealed.replace(b"\n", b"\r\n", 3),
        lambda sealed: sealed.replace(b"--- ", b"---- ", 1),
        lambda _: b"age-encryption.org/v1\n" + b"-> x\n" * 100_000,
        lambda _: b"age-encryption.org/v1\n" + b"\xff" * 100_000,
        lambda _: b"something else",
    ],
)
def test_a_garbled_header_is_not_called_a_wrong_passphrase(sealed: bytes, change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(SealError, match="header that age gives each file is cut or garbled") as refused:
        unseal(change(sealed), PASSPHRASE, "key.age")
    assert refused.value.kind == "header"


def test_kinds_of_what_does_not_open_survive_a_worker(sealed: bytes) -> None:
    with pytest.raises(SealError) as refused:
        unseal(sealed, "another", "key.age")
    assert refused.value.kind == "phrase"
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.kind, again.exit_code) == (str(refused.value), "phrase", 4)
