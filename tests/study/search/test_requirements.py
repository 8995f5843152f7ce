"""What it would take is told by trials that had no part in picking the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pytest

from n1trial.evaluation.screening.candidate import Candidate
from n1trial.evaluation.tally import Tally
from n1trial.scenario.scenario import Scenario
from n1trial.study.search import requirements as needs
from n1trial.study.search.candidates import candidates
from n1trial.study.search.limits import Limits
from n1trial.study.search.simulate import DesignTallies
from tests.study.searched import small_scenario

SCENARIO = small_scenario(**{"simulation.seed": 40})
LIMITS = Limits(6.0)


def as_shown(design: Candidate, power: float) -> DesignTallies:
    tallies = [Tally(replicates=2500, estimable=2500, detected=round(2500 * share)) for share in (power, 0.05)]
    return DesignTallies(design, *tallies)


@pytest.mark.parametrize(("anew", "is_enough"), [(0.78, False), (0.804, False), (0.812, True)])
def test_the_best_of_several_is_told_by_trials_of_its_own(
    monkeypatch: pytest.MonkeyPatch, anew: float, is_enough: bool
) -> None:
    """However strong it seemed when picked; and 80 of 100 must be exceeded by a standard error, here .008."""
    picking: set[int] = set()
    telling: set[int] = set()

    def try_out(
        _: Scenario, designs: Sequence[Candidate], _replicates: int, seed: int, *__: object
    ) -> list[DesignTallies]:
        (telling if len(designs) == 1 else picking).add(seed)
        return [as_shown(design, anew if len(designs) == 1 else 0.85) for design in designs]

    monkeypatch.setattr(needs, "try_out", try_out)
    monkeypatch.setattr(needs, "LONGER", (1.5,))
    known = [as_shown(design, 0.4) for design in list(candidates(SCENARIO, LIMITS))[:3]]
    ways = needs.ways_out(SCENARIO, LIMITS, known)
    assert {"weeks", "effect", "faster", "nobody_leaves"} <= {way.name for way in ways}
    for way in ways:
        assert (way.detect, way.is_enough) == (anew, is_enough)
        assert way.mcse == pytest.approx((anew * (1 - anew) / 2500) ** 0.5)
        assert asdict(way)["mcse"] == way.mcse
    assert (picking, telling) == ({40}, {42})  # and 41 is that by which the designs known were chosen
