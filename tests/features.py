"""Every feature of the patient model by the key that switches it on, and a patient who has them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from n1trial.scenario.scenario import Scenario
from tests.reference.cases import plain


@dataclass(frozen=True)
class Feature:
    """A key with a value that switches a feature on, the processes that then run and the streams that they draw."""

    key: str
    value: Any
    processes: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()

    def given_to(self, scenario: Scenario) -> Scenario:
        """Return the scenario with this feature."""
        return scenario.replace(**{self.key: self.value})


COFFEE = {"name": "coffee", "days_per_week": 3.0, "effect": 0.5, "fade_days": 1.0}
SLEEP = {
    "name": "sleep", "scale": [0, 12], "step": 0.5, "better": "higher", "mcid": 0.5, "every_days": 2,
    "baseline": 6.0, "daily_sd": 1.0, "autocorrelation": 0.2, "effect": 0.5, "placebo_response": 0.25,
    "trigger_scale": -0.5, "correlation": -0.3,
}  # fmt: skip

PLAIN_PROCESSES = ("begin_days", "rate", "take_doses", "absorb", "guess", "autocorrelate")
PLAIN_STREAMS = ("cannot tell", "guess", "noise")
FEATURES = (
    Feature("treatment.effect_sd", 0.5, streams=("effect",)),
    Feature("treatment.responders", 0.75, streams=("responder",)),
    Feature("placebo.response", -1.0, ("respond_to_placebo",)),
    Feature("placebo.response_sd", 0.5, ("respond_to_placebo",), ("placebo response",)),
    Feature("blinding.leak", 0.25, ("start_stretches",)),
    Feature("blinding.side_effect", 0.5, ("start_stretches", "give_away"), ("tell-tale", "tell-tale day")),
    Feature("blinding.nocebo", 0.25, ("start_stretches", "give_away"), ("tell-tale", "tell-tale day")),
    Feature("blinding.learning", 0.125, ("start_stretches", "learn", "review_diary")),
    Feature("patient.diary_sd", 0.25, streams=("diary noise",)),
    Feature("patient.drift_sd", 0.125, ("drift",), ("drift",)),
    Feature("patient.period_sd", 0.5, ("shift_periods",), ("period shift", "period shift phase")),
    Feature("patient.enrolled_when_worse", 0.5, streams=("noise start",)),
    Feature("conduct.adherence", 0.75, streams=("dose",)),
    Feature("conduct.adherence_weekend_drop", 0.25, streams=("dose",)),
    Feature("conduct.missing", 0.125, ("keep_diary",), ("missing",)),
    Feature("conduct.gaps_per_month", 2.0, ("leave_gaps", "keep_diary"), ("gap", "gap length")),
    Feature("conduct.dropout_per_week", 0.05, ("drop_out", "keep_diary"), ("dropout",)),
    Feature("trigger", [COFFEE], ("pull_trigger",), ("trigger coffee",)),
    Feature("secondary", [SLEEP], ("observe_secondary", "respond_to_placebo"), ("noise of secondary sleep",)),
)
"""Each that can be switched on alone."""


def busy(**changes: Any) -> Scenario:
    """Return a short trial with every feature, and what a test changes by dotted key."""
    scenario = plain(
        placebo={"fade_days": 20.0},
        conduct={"missing_when_worse": 0.5, "missing_growth_per_week": 0.125, "backfilled": 0.25,
                 "dropout_when_worse": 0.5},
        design={"run_in_days": 7, "run_in": "placebo", "cycles": 2, "period_days": 10, "washout_days": 2,
                "switch_jitter_days": 2, "switch_jitter_step_days": 1},
        treatment={"onset_days": 2.0, "offset_days": 3.0, "every_days": 2},
        patient={"autocorrelation": 0.5, "trend_per_week": 0.125, "weekly_amplitude": 0.25},
    )  # fmt: skip
    return scenario.replace(**({feature.key: feature.value for feature in FEATURES} | changes))
