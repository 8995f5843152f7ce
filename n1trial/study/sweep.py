"""All combinations of some values, each simulated like the others, and what has been simulated kept on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from socket import gethostname
from typing import TYPE_CHECKING

from n1trial.errors import RunError
from n1trial.evaluation.attenuation import attenuation
from n1trial.evaluation.characteristics import Figure, characterize
from n1trial.evaluation.verdict import Answer, Facts, judge
from n1trial.study import workers
from n1trial.study.engine import engine
from n1trial.study.measure import Cell, Progress, measure_batch
from n1trial.study.record import Counted, add_up, encode
from n1trial.study.store import Key, Store

if TYPE_CHECKING:
    from n1trial.scenario.grid import Changes, Grid
    from n1trial.scenario.model import Scenario

TASK_SECONDS = 1.0
"""About so long a worker is to be at one task: short enough to lose little, long enough for the way to be short."""
FEW = 2
"""Pieces that are simulated first, and here, to learn how long one takes."""
TRUTHS = ("planned", "null", "mcid")
"""Planned effect, none, the smallest worthwhile one."""

Piece = tuple[Cell, int, int]
"""A cell, the seed, and which batch of it: what is simulated and kept at a time."""


@dataclass(frozen=True)
class Work:
    """What is to be done for a sweep.

    Attributes
    ----------
    pieces, kept : int
        Batches in all, and those that are there already.
    trials : int
        Simulated trials that are missing.
    seconds : float
        About so long one processor would be at them; 0 where nothing is missing.
    """

    pieces: int
    kept: int
    trials: int
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What one combination has shown.

    Attributes
    ----------
    changes : dict of str to object
        The values that make it, by dotted key.
    scenario : Scenario
    figures : dict of str to dict of str to dict of str to Figure
        By method, truth and metric.
    answers : dict of str to {"likely", "may", "unlikely", "misleading"}
        Verdict by method, as if it were the one that decides; the ends of what is believable of onset and offset are
        not in it.
    attenuation : float or None
    expected_finished : float
        Share of trials that nobody leaves early, at the planned effect.
    """

    changes: Changes
    scenario: Scenario
    figures: Mapping[str, Mapping[str, Mapping[str, Figure]]]
    answers: Mapping[str, Answer]
    attenuation: float | None
    expected_finished: float

    @property
    def primary(self) -> str:
        """The method that decides."""
        return self.scenario.analysis.primary

    def point(self) -> Point:
        """What of it is told and drawn."""
        layout, figures = self.scenario.layout(), self.figures[self.primary]
        return Point(
            values=tuple(self.changes.values()),
            answer=self.answers[self.primary],
            power=figures["mcid"]["detect"],
            power_planned=figures["planned"]["detect"],
            type_1=figures["null"]["detect"],
            right=figures["mcid"]["right_decision"],
            right_null=figures["null"]["right_decision"],
            alpha=self.scenario.analysis.alpha,
            weeks=layout.weeks,
            weeks_on_control=layout.weeks_on_control(),
        )


@dataclass(frozen=True)
class Point:
    """What one combination has shown by the method that decides.

    Attributes
    ----------
    values : tuple of object
        Of the keys, in the order of the grid.
    answer : {"likely", "may", "unlikely", "misleading"}
    power, power_planned, type_1 : Figure
        Chance to detect the smallest worthwhile effect, the planned one, and none.
    right, right_null : Figure
        Chance of a right decision where the effect is the smallest worthwhile one, and where there is none.
    alpha : float
    weeks : float
    weeks_on_control : tuple of float
        Fewest and most.
    """

    values: tuple[object, ...]
    answer: Answer
    power: Figure
    power_planned: Figure
    type_1: Figure
    right: Figure
    right_null: Figure
    alpha: float
    weeks: float
    weeks_on_control: tuple[float, float]


def describe(grid: Grid) -> str:
    """Which sweep it is: scenario, varied values, replicates and seed."""
    settings = grid.base.simulation
    varied = "; ".join(f"{axis.key} = {list(axis.values)}" for axis in grid.axes)
    return f"{grid.base.name} {_digest(grid.base)}: {varied}; {settings.replicates} trials, seed {settings.seed}"


def complete(
    grid: Grid,
    store: Store,
    pool: Executor | None = None,
    start: Callable[[Work], Progress | None] | None = None,
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
    pieces, trials, ends = 0, 0, dict[Key, Piece]()
    missing = 0
    for key, piece in _pieces(grid):
        pieces += 1
        if key not in store:
            missing, trials = missing + 1, trials + key.trials
            ends = {**dict(islice(ends.items(), FEW - 1)), key: piece}
    seconds = 0.0
    for key, piece in ends.items():
        texts, took = _simulate((engine(), (piece,)))
        store.add([(key, texts[0])])
        seconds += took / len(ends)
    advance = start(Work(pieces, pieces - missing, trials, seconds * missing)) if start is not None else None
    if advance is not None:
        advance(sum(key.trials for key in ends))
    pace = _Pace(seconds)
    under_way: dict[int, list[Key]] = {}
    for number, (texts, took) in workers.as_finished(pool, _simulate, _tasks(grid, store, pace, under_way)):
        keys = under_way.pop(number)
        store.add(zip(keys, texts, strict=True))
        pace.seconds = took / len(keys)
        if advance is not None:
            advance(sum(key.trials for key in keys))


def outcomes(grid: Grid, store: Store) -> Iterator[Outcome]:
    """What each combination of a complete sweep has shown, one after the other.

    Parameters
    ----------
    grid : Grid
    store : Store
        Holds every batch of the sweep.
    """
    for changes, scenario in grid:
        cells, texts = _cells(scenario), dict[Cell, list[str]]()
        for key, (cell, _, _) in _pieces_of(scenario):
            texts.setdefault(cell, []).append(store[key])
        counted = {cell: add_up(of_cell) for cell, of_cell in texts.items()}
        yield _outcome(changes, scenario, {truth: counted[cell] for truth, cell in cells.items()})


def _pieces(grid: Grid) -> Iterator[tuple[Key, Piece]]:
    """Everything that a sweep simulates, each under what it is kept."""
    for _, scenario in grid:
        yield from _pieces_of(scenario)


def _pieces_of(scenario: Scenario) -> Iterator[tuple[Key, Piece]]:
    """All batches of a combination under all that their figures depend on; truths that are the same come once."""
    digest, seed = _digest(scenario), scenario.simulation.seed
    for cell in dict.fromkeys(_cells(scenario).values()):
        for batch in range(cell.batches):
            key = Key(digest, repr(cell.effect), seed, batch, cell.trials_of(batch), engine())
            yield key, (cell, seed, batch)


def _digest(scenario: Scenario) -> str:
    """SHA-256 of a resolved scenario, but for how much is simulated."""
    return sha256(scenario.model_dump_json(exclude={"simulation"}).encode()).hexdigest()


def _cells(scenario: Scenario) -> dict[str, Cell]:
    """The trials of a combination, by truth."""
    plan = scenario.plan()
    methods = tuple(dict.fromkeys((plan.primary, *plan.methods)))
    effects = (scenario.treatment.effect, 0.0, plan.benefit_sign * plan.mcid)
    return {
        truth: Cell(scenario, effect, methods, scenario.simulation.replicates)
        for truth, effect in zip(TRUTHS, effects, strict=True)
    }


@dataclass
class _Pace:
    """How long one batch took of late, in seconds."""

    seconds: float

    @property
    def at_once(self) -> int:
        """Batches that make a task."""
        return max(1, round(TASK_SECONDS / self.seconds)) if self.seconds > 0 else 1


def _tasks(
    grid: Grid, store: Store, pace: _Pace, under_way: dict[int, list[Key]]
) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Missing batches, as many together as take about a second; their keys are noted by the number of the task."""
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


def _outcome(changes: Changes, scenario: Scenario, counted: Mapping[str, Counted]) -> Outcome:
    plan, layout, treatment = scenario.plan(), scenario.layout(), scenario.treatment
    effects = {"planned": treatment.effect, "null": 0.0, "mcid": plan.benefit_sign * plan.mcid}
    methods = list(counted["planned"].tallies)
    figures = {
        method: {truth: characterize(counted[truth].tallies[method], effects[truth]) for truth in TRUTHS}
        for method in methods
    }
    seen = attenuation(layout, treatment.onset_days, treatment.offset_days, plan.discard_days)

    def answer(method: str) -> Answer:
        detect, type_1 = figures[method]["mcid"]["detect"], figures[method]["null"]["detect"]
        return judge(Facts(detect, type_1, plan.alpha, not layout.is_open_label, (), seen, {})).answer

    planned = counted["planned"]
    return Outcome(
        changes=changes,
        scenario=scenario,
        figures=figures,
        answers={method: answer(method) for method in methods},
        attenuation=seen,
        expected_finished=planned.finished / planned.tallies[methods[0]].replicates,
    )
