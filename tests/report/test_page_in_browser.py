"""The page as a browser has it: nothing is asked of the network, it fits a phone and paper, and can be read aloud."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.report.pages import read

NAMES = ("b12-6-to-8-week", "b12-6-month-open-label", "fast-drug-2-week", "minimal")
LONG = "a-name-without-any-place-to-break-it-" * 3
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1300, "height": 900}
A4 = 595
"""Width of the sheet in points."""


UNFOLDED = "() => [...document.querySelectorAll('details')].map(each => each.open)"
FOLD = "(open) => document.querySelectorAll('details').forEach((each, place) => each.open = open[place])"


@dataclass(frozen=True)
class Opened:
    """A page that a browser has opened from a file, what was asked for meanwhile, and what it complained about."""

    page: Page
    path: Path
    asked: tuple[str, ...]
    faults: tuple[str, ...]
    unfolded: list[bool]


@contextlib.contextmanager
def opening(browser: Browser, source: str, path: Path) -> Iterator[Opened]:
    path.write_text(source, encoding="utf-8")
    page = browser.new_page(viewport=PHONE)
    asked, faults = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri(), wait_until="networkidle")
    yield Opened(page, path, tuple(asked), tuple(faults), page.evaluate(UNFOLDED))
    page.close()


@pytest.fixture(scope="module", params=NAMES)
def opened(
    browser: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """Each page, opened once."""
    with opening(browser, read(request.param).source, tmp_path_factory.mktemp("page") / "report.html") as opened:
        yield opened


@pytest.fixture
def page(opened: Opened) -> Page:
    """The page on a phone, as it was when it had just been opened."""
    opened.page.emulate_media(media="screen")
    opened.page.set_viewport_size(PHONE)
    opened.page.evaluate(FOLD, opened.unfolded)
    return opened.page


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def width(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


def test_nothing_is_asked_of_the_network_and_nothing_fails(opened: Opened) -> None:
    assert opened.asked == (opened.path.as_uri(),)
    assert opened.faults == ()


def test_it_fits_a_phone(page: Page) -> None:
    assert width(page) == PHONE["width"]
    unfold(page)
    assert width(page) == PHONE["width"]


def test_names_without_end_fit_a_phone_too(browser: Browser, tmp_path: Path) -> None:
    seen = read("minimal", 5, title=LONG, treatment__name=LONG, outcome__name=LONG, source__citation=LONG)
    with opening(browser, seen.source, tmp_path / "report.html") as opened:
        unfold(opened.page)
        assert width(opened.page) == PHONE["width"]


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_axe_finds_nothing(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    unfold(page)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["impact"], [node["target"] for node in each["nodes"]][:3]) for each in found] == []


def test_both_answers_have_the_same_size_and_place(page: Page) -> None:
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        boxes = [tile.bounding_box() for tile in page.query_selector_all(".tile")]
        dots = [dots.bounding_box() for dots in page.query_selector_all(".tile svg")]
        for one, other in (boxes, dots):
            assert one is not None
            assert other is not None
            assert (one["y"], one["width"], one["height"]) == (other["y"], other["width"], other["height"])
    first = page.query_selector(".tile")
    box = first.bounding_box() if first else None
    assert box is not None
    assert box["y"] + box["height"] < WIDE["height"]


def test_paper_holds_all_of_it(page: Page, tmp_path: Path) -> None:
    page.emulate_media(media="print")
    # the width of the text on A4 with the margins of the page
    page.set_viewport_size({"width": 665, "height": 1000})
    assert width(page) <= 665
    printed = tmp_path / "report.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    if shutil.which("pdftotext") is None or shutil.which("pdfinfo") is None:
        pytest.skip("no pdftotext or pdfinfo")
    told = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    count = re.search(r"Pages: +(\d+)", told)
    assert count is not None
    assert 5 <= int(count[1]) <= 18
    assert "(A4)" in told
    sheets = text.split("\f")[:-1]
    assert len(sheets) == int(count[1])
    for number, sheet in enumerate(sheets, start=1):
        assert f"{number}/{count[1]}" in sheet.replace(" ", "")
    assert "Of 100 simulated trials with each effect" in text  # tables are open on paper
    assert "On this page" not in text
    boxes = subprocess.run(["pdftotext", "-bbox", printed, "-"], capture_output=True, text=True, check=True).stdout
    ends = [float(end) for end in re.findall(r'<word [^>]*xMax="([0-9.]+)"', boxes)]
    assert max(ends) < A4 - 30
