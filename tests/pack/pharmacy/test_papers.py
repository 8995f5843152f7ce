from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from markupsafe import escape

from n1trial.pack.papers.markup import parse
from n1trial.pack.papers.pdf import to_pdf
from n1trial.pack.pharmacy.papers import pharmacy_papers
from n1trial.pack.pharmacy.stock import stock_kits
from n1trial.pack.sealed.allocation import Allocation, contents
from n1trial.pack.trial.trial import Trial, blinded_trial
from n1trial.pack.trial.visits import FILL_DAYS, handout_dates
from n1trial.scenario.model.treatment import Control, Treatment
from n1trial.scenario.scenario import Scenario
from tests.conftest import CHROMIUM
from tests.pack.packable import START, packables, secret_bytes, shipped, short
from tests.pack.papers.test_papers import COMMITMENT, on_paper, printed, text_of


def papers_of(scenario: Scenario, secret: bytes) -> tuple[Trial, dict[str, bool], dict[str, bytes]]:
    trial = blinded_trial(scenario, START, bytes(16), is_rehearsal=False)
    held = contents(trial, Allocation.draw(scenario, secret))
    return trial, held, pharmacy_papers(trial, held, {code: f"phrase of {code}" for code in held}, COMMITMENT)


def with_dose(given: Control | Treatment) -> str:
    """Name and dose of a treatment, as a kit's content is called."""
    return f"{given.name} {given.dose}".strip()


@settings(max_examples=30)
@given(packables(), secret_bytes())
def test_capsules_by_kit_and_time_of_day_are_those_of_the_dose_plan(scenario: Scenario, secret: bytes) -> None:
    trial, held, papers = papers_of(scenario, secret)
    rows = list(csv.DictReader(io.StringIO(papers["contents.csv"].decode())))
    pack, names = scenario.pack, (with_dose(scenario.control), with_dose(scenario.treatment))
    assert [row["kit"] for row in rows] == [kit.code for kit in trial.kits]
    for row, kit in zip(rows, trial.kits, strict=True):
        assert row["holds"] == names[held[kit.code]]
        doses = sum(trial.takes_dose(day) for day in range(kit.first_day, kit.last_day + 1))
        needed = doses * pack.units_per_dose
        for time in pack.times_of_day:
            spare = int(row[time]) - needed
            assert needed * pack.spare_fraction <= spare + 1e-9 < needed * pack.spare_fraction + 1


@settings(max_examples=30)
@given(packables(), secret_bytes(), secret_bytes())
def test_the_purchase_tells_nothing_and_suffices(scenario: Scenario, one: bytes, other: bytes) -> None:
    trial, held, papers = papers_of(scenario, one)
    assert papers["stock.html"] == papers_of(scenario, other)[2]["stock.html"]
    assert papers["labels.html"] == papers_of(scenario, other)[2]["labels.html"]
    stock = stock_kits(trial)
    for substance in (True, False):
        assert sum(held[kit.code] is substance for kit in trial.kits) < stock
    assert text_of(papers["stock.html"]).count(f" {stock} ") >= 2


@settings(max_examples=20)
@given(packables(), secret_bytes())
def test_fills_use_every_kit_within_its_shelf_life(scenario: Scenario, secret: bytes) -> None:
    trial, _, papers = papers_of(scenario, secret)
    rows = list(csv.DictReader(io.StringIO(papers["contents.csv"].decode())))
    fills: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        fills.setdefault(row["fill"], []).append(number)
    handed_out = handout_dates(trial)
    for numbers in fills.values():
        # Ready when the first is handed out, and filled in the week before, the last keeps until it is used up.
        ready = handed_out[numbers[0]]
        assert (trial.date_of(trial.kits[numbers[-1]].last_day) - ready).days < scenario.pack.shelf_life_days
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        days = trial.kits[numbers[-1]].last_day - trial.kits[numbers[0]].first_day + 1
        assert days <= scenario.pack.shelf_life_days
        assert len(numbers) == 1 or days <= scenario.pack.shelf_life_days - FILL_DAYS


def test_two_fills_of_the_flagship() -> None:
    trial, _, papers = papers_of(shipped(), bytes(16))
    text, batch = text_of(papers["stock.html"]), trial.patient_code
    assert "there are 2 fills, of the same kits whatever the order" in text
    assert (
        f"1 1 to 24 {batch}/1 Wed 6 Jan 2027 Fri 15 Jan 2027" in text
    )  # kit 24 ends on 4 July, 180 days from 6 January
    assert "Handed out Fri 15 Jan 2027: 1 to 8; Fri 5 Mar 2027: 9 to 15;" in text
    assert f"2 25 to 42 {batch}/2 Fri 14 May 2027 Fri 11 Jun 2027" in text  # the last visit before kit 25 of 5 July


@settings(max_examples=10)
@given(packables(), secret_bytes())
def test_a_slip_tells_its_kit_and_nothing_of_the_others(scenario: Scenario, secret: bytes) -> None:
    trial, held, papers = papers_of(scenario, secret)
    for path, which in (("code-breaks.html", 0), ("code-breaks-if-lost.html", 1)):
        slips = re.findall(r'<section class="sheet">.*?</section>', papers[path].decode(), re.DOTALL)
        assert len(slips) == len(trial.kits)
        for slip, kit in zip(slips, trial.kits, strict=True):
            code, text = kit.codes[which], text_of(slip.encode())
            assert f"phrase of {code}" in text
            assert text.count("phrase of") == 1
            assert not [other for other in held if other != code and other in text]
            inside = text[text.index("Fold here second") :]
            names = (with_dose(scenario.control), with_dose(scenario.treatment))
            assert f"Kit {code} holds {escape(names[held[code]])}." in inside
            assert escape(names[not held[code]]) not in inside
            outside = text[: text.index("Fold here second")]
            # a drug's name is outside, as what to treat for
            assert scenario.control.is_active or escape(names[0]) not in outside


def words_at(pdf: Path) -> list[tuple[str, float, float]]:
    """Words of the first page, with their upper and lower edge in millimeters."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    found = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>', told)
    return [(word, float(top) * 25.4 / 72, float(bottom) * 25.4 / 72) for top, bottom, word in found]


def check_hatch(pdf: Path, holds: str) -> None:
    """Folded up at the line above it, the hatch lies behind what the kit holds and the phrase."""
    words = words_at(pdf)
    fold = [top for word, top, _ in words if word == "Fold"][1]
    hatch = [(top - fold, bottom - fold) for word, top, bottom in words if set(word) <= set("XHOB") and len(word) > 3]
    answer = [(fold - bottom, fold - top) for word, top, bottom in words if word in (holds, "phraseof")]
    assert len(answer) == 2
    assert max(bottom for _, bottom in hatch) > max(top for _, top in answer) + 5  # millimeters, for a careless fold
    assert min(top for top, _ in hatch) < min(bottom for bottom, _ in answer) - 5
    edges = sorted(set(hatch))
    assert all(later[0] - earlier[1] < 1 for earlier, later in pairwise(edges))  # and it has no gap


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("way", ["A4", "letter", "typst"])
def test_the_hatch_of_a_folded_slip_covers_the_answer(way: str, tmp_path: Path) -> None:
    trial = blinded_trial(short(), START, bytes(16), is_rehearsal=False)
    held = contents(trial, Allocation.draw(short(), bytes(16)))
    page = pharmacy_papers(trial, dict.fromkeys(held, False), dict.fromkeys(held, "phraseof"), COMMITMENT)[
        "code-breaks.html"
    ]
    if way == "typst":
        pytest.importorskip("typst", reason="typst is not installed")
        (tmp_path / "paper.pdf").write_bytes(to_pdf(page.decode()))
    elif CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    else:
        printed(on_paper(page, way), tmp_path)
    check_hatch(tmp_path / "paper.pdf", "Placebo.")


def test_labels_name_both_substances() -> None:
    trial, held, papers = papers_of(shipped(), bytes(16))
    labels = re.findall(r'<td class="label">.*?</td>', papers["labels.html"].decode(), re.DOTALL)
    assert len(labels) == len(held) == 2 * len(trial.kits)
    assert all(
        "1 capsule contains EITHER Vitamin B12 1000 mcg OR placebo." in text_of(label.encode()) for label in labels
    )
    assert all(re.search("Use by Store", text_of(label.encode())) for label in labels)
    blank = {re.sub(r"[34679CDFHJKMNPRTWXY]{3}-[34679CDFHJKMNPRTWXY]{3}", "", label) for label in labels}
    assert len(blank) == len(trial.kits)  # two labels of a week differ in the code alone


def test_every_paper_is_whole() -> None:
    for path, content in papers_of(shipped(), bytes(16))[2].items():
        if path.endswith(".html"):
            parse(content.decode())
