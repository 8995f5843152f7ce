"""The law of blinding: with the secret of the codes fixed, nothing that anybody may see depends on the allocation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from n1trial.pack.make.assemble import PackFiles, make_pack
from n1trial.pack.sealed.allocation import Allocation
from n1trial.pack.sealed.archive import archive
from n1trial.pack.sealed.code_break import code_break_file
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.seal import SealError
from n1trial.pack.sealed.secrets import Secrets, of_a_rehearsal
from n1trial.pack.trial.commitment import NO_COMMITMENT, commitment_of, in_groups, paper_digests, without_commitment
from n1trial.scenario.scenario import Scenario
from tests.pack.packable import PLANNED, START, packables, secret_bytes, secrets_of, shipped, short


def pack_of(scenario: Scenario, secrets: Secrets, *, is_rehearsal: bool = False) -> PackFiles:
    return make_pack(scenario, START, secrets, PLANNED, is_rehearsal=is_rehearsal)


def another(scenario: Scenario, secrets: Secrets) -> Secrets:
    """Secrets that differ in the assignment alone, such that the allocation differs."""
    allocation = Allocation.draw(scenario, secrets.assignment)
    for number in range(1000):
        other = Secrets(secrets_of(number).assignment, secrets.codes, secrets.nonce)
        if Allocation.draw(scenario, other.assignment) != allocation:
            return other
    raise AssertionError("every draw gives the same allocation")


@settings(max_examples=25)
@given(packables(), secret_bytes(), secret_bytes())
def test_blinded_files_and_sizes_of_sealed_ones_are_the_same_whatever_the_allocation(
    scenario: Scenario, assignment: bytes, codes: bytes
) -> None:
    secrets = Secrets(assignment, codes, bytes(16))
    one, other = pack_of(scenario, secrets), pack_of(scenario, another(scenario, secrets))
    assert one.commitment != other.commitment
    assert list(one.blinded_files) == list(other.blinded_files)
    for path, content in one.blinded_files.items():
        assert len(content) == len(other.blinded_files[path])
        assert without_commitment(content, one.commitment) == without_commitment(
            other.blinded_files[path], other.commitment
        )
        assert one.commitment.encode() not in without_commitment(content, one.commitment)
    assert one.key_text != other.key_text
    assert len(one.key_text) == len(other.key_text)
    assert one.pharmacy_bytes == other.pharmacy_bytes
    assert len(archive(one.pharmacy, one.pharmacy_bytes)) == one.pharmacy_bytes
    assert len(archive(other.pharmacy, other.pharmacy_bytes)) == one.pharmacy_bytes
    assert list(one.pharmacy) == list(other.pharmacy)
    assert [content.code for content in one.code_breaks] == [content.code for content in other.code_breaks]


@settings(max_examples=3)
@given(packables(), secret_bytes())
def test_so_is_that_of_the_code_breaks(scenario: Scenario, assignment: bytes) -> None:
    secrets = Secrets(assignment, bytes(16), bytes(16))
    sizes = {len(code_break_file(pack_of(scenario, one).code_breaks)) for one in (secrets, another(scenario, secrets))}
    assert len(sizes) == 1


@settings(max_examples=10)
@given(packables(), secret_bytes())
def test_the_allocation_does_not_hang_on_the_codes(scenario: Scenario, assignment: bytes) -> None:
    one, other = (pack_of(scenario, Secrets(assignment, bytes([number] * 16), bytes(16))) for number in (1, 2))
    assert one.trial.kits != other.trial.kits
    keys = [Key.from_bytes(pack.key_text, "key") for pack in (one, other)]
    assert keys[0].allocation == keys[1].allocation


def test_the_same_rehearsal_has_the_same_bytes() -> None:
    one, other = (pack_of(short(), of_a_rehearsal(3), is_rehearsal=True) for _ in range(2))
    assert (one.key_text, one.blinded_files, one.pharmacy) == (other.key_text, other.blinded_files, other.pharmacy)
    assert one.code_breaks == other.code_breaks
    assert pack_of(short(), of_a_rehearsal(4), is_rehearsal=True).blinded_files != one.blinded_files


def test_every_page_of_a_rehearsal_says_so_and_of_no_other_pack() -> None:
    for is_rehearsal in (True, False):
        pack = pack_of(short(), secrets_of(1), is_rehearsal=is_rehearsal)
        for path, content in (pack.blinded_files | pack.pharmacy).items():
            if path.endswith(".html"):
                assert (b"EXAMPLE - NOT FOR A PATIENT" in content) == is_rehearsal, path


@settings(max_examples=10)
@given(packables(), secret_bytes(), secret_bytes())
def test_a_key_is_read_as_it_was_written(scenario: Scenario, assignment: bytes, codes: bytes) -> None:
    text = pack_of(scenario, Secrets(assignment, codes, bytes(16))).key_text
    key = Key.from_bytes(text, "key.age")
    assert key.to_bytes() == text
    assert key.trial.scenario == scenario
    assert key.secrets == Secrets(assignment, codes, bytes(16))


def test_the_commitment_is_printed_on_every_blinded_paper() -> None:
    pack = pack_of(shipped(), secrets_of(1))
    assert pack.commitment == commitment_of(pack.key_text)
    papers = {path: content for path, content in pack.blinded_files.items() if path.endswith((".html", ".txt"))}
    assert len(papers) > 5
    assert [path for path, content in papers.items() if in_groups(pack.commitment).encode() not in content] == []


def test_the_key_knows_every_blinded_paper() -> None:
    pack = pack_of(short(), secrets_of(1))
    papers = {path: content for path, content in pack.blinded_files.items() if path != "commitment.txt"}
    key = Key.from_bytes(pack.key_text, "key")
    assert key.papers == paper_digests(papers, pack.commitment)
    assert set(key.papers) == set(papers)


def test_digests_hang_on_everything_but_the_commitment() -> None:
    one, other = "ab" * 32, "cd" * 32
    text = f"{one} and {in_groups(one)}".encode()
    assert without_commitment(text, one) == f"{NO_COMMITMENT} and {in_groups(NO_COMMITMENT)}".encode()
    digest = paper_digests({"a": text}, one)
    assert paper_digests({"a": text.replace(b"and", b"or")}, one) != digest
    assert paper_digests({"a": text}, other) != digest
    assert paper_digests({"a": f"{other} and {in_groups(other)}".encode()}, other) == digest


@pytest.mark.parametrize("text", [b"", b"abc", b"00\n{}", b"00\n[]", b'00\n{"kind": "other"}', b"\xff\xfe"])
def test_what_is_no_key(text: bytes) -> None:
    with pytest.raises(SealError, match="holds no key of a pack"):
        Key.from_bytes(text, "key.age")
