from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest

from n1trial.errors import InputError
from n1trial.pack.sealed import secrets
from n1trial.pack.sealed.archive import OLDEST, papers_in
from n1trial.pack.sealed.files import KEY, KEY_COPY
from n1trial.pack.sealed.key import Key
from n1trial.pack.trial.commitment import in_groups
from n1trial.web.pack import view as pack_view
from n1trial.web.pack.make import (
    FinishedPack,
    PackRequest,
    PassphraseEntry,
    faults_of_passphrases,
    in_short,
    in_the_way,
    made_of,
    make,
)
from tests.pack.packable import PLANNED, START, secrets_of, short

WORDS = "the key's own words"


def wanted_of(**changes: object) -> PackRequest:
    base: dict[str, object] = {"start": START.isoformat(), "key": PassphraseEntry("the key", WORDS, WORDS)}
    return PackRequest(**(base | changes))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _sealed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal without what is slow on purpose: the passphrase, and the text turned around."""
    monkeypatch.setattr("n1trial.pack.make.folder.seal", lambda content, words: f"{words}\n".encode() + content[::-1])


def unsealed(sealed: bytes) -> tuple[str, bytes]:
    words, _, content = sealed.partition(b"\n")
    return words.decode(), content[::-1]


@cache
def made(assignment: int) -> FinishedPack:
    """A pack whose order was drawn from another secret, and all else from the same."""
    return made_of(secrets_of(assignment), short(), wanted_of(), PLANNED)


def files_of(pack: FinishedPack) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack.archive)) as held:
        assert {each.date_time for each in held.infolist()} == {OLDEST}
        return {each.filename.removeprefix(f"{pack.name}/"): held.read(each) for each in held.infolist()}


def without_commitment(text: str, pack: FinishedPack) -> str:
    grouped = pack.summary["Commitment"]
    text = re.sub('^{"time": "[^"]+"', "", text)  # of the log's first line
    return text.replace(grouped, "...").replace(grouped.replace(" ", ""), "...")


def two_orders() -> tuple[FinishedPack, FinishedPack]:
    """Packs of two orders that differ."""
    packs = made(3), made(4)
    orders = {Key.from_bytes(unsealed(files_of(pack)[KEY])[1], KEY).allocation.order for pack in packs}
    assert len(orders) == 2
    return packs


def test_nothing_but_commitment_and_sealed_bytes_depends_on_the_order() -> None:
    one, other = two_orders()
    assert one.name == other.name
    assert len(one.archive) == len(other.archive)
    ours, theirs = files_of(one), files_of(other)
    assert list(ours) == list(theirs) == sorted(ours)
    for path, content in ours.items():
        assert len(content) == len(theirs[path]), path
        if path.endswith(".age"):
            assert content != theirs[path], path
        elif path.endswith(".whl"):
            assert content == theirs[path], path
        else:
            text, alike = content.decode(), theirs[path].decode()
            assert without_commitment(text, one) == without_commitment(alike, other), path


def test_what_the_page_shows_of_a_pack_does_not_depend_on_the_order() -> None:
    one, other = two_orders()
    shown, alike = (
        [
            *(str(pack_view.pack_view(pack, is_current)) for is_current in (True, False)),
            *pack.previews.values(),
            pack.subject,
            str(pack.summary),
            str(pack.parts),
        ]
        for pack in (one, other)
    )
    assert shown != alike
    assert [without_commitment(text, one) for text in shown] == [without_commitment(text, other) for text in alike]
    assert in_groups(one.summary["Commitment"].replace(" ", "")) in shown[0]


def test_a_pack_is_handed_out_only_for_the_plan_and_the_day_that_it_was_made_for() -> None:
    pack = made(3)
    assert pack.is_of(short(), START.isoformat())
    assert not pack.is_of(short(), "2027-01-11")
    assert not pack.is_of(short(**{"design.cycles": 3}), START.isoformat())
    assert not pack.is_of(None, START.isoformat())
    download, told = "Download the pack", "the plan has been changed since"
    for is_current in (True, False):
        shown = str(pack_view.pack_view(pack, is_current))
        assert (download in shown, told in shown) == (is_current, not is_current)


def test_everything_is_told_and_sealed() -> None:
    other = {"pharmacy": PassphraseEntry("the pharmacy's papers", *["the pharmacist's words"] * 2),
             "copy": PassphraseEntry("the second copy", *["the copy's own words"] * 2)}  # fmt: skip
    pack = make(short(), wanted_of(seed="5", **other), PLANNED)
    assert re.fullmatch(r"b12-6-to-8-week-\S{3}-\S{3}-pack", pack.name)
    assert pack.is_rehearsal
    assert pack.parts[3][0] == KEY
    assert "stays sealed until the diary is complete" in pack.parts[3][1]
    assert [name for name, _ in pack.parts] == [
        "patient/", "clinician/", "pharmacy.age", KEY, KEY_COPY, "code-break.age", "commitment.txt", "program/",
        "trial.log",
    ]  # fmt: skip
    files = files_of(pack)
    assert all(b"NOT FOR A PATIENT" in files[path] for path in files if path.endswith(".html"))
    sealed = {path: unsealed(files[path]) for path in (KEY, KEY_COPY, "pharmacy.age")}
    assert [words for words, _ in sealed.values()] == [WORDS, "the copy's own words", "the pharmacist's words"]
    assert sealed[KEY][1] == sealed[KEY_COPY][1]
    assert papers_in(sealed["pharmacy.age"][1], "pharmacy.age")
    assert Key.from_bytes(sealed[KEY][1], KEY).secrets == secrets.of_a_rehearsal(5)


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    faults = in_the_way(short(**{"treatment.abrupt_stop_safe": False, "pack.shelf_life_days": 3}), "2027-13-01")
    assert len(faults) == 3
    assert faults[0] == "First day of the diary 2027-13-01: must be a date such as 2027-01-04"
    assert "no pack is made: treatment.abrupt_stop_safe: must be true" in faults[1]
    assert "no pack is made: pack.shelf_life_days: must be at least pack.kit_days, 7, but is 3" in faults[2]
    assert in_the_way(short(), "0027-01-04") == (
        "First day of the diary 0027-01-04: must be in the years 2000 to 2200",
    )
    assert in_the_way(short(), "2027-01-04") == ()


def test_dates_are_told_before_a_pack_is_made() -> None:
    assert in_short(short(), START) == (
        "The diary runs from 2027-01-04 to 2027-03-14, 10 weeks. 8 kits of 7 days, the first opened on 2027-01-18;"
        " 2 visits."
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        (
            {"key": PassphraseEntry("the key", "short", "short")},
            ["the passphrase of the key must have at least 12 characters"],
        ),
        ({"key": PassphraseEntry("the key", "short", "short"), "seed": "1"}, []),
        ({"key": PassphraseEntry("the key", "a" * 12, "a" * 12)}, ["the passphrase of the key is easily guessed"]),
        ({"key": PassphraseEntry("the key", WORDS, "else")}, ["the passphrase of the key was typed in two ways"]),
        (
            {"pharmacy": PassphraseEntry("the pharmacy's papers", "", "")},
            ["the passphrase of the pharmacy's papers must not be empty"],
        ),
        (
            {"copy": PassphraseEntry("the copy", WORDS, WORDS), "seed": "-1"},
            [
                "the second copy of the key has the same passphrase as the first",
                "the seed of a rehearsal must be a whole number, 0 or more, and is '-1'",
            ],
        ),
    ],
)
def test_faults_of_what_is_typed(changes: dict[str, object], told: list[str]) -> None:
    faults = faults_of_passphrases(wanted_of(**changes))
    assert len(faults) == len(told)
    assert all(fault.startswith(begin) for fault, begin in zip(faults, told, strict=True))


def test_a_passphrase_is_not_in_what_is_printed_of_a_wish() -> None:
    assert WORDS not in repr(wanted_of())


def test_a_letter_that_pdfs_lack_is_told_in_words_of_the_page() -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    odd = short(**{"treatment.name": "ยา"})
    with pytest.raises(InputError) as caught:
        make(odd, wanted_of(has_pdf=True), PLANNED)
    (fault,) = caught.value.faults
    assert fault.startswith("the fonts for PDFs have no")
    assert fault.endswith("make the pack without PDFs and print its HTML")
