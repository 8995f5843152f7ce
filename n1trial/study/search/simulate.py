"""Simulated trials of designs: those that differ in the analysis alone share their patients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.front import Objectives
from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.tally import Tally
from n1trial.evaluation.verdict import FLAG_FACTOR
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Progress, measure
from n1trial.study.search.candidates import changes

SUSPECT = 1.15
"""Times alpha: false alarms beyond it, by the screen or by few trials and the screen together, end a design's part."""
MOST_ASSIGNMENTS = 1000
"""Assignments that a randomization test goes through while designs are chosen, for speed."""


@dataclass(frozen=True)
class DesignTallies:
    """Counts of a design's simulated trials.

    Attributes
    ----------
    candidate : Candidate
    worthwhile, null : Tally
        At the smallest worthwhile effect, and at none.
    """

    candidate: Candidate
    worthwhile: Tally
    null: Tally

    @property
    def detect(self) -> Figure:
        """Chance to detect the smallest worthwhile effect."""
        return rate(self.worthwhile.detected, self.worthwhile.replicates)

    @property
    def type_1(self) -> Figure:
        """Chance to detect an effect where there is none."""
        return rate(self.null.detected, self.null.replicates)

    @property
    def objectives(self) -> Objectives:
        """What the design is compared by."""
        return objectives_of(self.candidate, self.detect.value or 0.0)

    def is_suspect(self, alpha: float) -> bool:
        """Whether false alarms are, as far as can be seen, above a tenth more than agreed."""
        return (self.type_1.value or 0.0) - (self.type_1.mcse or 0.0) > FLAG_FACTOR * alpha


def objectives_of(candidate: Candidate, power: float) -> Objectives:
    """Return what a design of some power is compared by."""
    return Objectives(power, candidate.layout.weeks, candidate.layout.weeks_on_control()[1])


def in_haste(scenario: Scenario) -> Scenario:
    """Let a scenario's randomization tests go through fewer assignments."""
    fewer = min(scenario.analysis.max_assignments, MOST_ASSIGNMENTS)
    return scenario.replace(**{"analysis.max_assignments": fewer})


def try_out(
    scenario: Scenario,
    designs: Sequence[Candidate],
    replicates: int,
    seed: int,
    pool: Executor | None = None,
    progress: Progress | None = None,
) -> list[DesignTallies]:
    """Simulate trials of designs, with common random numbers.

    Parameters
    ----------
    scenario : Scenario
    designs : sequence of Candidate
    replicates : int
        Of each design and effect.
    seed : int
    pool : Executor, optional
    progress : callable, optional
        Told how many more trials were simulated.

    Returns
    -------
    list of DesignTallies
        In the order of the designs.
    """
    benefit = scenario.plan().benefit_sign * scenario.outcome.mcid
    groups: dict[tuple[object, int], list[Candidate]] = {}
    for design in designs:
        groups.setdefault((design.layout, design.discard_days), []).append(design)
    cells = []
    for group in groups.values():
        methods = tuple(dict.fromkeys(design.method for design in group))
        changed = scenario.replace(**changes(scenario, group[0]))
        cells += [Cell(changed, effect, methods, replicates) for effect in (benefit, 0.0)]
    measured = measure(cells, seed, pool, progress)
    found = {}
    for index, group in enumerate(groups.values()):
        worthwhile, nothing = (measured[2 * index + half].tallies for half in (0, 1))
        for design in group:
            found[design] = DesignTallies(design, worthwhile[design.method], nothing[design.method])
    return [found[design] for design in designs]


def cells_of(designs: Sequence[Candidate]) -> int:
    """Count the cells that `try_out` simulates for some designs."""
    return 2 * len({(design.layout, design.discard_days) for design in designs})


Announce = Callable[[str, int], Progress]
"""Told what begins and how much of it there is; gives a function that is told how much more was done."""
