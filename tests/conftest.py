"""What holds for all tests: the same examples every time, and no test that quietly does not run."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

# The suite has a process for each processor. Threads of the linear algebra beside them only wait for each other, and
# must be told so before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("n1trial", derandomize=True, deadline=None)
settings.load_profile("n1trial")

REQUIRE = "N1TRIAL_REQUIRE"
"""Set where nothing may be left out: a test that would be skipped then fails."""


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
