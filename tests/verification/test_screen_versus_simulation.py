"""The screen of designs against simulated trials of the same designs, for slow, slower and fast drugs and every method.

The screen is an approximation: it must put designs in the order in which simulation puts them, lose little by what it
puts last, and miss by no more than is written here, beyond 4 standard errors of the simulation. The patient is the
flagship's, with all that goes wrong there: placebo response, leaks, missed doses, missing entries, early ends. Where
carryover is long, hardly any design detects the smallest worthwhile effect, so the order is tested at a larger one.
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
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, measure
from n1trial.study.run.improvements import without_secondaries
from n1trial.study.search.candidates import candidates, changes
from n1trial.study.search.limits import Limits
from n1trial.study.search.simulate import in_haste, try_out

STANDARD_ERRORS = 4
REPLICATES = 400
REPLICATES_OF_ORDER = 250
SAMPLED, STRONGEST, OTHERS = 120, 2, 5
"""Designs that are screened; of these, simulated: the strongest of each method by the screen, and some others."""
MOST_LOST = 0.05
"""Power that may be lost by simulating only the half of the designs that the screen holds for the strongest."""

COURSES = {"slow (21/45)": (21.0, 45.0), "slower (40/120)": (40.0, 120.0), "fast (1/1)": (1.0, 1.0)}
MISS = {"paired": 0.08, "randomization": 0.10, "mixed": 0.12, "exposure": 0.11, "course": 0.13}
"""Largest misses of power by the screen; measured: .07, .09, .12, .10 and .13 (docs/search.md)."""
MISS_OF_TWO_ROUNDS = 0.30
"""That of `randomization` where two rounds have a moved change-over: they span too few dimensions for a t test."""
MISS_TYPE_1 = {"paired": 0.03, "randomization": 0.03, "mixed": 0.04, "exposure": 0.07, "course": 0.05}
LEAST_RANK_CORRELATION, LEAST_ACROSS_METHODS = 0.75, 0.85
SPREAD = 0.2
"""Of simulated powers, from which on their order is no chance."""
ORDER_AT = {"slow (21/45)": 3.0, "slower (40/120)": 3.0, "fast (1/1)": 1.0}
"""Effect at which the order is tested, in smallest worthwhile ones: such that powers spread."""
TOO_ALIKE = {("slow (21/45)", "exposure"), ("slow (21/45)", "course"), ("slower (40/120)", "paired")}
"""Powers are .68 to .86, and .01 to .14, at that effect: no order to be tested within the method."""

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
def chosen_of_course(course: str) -> tuple[Scenario, list[Candidate]]:
    """Designs that all methods analyze: the strongest of each, and some others."""
    scenario, chance = scenario_of(*COURSES[course]), random.Random(5)
    plain = chance.sample(list(candidates(scenario, Limits(52.0), ["paired"])), SAMPLED)
    chosen = set(chance.sample(range(SAMPLED), OTHERS))
    for method in SCREENED_METHODS:
        powers = np.array([one.power for one in screen(scenario, with_method(plain, method))])
        chosen |= set(np.argsort(-powers, kind="stable")[:STRONGEST].tolist())
    return scenario, [plain[place] for place in sorted(chosen)]


def with_method(designs: list[Candidate], method: str) -> list[Candidate]:
    return [replace(design, method=method) for design in designs]


@lru_cache
def all_of_course(course: str) -> dict[str, tuple[Floats, Floats, Floats, Floats, Floats]]:
    """Screened and simulated power, the same of type I errors, and misses allowed, by method."""
    scenario, chosen = chosen_of_course(course)
    designs = [design for method in SCREENED_METHODS for design in with_method(chosen, method)]
    seen = {one.candidate: one for one in try_out(scenario, designs, REPLICATES, seed=1)}
    found = {}
    for method in SCREENED_METHODS:
        mine = list(screen(scenario, with_method(chosen, method)))
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


@lru_cache
def powers_to_order(course: str) -> dict[str, tuple[Floats, Floats]]:
    """Screened and simulated power by method, at an effect that spreads them."""
    if ORDER_AT[course] == 1:
        return {method: powers[:2] for method, powers in all_of_course(course).items()}
    scenario, chosen = chosen_of_course(course)
    benefit = ORDER_AT[course] * scenario.outcome.mcid
    effect = scenario.plan().benefit_sign * benefit
    cells = [
        Cell(scenario.replace(**changes(scenario, design)), effect, tuple(SCREENED_METHODS), REPLICATES_OF_ORDER)
        for design in chosen
    ]
    measured = [one.tallies for one in measure(cells, 1)]
    return {
        method: (
            np.array([one.power for one in screen(scenario, with_method(chosen, method), benefit)]),
            np.array([tallies[method].detected / REPLICATES_OF_ORDER for tallies in measured]),
        )
        for method in SCREENED_METHODS
    }


def is_in_order(screened: Floats, simulated: Floats, least: float = LEAST_RANK_CORRELATION) -> bool:
    """Whether the screen ranks as the simulation does; one that tells nothing apart does not."""
    return bool(np.ptp(screened) > 0 and spearmanr(screened, simulated).statistic > least)


@pytest.mark.parametrize(
    ("course", "method"),
    [(course, method) for course in COURSES for method in SCREENED_METHODS if (course, method) not in TOO_ALIKE],
)
def test_the_order_is_that_of_the_simulation(course: str, method: str) -> None:
    screened, simulated = powers_to_order(course)[method]
    assert np.ptp(simulated) > SPREAD
    assert is_in_order(screened, simulated)
    assert not is_in_order(np.zeros_like(screened), simulated)
    assert not is_in_order(-screened, simulated)


@pytest.mark.parametrize("method", SCREENED_METHODS)
@pytest.mark.parametrize("course", COURSES)
def test_little_is_lost_by_the_order(course: str, method: str) -> None:
    screened, simulated = powers_to_order(course)[method]
    by_screen = simulated[np.argsort(-screened, kind="stable")]
    half = by_screen[: len(by_screen) // 2]
    errors = STANDARD_ERRORS * np.sqrt(simulated * (1 - simulated) / REPLICATES_OF_ORDER).max() * np.sqrt(2)
    assert simulated.max() - half.max() <= MOST_LOST + errors


@pytest.mark.parametrize("course", COURSES)
def test_the_order_holds_across_methods(course: str) -> None:
    pairs = powers_to_order(course).values()
    screened, simulated = (np.concatenate(part) for part in zip(*pairs, strict=True))
    assert is_in_order(screened, simulated, LEAST_ACROSS_METHODS)
    assert not is_in_order(-screened, simulated, LEAST_ACROSS_METHODS)
