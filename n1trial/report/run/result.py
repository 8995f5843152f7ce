"""Results of runs as `import n1trial` gives them: they know how to be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from n1trial.report.run import document
from n1trial.report.run.folder import save_run
from n1trial.report.run.read import read_run
from n1trial.study.run import result as values
from n1trial.study.run.run import run_with
from n1trial.study.work import workers as pools
from n1trial.study.work.measure import Progress

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Result(values.Result):
    """Complete result of a run, with methods that write it.

    Attributes are those of `n1trial.study.run.result.Result`.
    """

    @classmethod
    def of(cls, result: values.Result) -> Self:
        """Give a plain result the methods that write it."""
        return cls(**vars(result))

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `to_json` writes, as plain Python values."""
        return document.document(self)

    def to_json(self) -> str:
        """Return the text of ``n1trial run --json``."""
        return document.to_json(self)

    def save(self, path: str | Path) -> Path:
        """Write the results folder, whole or not at all; see `save_run`."""
        return save_run(self, Path(path))


def load_result(folder: str | Path) -> Result:
    """Read the results folder of a run.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    Result
        As it was when saved, but for the estimates of single trials.

    Raises
    ------
    InputError
        If the folder holds no run, or one of a version that found other things.
    """
    return Result.of(read_run(Path(folder)))


def run(
    scenario: Scenario,
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], Progress] | None = None,
    *,
    under_stress: bool = False,
) -> Result:
    """Simulate a scenario, and judge how often its planned analysis would be right.

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
        Called with the number of trials to be simulated, at most; gives a function that is called with how many more
        were.
    under_stress : bool
        Whether every method is also put to departures from the plan (`Result.stress`). Not in the open-label layout.

    Returns
    -------
    Result
    """
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, but is {workers}")
    replicates = scenario.simulation.replicates if replicates is None else replicates
    seed = scenario.simulation.seed if seed is None else seed
    scenario = scenario.replace(**{"simulation.replicates": replicates, "simulation.seed": seed})
    with pools.executor(workers) as pool:
        return Result.of(run_with(pool, scenario, progress, under_stress=under_stress))
