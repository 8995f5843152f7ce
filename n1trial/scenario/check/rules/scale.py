"""Rules of the scales: what must be on one, and how large what moves a score may be."""

from __future__ import annotations

from collections.abc import Iterator

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.rules.rule import Rule

Pair = tuple[float, float]

MOST_WIDTHS = 10
"""Quantities on a scale may be this many times its width at most: beyond, a unit was mistaken."""

PRIMARY, SECONDARY = "outcome.scale", "secondary[].scale"
DIFFERENCES = (
    "outcome.step", "outcome.mcid", "treatment.effect", "treatment.established_effect", "treatment.further_effects",
    "decision.benefit", "stopping.worse_by",
)  # fmt: skip
QUANTITIES = (
    "treatment.effect_sd", "placebo.response", "placebo.response_sd", "patient.daily_sd", "patient.diary_sd",
    "patient.period_sd", "patient.drift_sd", "patient.trend_per_week", "patient.weekly_amplitude", "trigger[].effect",
)  # fmt: skip
OWN_DIFFERENCES = ("secondary[].step", "secondary[].mcid", "secondary[].effect")
OWN_QUANTITIES = ("secondary[].daily_sd", "secondary[].diary_sd", "secondary[].placebo_response")


def _on(scale: str, key: str) -> Rule:
    """Let a value be one that can be written down."""

    def judge(scale: Pair, value: float) -> Iterator[Fault]:
        low, high = scale
        if not low <= value <= high:
            yield Fault("off_scale", key, {"low": low, "high": high, "value": value})

    return Rule((scale, key), judge)


def _at_most(widths: int, scale: str, key: str) -> Rule:
    """Let a value, or each of a list, be no larger in size than a scale is wide, or some times that."""

    def judge(ends: Pair, value: float | tuple[float, ...] | None) -> Iterator[Fault]:
        values = value if isinstance(value, tuple) else (0.0 if value is None else value,)
        largest, most = max(values, key=abs, default=0.0), widths * (ends[1] - ends[0])
        if abs(largest) > most:
            facts = {"widths": widths, "whose": "the" if scale == PRIMARY else "its", "most": most, "value": largest}
            yield Fault("wide" if widths == 1 else "wider", key, facts)

    return Rule((scale, key), judge)


RULES: tuple[Rule, ...] = (
    _on(PRIMARY, "patient.baseline"),
    *(_at_most(1, PRIMARY, key) for key in DIFFERENCES),
    *(_at_most(MOST_WIDTHS, PRIMARY, key) for key in QUANTITIES),
)
"""Rules of the primary's scale."""

OF_SECONDARY: tuple[Rule, ...] = (
    _on(SECONDARY, "secondary[].baseline"),
    *(_at_most(1, SECONDARY, key) for key in OWN_DIFFERENCES),
    *(_at_most(MOST_WIDTHS, SECONDARY, key) for key in OWN_QUANTITIES),
)
"""Rules of the scale of each further outcome."""
