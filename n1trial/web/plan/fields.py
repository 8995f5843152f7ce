"""The inputs of a plan, as the scenario's own keys: each with its unit, a plain sentence and its value as typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from n1trial.scenario.check.evidence import DESCRIBING, NOT_BELIEFS, YOURS, evidence
from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.matters import applies
from n1trial.scenario.file.load import as_typed
from n1trial.scenario.model.about import Evidence
from n1trial.scenario.model.entries import Entry, entries
from n1trial.scenario.model.keys import ARRAYS, key_field, split
from n1trial.scenario.scenario import Scenario
from n1trial.web.shared.plan.sliders import FIRST, SLIDERS, Reach
from n1trial.web.shared.plan.value_words import choice_in_words

FOLDS: Mapping[str, tuple[str, ...]] = {
    "The drug": ("treatment", "control"),
    "The score": ("outcome",),
    "The patient's ups and downs": ("patient", "trigger"),
    "Placebo response and blinding": ("placebo", "blinding"),
    "How well the trial is kept": ("conduct",),
    "The layout": ("design",),
    "The analysis and the decision": ("analysis", "decision"),
    "The pack": ("pack",),
    "When to stop": ("stopping",),
    "Further outcomes": ("secondary",),
    "Source and rationale": ("source",),
    "Name and random numbers": ("", "simulation"),
}
"""Sections of the scenario under each fold, in their order."""
HIDDEN = ("simulation.replicates", "source.treatment", "source.outcome", "source.started_from")
"""What the page sets itself."""
RANGES: Mapping[str, str] = {
    "published": "Published range",
    "derived": "Range from published numbers",
    "own-data": "Range from the own diary",
    "unchecked": "Range from general knowledge, unchecked",
    "assumption": "Assumed range, without a source",
}
"""How the range of a number is known, by the status of its evidence."""

NOT_STATED = "not stated"
"""What the choice of a key that is left out is called."""


STATUS: Mapping[str, str] = {
    "published": "published", "derived": "derived from published numbers", "own-data": "from the own diary",
    "unchecked": "general knowledge, unchecked", "assumption": "assumed", YOURS: "yours, no source given",
}  # fmt: skip
"""How a number is known, by the status of its evidence."""
NO_SOURCE = "no source given"


@dataclass(frozen=True)
class Origin:
    """Origin of a number.

    Attributes
    ----------
    key : str
        Dotted key of its evidence.
    words : str
        How it is known.
    status, note : str
        Of its evidence, as one types them; empty where there is none.
    """

    key: str
    words: str
    status: str
    note: str


@dataclass(frozen=True)
class Field:
    """One input.

    Attributes
    ----------
    key : str
        Dotted key of the scenario.
    label, unit, sentence : str
    kind : {"number", "choice", "flag", "text"}
    text : str
        Its value, as one types it.
    reach : tuple of float or None
        Lowest and highest value, and step, of its slider.
    choices : dict of str to str
        Of a choice: what each value is called.
    origin : Origin or None
        Of a number that is believed rather than chosen.
    """

    key: str
    label: str
    unit: str
    sentence: str
    kind: str
    text: str
    reach: Reach | None
    choices: Mapping[str, str]
    origin: Origin | None = None


def first_fields(scenario: Scenario) -> list[Field]:
    """List inputs that matter first."""
    found = {entry.path: entry for entry in entries(scenario) if applies(scenario, entry.path)}
    return [_field(scenario, found[key]) for key in FIRST if key in found]


def folded_fields(scenario: Scenario) -> dict[str, dict[str, list[Field]]]:
    """Collect all other inputs by fold and table; the name is empty for a section's own."""
    folds: dict[str, dict[str, list[Field]]] = {title: {} for title in FOLDS}
    home = {section: title for title, sections in FOLDS.items() for section in sections}
    for entry in _shown_entries(scenario):
        name = str(getattr(entry.table, ARRAYS[entry.section])) if entry.section in ARRAYS else ""
        folds[home[entry.section]].setdefault(name, []).append(_field(scenario, entry))
    return {title: tables for title, tables in folds.items() if tables}


def values(scenario: Scenario) -> dict[str, str]:
    """Return the value of every input, as one types it."""
    found = {entry.path: as_typed(entry.value) for entry in entries(scenario)}
    for origin in origins(scenario):
        found |= {f"{origin.key}.status": origin.status, f"{origin.key}.note": origin.note}
    return found


def origins(scenario: Scenario) -> Iterator[Origin]:
    """Give the origin of each number that is believed rather than chosen."""
    known = evidence(scenario)
    return (origin for entry in entries(scenario) if (origin := _origin(scenario, entry, known)) is not None)


def _origin(scenario: Scenario, entry: Entry, evidence: Mapping[str, Evidence]) -> Origin | None:
    if entry.section not in DESCRIBING or not entry.is_number or entry.path in NOT_BELIEFS:
        return None
    key, one = f"evidence.{entry.path}", evidence.get(entry.path)
    if one is not None:
        return Origin(key, STATUS[one.status], one.status, one.note)
    is_changed = any(each.key == entry.path for each in scenario.evidence)
    return Origin(key, STATUS[YOURS] if is_changed or scenario.source.started_from else NO_SOURCE, "", "")


def labels(faults: Iterable[Fault]) -> tuple[str, ...]:
    """Name the inputs at fault by their labels, each once; by its key what is no input."""
    return tuple(dict.fromkeys(_label(fault.place) for fault in faults))


def _label(key: str) -> str:
    field, (_, table, _) = key_field(Scenario, key), split(key)
    if field is None or field.title is None:
        return key
    return f"{field.title} ({table})" if table else field.title


def _shown_entries(scenario: Scenario) -> Iterator[Entry]:
    sections = {section for held in FOLDS.values() for section in held}
    for entry in entries(scenario):
        is_name = entry.section in ARRAYS and entry.field == ARRAYS[entry.section]
        is_elsewhere = is_name or entry.path in (*FIRST, *HIDDEN)
        if entry.section in sections and not is_elsewhere and applies(scenario, entry.path):
            yield entry


def _field(scenario: Scenario, entry: Entry) -> Field:
    schema = entry.schema
    choices = {value: choice_in_words(entry.path, value) for value in schema.get("enum", ())}
    if choices and entry.info.default is None:
        choices = {"": NOT_STATED, **choices}
    kind = (
        "choice" if choices else "flag" if schema.get("type") == "boolean" else "number" if entry.is_number else "text"
    )
    return Field(
        key=entry.path,
        label=str(entry.info.title),
        unit=entry.unit,
        sentence=f"{entry.info.description}{_believable(scenario, entry)}",
        kind=kind,
        text=as_typed(entry.value),
        reach=_reach(scenario, entry),
        choices=choices,
        origin=_origin(scenario, entry, evidence(scenario)),
    )


def _reach(scenario: Scenario, entry: Entry) -> Reach | None:
    """Return the reach of a slider: as far as it is useful, and to where its value is."""
    useful = SLIDERS.get(f"{entry.section}.{entry.field}")
    if useful is None:
        return None
    width = scenario.outcome.scale[1] - scenario.outcome.scale[0] if "points" in entry.unit else 1.0
    low, high, step = (end * width for end in useful)
    held = [float(entry.value)] if isinstance(entry.value, int | float) else []
    return min([low, *held]), max([high, *held]), step


def _believable(scenario: Scenario, entry: Entry) -> str:
    """Word the range that a value may have by the scenario."""
    one = evidence(scenario).get(entry.path)
    return "" if one is None or one.range is None else f". {RANGES[one.status]}: {one.range[0]:g} to {one.range[1]:g}"
