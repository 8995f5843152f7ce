"""A search small enough for a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import n1trial
from n1trial.evaluation.stress import Departure
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.stress import departures
from n1trial.study.search import requirements as needs
from n1trial.study.search import search, stress


def small_scenario(**changes: object) -> Scenario:
    """A drug that acts at once, in a patient who is quickly told apart from chance."""
    fast: dict[str, object] = {
        "treatment.onset_days": 0.5, "treatment.offset_days": 0.5, "patient.daily_sd": 1.0,
        "conduct.dropout_per_week": 0.002, "analysis.minimum_days": 4, "analysis.max_assignments": 200,
        "design.run_in_days": 7, "design.cycles": 2, "design.period_days": 14, "analysis.discard_days": 0,
        "treatment.onset_range": [0.5, 4.0],
    }  # fmt: skip
    return n1trial.load_scenario("minimal").replace(**(fast | changes))


def two_departures(scenario: Scenario) -> dict[Departure, Scenario]:
    """Large shifts and a trend, which break analyses; more would only take longer."""
    known = departures(scenario)
    return {name: known[name] for name in (Departure.LARGE_SHIFTS, Departure.TREND)}


@contextmanager
def few_trials() -> Iterator[None]:
    """Simulate fewer designs, in fewer trials and under fewer departures, until the choice is made."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"FIRST": 30, "FIRST_REPLICATES": 100, "SECOND": 16, "SECOND_REPLICATES": 200,
                            "ENDS_REPLICATES": 100, "SET_ASIDE": 1}.items():  # fmt: skip
            patch.setattr(search, name, value)
        patch.setattr(needs, "REPLICATES", 100)
        patch.setattr(stress, "REPLICATES", 100)
        patch.setattr(stress, "departures", two_departures)
        yield
