from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
HERE = ("127.0.0.1", "")
"""Hosts that a page may ask: this machine, and none at all, as for what is written into the page."""


@dataclass(frozen=True)
class Served:
    """A planning page that answers.

    Attributes
    ----------
    address : str
    folder : Path
        That it was started in.
    """

    address: str
    folder: Path


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve the page from a folder, as its command does."""
    command = [sys.executable, "-m", "n1trial", "web", "--port", "0", "--no-browser"]
    # the package may be found by its place in the tree alone
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.search(r"http://\S+", told)
        assert found is not None, told + process.stderr.read()
        yield Served(found[0], folder)
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=30)
    assert "Traceback" not in complaints, complaints


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page for all tests, in a folder of its own."""
    with serving(tmp_path_factory.mktemp("served")) as page:
        yield page


@pytest.fixture(scope="session")
def page_address(served: Served) -> str:
    return served.address


@pytest.fixture
def page(browser: Browser, page_address: str) -> Iterator[Page]:
    """The page as a visitor has just opened it; what goes wrong on it, or leaves this machine, fails the test."""
    context = browser.new_context(viewport={"width": 1300, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    opened, abroad, wrong = context.new_page(), list[str](), list[str]()
    context.on("request", lambda request: abroad.append(request.url) if _leaves(request.url) else None)
    opened.on("websocket", lambda socket: abroad.append(socket.url) if _leaves(socket.url) else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(page_address)
    opened.wait_for_function("() => window.Shiny?.shinyapp?.isConnected?.()")
    yield opened
    context.close()
    assert (abroad, wrong) == ([], [])


def _leaves(url: str) -> bool:
    return (urlsplit(url).hostname or "") not in HERE
