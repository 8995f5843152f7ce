from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.pack.codebreak import Content, broken_code, code_break_file, is_code_break_file
from n1trial.pack.key import commitment_of
from n1trial.pack.seal import SealError, seal, seal_once, unseal, unseal_once
from n1trial.pack.secrets import phrase
from tests.pack.packable import secret_bytes

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
    assert age.wait(timeout=60) == 0
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


def contents_of(names: dict[str, str]) -> list[Content]:
    width = max(len(name.encode()) for name in ("Placebo", "Žlutý kůň"))
    return [Content(code, name, phrase(b"x" * 16, code), width) for code, name in names.items()]


NAMES = {"H7K-3MX": "Placebo", "XTN-F6W": "Žlutý kůň", "DYR-34C": "Placebo"}


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


@given(st.lists(st.sampled_from(["Placebo", "Žlutý kůň"]), min_size=3, max_size=3))
def test_the_size_of_a_code_break_file_tells_nothing(names: list[str]) -> None:
    sizes = [len(code_break_file(contents_of(dict(zip(NAMES, held, strict=True))))) for held in (names, NAMES.values())]
    assert sizes[0] == sizes[1]
