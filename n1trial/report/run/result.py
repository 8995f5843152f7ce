"""Results of runs as `import n1trial` gives them: they know how to be written."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Self

from n1trial.analysis.own import Function, OwnAnalysis, check_sendable
from n1trial.errors import InputError
from n1trial.report.run import document
from n1trial.report.run.folder import save_run
from n1trial.report.run.read import read_run
from n1trial.report.run.stress import why_not_overall
from n1trial.scenario.file.load import scenario_of
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches import workers as pools
from n1trial.study.batches.measure import Progress
from n1trial.study.run import result as values
from n1trial.study.run.headline import Listener
from n1trial.study.run.run import run_with


@dataclass(frozen=True, eq=False, repr=False)
class Result(values.Result):
    """Complete result of a run, with methods that write it.

    Attributes are those of `n1trial.study.run.result.Result`.

    Examples
    --------
    >>> import n1trial
    >>> result = n1trial.run("minimal", replicates=20)
    >>> list(result.characteristics.columns)
    ['method', 'truth', 'metric', 'value', 'mcse', 'outcome']
    >>> result.primary in result.figures
    True
    """

    @classmethod
    def of(cls, result: values.Result) -> Self:
        """Give a plain result the methods that write it."""
        return cls(**vars(result))

    def __repr__(self) -> str:
        trials = self.scenario.simulation.replicates
        return f"<Result of {self.scenario.name}: {trials:,} simulated trials, answer {self.verdict.answer}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.characteristics.to_html(max_rows=20, index=False, na_rep='')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `to_json` writes, as plain Python values."""
        return document.to_dict(self)

    def to_json(self) -> str:
        """Return the text of ``n1trial run --json``."""
        return document.to_json(self)

    def save(self, path: str | Path, *, estimates: bool = False) -> Path:
        """Write the results folder, whole or not at all; see `save_run`."""
        return save_run(self, Path(path), estimates=estimates)


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

    Examples
    --------
    >>> import tempfile
    >>> import n1trial
    >>> folder = n1trial.run("minimal", replicates=20).save(f"{tempfile.mkdtemp()}/run")
    >>> n1trial.load_result(folder).scenario.name
    'minimal'
    """
    return Result.of(read_run(Path(folder)))


def run(
    scenario: Scenario | str | os.PathLike[str],
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int], Progress] | None = None,
    *,
    first_answer: Listener | None = None,
    under_stress: bool = False,
    over_all: bool = False,
    methods: Mapping[str, Function] | None = None,
) -> Result:
    """Simulate a scenario, and judge how often its planned analysis would be right.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, its file, or the name of a shipped one.
    replicates : int, optional
        Simulated trials at each truth, 1 or more; the scenario's by default.
    seed : int, optional
        Seed, 0 or more; the scenario's by default.
    workers : int
        Processes to use, 1 or more. It changes nothing in the result.
    progress : callable, optional
        Called with the number of trials to be simulated, at most; gives a function that is called with how many more
        were.
    first_answer : callable, optional
        Given a `FirstAnswer` once the first 2,500 trials of the smallest worthwhile effect and of none are analyzed,
        and again once all are, before anything else is; not in a run of no more trials.
    under_stress : bool
        Whether every method is also put to departures from the plan (`Result.stress`). Not in the open-label layout.
    over_all : bool
        Whether the primary method is also put to 200 sets of numbers, drawn from all ranges that the scenario states
        (`Result.overall`).
    methods : mapping of str to callable, optional
        Analyses of your own by name, evaluated like those of the scenario; none of them can be the primary one. Each
        takes a `Diary` and returns `Estimates`, or ``(estimate, low, high, p)``, or a mapping of ``estimate``,
        ``standard_error`` and ``df``, as arrays of shape (replicate,); one that is made for one patient is given one
        patient at a time, which takes longer. Estimates are drug minus control, on the score's scale. A fit that
        raises or is not a number counts as not estimable. With several workers a function must stand in a file.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If an argument, the scenario or what a function of yours returns is at fault.

    Examples
    --------
    A difference of all days on the drug and all on control, with the error of independent days:

    >>> import numpy as np
    >>> import n1trial
    >>> def plain(diary):
    ...     usable = diary.is_usable()
    ...     drug, control = (
    ...         np.where(usable & (diary.treatment == treatment), diary.score, np.nan) for treatment in (1, 0)
    ...     )
    ...     variance = sum(np.nanvar(days, axis=0) / (~np.isnan(days)).sum(axis=0) for days in (drug, control))
    ...     difference = np.nanmean(drug, axis=0) - np.nanmean(control, axis=0)
    ...     return {"estimate": difference, "standard_error": np.sqrt(variance)}
    >>> result = n1trial.run("minimal", replicates=20, methods={"plain": plain})
    >>> sorted(result.figures["plain"])
    ['mcid', 'null', 'planned', 'prior']
    """
    if workers < 1:
        raise InputError(f"workers: must be 1 or more, and is {workers}")
    scenario, own = scenario_of(scenario), tuple(OwnAnalysis(name, each) for name, each in (methods or {}).items())
    if workers > 1:
        check_sendable(own)
    replicates = scenario.simulation.replicates if replicates is None else replicates
    seed = scenario.simulation.seed if seed is None else seed
    scenario = scenario.replace(**{"simulation.replicates": replicates, "simulation.seed": seed})
    if over_all and (why := why_not_overall(scenario)):
        raise InputError(f"over_all: {why}")
    with pools.executor(workers) as pool:
        return Result.of(
            run_with(
                pool,
                scenario,
                progress,
                first_answer=first_answer,
                under_stress=under_stress,
                over_all=over_all,
                own=own,
            )
        )
