from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from n1trial.evaluation.characteristics import rate
from n1trial.scenario.file.load import load_scenario
from n1trial.study.batches.measure import Cell, measure
from n1trial.web.compare.rows import share_in_words
from n1trial.web.shared.state import FIRST
from tests.web.few import FEW
from tests.web.rooms import begin_with, enter


def keep(page: Page, called: str) -> None:
    enter(page, "Compare")
    page.get_by_role("button", name="Keep this plan").click()
    expect(page.locator("#compare-notice")).to_have_text(f"Kept as {called}.")


def keep_two(page: Page) -> None:
    keep(page, "Plan 1")
    begin_with(page, "fast-drug-2-week")
    keep(page, "Plan 2")


def wait_till_all_are_simulated(page: Page) -> None:
    expect(page.get_by_role("table", name=f"Designs by {FEW} simulated trials each")).to_be_visible()
    expect(page.locator("#compare-doing")).to_be_empty()


def shown_by_a_run(name: str) -> str:
    """How often a run shows the smallest worthwhile effect, in words."""
    scenario = load_scenario(name)
    worthwhile = scenario.plan().benefit_sign * scenario.outcome.mcid
    cell = Cell(scenario, worthwhile, (scenario.analysis.primary,), FEW)
    (seen,) = measure([cell], scenario.simulation.seed)
    tally = seen.tallies[scenario.analysis.primary]
    return share_in_words(rate(tally.detected_right, tally.replicates), True)


def test_a_design_is_kept_once(page: Page) -> None:
    enter(page, "Compare")
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    keep(page, "Plan 1")
    page.get_by_role("button", name="Keep this plan").click()
    expect(page.get_by_role("alert")).to_contain_text("this design is kept already: it is Plan 1")


def test_designs_are_simulated_to_the_last_digit_of_a_run(page: Page) -> None:
    keep_two(page)
    wait_till_all_are_simulated(page)
    shown = page.locator("#compare-figures").get_by_role("row", name=re.compile("^Shown"))
    expect(shown.get_by_role("cell").first).to_have_text(shown_by_a_run(FIRST))
    expect(page.get_by_text("not of the same drug, patient and score")).to_be_visible()
    expect(page.locator("#compare-curves svg")).to_have_attribute("role", "img")
    expect(page.get_by_role("row", name=re.compile("0 points: false alarms"))).to_be_visible()


def test_the_answer_comes_first_and_then_what_differs(page: Page) -> None:
    keep_two(page)
    headings = ["What each shows and asks for", "How often an effect is shown, by its size", "What differs"]
    told = page.locator("#compare-figures h3, #compare-curves h3, #compare-differences h3")
    expect(told).to_have_text(headings)
    # what matters first is open, the rest is folded
    first = page.get_by_role("table", name="What matters first, the layout and the analysis")
    length = first.get_by_role("row", name=re.compile("Length of a period design.period_days"))
    expect(length.get_by_role("cell")).to_have_text(["49 days", "14 days"])
    others = page.get_by_role("table", name="All else that is not the same in all of them")
    expect(others).to_be_hidden()
    rest = page.locator("#compare-differences summary")
    expect(rest).to_have_text(re.compile(r"^\d+ other inputs that differ$"))
    rest.click()
    stopped = others.get_by_role("row", name=re.compile("treatment.abrupt_stop_safe"))
    expect(stopped.get_by_role("cell")).to_have_text(["yes", "no"])
    expect(others.locator("tbody tr")).to_have_count(int(rest.inner_text().split()[0]))


def test_designs_are_named_removed_and_laid_back(page: Page) -> None:
    keep_two(page)
    wait_till_all_are_simulated(page)
    heads = page.locator("#compare-figures").get_by_role("columnheader")
    page.get_by_role("textbox", name="Name Plan 2").fill("Fast drug")
    page.get_by_role("button", name="Rename Plan 2").click()
    expect(heads).to_have_text(["Plan 1", "Fast drug"])
    # known already: nothing is simulated again
    expect(page.locator("#compare-doing")).to_be_empty()

    page.get_by_role("button", name="Remove Plan 1").click()
    expect(heads).to_have_text(["Fast drug"])
    expect(page.get_by_role("table", name="The figures of the picture").get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_text("Keep a second design to see what differs.")).to_be_visible()
    begin_with(page, "b12-8-week")
    enter(page, "Compare")
    page.get_by_role("button", name="Plan with this Fast drug").click()
    expect(page.get_by_role("tab", name="Plan", exact=True)).to_have_attribute("aria-selected", "true")
    enter(page, "Before")
    fast = load_scenario("fast-drug-2-week")
    expect(page.locator("#before-source .design")).to_contain_text(f"{fast.design.cycles} rounds")


def test_figures_stay_till_the_new_ones_are_there(page: Page) -> None:
    keep(page, "Plan 1")
    expect(page.locator("#compare-curves svg")).to_be_visible()
    page.evaluate(
        "() => { window.wasEmpty = false;"
        " for (const name of ['figures', 'curves']) { const place = document.getElementById(`compare-${name}`);"
        " new MutationObserver(() => { window.wasEmpty ||= place.textContent.trim() === '' })"
        " .observe(place, { childList: true, subtree: true }) } }"
    )
    begin_with(page, "fast-drug-2-week")
    keep(page, "Plan 2")
    expect(page.locator("#compare-curves svg desc")).to_contain_text("Plan 2: ")
    expect(page.get_by_role("columnheader", name="Plan 2").first).to_be_visible()
    assert page.evaluate("window.wasEmpty") is False


def test_cards_keep_their_focus_and_what_is_typed_while_others_go(page: Page) -> None:
    keep_two(page)
    begin_with(page, "minimal")
    keep(page, "Plan 3")
    page.get_by_role("button", name="Rename Plan 1").press("Enter")
    expect(page.locator("#compare-notice")).to_contain_text("Plan 1 is now called Plan 1")
    page.get_by_label("Name Plan 1").fill("Short")
    page.get_by_role("button", name="Rename Plan 1").press("Enter")
    expect(page.get_by_role("button", name="Rename Short")).to_be_focused()
    page.get_by_label("Name Plan 3").fill("Half a na")
    page.get_by_role("button", name="Remove Short").press("Enter")
    expect(page.get_by_role("button", name="Remove Plan 2")).to_be_focused()
    expect(page.get_by_label("Name Plan 3")).to_have_value("Half a na")
    begin_with(page, "b12-8-week")
    keep(page, "Plan 1")
    cards = page.locator(".card-of-design h3")
    expect(cards).to_have_text(["Plan 2", "Plan 3", "Plan 1"])
    expect(page.locator("#compare-figures").get_by_role("columnheader")).to_have_text(cards.all_inner_texts())
    expect(page.get_by_label("Name Plan 3")).to_have_value("Half a na")
    page.get_by_role("button", name="Remove Plan 1").press("Enter")
    for name in ("Plan 3", "Plan 2"):
        last = page.get_by_role("button", name=f"Remove {name}")
        expect(last).to_be_focused()
        last.press("Enter")
    expect(page.get_by_role("heading", name="Compare")).to_be_focused()


def test_a_phone_shows_it_without_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    keep(page, "Plan 1")
    expect(page.get_by_role("table", name="The figures of the picture")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # the picture is whole, with the names below it
    assert page.locator(".curves .scroll").evaluate("element => element.scrollWidth <= element.clientWidth")


def test_a_name_being_typed_stays_while_another_design_is_named(page: Page) -> None:
    keep_two(page)
    first, second = (page.get_by_label(f"Name Plan {number}") for number in (1, 2))
    second.fill("Half a na")
    first.fill("Short")
    page.get_by_role("button", name="Rename Plan 1").click()
    expect(page.get_by_role("heading", name="Short", exact=True)).to_be_visible()
    expect(second).to_have_value("Half a na")
    page.get_by_label("Name Short").fill("Plan 2")
    page.get_by_role("button", name="Rename Short").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#compare-notice")).to_be_empty()
