"""A patient to whom nothing happens, and what single tests change about him."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from n1trial.scenario.scenario import Scenario
from tests.reference.life import Draws, Life
from tests.reference.twin import live

HALVES = 1 / math.log(2)
"""A time constant that closes half of the gap in a day."""
THREE_QUARTERS = 1 / math.log(4)
NORMAL = ("noise", "effect", "placebo response", "drift", "period shift", "diary noise")


class Script(Draws):
    """Numbers written into the test; where none are, normal ones are 0 and uniform ones let nothing happen."""

    def next(self, stream: str) -> float:
        try:
            return super().next(stream)
        except LookupError:
            is_normal = stream in NORMAL or "noise of secondary" in stream
            return 0.0 if is_normal else 0.999


def plain(**changes: Any) -> Scenario:
    """Return a patient of baseline 5 to whom nothing happens, two periods of four days, and what a test changes."""
    tables: dict[str, Any] = {
        "name": "case",
        "treatment": {"name": "drug", "effect": -2.0, "onset_days": 0.0, "offset_days": 0.0},
        "outcome": {"name": "score", "scale": [-100, 100], "step": 0, "better": "lower", "mcid": 1.0},
        "patient": {"baseline": 5.0, "daily_sd": 1.0, "autocorrelation": 0.0},
        "conduct": {"adherence": 1.0, "missing": 0.0, "dropout_per_week": 0.0},
        "design": {"run_in_days": 0, "cycles": 1, "period_days": 4},
        "analysis": {"discard_days": 0, "minimum_days": 1},
    }
    for table, keys in changes.items():
        tables[table] = tables.get(table, {}) | keys if isinstance(keys, dict) else keys
    return Scenario.of(tables)


def live_through(
    order: str = "AB",
    shift: Sequence[int] | None = None,
    numbers: Mapping[str, Sequence[float]] | None = None,
    **changes: Any,
) -> Life:
    """Live through a plain trial in a stated order, with stated numbers."""
    draws = Script(numbers or {})
    return live(plain(**changes), [letter == "A" for letter in order], shift or [0] * (len(order) // 2), draws)


def column(life: Life, name: str) -> list[Any]:
    return [getattr(today, name) for today in life.days]


def exactly(values: float | Sequence[float | None]) -> Any:
    return pytest.approx(values, abs=1e-12)
