from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.web.rooms import write_plan
from tests.web.test_diary_room import brought_back
from tests.web.test_pack_room import PASSPHRASE

MOST_STEPS = 200
"""Steps after which a place is not to be reached."""


def go_to(page: Page, place: Locator, *, back: bool = False) -> None:
    """Press Tab until a place has the focus, and see that it shows it."""
    expect(place).to_be_visible()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if place.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{place} cannot be reached")


def press(page: Page, place: Locator, *, back: bool = False) -> None:
    """Do what a button or a link does."""
    go_to(page, place, back=back)
    page.keyboard.press("Enter")


def type_in(page: Page, label: str, text: str) -> None:
    """Go to a box and type."""
    go_to(page, page.get_by_label(label, exact=True).locator("visible=true").first)
    page.keyboard.type(text)


def open_room(page: Page, name: str) -> None:
    """Go to the doors, and along them."""
    doors = page.get_by_role("tab")
    go_to(page, page.locator("[role=tab][aria-selected=true]"), back=True)
    for _ in range(doors.count()):
        page.keyboard.press("ArrowRight")
        if page.locator("[role=tab][aria-selected=true]").inner_text() == name:
            return
    raise AssertionError(f"there is no way to the room {name}")


def open_file(page: Page, name: str, path: Path) -> None:
    """Choose a file; its field shows that it has the focus."""
    place = page.locator(f"#{name}")
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if place.evaluate("element => element === document.activeElement"):
            break
    assert place.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)


def test_from_a_plan_to_a_pack_to_its_analysis_without_a_mouse(page: Page, tmp_path: Path) -> None:
    # from here on the browser tells of each file dialog; asked only at the key press, it may be told too late
    page.on("filechooser", lambda _: None)
    open_file(page, "before-file", write_plan(tmp_path))
    expect(page.locator("#before-source .design")).to_contain_text("2 rounds")
    open_room(page, "Pack")
    go_to(page, page.get_by_label("A rehearsal"))
    page.keyboard.press("Space")
    type_in(page, "Passphrase of the key", PASSPHRASE)
    type_in(page, "Passphrase of the key, once more", PASSPHRASE)
    press(page, page.get_by_role("button", name="Make the pack"))
    load = page.get_by_role("link", name="Download the pack")
    expect(load).to_be_visible()
    with page.expect_download() as under_way:
        press(page, load)
    pack = tmp_path / under_way.value.suggested_filename
    under_way.value.save_as(pack)

    open_room(page, "Diary")
    open_file(page, "diary-file", brought_back(pack, tmp_path))
    open_file(page, "diary-pack", pack)
    press(page, page.get_by_role("button", name="Open the key ..."))
    type_in(page, "Passphrase of the key", PASSPHRASE)
    press(page, page.get_by_role("button", name="Yes: freeze"))
    expect(page.get_by_role("link", name="Download page, letters and figures")).to_be_visible()
