"""The keys and values of a sweep as readers see them."""

from __future__ import annotations

from collections.abc import Sequence

from n1trial.scenario.file.grid import Axis
from n1trial.wording import list_words, show

MEANING = {
    "analysis.alpha": "false alarms allowed",
    "analysis.discard_days": "settling-in days",
    "analysis.primary": "analysis",
    "conduct.adherence": "doses taken",
    "conduct.dropout_per_week": "leaving, a week",
    "conduct.missing": "missing entries",
    "design.cycles": "rounds",
    "design.period_days": "days a period",
    "design.randomization": "how the order is drawn",
    "design.run_in_days": "days of run-in",
    "design.switch_jitter_days": "days the change-over moves",
    "design.washout_days": "days of washout",
    "outcome.mcid": "smallest worthwhile difference",
    "patient.autocorrelation": "carry-over from day to day",
    "patient.daily_sd": "ups and downs from day to day",
    "patient.period_sd": "shifts between periods",
    "treatment.effect": "planned effect",
    "treatment.offset_days": "days until two thirds are gone",
    "treatment.onset_days": "days until two thirds are there",
}
"""What the keys that are most varied mean, in few words."""
LONGEST = 24
"""Characters of a value that are shown."""


def meaning(key: str) -> str:
    """Write a key with what it means: "rounds (design.cycles)"."""
    return f"{MEANING[key]} ({key})" if key in MEANING else key


def value_in_words(value: object) -> str:
    """Write a value as in the file, texts without quotes."""
    if isinstance(value, list | tuple):
        return show([*value]) if value else "none"
    text = value if isinstance(value, str) else show(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4].rstrip()} ..."


def axes_in_words(axes: Sequence[Axis]) -> str:
    """Say what is varied: "rounds (design.cycles) 2, 3, 4"; long lists by their ends."""
    told = []
    for axis in axes:
        values = [value_in_words(value) for value in axis.values]
        few = values if len(values) <= 8 else [*values[:3], "...", values[-1]]
        told.append(f"{meaning(axis.key)} {list_words(few)}")
    return "; ".join(told)
