"""Which keys of a scenario have a meaning beside the others, and which could change an answer."""

from __future__ import annotations

from collections.abc import Callable

from n1trial.diary.methods import METHODS
from n1trial.scenario.check.fault import Remark
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
    if path.endswith(CAN_MOVE):
        return path.removeprefix("trigger.").removesuffix(CAN_MOVE) in scenario.analysis.adjust
    return applies(scenario, path) and (path not in MATTERS_WHERE or MATTERS_WHERE[path](scenario))


def why_idle(scenario: Tables, path: str) -> Remark | None:
    """Say why a key changes nothing in what the analysis that decides shows; None where it can.

    Some keys change no trial at all (`why_not_simulated`); nothing is said of them here.
    """
    if not applies(scenario, path):
        if path in OF_AN_ACTIVE_CONTROL and scenario.design.layout == "crossover":
            return Remark("inactive_control", path)
        where = "placebo.shape" if path.startswith("placebo.") else "design.layout"
        return Remark("no_meaning", path, {"where": where, "value": scenario.value(where)})
    using, primary = _methods_using(scenario, path), scenario.analysis.primary
    if path in SETTINGS and primary not in using:
        facts = {"primary": primary, "methods": using}
        return Remark("not_of_primary", path, facts) if using else Remark("unused", path)
    return None if matters(scenario, path) else Remark("idle", path)


def why_not_simulated(path: str) -> Remark | None:
    """Say that a key changes no trial at a stated effect, analyzed by its primary outcome; None where it can."""
    sections = (*DESCRIPTIVE, "pack", "stopping", "secondary", "control")
    is_beside = path.partition(".")[0] in sections or path in (*PRIORS, *TEXTS)
    return Remark("not_simulated", path) if is_beside else None


def _methods_using(scenario: Tables, path: str) -> tuple[str, ...]:
    """Name the analyses that are run and use a setting."""
    analysis, setting = scenario.analysis, path.partition(".")[2]
    run = dict.fromkeys(name for name in (analysis.primary, *analysis.methods) if name in METHODS)
    return tuple(name for name in run if METHODS[name].uses(setting, analysis.statistic))


def _is_used(path: str) -> Callable[[Tables], bool]:
    """Make a test of whether any method that is run uses a setting."""
    return lambda scenario: bool(_methods_using(scenario, path))


def _responds_to_placebo(scenario: Tables) -> bool:
    """Whether any outcome responds to placebo."""
    own = (scenario.placebo.response, scenario.placebo.response_sd)
    return any(own) or any(outcome.placebo_response for outcome in scenario.secondary)


def _is_nature(scenario: Tables) -> bool:
    """Whether shifts follow the patient's own life."""
    return scenario.patient.period_shift_follows == "nature"


PRIORS = tuple(
    f"treatment.{key}"
    for key in ("effect_sd", "responders", "skeptical_responders", "further_effects", "established_effect",
                "onset_range", "offset_range")
)  # fmt: skip
"""Keys of what is believed of the drug beside the values that are planned with."""

TEXTS = (
    "title",
    *(f"treatment.{key}" for key in ("name", "dose", "route", "abrupt_stop_safe")),
    *(f"outcome.{key}" for key in ("name", "unit", "entry", "question", "window", "lowest_means", "highest_means",
                                   "places", "also_asked")),
)  # fmt: skip
"""Keys of what papers and pages say."""

CAN_MOVE = ".treatment_can_move"
"""End of the keys that only matter where a trigger is adjusted for."""
OF_AN_ACTIVE_CONTROL = ("control.dose", "control.route", "control.abrupt_stop_safe", "control.cautions")
"""Keys that say something of a control that is a drug."""

CROSSOVER_ONLY = (
    "design.washout_days",
    "design.randomization",
    "design.switch_jitter_days",
    "design.switch_jitter_step_days",
)
"""Keys without a meaning in the open-label layout, besides whole sections."""

SETTINGS = tuple(
    f"analysis.{setting}"
    for setting in sorted(
        frozenset().union(*(held for each in METHODS.values() for held in (each.settings, *each.settings_of.values())))
    )
)
"""Keys that not every analysis uses."""

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
    # Settling-in days also say what a plain comparison sees.
    **{path: _is_used(path) for path in SETTINGS if path != "analysis.discard_days"},
    "decision.threshold": lambda scenario: scenario.decision.rule == "probability",
}
"""Keys that only matter beside certain values of others."""
