"""The screen of designs against simulated trials of the same designs, for slow, slower and fast drugs and every method.

The screen is an approximation: it must put designs in the order in which simulation puts them, lose little by what it
puts last, and miss by no more than is written here, beyond 4 standard errors of the simulation. The patient is the
flagship's, with all that goes wrong there: placebo response, leaks, missed doses, missing entries, early ends.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

import n1trial
from n1trial.evaluation.screen import screen
from n1trial.evaluation.screening.candidate import SCREENED_METHODS, Candidate
from n1trial.scenario.model import Scenario
from n1trial.study.candidates import Limits, candidates
from n1trial.study.trials import in_haste, try_out, without_secondaries

STANDARD_ERRORS = 4
REPLICATES = 500
SAMPLED, STRONGEST, OTHERS = 120, 2, 5
"""Designs that are screened; of these, simulated: the strongest of each method by the screen, and some others."""
MOST_LOST = 0.05
"""Power that may be lost by simulating only the half of the designs that the screen holds for the strongest."""

COURSES = {"slow (21/45)": (21.0, 45.0), "slower (40/120)": (40.0, 120.0), "fast (1/1)": (1.0, 1.0)}
MISS = {"paired": 0.08, "randomization": 0.10, "mixed": 0.12, "exposure": 0.11}
"""Largest misses of power by the screen; measured on 30 designs each: .07, .09, .12 and .10 (docs/search.md)."""
MISS_OF_TWO_ROUNDS = 0.30
"""That of `randomization` where two rounds have a moved change-over: they span too few dimensions for a t test."""
MISS_TYPE_1 = {"paired": 0.03, "randomization": 0.03, "mixed": 0.04, "exposure": 0.07}
LEAST_RANK_CORRELATION = 0.75
"""Where powers spread over more than a fifth, so that ranks are no chance; measured on 30 designs each: .92 to .996."""

Floats = NDArray[np.float64]


def scenario_of(onset_days: float, offset_days: float) -> Scenario:
    flagship = without_secondaries(n1trial.load_scenario("b12-6-to-8-week"))
    return in_haste(
        flagship.replace(
            **{
                "treatment.onset_days": onset_days,
                "treatment.offset_days": offset_days,
                "treatment.onset_range": None,
                "treatment.offset_range": None,
            }
        )
    )


def miss(design: Candidate) -> float:
    """Largest miss of power by the screen, as written above."""
    randomization = design.layout.randomization
    assert randomization is not None
    is_exception = design.method == "randomization" and design.layout.cycles == 2 and randomization.jitter_days > 0
    return MISS_OF_TWO_ROUNDS if is_exception else MISS[design.method]


@lru_cache
def all_of_course(course: str) -> dict[str, tuple[Floats, Floats, Floats, Floats, Floats]]:
    """Screened and simulated power, the same of type I errors, and misses allowed, by method; strongest first.

    All methods analyze the same designs: the strongest of each, and some others.
    """
    scenario, chance = scenario_of(*COURSES[course]), random.Random(5)
    plain = chance.sample(list(candidates(scenario, Limits(52.0), ["paired"])), SAMPLED)
    screened = {
        method: list(screen(scenario, [replace(design, method=method) for design in plain]))
        for method in SCREENED_METHODS
    }
    chosen = set(chance.sample(range(SAMPLED), OTHERS))
    for ranked in screened.values():
        powers = np.array([one.power for one in ranked])
        chosen |= set(np.argsort(-powers, kind="stable")[:STRONGEST].tolist())
    found = {}
    designs = [ranked[place].candidate for ranked in screened.values() for place in sorted(chosen)]
    seen = {one.candidate: one for one in try_out(scenario, designs, REPLICATES, seed=1)}
    for method, ranked in screened.items():
        mine = sorted((ranked[place] for place in chosen), key=lambda one: -one.power)
        trials = [seen[one.candidate] for one in mine]
        rows = [[one.power for one in mine], [one.detect.value for one in trials],
                [one.type_1 for one in mine], [one.type_1.value for one in trials]]  # fmt: skip
        power, detected, type_1, false_alarms = np.array(rows, dtype=np.float64)
        allowed = np.array([miss(one.candidate) for one in mine])
        found[method] = (power, detected, type_1, false_alarms, allowed)
    return found


def screened_and_simulated(course: str, method: str) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    return all_of_course(course)[method]


def error(share: Floats) -> Floats:
    """Standard errors of simulated shares, that of one trial where none was seen."""
    known = np.clip(share, 1 / REPLICATES, 1 - 1 / REPLICATES)
    found: Floats = np.sqrt(known * (1 - known) / REPLICATES)
    return found


@pytest.mark.parametrize("method", SCREENED_METHODS)
@pytest.mark.parametrize("course", COURSES)
def test_misses_are_no_larger_than_written(course: str, method: str) -> None:
    screened, simulated, screened_type_1, simulated_type_1, allowed = screened_and_simulated(course, method)
    assert (np.abs(screened - simulated) <= allowed + STANDARD_ERRORS * error(simulated)).all()
    doubt = MISS_TYPE_1[method] + STANDARD_ERRORS * error(simulated_type_1)
    assert (np.abs(screened_type_1 - simulated_type_1) <= doubt).all()


@pytest.mark.parametrize("method", SCREENED_METHODS)
@pytest.mark.parametrize("course", COURSES)
def test_the_order_is_that_of_the_simulation_and_little_is_lost_by_it(course: str, method: str) -> None:
    screened, simulated, *_ = screened_and_simulated(course, method)
    if np.ptp(simulated) > 0.2:
        assert spearmanr(screened, simulated).statistic > LEAST_RANK_CORRELATION
    half = simulated[: len(simulated) // 2]
    assert simulated.max() - half.max() <= MOST_LOST + STANDARD_ERRORS * error(simulated).max() * np.sqrt(2)


@pytest.mark.parametrize("course", COURSES)
def test_the_order_holds_across_methods(course: str) -> None:
    pairs = [screened_and_simulated(course, method)[:2] for method in SCREENED_METHODS]
    screened, simulated = (np.concatenate(part) for part in zip(*pairs, strict=True))
    assert spearmanr(screened, simulated).statistic > 0.85
