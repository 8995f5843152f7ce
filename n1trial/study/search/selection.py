"""Designs that go on from one stage of a search to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, islice, zip_longest

from n1trial.diary.methods import RANDOMIZATION
from n1trial.evaluation.front import Objectives, shortfalls
from n1trial.evaluation.screening.candidate import SCREENED_METHODS, Candidate, ScreenResult
from n1trial.study.search.simulate import (
    SUSPECT,
    DesignTallies,
    objectives_of,
)

WORTH = 0.5
"""A design must show the effect in at least this share of what the strongest does."""
ALIKE = 2
"""Settling-in lengths of a layout and analysis that go on from the screen."""
MISS = 0.05
"""By so much a screened power may be wrong without a design being lost for it."""


def nearest(tallies: Sequence[DesignTallies], most: int) -> list[Candidate]:
    """Find the designs nearest to the front that simulations have shown, and as many of those with an exact test.

    Which of them hold their false alarms whatever departs from the plan is not known yet; exact tests stay in reserve.
    """
    objectives = {one.candidate: one.objectives for one in tallies}
    exact = {design: one for design, one in objectives.items() if design.method == RANDOMIZATION.name}
    return _in_turn([_rank(objectives), _rank(exact)], most)


def worth_simulating(screens: Sequence[ScreenResult], most: int, alpha: float) -> list[Candidate]:
    """Choose designs to simulate: of each analysis as many, the nearest to the front of its own kind.

    What the screen misses it misses for all designs of one analysis alike, so that analyses are not compared by it,
    unless one is far behind.

    Parameters
    ----------
    screens : sequence of ScreenResult
    most : int
    alpha : float
        False alarms that were agreed; designs expected to raise many more are left out.
    """
    sound = [one for one in screens if one.type_1 <= SUSPECT * alpha]
    best = _best_of_layouts(sorted(sound, key=lambda one: SCREENED_METHODS.index(one.candidate.method)))
    strongest = max((one.power for one in best), default=0.0)
    lists = []
    for method in dict.fromkeys(one.candidate.method for one in best):
        mine = [one for one in best if one.candidate.method == method]
        # the exact test may be the only one that holds its false alarms
        if max(one.power for one in mine) >= WORTH * strongest - MISS or method == RANDOMIZATION.name:
            lists.append(_rank({one.candidate: objectives_of(one.candidate, one.power) for one in mine}))
    return _in_turn(lists, most)


def _best_of_layouts(screens: Sequence[ScreenResult]) -> list[ScreenResult]:
    """Find the best settling-in lengths of each layout, by analysis."""
    found = []
    for _, group in groupby(screens, key=lambda one: (one.candidate.method, one.candidate.layout)):
        found += sorted(group, key=lambda one: -one.power)[:ALIKE]
    return found


def _rank(objectives: dict[Candidate, Objectives]) -> list[Candidate]:
    """Sort designs with at least half of the best power: by how far they are behind the front, the strongest first."""
    strongest = max((one.power for one in objectives.values()), default=0.0)
    kept = {design: one for design, one in objectives.items() if one.power >= WORTH * strongest}
    behind = dict(zip(kept, shortfalls(list(kept.values())), strict=True))
    return sorted(behind, key=lambda design: (behind[design], -kept[design].power))


def _in_turn(lists: Sequence[Sequence[Candidate]], most: int) -> list[Candidate]:
    """Take the first of each list, the second of each, and so on, each design once."""
    turns = dict.fromkeys(one for turn in zip_longest(*lists) for one in turn if one is not None)
    return list(islice(turns, most))
