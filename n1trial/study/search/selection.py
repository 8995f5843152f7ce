"""Designs that go on from one stage of a search to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, islice, zip_longest

from n1trial.evaluation.front import shortfalls
from n1trial.evaluation.screening.candidate import Candidate, ScreenResult
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
    """Find the designs nearest to the front that simulations have shown, with at least half of the best power."""
    strongest = max((one.detect.value or 0.0 for one in tallies), default=0.0)
    kept = [one for one in tallies if (one.detect.value or 0.0) >= WORTH * strongest]
    behind = shortfalls([one.objectives for one in kept])
    ranked = sorted(range(len(kept)), key=lambda place: (behind[place], place))
    return [kept[place].candidate for place in ranked[:most]]


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
    strongest = max((one.power for one in sound), default=0.0)
    ranked = []
    for method in dict.fromkeys(one.candidate.method for one in sound):
        mine = _best_of_layouts([one for one in sound if one.candidate.method == method])
        own = max(one.power for one in mine)
        if own < WORTH * strongest - MISS:
            continue
        mine = [one for one in mine if one.power >= WORTH * own]
        behind = shortfalls([objectives_of(one.candidate, one.power) for one in mine])
        ranked.append([mine[place].candidate for place in sorted(range(len(mine)), key=lambda p: (behind[p], p))])
    return _in_turn(ranked, most)


def _best_of_layouts(screens: Sequence[ScreenResult]) -> list[ScreenResult]:
    """Find the best settling-in lengths of each layout."""
    found = []
    for _, group in groupby(screens, key=lambda one: one.candidate.layout):
        found += sorted(group, key=lambda one: -one.power)[:ALIKE]
    return found


def _in_turn(lists: Sequence[Sequence[Candidate]], most: int) -> list[Candidate]:
    """Take the first of each list, the second of each, and so on."""
    turns = zip_longest(*lists)
    return list(islice((one for turn in turns for one in turn if one is not None), most))
