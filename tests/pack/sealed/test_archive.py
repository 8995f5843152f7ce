"""What is opened: only papers with names that packs have are unpacked, whatever an archive holds."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.pack.pharmacy.papers import pharmacy_papers
from n1trial.pack.sealed import archive as archives
from n1trial.pack.sealed.archive import PADDING, archive, is_paper, papers_in
from n1trial.pack.sealed.seal import SealError
from n1trial.pack.trial.trial import blinded_trial
from tests.pack.packable import START, short

PAPERS = {"contents.html": b"text", "contents.csv": b"", "code-breaks-if-lost.pdf": b"%PDF"}


def zipped(names: list[str], content: bytes = b"x", how: int = zipfile.ZIP_STORED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as packed:
        for name in names:
            packed.writestr(zipfile.ZipInfo(name), content, how)
    return held.getvalue()


def test_an_archive_is_padded_and_unpacked() -> None:
    assert papers_in(archive(PAPERS), "x") == PAPERS
    assert papers_in(archive(PAPERS, 4000), "x") == PAPERS
    assert len(archive(PAPERS, 4000)) == 4000
    with pytest.raises(ValueError, match="do not fit into 100 bytes"):
        archive(PAPERS, 100)


def test_every_paper_of_a_pharmacy_has_a_name_that_is_opened() -> None:
    trial = blinded_trial(short(), START, bytes(16), is_rehearsal=False)
    codes = [code for kit in trial.kits for code in kit.codes]
    papers = pharmacy_papers(trial, dict.fromkeys(codes, True), dict.fromkeys(codes, "phrase"), "0" * 64)
    assert len(papers) > 5
    for path in papers:
        assert is_paper(path)
        assert is_paper(Path(path).with_suffix(".pdf").name)


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.html", "/tmp/evil.html", "a/b.html", "a\\b.html", "C:evil.html", ".html", ".bashrc", "evil", "e.sh",
        "evil.html.exe", "nul.csv", "con.html", "stock.html/", "Stock.html", "st\u202eock.html", "stock.html\n",
    ],
)  # fmt: skip
def test_no_other_name_is_unpacked(name: str) -> None:
    with pytest.raises(SealError, match=r"^pharmacy\.age: opens, but .*which no pack has.* Nothing was unpacked\.$"):
        papers_in(zipped(["stock.html", name]), "pharmacy.age")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30))
def test_whatever_is_unpacked_lies_in_the_folder_itself(name: str) -> None:
    try:
        papers = papers_in(zipped([name]), "x")
    except SealError:
        return
    assert all(Path(path).name == path and path.isascii() for path in papers)


def test_an_archive_has_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    many = ["a" * number + ".html" for number in range(1, 103)]
    with pytest.raises(SealError, match="it holds 102 files, and no pack more than 100"):
        papers_in(zipped(many), "x")
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with pytest.raises(SealError, match="more than 0 MB"):
        papers_in(zipped(["stock.html"], b"x" * 11), "x")


def test_what_is_packed_in_another_way() -> None:
    with pytest.raises(SealError, match="packed in another way"):
        papers_in(zipped(["stock.html"], bytes(1000), zipfile.ZIP_DEFLATED), "x")
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped(["stock.html", "stock.html"])
    with pytest.raises(SealError, match="holds a file twice"):
        papers_in(twice, "x")


@pytest.mark.parametrize("content", [b"", b"something", b"PK", b"PK\5\6" + bytes(17)])
def test_what_is_no_archive(content: bytes) -> None:
    with pytest.raises(SealError, match="opens, but"):
        papers_in(content, "x")


def test_a_damaged_archive_is_refused_or_gives_papers_alone() -> None:
    whole, draw = archive(PAPERS, 2000), random.Random(7)
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(draw.choice((1, 3, 30))):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        try:
            papers = papers_in(bytes(damaged[: draw.choice((len(whole), draw.randrange(len(whole))))]), "x")
        except SealError:
            continue
        assert all(is_paper(path) and path != PADDING for path in papers)
