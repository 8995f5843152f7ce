"""Designs put beside each other: kept, named, and told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from n1trial.errors import InputError
from n1trial.scenario.check.matters import DESCRIPTIVE, applies
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.keys import ARRAYS
from n1trial.scenario.scenario import Scenario
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.plan.sliders import FIRST
from n1trial.web.shared.plan.value_words import value_in_words

MOST = 3
"""Designs that are kept at most: more do not stand side by side."""
LONGEST_NAME = 40
NOT_COMPARED = ("name", "title", "simulation.replicates", "source.treatment", "source.outcome", "source.started_from")
"""Keys that make no other trial."""
UNTOLD_TABLES = ("evidence", "unsettled", "considered", "cautions", "theory")
ABSENT = "does not apply"


@dataclass(frozen=True)
class NamedDesign:
    """A design that is kept.

    Attributes
    ----------
    name : str
        Short, and no other's among those kept.
    draft : Draft
        Without faults.
    """

    name: str
    draft: Draft

    @property
    def scenario(self) -> Scenario:
        """The design as a scenario."""
        scenario = self.draft.scenario
        assert scenario is not None  # none with faults is kept
        return scenario


def keep(designs: Sequence[NamedDesign], draft: Draft, name: str = "") -> tuple[NamedDesign, ...]:
    """Put a design beside others.

    Parameters
    ----------
    designs : sequence of NamedDesign
    draft : Draft
    name : str, optional
        What to call it; by default "Plan 1" and so on.

    Raises
    ------
    InputError
        If three are kept already, the same design is, or anything is wrong with it.
    """
    if draft.scenario is None:
        raise InputError(tuple(map(str, draft.faults)))
    if len(designs) >= MOST:
        raise InputError(f"{MOST} designs are kept already, as many as can be compared; remove one first")
    same = next((one.name for one in designs if is_same_trial(one.scenario, draft.scenario)), None)
    if same is not None:
        raise InputError(f"this design is kept already: it is {same}")
    taken = {one.name for one in designs}
    return (*designs, NamedDesign(next(each for each in _names(name) if each not in taken), draft))


def remove(designs: Sequence[NamedDesign], name: str) -> tuple[NamedDesign, ...]:
    """Remove the design of that name."""
    return tuple(one for one in designs if one.name != name)


def rename(designs: Sequence[NamedDesign], name: str, new: str) -> tuple[NamedDesign, ...]:
    """Call a design by another name.

    Raises
    ------
    InputError
        If the name is empty, too long, or another's.
    """
    new = " ".join(new.split())
    if not new:
        raise InputError(f"name of {name}: cannot be empty")
    if len(new) > LONGEST_NAME:
        raise InputError(f"name of {name}: must be of {LONGEST_NAME} characters at most, but has {len(new)}")
    if any(one.name == new for one in designs if one.name != name):
        raise InputError(f"name of {name}: another design is called {new} already")
    return tuple(replace(one, name=new) if one.name == name else one for one in designs)


def assign_slots(slots: Sequence[NamedDesign | None], designs: Sequence[NamedDesign]) -> tuple[NamedDesign | None, ...]:
    """Give each design a seat that it has for as long as it is kept, whatever it is called and whichever go.

    Parameters
    ----------
    slots : sequence of NamedDesign or None
        As many as there can be designs, as they were taken.
    designs : sequence of NamedDesign
    """
    now = [next((one for one in designs if seat is not None and one.draft == seat.draft), None) for seat in slots]
    for one in designs:
        if one not in now:
            now[now.index(None)] = one
    return tuple(now)


def trial_of(scenario: Scenario) -> Scenario:
    """Return the scenario without what makes no other trial: two of the same give the same figures."""
    told = {section: None for section in DESCRIPTIVE if section != "unsettled"}
    return scenario.replace(**{"name": "trial", "title": None, "simulation.replicates": None, **told})


def is_same_trial(one: Scenario, other: Scenario) -> bool:
    """Return True if two scenarios give the same figures of each trial, whatever their texts say."""
    return one == other or trial_of(one) == trial_of(other)


@dataclass(frozen=True)
class DesignDifference:
    """A key in which designs differ.

    Attributes
    ----------
    label, key : str
    values : tuple of str
        Of each design, in words; "does not apply" where it has no such key, or it means nothing there.
    """

    label: str
    key: str
    values: tuple[str, ...]

    @property
    def is_first(self) -> bool:
        """Whether it matters first, or is of the layout or the analysis."""
        return self.key in FIRST or self.key.partition(".")[0] in ("design", "analysis")


def differences(scenarios: Sequence[Scenario]) -> list[DesignDifference]:
    """Find keys in which designs differ: inputs that matter first, then all others in the order of the file."""
    told = [dict(_label_values(scenario)) for scenario in scenarios]
    labels = {key: one.label for each in told for key, one in each.items()}
    rows = [
        DesignDifference(label, key, tuple(each[key].words if key in each else ABSENT for each in told))
        for key, label in labels.items()
        if any(key not in each or each[key].value != told[0][key].value for each in told)
    ]
    return sorted(rows, key=lambda row: FIRST.index(row.key) if row.key in FIRST else len(FIRST))


@dataclass(frozen=True)
class _LabeledValue:
    """Value of a key with what it is called, and the value in words."""

    label: str
    value: object
    words: str


def _label_values(scenario: Scenario) -> Iterator[tuple[str, _LabeledValue]]:
    """Give label, value and words of every key that applies, by key."""
    for entry in entries(scenario):
        is_name = entry.field == ARRAYS.get(entry.section)
        is_told = entry.section not in UNTOLD_TABLES and entry.path not in NOT_COMPARED and not is_name
        if is_told and applies(scenario, entry.path):
            yield entry.path, _LabeledValue(entry.label, entry.value, value_in_words(entry))


def _names(name: str) -> Iterator[str]:
    """Yield the name that is wanted, and others like it."""
    if name:
        yield name
    number = 2 if name else 1
    while True:
        yield f"{name or 'Plan'} {number}"
        number += 1
