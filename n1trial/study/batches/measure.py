"""Simulate and analyze cells, batch by batch; batches are summed up as they finish, so memory does not grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.analysis.own import OwnAnalysis
from n1trial.arrays import Floats
from n1trial.diary.plan import Plan
from n1trial.evaluation.blinding import Guesses, count_guesses
from n1trial.evaluation.characteristics import EventCount
from n1trial.evaluation.secondary.figures import SecondaryTallies, tally_all
from n1trial.evaluation.secondary.outcome import diary_of
from n1trial.evaluation.tally import Events, Tally, events, tally
from n1trial.patient.secondary import full_effect
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH, Diaries, simulate_batch
from n1trial.study.batches import workers

Progress = Callable[[int], object]
"""Told how many more trials were simulated."""
INTERVALS = 500
"""First replicates of a kept cell whose intervals are found by methods that find them apart from the test."""


@dataclass(frozen=True)
class Cell:
    """Trials that differ by chance alone.

    Attributes
    ----------
    scenario : Scenario
    effect : float or None
        Full effect in every replicate; None draws it from the prior.
    methods : tuple of str
        Analyses to run.
    replicates : int
        Simulated trials.
    sample_size : int
        So many first replicates whose estimates are given back one by one.
    own : tuple of OwnAnalysis
        Functions of those of `methods` that n1trial does not have.
    first_batch : int
        Batch of random numbers that the first replicates are made of.
    second_course : tuple of float, or None
        Onset and offset in days that a second analysis of the same diaries assumes in place of the plan's.
    has_secondaries : bool
        Whether secondary outcomes are analyzed, too.
    """

    scenario: Scenario
    effect: float | None
    methods: tuple[str, ...]
    replicates: int
    sample_size: int = 0
    own: tuple[OwnAnalysis, ...] = ()
    first_batch: int = 0
    second_course: tuple[float, float] | None = None
    has_secondaries: bool = False

    @property
    def batches(self) -> int:
        """Batches that the replicates fill, the last one perhaps in part."""
        return -(-self.replicates // BATCH_WIDTH)

    def trials_of(self, batch: int) -> int:
        """Count the trials of a batch: all that it is made of, or those that the last one has to give."""
        return min(BATCH_WIDTH, self.replicates - batch * BATCH_WIDTH)


@dataclass
class Measurement:
    """Measured figures of the trials of a cell, or of one of its batches.

    Attributes
    ----------
    tallies : dict of str to Tally
        By method.
    finished : int
        Trials that no dropout cut short.
    guesses : Guesses
    samples : list of tuple (ndarray of float, dict of str to Estimates)
        True effects and estimates of the first replicates, batch by batch.
    second : dict of str to Tally
        By method, of the second analysis; empty where the cell asks for none.
    secondary : SecondaryTallies
        Of no outcome where none was asked for.
    first_events : dict of str to Events
        What happens in the trials of the first batch, by method; `second_events` likewise by the second analysis.
    among_finished : dict of str to Tally
        By method, of those trials alone that no dropout cut short.
    """

    tallies: dict[str, Tally]
    finished: int
    guesses: Guesses
    samples: list[tuple[NDArray[np.float64], dict[str, Estimates]]] = field(default_factory=list)
    second: dict[str, Tally] = field(default_factory=dict)
    secondary: SecondaryTallies = field(default_factory=SecondaryTallies)
    among_finished: dict[str, Tally] = field(default_factory=dict)
    first_events: Mapping[str, Events] = field(default_factory=dict)
    second_events: Mapping[str, Events] = field(default_factory=dict)

    def count(self, method: str, metric: str) -> EventCount:
        """Count the trials in which a method detects, detects in the true direction or adopts ("detect", ...)."""
        return _count(self.tallies[method], self.first_events[method], metric)

    def with_methods_of(self, other: Measurement) -> Measurement:
        """Add what other methods and secondary outcomes have shown in the same trials."""
        return replace(
            self,
            tallies={**self.tallies, **other.tallies},
            samples=[
                (truth, {**some, **more}) for (truth, some), (_, more) in zip(self.samples, other.samples, strict=True)
            ],
            secondary=other.secondary,
            among_finished={**self.among_finished, **other.among_finished},
            first_events={**self.first_events, **other.first_events},
        )

    def count_again(self, method: str, metric: str) -> EventCount:
        """Count the same by the second analysis."""
        return _count(self.second[method], self.second_events[method], metric)


def _count(tally: Tally, first: Events, metric: str) -> EventCount:
    counts = {"detect": tally.detected, "detect_right": tally.detected_right, "adopt": tally.adopted}
    return EventCount(counts[metric], tally.replicates, getattr(first, metric))


def measure(
    cells: Sequence[Cell], seed: int, pool: Executor | None = None, progress: Progress | None = None
) -> list[Measurement]:
    """Simulate and analyze cells with common random numbers.

    Parameters
    ----------
    cells : sequence of Cell
    seed : int
        Shared by all cells.
    pool : Executor, optional
        Where the work is done; by default in this process. It changes nothing in the result.
    progress : callable, optional
        Called with the number of trials of each batch that is done.

    Returns
    -------
    list of Measurement
        In the order of the cells.
    """
    return list(measure_each(cells, seed, pool, progress))


def measure_each(
    cells: Sequence[Cell], seed: int, pool: Executor | None = None, progress: Progress | None = None
) -> Iterator[Measurement]:
    """Simulate and analyze cells as `measure` does, and give each as soon as it and those before it are done."""
    tasks = [(cell, seed, batch) for cell in cells for batch in range(cell.batches)]
    answers = workers.spread(pool, measure_batch, tasks)
    for cell in cells:
        parts = []
        for batch in range(cell.batches):
            parts.append(next(answers))
            if progress is not None:
                progress(cell.trials_of(batch))
        yield total(parts)


def measure_batch(task: tuple[Cell, int, int]) -> Measurement:
    """Simulate and analyze one batch: of this cell, with this seed, the batch of this number."""
    cell, seed, batch = task
    made = simulate_batch(cell.scenario, cell.first_batch + batch, seed, cell.effect, first=cell.trials_of(batch))
    diaries = made.diaries
    observed, plan = diaries.observed, diaries.observed.plan
    is_first = cell.first_batch + batch == 0
    request = AnalysisRequest(diaries.truth, intervals=INTERVALS if is_first and cell.sample_size else 0)
    drawn = cell.scenario.analysis.primary if cell.effect is None else None
    own = {analysis.name: analysis for analysis in cell.own}
    estimates = {method: analyze(observed, own.get(method, method), request=request) for method in cell.methods}
    assumed = dict(zip(("assumed_onset_days", "assumed_offset_days"), cell.second_course or (), strict=False))
    again = {
        method: analyze(observed, own.get(method, method), request=request, **assumed)
        for method in (cell.methods if assumed else ())
    }
    is_finished = diaries.dropout_day > observed.day[-1]
    finished = {method: estimate.among(is_finished) for method, estimate in estimates.items()}
    return Measurement(
        tallies=_tallies(estimates, plan, diaries.truth, drawn),
        finished=int(np.count_nonzero(is_finished)),
        guesses=count_guesses(
            observed.period, observed.treatment, observed.day, diaries.guess_days, diaries.guesses, _periods(plan)
        ),
        samples=[(diaries.truth, estimates)] if batch * BATCH_WIDTH < cell.sample_size else [],
        second=_tallies(again, plan, diaries.truth),
        among_finished=_tallies(finished, plan, diaries.truth[is_finished], drawn),
        secondary=_measure_secondaries(cell.scenario, diaries, request) if cell.has_secondaries else SecondaryTallies(),
        first_events=_first_events(estimates, diaries, batch),
        second_events=_first_events(again, diaries, batch),
    )


def _first_events(estimates: Mapping[str, Estimates], diaries: Diaries, batch: int) -> dict[str, Events]:
    if batch > 0:
        return {}
    return {method: events(one, diaries.observed.plan, diaries.truth) for method, one in estimates.items()}


def _measure_secondaries(scenario: Scenario, diaries: Diaries, request: AnalysisRequest) -> SecondaryTallies:
    planned = scenario.treatment.effect
    return tally_all(
        {
            outcome.name: (
                diary_of(diaries.observed, outcome, *diaries.secondary[outcome.name]),
                full_effect(outcome.effect, planned, diaries.truth),
            )
            for outcome in scenario.secondary
        },
        request,
    )


def _tallies(
    estimates: Mapping[str, Estimates], plan: Plan, truth: Floats, drawn: str | None = None
) -> dict[str, Tally]:
    """Count by method; of the method named `drawn` trials are also held one by one."""
    return {method: tally(one, plan, truth, one_by_one=method == drawn) for method, one in estimates.items()}


def _periods(plan: Plan) -> int:
    return plan.layout.periods if plan.layout is not None else 0


def total(parts: Sequence[Measurement]) -> Measurement:
    """Add up what was seen in all batches of a cell."""
    return Measurement(
        tallies={method: Tally.total(part.tallies[method] for part in parts) for method in parts[0].tallies},
        finished=sum(part.finished for part in parts),
        guesses=sum((part.guesses for part in parts[1:]), parts[0].guesses),
        samples=[batch for part in parts for batch in part.samples],
        second={method: Tally.total(part.second[method] for part in parts) for method in parts[0].second},
        secondary=SecondaryTallies.total(part.secondary for part in parts),
        among_finished={
            method: Tally.total(part.among_finished[method] for part in parts) for method in parts[0].among_finished
        },
        first_events=parts[0].first_events,
        second_events=parts[0].second_events,
    )
