"""All combinations of some values, each simulated like the others, and what has been simulated kept on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from socket import gethostname

from n1trial.errors import RunError
from n1trial.provenance import engine
from n1trial.scenario.file.grid import Grid
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches import workers
from n1trial.study.batches.batch_json import encode
from n1trial.study.batches.measure import Cell, Progress, measure_batch
from n1trial.study.sweep.store import BatchKey, Store

TASK_SECONDS = 1.0
"""About so long a worker is to be at one task: short enough to lose little, long enough for the way to be short."""
FEW = 2
"""Pieces that are simulated first, and here, to learn how long one takes."""
TRUTHS = ("planned", "null", "mcid")
"""Planned effect, none, the smallest worthwhile one."""

Piece = tuple[Cell, int, int]
"""A cell, the seed, and which batch of it: what is simulated and kept at a time."""


@dataclass(frozen=True)
class SweepWork:
    """Work that is to be done for a sweep.

    Attributes
    ----------
    pieces, stored_batches : int
        Batches in all, and those that are there already.
    trials : int
        Simulated trials that are missing.
    seconds : float
        About so long one processor would be at them; 0 where nothing is missing.
    """

    pieces: int
    stored_batches: int
    trials: int
    seconds: float


def describe(grid: Grid) -> str:
    """Say which sweep it is: scenario, varied values, replicates and seed."""
    settings = grid.base.simulation
    varied = "; ".join(f"{axis.key} = {list(axis.values)}" for axis in grid.axes)
    return f"{grid.base.name} {_digest(grid.base)}: {varied}; {settings.replicates} trials, seed {settings.seed}"


def complete(
    grid: Grid,
    store: Store,
    pool: Executor | None = None,
    start: Callable[[SweepWork], Progress | None] | None = None,
) -> None:
    """Simulate what is missing of a sweep, and keep it.

    Parameters
    ----------
    grid : Grid
    store : Store
    pool : Executor, optional
        Where the work is done; by default in this process. It changes nothing in the results.
    start : callable, optional
        Told what is to be done, once this is known; gives a function, or None, that is told how many more trials were
        simulated.

    Raises
    ------
    RunError
        If results cannot be kept, or workers cannot do the work. What was kept before stays so.
    """
    (kept, missing), trials, ends = _missing_batches(grid, store)
    seconds = 0.0
    for key, piece in ends.items():
        texts, took = _simulate((engine(), (piece,)))
        store.add([(key, texts[0])])
        seconds += took / len(ends)
    advance = start(SweepWork(kept + missing, kept, trials, seconds * missing)) if start is not None else None
    pace = _Pace(seconds if pool is not None else TASK_SECONDS)  # here, a batch is kept as soon as it is done
    under_way: dict[int, list[BatchKey]] = {}
    if advance is not None:
        advance(sum(key.trials for key in ends))
    for number, (texts, took) in workers.as_finished(pool, _simulate, _tasks(grid, store, pace, under_way)):
        keys = under_way.pop(number)
        store.add(zip(keys, texts, strict=True))
        if pool is not None:
            pace.seconds = took / len(keys)
        if advance is not None:
            advance(sum(key.trials for key in keys))


def _missing_batches(grid: Grid, store: Store) -> tuple[tuple[int, int], int, dict[BatchKey, Piece]]:
    """Count the batches that are there and are missing, and their trials; find the first and last that are missing."""
    kept, missing, trials, ends = 0, 0, 0, dict[BatchKey, Piece]()
    for key, piece in _pieces(grid):
        if key in store:
            kept += 1
        else:
            missing, trials = missing + 1, trials + key.trials
            ends = {**dict(islice(ends.items(), FEW - 1)), key: piece}
    return (kept, missing), trials, ends


def _pieces(grid: Grid) -> Iterator[tuple[BatchKey, Piece]]:
    """Yield all that a sweep simulates, each under what it is kept."""
    for _, scenario in grid:
        yield from pieces_of(scenario)


def pieces_of(scenario: Scenario) -> Iterator[tuple[BatchKey, Piece]]:
    """Yield all batches of a combination under all that their figures depend on; truths that are the same come once."""
    digest, seed = _digest(scenario), scenario.simulation.seed
    for cell in dict.fromkeys(cells_of(scenario).values()):
        for batch in range(cell.batches):
            key = BatchKey(digest, repr(cell.effect), seed, batch, cell.trials_of(batch), engine())
            yield key, (cell, seed, batch)


def _digest(scenario: Scenario) -> str:
    """Compute the SHA-256 of a resolved scenario, but for how much is simulated."""
    return sha256(scenario.model_dump_json(exclude={"simulation"}).encode()).hexdigest()


def cells_of(scenario: Scenario) -> dict[str, Cell]:
    """Return the trials of a combination, by truth."""
    plan = scenario.plan()
    methods = tuple(dict.fromkeys((plan.primary, *plan.methods)))
    effects = (scenario.treatment.effect, 0.0, plan.benefit_sign * plan.mcid)
    return {
        truth: Cell(scenario, effect, methods, scenario.simulation.replicates)
        for truth, effect in zip(TRUTHS, effects, strict=True)
    }


@dataclass
class _Pace:
    """Duration of one batch of late, in seconds."""

    seconds: float

    @property
    def at_once(self) -> int:
        """Batches that make a task."""
        return max(1, round(TASK_SECONDS / self.seconds)) if self.seconds > 0 else 1


def _tasks(
    grid: Grid, store: Store, pace: _Pace, under_way: dict[int, list[BatchKey]]
) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield missing batches, about a second's worth at a time; note their keys by the number of the task."""
    missing = (one for one in _pieces(grid) if one[0] not in store)
    number = 0
    while task := list(islice(missing, pace.at_once)):
        under_way[number] = [key for key, _ in task]
        yield engine(), tuple(piece for _, piece in task)
        number += 1


def _simulate(task: tuple[str, tuple[Piece, ...]]) -> tuple[list[str], float]:
    """Simulate batches, and say how many seconds that took; on the code of whoever asks, or not at all."""
    wanted, pieces = task
    if engine() != wanted:
        raise RunError(f"the worker on {gethostname()} has n1trial {engine()} where this machine has {wanted}")
    begun = time.perf_counter()
    texts = [encode(measure_batch(piece)) for piece in pieces]
    return texts, time.perf_counter() - begun
