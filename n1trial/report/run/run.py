"""The main job, with the page that it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import TYPE_CHECKING

from n1trial.report.run.page import page_files
from n1trial.study.run import run as study
from n1trial.study.run.result import Result
from n1trial.study.work.measure import Progress

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario


def run(
    scenario: Scenario,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], Progress] | None = None,
    *,
    under_stress: bool = False,
) -> Result:
    """Say how often the planned analysis of a scenario would be right, and judge the trial by it.

    Parameters
    ----------
    scenario : Scenario
    replicates : int, optional
        Simulated trials at each truth, 1 or more; the scenario's by default.
    seed : int, optional
        Seed, 0 or more; the scenario's by default.
    workers : int
        Processes to use, 1 or more. It changes nothing in the result.
    progress : callable, optional
        Told how many trials are to be simulated, at most; gives a function that is told how many more were.
    under_stress : bool
        Whether every method is also put to departures from the plan (`Result.stress`). Not in the open-label layout.

    Returns
    -------
    Result
        Saved with its page.
    """
    result = study.run(scenario, replicates, seed, workers, progress, under_stress=under_stress)
    return replace(result, pages=page_files)


def run_with(
    pool: Executor | None,
    scenario: Scenario,
    progress: Callable[[int], Progress] | None = None,
    *,
    under_stress: bool = False,
) -> Result:
    """The same as `run`, with workers that are there already.

    Parameters
    ----------
    pool : Executor or None
        Where the work is done; None works in this process. It changes nothing in the result.
    scenario, progress, under_stress
        As for `run`. What `progress`, or what it gives back, raises ends the run, and drops what was handed out.

    Returns
    -------
    Result
        Saved with its page.
    """
    return replace(study.run_with(pool, scenario, progress, under_stress=under_stress), pages=page_files)
