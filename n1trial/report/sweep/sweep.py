"""Sweeps from Python: a table of what every combination of some values would show."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from n1trial.errors import InputError
from n1trial.files.tables import csv_text
from n1trial.report.sweep.folder import columns, rows, save_sweep
from n1trial.scenario.file.grid import MOST_CELLS, Axis, Grid, combinations
from n1trial.scenario.file.load import scenario_of
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches import workers as pools
from n1trial.study.sweep.combination import combination_results
from n1trial.study.sweep.store import Store
from n1trial.study.sweep.sweep import complete, describe

if TYPE_CHECKING:
    import pandas as pd


def sweep(
    scenario: Scenario | str | os.PathLike[str],
    vary: Mapping[str, Sequence[object]],
    replicates: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    folder: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """Simulate a scenario with every combination of some values, with the same random numbers.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, its file, or the name of a shipped one.
    vary : mapping of str to sequence
        Values by dotted key; the last key changes fastest.
    replicates : int, optional
        Simulated trials of each combination and truth, 1 or more; the scenario's by default.
    seed : int, optional
        Seed, 0 or more; the scenario's by default.
    workers : int
        Processes to use, 1 or more. It changes nothing in the table.
    folder : str or path, optional
        Where table, document, pictures and finished batches are written, as by ``n1trial sweep --out``; what is
        finished there is used again. By default nothing is kept.

    Returns
    -------
    DataFrame
        A row a combination and method, as docs/results.md tells; shares are 0 to 1, lengths in weeks.

    Raises
    ------
    InputError
        If an argument or a combination is at fault; with all faults.
    RunError
        If the folder cannot be written.

    Examples
    --------
    >>> import n1trial
    >>> short = n1trial.load_scenario("minimal").replace(**{"analysis.methods": ["paired"]})
    >>> table = n1trial.sweep(short, {"design.cycles": [2, 3]}, replicates=20)
    >>> table["design.cycles"].unique().tolist()
    [2, 3]
    """
    import pandas as pd

    if workers < 1:
        raise InputError(f"workers: must be 1 or more, and is {workers}")
    base = scenario_of(scenario)
    settings = {"simulation.replicates": replicates, "simulation.seed": seed}
    base = base.replace(**{key: value for key, value in settings.items() if value is not None})
    grid = Grid(base, tuple(Axis(key, tuple(values)) for key, values in vary.items()))
    _check(grid)
    with TemporaryDirectory() as nowhere, pools.executor(workers) as pool:
        place = Path(nowhere if folder is None else folder)
        with Store(place) as store:
            store.begin(describe(grid))
            complete(grid, store, pool)
            if folder is not None:
                save_sweep(grid, store, place)
            table = csv_text(
                columns(grid), [row for outcome in combination_results(grid, store) for row in rows(outcome)]
            )
    return pd.read_csv(io.StringIO(table))


def _check(grid: Grid) -> None:
    """Refuse combinations that are no scenarios, too many, or none."""
    if not grid.axes or not 1 <= len(grid) <= MOST_CELLS:
        raise InputError(f"vary: must make 1 to {MOST_CELLS:,} combinations of values by key")
    faults: list[str] = []
    for changes in combinations(grid.axes):
        try:
            grid.base.replace(**changes)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
