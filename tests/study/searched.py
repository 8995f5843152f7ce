"""A search small enough for a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import n1trial
from n1trial.scenario.scenario import Scenario
from n1trial.study.search import requirements as needs
from n1trial.study.search import search


def small_scenario(**changes: object) -> Scenario:
    """A drug that acts at once, in a patient who is quickly told apart from chance."""
    fast: dict[str, object] = {
        "treatment.onset_days": 0.5, "treatment.offset_days": 0.5, "patient.daily_sd": 1.0,
        "conduct.dropout_per_week": 0.002, "analysis.minimum_days": 4, "analysis.max_assignments": 200,
        "design.run_in_days": 7, "design.cycles": 2, "design.period_days": 14, "analysis.discard_days": 0,
        "treatment.onset_range": [0.5, 4.0],
    }  # fmt: skip
    return n1trial.load_scenario("minimal").replace(**(fast | changes))


@contextmanager
def few_trials() -> Iterator[None]:
    """Simulate fewer designs, in fewer trials, until the choice is made."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"FIRST": 16, "FIRST_REPLICATES": 100, "SECOND": 8, "SECOND_REPLICATES": 200,
                            "ENDS_REPLICATES": 100, "SET_ASIDE": 1}.items():  # fmt: skip
            patch.setattr(search, name, value)
        patch.setattr(needs, "REPLICATES", 100)
        yield
