"""Stress of designs: which analyses hold their false alarms although patient or drug are not as planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from n1trial.diary.methods import RANDOMIZATION
from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.stress import Departure, fails
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Progress, measure
from n1trial.study.run.stress import departures
from n1trial.study.search.candidates import changes

REPLICATES = 1000
"""Simulated trials of a design under each departure: a standard error of .008 where false alarms are 1.5·alpha."""
MOST_FAILURES = 4
"""Designs of an analysis that fail before it is left out of all that were not put to the stress."""
WITHOUT_EFFECT = {Departure.FAST_DRUG, Departure.SLOW_DRUG}
"""Departures that change nothing where the drug does nothing."""


@dataclass(frozen=True)
class FailingRow:
    """A departure from the plan under which a design raises more false alarms than an analysis may.

    Attributes
    ----------
    departure : Departure
    type_1 : Figure
    """

    departure: Departure
    type_1: Figure


@dataclass(frozen=True)
class UnsafeDesign:
    """Of the designs that were left out for a failing row, the one that showed the effect most often.

    Its power is of the trials by which designs were chosen, the best of several: about, and rather above, what it
    would show anew.
    """

    candidate: Candidate
    detect: float
    failures: tuple[FailingRow, ...]


Rows = Mapping[Candidate, tuple[FailingRow, ...]]
"""Failing rows of the designs that were put to the stress."""


def is_sound(design: Candidate, rows: Rows) -> bool:
    """Whether a design may be offered: its analysis is exact, or has not failed, nor too often in other designs."""
    if design.method == RANDOMIZATION.name:
        return True
    if design in rows:
        return not rows[design]
    failed = sum(bool(failures) for other, failures in rows.items() if other.method == design.method)
    return failed < MOST_FAILURES


def failing_rows(
    scenario: Scenario,
    designs: Sequence[Candidate],
    seed: int,
    pool: Executor | None = None,
    announce: Callable[[str, int], Progress] | None = None,
) -> dict[Candidate, tuple[FailingRow, ...]]:
    """Put designs to every departure from the plan, at no effect.

    Parameters
    ----------
    scenario : Scenario
        Of which the designs change some keys.
    designs : sequence of Candidate
    seed : int
    pool : Executor, optional
    announce : callable, optional

    Returns
    -------
    dict of Candidate to tuple of FailingRow
        In the order of the designs and of the departures; empty where the analysis holds.
    """
    cases = [
        (design, departure, Cell(departed, 0.0, (design.method,), REPLICATES))
        for design in designs
        for departure, departed in departures(scenario.replace(**changes(scenario, design))).items()
        if departure not in WITHOUT_EFFECT
    ]
    advance = announce("stressing", REPLICATES * len(cases)) if announce is not None else None
    found: dict[Candidate, tuple[FailingRow, ...]] = dict.fromkeys(designs, ())
    measured = measure([cell for *_, cell in cases], seed, pool, advance)
    for (design, departure, _), seen in zip(cases, measured, strict=True):
        tally = seen.tallies[design.method]
        type_1 = rate(tally.detected, tally.replicates)
        if fails(type_1, scenario.analysis.alpha):
            found[design] += (FailingRow(departure, type_1),)
    return found
