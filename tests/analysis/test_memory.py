"""What is remembered of written days: the same to the last bit, and no more than there is room for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import n1trial
from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.analysis.methods import randomization
from n1trial.analysis.randomized import exposure_statistic
from n1trial.analysis.randomized.memory import DayMemory
from n1trial.analysis.randomized.working_covariance import WorkingCovariance
from n1trial.arrays import Flags, Floats
from n1trial.simulation.simulate import simulate

ONE = np.array([[True, False], [True, True]])
OTHER = np.array([[True, True], [False, True]])


def array(size: int) -> tuple[Floats, ...]:
    return (np.arange(float(size)),)


def test_what_was_kept_is_found_by_its_days_alone() -> None:
    memory = DayMemory(1000)
    memory.keep(ONE, array(3))
    assert memory.get(OTHER) is None
    assert memory.get(ONE.reshape(1, 4)) is None
    found = memory.get(ONE.copy())
    assert found is not None
    assert found[0].tolist() == [0, 1, 2]


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    third = ~ONE
    memory = DayMemory(2 * 8 * 10)
    memory.keep(ONE, array(10))
    memory.keep(OTHER, array(10))
    assert memory.get(ONE) is not None
    memory.keep(third, array(10))
    assert memory.get(OTHER) is None
    assert memory.get(ONE) is not None
    assert memory.get(third) is not None


def test_what_is_too_large_is_not_kept_and_takes_no_room() -> None:
    memory = DayMemory(8 * 10)
    memory.keep(ONE, array(10))
    memory.keep(OTHER, array(11))
    assert memory.get(OTHER) is None
    assert memory.get(ONE) is not None


def test_threads_share_one() -> None:
    memory, days = (
        DayMemory(8 * 40),
        [np.array([[bool(number >> bit & 1) for bit in range(6)]]) for number in range(64)],
    )

    def use(number: int) -> bool:
        for step in range(300):
            written = days[(number * 7 + step) % 64]
            memory.keep(written, array(10))
            found = memory.get(written)
            if found is not None and len(found[0]) != 10:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(16)))
    assert sum(memory.get(written) is not None for written in days) == 4


def test_trials_of_another_effect_are_analyzed_as_if_nothing_were_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = n1trial.load_scenario("b12-6-to-8-week")
    calls: list[Flags] = []

    def count(is_written: Flags, *others: Floats) -> WorkingCovariance:
        if len(others) == 1:
            calls.append(is_written)
        return WorkingCovariance(is_written, *others)  # type: ignore[arg-type]

    def analyze(effect: float) -> Estimates:
        diaries = simulate(scenario, 300, 7, effect)
        return randomization.analyze(diaries.observed, AnalysisRequest(diaries.truth, intervals=3))

    monkeypatch.setattr(exposure_statistic, "WorkingCovariance", count)
    randomization._exposure_statistic.cache_clear()
    analyze(0.0)
    first = len(calls)
    remembered = analyze(-1.0)
    assert len(calls) == first > 0
    randomization._exposure_statistic.cache_clear()
    fresh = analyze(-1.0)
    assert len(calls) == 2 * first
    for name in ("estimate", "standard_error", "ci_low", "ci_high", "p_value", "p_benefit", "status", "covers"):
        np.testing.assert_array_equal(getattr(remembered, name), getattr(fresh, name))
