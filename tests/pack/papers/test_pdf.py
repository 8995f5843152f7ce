from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.pack.papers import pdf
from n1trial.pack.papers.papers import blinded_papers
from n1trial.pack.papers.pdf import to_pdf, with_pdfs
from n1trial.pack.papers.typeset import to_typst
from n1trial.pack.trial.commitment import in_groups
from tests.pack.packable import PLANNED, shipped, short
from tests.pack.papers.test_papers import COMMITMENT, FULL, papers_of, text_of, trial_of

pytest.importorskip("typst", reason="typst is not installed")


def letters(text: str) -> str:
    """Letters of a text, in their order; numbers of lists are not in the page's text."""
    return "".join(re.findall(r"[^\W\d_]", text))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("path", ["patient/leaflet.html", "clinician/opening.html", "patient/wallet-card.html"])
def test_a_pdf_says_what_the_page_says(path: str, tmp_path: Path) -> None:
    page = papers_of(short())[path]
    (tmp_path / "paper.pdf").write_bytes(to_pdf(page.decode()))
    told = (
        subprocess.run(
            ["pdftotext", "-raw", str(tmp_path / "paper.pdf"), "-"], check=True, capture_output=True, text=True
        )
        .stdout.replace("\u00ad", "")
        .replace("-\n", "-")
    )
    whole = letters(told.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff"))
    without_foot = re.sub(rb'<div class="(foot screen|banner screen|watermark)">.*?</div>', b"", page)
    sentences = re.split(r"(?<=[.:?!]) ", text_of(without_foot))
    missing = [sentence for sentence in sentences if letters(sentence.replace("&rsquo;", "")) not in whole]
    assert [sentence for sentence in missing if "&" not in sentence] == []
    assert re.search(r"page 1 of \d", told)
    assert "Patient code" in told


def test_the_same_page_gives_the_same_bytes() -> None:
    page = papers_of(short())["patient/wallet-card.html"].decode()
    assert to_pdf(page) == to_pdf(page)
    assert b"D:20000101" in to_pdf(page)  # no clock in it


def test_a_name_that_the_fonts_lack_is_refused_and_not_printed_in_part() -> None:
    page = papers_of(short(**{"treatment.name": "ビタミン"}))["patient/wallet-card.html"].decode()
    with pytest.raises(InputError, match="the fonts for PDFs have no 'ビ"):
        to_pdf(page)
    to_pdf(papers_of(short(**{"treatment.name": "Žlutý кофеин βιταμίνη"}))["patient/wallet-card.html"].decode())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_flagship_has_as_many_pages_as_a_browser_prints(tmp_path: Path) -> None:
    papers = papers_of(shipped())
    assert len(pages_of(to_pdf(papers["patient/diary.html"].decode()), tmp_path)) == 44
    assert len(pages_of(to_pdf(papers["patient/leaflet.html"].decode()), tmp_path)) == 1


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("name", FULL)
def test_a_pdf_has_one_sheet_a_page(name: str, tmp_path: Path) -> None:
    page = blinded_papers(trial_of(FULL[name], is_rehearsal=True), PLANNED, COMMITMENT)["patient/diary.html"]
    pages = pages_of(to_pdf(page.decode()), tmp_path)
    assert len(pages) == len(trial_of(FULL[name]).sheets)
    for number, text in enumerate(pages, start=1):
        assert f"Sheet {number} of {len(pages)}." in text
        assert f"page {number} of {len(pages)}" in text
        assert "EXAMPLE - NOT FOR A PATIENT" in text
        assert f"Patient code {trial_of(FULL[name]).patient_code}" in text
        assert in_groups(COMMITMENT) in text


def pages_of(made: bytes, folder: Path) -> list[str]:
    """Text of each page."""
    (folder / "paper.pdf").write_bytes(made)
    told = subprocess.run(["pdftotext", str(folder / "paper.pdf"), "-"], check=True, capture_output=True, text=True)
    return [" ".join(text.split()) for text in told.stdout.split("\f")[:-1]]


def test_every_page_gets_a_pdf_and_nothing_else_does() -> None:
    files = {name: content for name, content in papers_of(short()).items() if "wallet" in name or "csv" in name}
    assert set(with_pdfs(files)) == {*files, "patient/wallet-card.pdf"}


def test_nothing_in_a_text_is_taken_for_markup() -> None:
    head = papers_of(short())["patient/wallet-card.html"].decode().split("<body>")[0]
    hostile = "#let x = 1 $x$ \\ &quot;a&quot; *b* _c_ `d` [e] @f &lt;g&gt; // h"
    made = to_typst(f"{head}<body><p>{hostile}</p><ul><li>one</li></ul></body></html>")
    assert '#"#let x = 1 $x$ \\\\ \\"a\\" *b* _c_ `d` [e] @f <g> // h";' in made
    to_pdf(f"{head}<body><p>{hostile}</p></body></html>")


def test_cells_span_rows_and_columns_as_on_the_page() -> None:
    made = to_typst(papers_of(short())["clinician/typing.html"].decode())
    assert "table.cell(colspan: 1, rowspan: 4)" in made
    assert "colspan: 4" in to_typst(papers_of(short())["clinician/protocol.html"].decode())


def test_an_element_that_papers_do_not_have() -> None:
    head = papers_of(short())["patient/wallet-card.html"].decode().split("<body>")[0]
    with pytest.raises(ValueError, match="papers have no <video>"):
        to_typst(f"{head}<body><video></video></body></html>")


def test_typst_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    page = papers_of(short())["patient/wallet-card.html"].decode()
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="PDFs need typst"):
        to_pdf(page)
    with pytest.raises(InputError, match=r"PDFs need typst, .* this installs it: .*(typst|--extra pdf)"):
        pdf.check_typst()
    assert "typst" in sys.modules
