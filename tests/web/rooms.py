"""How tests move about the planning page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from shiny.playwright import controller

from n1trial.report.words import layout_in_words
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from tests.pack.kept import scenario_of

SIMULATED = re.compile(r"[\d,]+ simulated trials?, give or take")
IS_AT_REST = """() => {
    const waits = [...document.querySelectorAll(".recalculating")];
    return waits.every(each => !each.checkVisibility())
        && document.getAnimations().every(each => each.playState === "finished");
}"""
"""Whether nothing that is seen fades, moves or is about to be drawn again; what is hidden waits until it is shown."""

UNDIMMED = "document.documentElement.style.setProperty('--shiny-fade-opacity', '1')"
"""Shiny dims what it draws anew. Contrast is that of what stands there, whenever the next drawing begins."""


def enter(page: Page, room: str) -> None:
    """Go to a room by its door."""
    controller.NavsetPill(page, "room").set(room.lower())


def begin_with(page: Page, name: str) -> None:
    """Lay a shipped scenario on the desk."""
    enter(page, "Before")
    controller.InputSelect(page, "before-shipped").set(name)
    expect(page.locator("#before-file")).to_have_value("")  # a field that names another file would mislead
    expect(page.locator("#before-source .design")).to_have_text(layout_in_words(load_scenario(name)))


def write_plan(folder: Path, **changes: Any) -> Path:
    """A plan of two rounds that a pack can be made of, with few simulated trials."""
    few = {"simulation__replicates": 200, "conduct__dropout_per_week": 0.0}
    path = folder / "small.toml"
    path.write_text(write_resolved(scenario_of(**(few | changes))), encoding="utf-8")
    return path


def begin_with_file(page: Page, path: Path) -> None:
    """Lay a scenario file on the desk."""
    enter(page, "Before")
    with page.expect_file_chooser() as chooser:  # the click is what makes the same file a new choice
        page.locator("#before-file").click()
    chooser.value.set_files(path)
    chosen = page.locator("#before-shipped option:checked")
    expect(chosen.or_(page.get_by_role("alert")).first).to_contain_text(path.name)


def box(page: Page, key: str) -> Locator:
    """The box of an input."""
    return page.locator(f'[data-key="{key}"] .box')


def slider(page: Page, key: str) -> Locator:
    """The slider of an input."""
    return page.locator(f'[data-key="{key}"] .slider')


def analyze_by_the_primary_alone(page: Page) -> None:
    """Leave all other analyses out, which takes less time."""
    methods = box(page, "analysis.methods")
    methods.evaluate("element => element.closest('details').open = true")
    methods.fill('["paired"]')


def wait_for_simulation(page: Page, **changes: str) -> None:
    """Wait until the verdict is a simulated one, of the plan with these changes; keys with __ for the dot."""
    for key, text in changes.items():
        asked = re.compile(re.escape(f"{key.replace('__', '.')}={text}") + r"('|\s|$)")
        expect(page.locator(".verdict:not(.before)")).to_have_attribute("data-command", asked)
    expect(page.locator("#plan-verdict .verdict:not(.before)")).to_contain_text(SIMULATED)


def figure(page: Page, name: str) -> float:
    """A figure of the verdict as it is, not rounded."""
    return float(page.locator(f'#plan-verdict [data-figure="{name}"]').get_attribute("data-value") or "nan")


def download(page: Page, button: str, folder: Path) -> Path:
    """Download by a button; the file, under the name that it was given."""
    with page.expect_download() as under_way:
        page.get_by_role("link", name=button).click()
    file = folder / under_way.value.suggested_filename
    under_way.value.save_as(file)
    return file


def barriers(page: Page) -> list[tuple[str, str]]:
    """What is a serious barrier to some readers, by axe-core, each with where it is."""
    page.evaluate(UNDIMMED)  # first: what begins to be drawn anew after the wait is not dimmed either
    page.wait_for_function(IS_AT_REST)
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


def is_within(page: Page, width: int) -> bool:
    """Whether nothing makes the page move sideways in a window of that width."""
    page.set_viewport_size({"width": width, "height": 844})
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)
