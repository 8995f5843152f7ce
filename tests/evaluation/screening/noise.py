"""A patient with nothing but the noise that a test is about."""

from __future__ import annotations

from typing import Any

import numpy as np

from n1trial.evaluation.screening.expected_patient import ExpectedPatient, Noise


def plain(days: int, noise: Noise, **changes: Any) -> ExpectedPatient:
    values: dict[str, Any] = {
        "placebo": np.zeros(days), "run_in_placebo": np.zeros(0), "response": 0.0, "response_sd": 0.0,
        "belief_gap": 0.0, "trend": 0.0, "adherence": 1.0, "hazard": 0.0,
    }  # fmt: skip
    return ExpectedPatient(noise=noise, **(values | changes))


def ar1(correlation: float, sd: float = 1.0, **changes: Any) -> Noise:
    values: dict[str, Any] = {"white": 0.0, "shift_sd": 0.0, "drift_sd": 0.0, "written_share": 1.0}
    return Noise(memory=((sd**2, correlation),), **(values | changes))
