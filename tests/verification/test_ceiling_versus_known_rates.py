"""The ceiling of four designs, against chances known before it was written, of 800 diaries each."""

from __future__ import annotations

import math
from typing import Any

import pytest

import n1trial
from n1trial.study.run import ceiling
from n1trial.study.run.ceiling import ceiling_of

DIARIES = 800
STANDARD_ERRORS = 3
ROUNDED = 0.005
"""The known chances have two decimals."""
ON_PLACEBO = {"design.run_in": "placebo"}
KNOWN: dict[str, tuple[dict[str, Any], float]] = {
    "flagship": ({}, 0.26),
    "flagship, run-in on placebo": (ON_PLACEBO, 0.30),
    "two long rounds": (
        {
            **ON_PLACEBO, "design.run_in_days": 28, "design.cycles": 2, "design.period_days": 84,
            "design.switch_jitter_days": 28,
        },
        0.41,
    ),
    "ten short periods": (
        {
            **ON_PLACEBO, "design.randomization": "balanced", "design.cycles": 5, "design.period_days": 35,
            "design.switch_jitter_days": 0,
        },
        0.33,
    ),
}  # fmt: skip
"""Changes of the flagship, with the chance to show an effect of one point."""


@pytest.mark.parametrize("design", KNOWN)
def test_ceiling_versus_known_rates(design: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both chances are means over as many diaries, so their difference has 1.41 times the error of one."""
    monkeypatch.setattr(ceiling, "MOST_TRIALS", DIARIES)
    changes, known = KNOWN[design]
    nature = {"patient.period_shift_follows": "nature", "patient.shift_days": 49}
    scenario = n1trial.load_scenario("b12-6-to-8-week").replace(**nature, **changes)
    found = ceiling_of(scenario).mcid
    assert found.value is not None
    assert found.mcse is not None
    assert found.value == pytest.approx(known, abs=STANDARD_ERRORS * math.sqrt(2) * found.mcse + ROUNDED)
