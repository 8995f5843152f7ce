"""Patients to whom nothing happens, for tests to let single things happen to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from n1trial.scenario.scenario import Scenario
from n1trial.simulation.life import Life, life_in
from n1trial.simulation.simulate import simulate_batch

WIDTH = 8


def quiet(**changes: Any) -> Scenario:
    """Return a scenario without chance: drug then placebo for four days each, and what a test changes."""
    tables: dict[str, Any] = {
        "name": "quiet",
        "treatment": {"name": "Drug", "effect": -2.0, "onset_days": 0.0, "offset_days": 0.0},
        "outcome": {"name": "Complaints", "scale": [0, 10], "better": "lower", "mcid": 1.0},
        "patient": {"baseline": 5.0, "daily_sd": 0.0, "autocorrelation": 0.0},
        "conduct": {"adherence": 1.0, "missing": 0.0, "dropout_per_week": 0.0},
        "design": {
            "run_in_days": 0, "cycles": 1, "period_days": 4, "randomization": "fixed", "sequence": "AB",
        },
        "analysis": {"discard_days": 0, "minimum_days": 1},
        "pack": {"kit_days": 100},
    }  # fmt: skip
    for table, keys in changes.items():
        tables[table] = tables.get(table, {}) | keys if isinstance(keys, dict) else keys
    return Scenario.of(tables)


def quiet_openly(**changes: Any) -> Scenario:
    """Return a scenario without chance: two days of run-in, then eight on the drug, openly."""
    tables = quiet(**changes).own_values()
    tables["design"] = {"layout": "open-label", "run_in_days": 2, "cycles": 1, "period_days": 4}
    return Scenario.of(tables)


def lived(scenario: Scenario, column: int = 0, seed: int = 1) -> Life:
    """Live through one replicate of a small batch."""
    batch = simulate_batch(scenario, seed=seed, width=WIDTH, record=True)
    return life_in(scenario, batch, column, seed, column)


def at(life: Life, *days: int) -> Any:
    """Flags that are up on some days."""
    return np.isin(life.day, days)


def quiet_life(**changes: Any) -> Life:
    """Live through a trial in which the patient is never asked for a guess, and nothing else happens."""
    return replace(lived(quiet(**changes)), guesses={})
