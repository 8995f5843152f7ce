from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.web.rooms import begin_with, box, download, enter, wait_for_simulation

ASKS = """() => {
    const leaving = new Event("beforeunload", { cancelable: true });
    dispatchEvent(leaving);
    return leaving.defaultPrevented;
}"""


def test_whoever_leaves_is_asked_where_a_plan_would_be_lost(page: Page, tmp_path: Path) -> None:
    assert not page.evaluate(ASKS)
    enter(page, "Plan")
    box(page, "design.cycles").fill("4")
    page.wait_for_function(ASKS)
    wait_for_simulation(page, design__cycles="4")
    enter(page, "Report")
    download(page, "Download the scenario file", tmp_path)
    page.wait_for_function(f"() => !({ASKS})()")
    enter(page, "Plan")
    box(page, "design.cycles").fill("5")
    page.wait_for_function(ASKS)
    begin_with(page, "minimal")
    page.wait_for_function(f"() => !({ASKS})()")
