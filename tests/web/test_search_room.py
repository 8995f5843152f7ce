from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from n1trial.report.search.document import to_json
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.study.search.limits import Limits
from n1trial.study.search.search import search
from tests.study.searched import few_trials, small_scenario
from tests.web.rooms import enter


def box(page: Page, name: str, text: str) -> None:
    page.get_by_label(name).fill(text)


def open_small(page: Page, folder: Path) -> Path:
    """Lay a scenario on the desk in which a short trial is enough."""
    quiet = {"patient.daily_sd": 0.2, "patient.autocorrelation": 0.0, "treatment.onset_range": None}
    path = folder / "small.toml"
    path.write_text(write_resolved(small_scenario(**quiet)), encoding="utf-8")
    page.locator("#before-file").set_input_files(path)
    expect(page.locator("#before-source .design")).to_contain_text("2 rounds, periods of 2 weeks")
    return path


def test_a_search_finds_what_the_command_line_finds(page: Page, tmp_path: Path) -> None:
    path = open_small(page, tmp_path)
    enter(page, "Search")
    expect(page.get_by_label("Longest trial")).to_have_value("9")
    box(page, "Longest trial", "5")
    box(page, "Longest period", "7")
    box(page, "Simulated trials of each", "100")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#search-work-words")).not_to_be_empty()
    found = page.locator(".search-result")
    expect(found).to_be_visible()
    expect(found).to_contain_text("FIRST AMONG THESE: DESIGN 1.")
    expect(found).not_to_contain_text("recommended", ignore_case=True)
    expect(page.locator("#search-result .command")).to_have_text(
        "n1trial search small.toml --set simulation.replicates=100 --max-weeks 5 --max-period-days 7"
    )
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download search.json").click()
    told = caught.value.path().read_text(encoding="utf-8")
    with few_trials():  # as the page that is tested does
        assert told == to_json(search(load_scenario(str(path)), Limits(5.0, 7), 100))

    page.get_by_role("button", name="Compare design 1").click()
    expect(page.locator("#search-notice")).to_have_text("Kept as Found 1; see Compare.")
    page.get_by_role("button", name="Compare design 1").click()
    expect(page.locator("#search-notice")).to_have_text("this design is kept already: it is Found 1")
    page.get_by_role("button", name="Plan with this design 1").click()
    expect(page.get_by_role("tab", name="Plan", exact=True)).to_have_attribute("aria-selected", "true")
    enter(page, "Before")
    days = json.loads(told)["designs"][0]["set"]["design.period_days"]
    assert days == 7
    expect(page.locator("#before-source .design")).to_contain_text("periods of 1 week")
    enter(page, "Search")
    expect(page.get_by_label("Longest trial")).to_have_value("5")
    expect(page.get_by_text("This was found for the plan as it was")).to_be_visible()


def test_a_search_can_be_stopped_and_another_begun(page: Page) -> None:
    enter(page, "Search")
    search_button, stop = (page.get_by_role("button", name=name, exact=True) for name in ("Search", "Stop"))
    for _ in range(2):
        expect(stop).to_be_disabled()
        search_button.click()
        expect(page.locator("#search-work-words")).to_contain_text("Step 1 of 5. Judging")
        expect(search_button).to_be_disabled()
        stop.click()
        expect(page.locator("#search-notice")).to_have_text("Stopped; nothing was kept.")
        expect(page.locator("#search-work-words")).to_be_empty()
        expect(search_button).to_be_enabled()


def test_faults_are_told_where_they_belong(page: Page) -> None:
    enter(page, "Search")
    box(page, "Longest trial", "x")
    box(page, "Most diary entries", "0")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#search-wrong_weeks")).to_have_text("--max-weeks: must be a number from 1 to 520, but is 'x'")
    expect(page.locator("#search-wrong_entries")).to_contain_text("must be a whole number from 1 to 3660, but is 0")
    box(page, "Longest trial", "4")
    box(page, "Most diary entries", "")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("no design keeps the limits: the shortest")
    expect(page.locator("#search-wrong_weeks")).to_be_empty()


def test_an_open_label_plan_cannot_be_searched(page: Page) -> None:
    page.locator("#before-shipped").select_option("b12-6-month-open-label")
    expect(page.locator("#before-source .design")).to_contain_text("no control")
    enter(page, "Search")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("compares the drug with nothing")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
