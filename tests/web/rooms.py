"""How tests move about the planning page."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SIMULATED = re.compile(r"[\d,]+ simulated trials?, give or take")
PATIENCE_MS = 60_000
expect.set_options(timeout=20_000)


def enter(page: Page, room: str) -> None:
    """Go to a room by its door."""
    page.get_by_role("tab", name=room).click()


def begin_with(page: Page, name: str) -> None:
    """Lay a shipped scenario on the desk."""
    enter(page, "Before")
    page.locator("#before-shipped").select_option(name)


def box(page: Page, key: str) -> Locator:
    """The box of an input."""
    return page.locator(f'[data-key="{key}"] .box')


def slider(page: Page, key: str) -> Locator:
    """The slider of an input."""
    return page.locator(f'[data-key="{key}"] .slider')


def wait_for_simulation(page: Page) -> None:
    """Wait until the verdict is a simulated one."""
    expect(page.locator("#plan-verdict")).to_contain_text(SIMULATED, timeout=PATIENCE_MS)


def figure(page: Page, name: str) -> float:
    """A figure of the verdict as it is, not rounded."""
    return float(page.locator(f'#plan-verdict [data-figure="{name}"]').get_attribute("data-value") or "nan")


def download(page: Page, button: str, folder: Path) -> Path:
    """Download by a button; the file, under the name that it was given."""
    with page.expect_download(timeout=PATIENCE_MS) as under_way:
        page.get_by_role("link", name=button).click()
    file = folder / under_way.value.suggested_filename
    under_way.value.save_as(file)
    return file
