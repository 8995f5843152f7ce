"""Nested tables made into a scenario, or every fault in them at once: those of single keys and those across keys."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

from pydantic import ValidationError

from n1trial.errors import InputError
from n1trial.scenario.check.changes import put
from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.key_faults import MOST_FAULTS, faults_at, faulty_places, places
from n1trial.scenario.check.rules.across import RULES
from n1trial.scenario.check.rules.rule import faults_of_rules
from n1trial.scenario.check.rules.sound_values import Place, SoundValues, Values, sound_values
from n1trial.scenario.check.rules.unsettled import of_the_patient
from n1trial.scenario.model.attribution import attribute
from n1trial.scenario.model.keys import section_type
from n1trial.scenario.model.tables import Tables

AnyTables = TypeVar("AnyTables", bound=Tables)

WITHOUT_NUMBERS = ("evidence", "unsettled", "considered", "theory")
"""Arrays that no number of the patient has a part in; without them many unsettled numbers take little time."""


@dataclass(frozen=True)
class Validation(Generic[AnyTables]):
    """A scenario, or the faults that forbid it.

    Attributes
    ----------
    scenario : Tables or None
        None where there are faults.
    faults : tuple of Fault
        In the order of the sections; of very many those beyond `MOST_FAULTS` are counted.
    """

    scenario: AnyTables | None
    faults: tuple[Fault, ...]

    def with_faults(self, faults: Iterable[Fault]) -> Self:
        """Return the same with further faults before its own."""
        return replace(self, faults=(*faults, *self.faults))

    def sound(self) -> AnyTables:
        """Return the scenario.

        Raises
        ------
        InputError
            If there is any fault; with all faults.
        """
        if self.faults or self.scenario is None:
            raise InputError(map(str, self.faults))
        return self.scenario


def validate(kind: type[AnyTables], values: Values, context: Mapping[str, bool] | None = None) -> Validation[AnyTables]:
    """Make a scenario of nested tables, or find every fault in them.

    Parameters
    ----------
    kind : type of Tables
        What to make.
    values : mapping of str to object
        Sections by name, as a TOML file holds them.
    context : mapping, optional
        `AS_MADE` for what n1trial itself has sealed or written.
    """
    if unreadable := list(_unreadable(values)):
        return Validation(None, tuple(Fault("unreadable", key) for key in unreadable[:MOST_FAULTS]))
    values = _with_required(values)
    try:
        return Validation(kind.model_validate(values, context=context), ())
    except ValidationError as error:
        return Validation(None, tuple(_all_faults(attribute(Tables, values), places(error))))


def faults_of_keys(values: Values) -> list[Fault]:
    """Find the faults of single keys, which no other value of another key would mend; see `validate`."""
    if any(True for _ in _unreadable(values)):
        return []
    values = _with_required(values)
    return faults_at(values, faulty_places(values))


def faults_across(values: Values, bad: Iterable[Place] = ()) -> list[Fault]:
    """Find the faults across keys.

    Parameters
    ----------
    values : mapping of str to object
        Sections by name.
    bad : iterable of tuple
        Places of keys that are themselves at fault: a rule that reads one is passed over.

    Returns
    -------
    list of Fault
        In the order of the rules.
    """
    found = sound_values(values, set(bad))
    return [*faults_of_rules(RULES, found), *_faults_at_the_ends(values, found)]


def _all_faults(values: Values, kinds: Mapping[Place, str]) -> list[Fault]:
    """List the faults at some places, and those across all other keys, in the order of the sections."""
    order = {section: number for number, section in enumerate(Tables.model_fields)}
    faults = [*faults_at(values, kinds), *faults_across(values, kinds)]
    return sorted(faults, key=lambda fault: order.get(fault.section, len(order)))


def _faults_at_the_ends(values: Values, sound: SoundValues) -> Iterator[Fault]:
    """Find faults that speak of a number that is not known, with either end of its range in its place."""
    without = {section: held for section, held in values.items() if section not in WITHOUT_NUMBERS}
    for table in sound.tables.get("unsettled", ()) if sound.has_all_names else ():
        if "range" in table and table.get("key") in of_the_patient(sound.numbers):
            yield from _faults_at(str(table["key"]), dict.fromkeys(table["range"]), without)


def _faults_at(key: str, ends: Iterable[float], values: Values) -> Iterator[Fault]:
    for end in ends:
        changed: dict[str, Any] = copy.deepcopy(dict(values))
        put(changed, key, end)
        for fault in _all_faults(changed, faulty_places(changed)):
            if key in (fault.place, *fault.others):
                kind = "at_end" if fault.place == key else "elsewhere_at_end"
                yield Fault(kind, f"unsettled.{key}.range", {"end": end, "fault": fault}, (key,))


def _unreadable(values: object, place: str = "") -> Iterator[str]:
    """Find dotted keys that hold half of a character, as a command line can have them and no file."""
    if isinstance(values, Mapping):
        for key, held in values.items():
            dotted = f"{place}.{key}" if place else str(key)
            if not str(key).isascii() and any("\ud800" <= character <= "\udfff" for character in str(key)):
                yield dotted
            yield from _unreadable(held, dotted)
    elif isinstance(values, list | tuple):
        for held in values:
            yield from _unreadable(held, place)


def _with_required(values: Values) -> Values:
    """Put in the sections that must be there, so that their missing keys are told and not they."""
    required = {section for section, field in Tables.model_fields.items() if field.is_required()}
    return {**{section: {} for section in required if section_type(Tables, section)}, **values}
