from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from n1trial.web.server.entry import SECONDS
from n1trial.web.server.invitations import ENOUGH_SECONDS

PATIENCE_MS = 180_000
"""Longer than anything takes on a machine that has much else to do."""
expect.set_options(timeout=PATIENCE_MS)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?token=\S+")
AXE_LOOKS_FOR = "/font.css"
HERE = ("127.0.0.1", "")
"""Hosts that a page may ask: this machine, and none at all, as for what is written into the page."""


@dataclass(frozen=True)
class Printed:
    """An address that opens the page once, and when it was printed."""

    address: str
    seconds: float


@dataclass(frozen=True)
class Served:
    """A planning page that answers.

    Attributes
    ----------
    address : str
        As a browser that was let in knows it.
    cookie : str
        Which such a browser sends.
    folder : Path
        That it was started in.
    printed : list of Printed
        Addresses that the command has printed so far.
    used : list of str
        Those of them that were used.
    """

    address: str
    cookie: str
    folder: Path
    printed: list[Printed]
    used: list[str] = field(default_factory=list)

    def invited(self) -> str:
        """A new address that opens the page once."""
        last = self.printed[-1]
        if last.address in self.used or time.monotonic() - last.seconds > SECONDS - ENOUGH_SECONDS + 5:
            assert answered(self.address).status == 403  # which has another one printed
            until = time.monotonic() + PATIENCE_MS / 1000
            while self.printed[-1] is last and time.monotonic() < until:
                time.sleep(0.02)
            assert self.printed[-1] is not last, "no new address was printed"
        self.used.append(self.printed[-1].address)
        return self.used[-1]


@dataclass(frozen=True)
class Answer:
    """What a server answers."""

    status: int
    headers: Mapping[str, str]
    text: str


def answered(address: str, method: str = "GET", body: bytes | Iterator[bytes] | None = None, **headers: str) -> Answer:
    """Ask, following nothing; header names with _ for the hyphen."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=PATIENCE_MS / 1000)
    try:
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve the page from a folder, as its command does, but with few trials behind its figures."""
    command = [sys.executable, "-m", "tests.web.few", "web", "--port", "0", "--no-browser"]
    # the package may be found by its place in the tree alone
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    told, printed, is_ready = list[str](), list[Printed](), threading.Event()

    def read() -> None:
        for line in process.stderr or ():
            told.append(line)
            printed.extend(Printed(each, time.monotonic()) for each in ADDRESS.findall(line))
            if printed:
                is_ready.set()
        is_ready.set()

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    try:
        assert is_ready.wait(timeout=2 * PATIENCE_MS / 1000)
        assert printed, told
        first = printed[0].address
        entered = answered(first)
        assert entered.status == 303, entered
        cookie = entered.headers["set-cookie"].partition(";")[0]
        yield Served(first.partition("?")[0], cookie, folder, printed, [first])
    finally:
        process.terminate()
        process.wait(timeout=90)
        reading.join(timeout=30)
        if process.stderr is not None:
            process.stderr.close()
    assert "Traceback" not in "".join(told), told


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page for all tests, in a folder of its own."""
    with serving(tmp_path_factory.mktemp("served")) as page:
        yield page


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """The page as a visitor has just opened it; what goes wrong on it, or leaves this machine, fails the test."""
    context = browser.new_context(
        viewport={"width": 1300, "height": 900}, accept_downloads=True, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    name, _, value = served.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": served.address}])
    opened, abroad, wrong = context.new_page(), list[str](), list[str]()
    context.on("request", lambda request: abroad.append(request.url) if _leaves(request.url) else None)
    opened.on("websocket", lambda socket: abroad.append(socket.url) if _leaves(socket.url) else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    # what the policy of the page forbids is said there too
    opened.on("console", lambda said: wrong.append(_complaint(said)) if _is_complaint(said) else None)
    opened.goto(served.address)
    opened.wait_for_function("() => window.Shiny?.shinyapp?.config?.sessionId")
    yield opened
    context.close()
    assert (abroad, wrong) == ([], [])


def _is_complaint(said: ConsoleMessage) -> bool:
    """Whether something is wrong; axe reads style sheets again out of their folder, where an imported one is not."""
    return said.type == "error" and not said.location["url"].endswith(AXE_LOOKS_FOR)


def _complaint(said: ConsoleMessage) -> str:
    return f"{said.text} {said.location}"


def _leaves(url: str) -> bool:
    return (urlsplit(url).hostname or "") not in HERE
