"""Every key of a scenario in the order of the file: its value, whether it was given, and whether it matters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic.fields import FieldInfo

from n1trial.scenario.check.keys import ARRAYS
from n1trial.scenario.check.partial import section_type
from n1trial.scenario.check.words import properties
from n1trial.scenario.model.control import is_active
from n1trial.scenario.model.section import Section

if TYPE_CHECKING:
    from n1trial.scenario.model.scenario import Scenario


@dataclass(frozen=True)
class Entry:
    """One key of a scenario.

    Parameters
    ----------
    section : str
        Section, or array of tables, that holds it; empty for the keys above all tables.
    table : Section
        The table that holds it.
    field : str
        Its name there.
    path : str
        Its dotted key.
    """

    section: str
    table: Section
    field: str
    path: str

    @property
    def value(self) -> object:
        """Its value; None for an optional key that was left out."""
        value: object = getattr(self.table, self.field)
        return value

    @property
    def info(self) -> FieldInfo:
        """Its description and default."""
        return type(self.table).model_fields[self.field]

    @property
    def is_given(self) -> bool:
        """Whether it was given rather than left at its default."""
        return self.field in self.table.model_fields_set

    @property
    def is_number(self) -> bool:
        """Whether it takes a number."""
        return properties(type(self.table))[self.field].get("type") in ("number", "integer")


def entries(scenario: Scenario) -> Iterator[Entry]:
    """Go through all keys of a scenario, those left at their defaults included."""
    for section, held in tables(scenario):
        name = f".{getattr(held, ARRAYS[section])}" if section in ARRAYS else ""
        prefix = f"{section}{name}." if section else ""
        for field in type(held).model_fields:
            if section or section_type(type(scenario), field) is None:
                yield Entry(section, held, field, f"{prefix}{field}")


def tables(scenario: Scenario) -> Iterator[tuple[str, Section]]:
    """Go through all tables of a scenario, each with its section; first the scenario itself, without one."""
    yield "", scenario
    for section in type(scenario).model_fields:
        held = getattr(scenario, section)
        if isinstance(held, Section):
            yield section, held
        elif section in ARRAYS:
            yield from ((section, table) for table in held)


def applies(scenario: Scenario, path: str) -> bool:
    """Whether a key has a meaning under the scenario's layout and shape of placebo response."""
    section = path.partition(".")[0]
    if path in ("placebo.displacement", "placebo.rate_per_week"):
        return scenario.placebo.shape == "gompertz"
    if path in OF_AN_ACTIVE_CONTROL and not is_active(scenario):
        return False
    if scenario.design.layout == "open-label":
        return section not in ("control", "blinding", "pack", "stopping") and path not in CROSSOVER_ONLY
    return True


def matters(scenario: Scenario, path: str) -> bool:
    """Whether a key applies and another value of it alone could change an answer."""
    return applies(scenario, path) and (path not in MATTERS_WHERE or MATTERS_WHERE[path](scenario))


def _runs(*methods: str) -> Callable[[Scenario], bool]:
    """Make a test of whether any of some methods is run."""
    return lambda scenario: bool({scenario.analysis.primary, *scenario.analysis.methods} & set(methods))


def _responds_to_placebo(scenario: Scenario) -> bool:
    """Whether any outcome responds to placebo."""
    own = (scenario.placebo.response, scenario.placebo.response_sd)
    return any(own) or any(outcome.placebo_response for outcome in scenario.secondary)


OF_AN_ACTIVE_CONTROL = ("control.dose", "control.route", "control.abrupt_stop_safe", "control.cautions")
"""Keys that say something of a control that is a drug."""

CROSSOVER_ONLY = (
    "patient.period_shift_follows",
    "design.washout_days",
    "design.randomization",
    "design.switch_jitter_days",
    "design.switch_jitter_step_days",
)
"""Keys without a meaning in the open-label layout, besides whole sections."""

MATTERS_WHERE: dict[str, Callable[[Scenario], bool]] = {
    "patient.period_shift_follows": lambda scenario: scenario.patient.period_sd > 0,
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
    "analysis.terms": _runs("ar1", "ols", "mixed"),
    "analysis.df": _runs("ar1"),
    "analysis.statistic": _runs("randomization"),
    "analysis.max_assignments": _runs("randomization"),
    "analysis.prior_mean": _runs("bayes"),
    "analysis.prior_sd": _runs("bayes"),
    "analysis.sd_scale": _runs("bayes"),
    "decision.threshold": lambda scenario: scenario.decision.rule == "probability",
}
"""Keys that only matter beside certain values of others."""


def key_in_words(scenario: Scenario, key: str) -> str:
    """What a number of the scenario is: the first words of its description."""
    entry = next(entry for entry in entries(scenario) if entry.path == key)
    words = re.split(r"[,:;(]", str(entry.info.description))[0].strip()
    name = f" ({key.split('.')[1]})" if entry.section == "trigger" else ""
    return f"{words[:1].lower()}{words[1:]}{name}"
