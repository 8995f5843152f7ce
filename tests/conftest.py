"""What holds for all tests: the same examples every time, and no test that quietly does not run."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The suite has a process for each processor. Threads of the linear algebra beside them only wait for each other, and
# must be told so before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Started in the background of a script the suite is deaf to Ctrl-C, and so would be the commands that it interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("n1trial", derandomize=True, deadline=None)
settings.load_profile("n1trial")

REQUIRE = "N1TRIAL_REQUIRE"
"""Set where nothing may be left out: a test that would be skipped then fails."""
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The shell has no windows of its own to draw: it opens a page for a quarter of the processor time."""
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


LONG = ("tests/test_example.py", "tests/trials", "tests/web", "tests/verification", "tests/report", "tests/study")
"""Tests that take longest, which come first, so that all processes end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = (*LONG, "")
    items.sort(key=lambda item: next(at for at, place in enumerate(places) if item.nodeid.startswith(place)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests that a process runs: Playwright allows no second one beside it."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def one_look() -> Iterator[None]:
    """Let the runs of a module look once for the smallest detectable effect (`tests.searched_once`)."""
    from tests.searched_once import searched_once

    with searched_once():
        yield


@pytest.fixture(scope="module")
def one_run(one_look: None) -> Iterator[None]:  # noqa: ARG001
    """Let a module's commands make each run once (`tests.run_once`), looking once for the smallest effect."""
    from tests.run_once import run_once

    with run_once():
        yield


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages of runs and of a trial's end have no pictures: to draw them takes longer than all else of a page."""
    names = ("year", "power", "methods", "calendar", "relief", "courses", "course", "rounds", "analyses")
    for page in ("n1trial.report.run.page", "n1trial.pack.conclusion.pages"):
        monkeypatch.setattr(f"{page}._pictures", lambda *_: dict.fromkeys(names, ""))


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands that name no number of workers need none: these take longer to start than a test's few trials."""
    monkeypatch.setattr("n1trial.study.batches.workers.available", lambda: 1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_to_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_to_skip(report)
    return report


def _refuse_to_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome == "skipped" and os.environ.get(REQUIRE):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{REQUIRE} is set, but this was to be left out: {reason}"
