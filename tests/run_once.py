"""Runs that other tests have made already, for tests of what is done with a run: none is simulated twice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import pytest

from n1trial.scenario.scenario import Scenario
from n1trial.study.run import headline
from n1trial.study.run.result import Result
from n1trial.study.run.run import run_with

MADE: dict[tuple[object, ...], Result] = {}
"""By scenario and what else was asked for; kept as long as the tests run."""


def made_once(pool: Executor | None, scenario: Scenario, progress: Any = None, **asked: Any) -> Result:
    """Simulate a scenario as `run_with` does, or give what it gave before; what says a first answer says it anew."""
    if pool is not None or scenario.simulation.replicates > vars(headline)["BATCH_WIDTH"]:
        return run_with(pool, scenario, progress, **asked)
    key = (scenario, scenario.assumed, *(asked[name] for name in sorted(asked) if name != "first_answer"))
    if key not in MADE:
        MADE[key] = run_with(pool, scenario, progress, **asked)
    return MADE[key]


@contextlib.contextmanager
def run_once() -> Iterator[None]:
    """Let every run in this process be made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("n1trial.report.run.result.run_with", made_once)
        yield
