"""Which keys of a scenario have a meaning beside the others, and which could change an answer."""

from __future__ import annotations

from collections.abc import Callable

from n1trial.diary.methods import METHODS
from n1trial.scenario.model.tables import Tables

DESCRIPTIVE = ("source", "evidence", "unsettled", "considered", "cautions", "theory")
"""Sections that say where numbers come from and are no assumptions themselves."""


def applies(scenario: Tables, path: str) -> bool:
    """Whether a key has a meaning under the scenario's layout and shape of placebo response."""
    section = path.partition(".")[0]
    if path in ("placebo.displacement", "placebo.rate_per_week"):
        return scenario.placebo.shape == "gompertz"
    if path in OF_AN_ACTIVE_CONTROL and not scenario.control.is_active:
        return False
    if scenario.design.layout == "open-label":
        return section not in ("control", "blinding", "pack", "stopping") and path not in CROSSOVER_ONLY
    return True


def matters(scenario: Tables, path: str) -> bool:
    """Whether a key applies and another value of it alone could change an answer."""
    return applies(scenario, path) and (path not in MATTERS_WHERE or MATTERS_WHERE[path](scenario))


def _is_a_setting(name: str) -> Callable[[Tables], bool]:
    """Make a test of whether a setting matters to any method that is run."""

    def matters(scenario: Tables) -> bool:
        run = {scenario.analysis.primary, *scenario.analysis.methods} & METHODS.keys()
        return any(name in METHODS[method].settings for method in run)

    return matters


def _responds_to_placebo(scenario: Tables) -> bool:
    """Whether any outcome responds to placebo."""
    own = (scenario.placebo.response, scenario.placebo.response_sd)
    return any(own) or any(outcome.placebo_response for outcome in scenario.secondary)


def _is_nature(scenario: Tables) -> bool:
    """Whether shifts follow the patient's own life."""
    return scenario.patient.period_shift_follows == "nature"


OF_AN_ACTIVE_CONTROL = ("control.dose", "control.route", "control.abrupt_stop_safe", "control.cautions")
"""Keys that say something of a control that is a drug."""

CROSSOVER_ONLY = (
    "design.washout_days",
    "design.randomization",
    "design.switch_jitter_days",
    "design.switch_jitter_step_days",
)
"""Keys without a meaning in the open-label layout, besides whole sections."""

MATTERS_WHERE: dict[str, Callable[[Tables], bool]] = {
    "patient.period_shift_follows": lambda scenario: scenario.patient.period_sd > 0,
    "patient.shift_days": lambda scenario: scenario.patient.period_sd > 0 and _is_nature(scenario),
    "placebo.onset_days": _responds_to_placebo,
    "placebo.fade_days": _responds_to_placebo,
    "placebo.shape": _responds_to_placebo,
    "placebo.displacement": _responds_to_placebo,
    "placebo.rate_per_week": _responds_to_placebo,
    "conduct.adherence_weekend_drop": lambda scenario: scenario.conduct.adherence > 0,
    "conduct.missing_growth_per_week": lambda scenario: scenario.conduct.missing > 0,
    "conduct.missing_when_worse": lambda scenario: scenario.conduct.missing > 0,
    "conduct.gap_days": lambda scenario: scenario.conduct.gaps_per_month > 0,
    "conduct.backfilled": lambda scenario: scenario.conduct.missing + scenario.conduct.gaps_per_month > 0,
    "conduct.dropout_when_worse": lambda scenario: scenario.conduct.dropout_per_week > 0,
    "design.run_in": lambda scenario: scenario.design.run_in_days > 0,
    "design.switch_jitter_step_days": lambda scenario: scenario.design.switch_jitter_days > 0,
    **{
        f"analysis.{setting}": _is_a_setting(setting)
        for setting in sorted(set().union(*(method.settings for method in METHODS.values())))
    },
    "decision.threshold": lambda scenario: scenario.decision.rule == "probability",
}
"""Keys that only matter beside certain values of others."""
