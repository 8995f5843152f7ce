"""The smallest detectable effect is found where a known power curve says it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from scipy.stats import norm

from n1trial.evaluation.characteristics import NO_FIGURE, Figure
from n1trial.study.run.detectable import MOST_LOOKS, TARGETS, smallest_detectable

ERRORS = {"sharp": 0.25, "blunt": 1.0, "blind": 1e6}


def power(benefit: float, error: float) -> float:
    """Two-sided power of a normal test with a known standard error."""
    critical = norm.isf(0.025)
    return float(norm.sf(critical - benefit / error) + norm.cdf(-critical - benefit / error))


def benefit_of(target: float, error: float) -> float:
    """Benefit at which that power is reached; the far tail, below 1e-6 there, is left out."""
    return float(error * (norm.isf(0.025) + norm.ppf(target)))


class Simulator:
    """Stands for simulated powers, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str]] = []

    def __call__(self, wanted: Mapping[float, Sequence[str]]) -> dict[float, dict[str, float]]:
        self.asked += [(benefit, method) for benefit, methods in wanted.items() for method in methods]
        return {
            benefit: {method: power(benefit, ERRORS[method]) for method in methods}
            for benefit, methods in wanted.items()
        }


@pytest.mark.parametrize("start", [0.1, 1.0, 3.0, 7.0])
def test_it_is_where_the_power_curve_crosses_the_target(start: float) -> None:
    found = smallest_detectable(Simulator(), ("sharp", "blunt"), start, largest=10.0)
    for method in ("sharp", "blunt"):
        for target in TARGETS:
            expected = benefit_of(target, ERRORS[method])
            assert found[method][target].value == pytest.approx(expected, abs=0.01 * max(expected, start))


def test_what_is_never_detected_has_none() -> None:
    found = smallest_detectable(Simulator(), ("blind", "blunt"), 1.0, largest=3.0)
    assert found["blind"] == dict.fromkeys(TARGETS, NO_FIGURE)
    assert found["blunt"][0.8].value == pytest.approx(benefit_of(0.8, 1.0), rel=0.01)
    assert found["blunt"][0.9] == NO_FIGURE


def test_nothing_is_simulated_twice_nor_beyond_the_largest() -> None:
    simulator = Simulator()
    smallest_detectable(simulator, tuple(ERRORS), 1.0, largest=10.0)
    assert len(simulator.asked) == len(set(simulator.asked)) <= len(ERRORS) * MOST_LOOKS
    assert max(simulator.asked)[0] == 10.0
    assert min(simulator.asked)[0] > 0


def test_what_is_known_is_not_simulated_again() -> None:
    simulator = Simulator()
    known = {method: {1.0: power(1.0, error)} for method, error in ERRORS.items()}
    found = smallest_detectable(simulator, ("sharp", "blunt"), 1.0, 10.0, start_powers=known)
    assert 1.0 not in {benefit for benefit, _ in simulator.asked}
    assert found["blunt"][0.9].value == pytest.approx(benefit_of(0.9, 1.0), rel=0.01)
    around = {"blunt": {benefit: power(benefit, 1.0) for benefit in (2.8, 3.4, 4.0)}}
    found = smallest_detectable(simulator, ("blunt",), 1.0, 10.0, start_powers=around)
    for target in TARGETS:
        assert found["blunt"][target].value == pytest.approx(benefit_of(target, 1.0), rel=0.01)
    assert {method for _, method in simulator.asked} == {"sharp", "blunt"}


def test_few_looks_find_it_from_the_worthwhile_difference_on() -> None:
    simulator = Simulator()
    known = {"blunt": {1.0: power(1.0, 1.0)}}
    smallest_detectable(simulator, ("blunt",), 1.0, 10.0, start_powers=known)
    assert len(simulator.asked) <= 4


def test_what_always_succeeds_ends_the_search() -> None:
    asked: list[float] = []

    def always(wanted: Mapping[float, Sequence[str]]) -> dict[float, dict[str, float]]:
        asked.extend(wanted)
        return {benefit: dict.fromkeys(methods, 1.0) for benefit, methods in wanted.items()}

    found = smallest_detectable(always, ("any",), 1.0, 10.0)
    assert len(asked) <= MOST_LOOKS
    assert found["any"][0.9].value is not None
    assert found["any"][0.9].value < 0.1


def test_a_worthwhile_difference_beyond_the_scale_is_not_tried() -> None:
    simulator = Simulator()
    smallest_detectable(simulator, ("sharp",), 5.0, largest=2.0)
    assert max(simulator.asked)[0] == 2.0


TRIALS, REPETITIONS = 400, 300


def test_its_error_is_how_much_another_seed_changes_it() -> None:
    """Within 4 standard errors of a standard deviation, 1/sqrt(2 REPETITIONS), and a tenth for the interpolation."""
    chance = np.random.default_rng(20261201)

    def once() -> dict[float, Figure]:
        noise = chance.standard_normal(TRIALS)

        def powers_at(wanted: Mapping[float, Sequence[str]]) -> dict[float, dict[str, float]]:
            critical = norm.isf(0.025)
            return {benefit: {"one": float((abs(benefit + noise) > critical).mean())} for benefit in wanted}

        return smallest_detectable(powers_at, ("one",), 1.0, 10.0, replicates=TRIALS)["one"]

    found = [once() for _ in range(REPETITIONS)]
    for target in TARGETS:
        values, errors = zip(*((each[target].value, each[target].mcse) for each in found), strict=True)
        assert np.std(values) / np.mean(errors) == pytest.approx(1, abs=4 / np.sqrt(2 * REPETITIONS) + 0.1)
