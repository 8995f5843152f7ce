"""The screen spread over workers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import groupby, islice

from n1trial.evaluation.screen import screen
from n1trial.evaluation.screening.candidate import Candidate, ScreenResult
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches import workers
from n1trial.study.batches.measure import Progress

LAYOUTS_A_TASK = 24


def screen_all(
    scenario: Scenario, designs: Sequence[Candidate], pool: Executor | None = None, progress: Progress | None = None
) -> list[ScreenResult]:
    """Screen designs, those of a layout together.

    Parameters
    ----------
    scenario : Scenario
    designs : sequence of Candidate
    pool : Executor, optional
        Where the work is done; by default in this process. It changes nothing in the result.
    progress : callable, optional
        Told how many more designs were screened.

    Returns
    -------
    list of ScreenResult
        In the order of the designs.
    """
    layouts = (list(group) for _, group in groupby(designs, key=lambda design: design.layout))
    tasks = []
    while task := tuple(design for group in islice(layouts, LAYOUTS_A_TASK) for design in group):
        tasks.append((scenario, task))
    found: list[ScreenResult] = []
    for part in workers.spread(pool, _screen_part, tasks):
        found += part
        if progress is not None:
            progress(len(part))
    return found


def _screen_part(task: tuple[Scenario, tuple[Candidate, ...]]) -> list[ScreenResult]:
    scenario, designs = task
    return list(screen(scenario, designs))
