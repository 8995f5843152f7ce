"""Every fault of a scenario at once, those of single keys and those across keys, in plain words."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, Self, TypeVar

from pydantic import ValidationError

from n1trial.errors import InputError
from n1trial.scenario.check import rules
from n1trial.scenario.check.changes import put
from n1trial.scenario.check.fault import NUMBERED, Fault, shown
from n1trial.scenario.check.partial import Place, Values, value_at, without
from n1trial.scenario.check.unsettled_rules import numbers_of_the_patient, with_range
from n1trial.scenario.check.words import in_words, rule_of
from n1trial.scenario.model.keys import ARRAYS, section_type
from n1trial.scenario.model.limits import broken_limit
from n1trial.scenario.model.properties import properties
from n1trial.scenario.model.section import LIMIT
from n1trial.scenario.model.tables import Tables
from n1trial.texts import near_miss

Held = TypeVar("Held", bound=Tables)

MOST_FAULTS = 1000
"""Keys whose faults are told one by one."""

WITHOUT_NUMBERS = ("evidence", "unsettled", "considered", "theory")
"""Arrays that no number of the patient has a part in; without them many unsettled numbers take little time."""

MORE = "and besides"
"""What stands in the place of a key where faults are counted only."""


@dataclass(frozen=True)
class Validation(Generic[Held]):
    """A scenario, or the faults that forbid it.

    Attributes
    ----------
    scenario : Tables or None
        None where there are faults.
    faults : tuple of Fault
        In the order of the sections; of very many those beyond `MOST_FAULTS` are counted.
    """

    scenario: Held | None
    faults: tuple[Fault, ...]

    def with_faults(self, faults: Iterable[Fault]) -> Self:
        """Return the same with further faults before its own."""
        return replace(self, faults=(*faults, *self.faults))

    def sound(self) -> Held:
        """Return the scenario.

        Raises
        ------
        InputError
            If there is any fault; with all faults.
        """
        if self.faults or self.scenario is None:
            raise InputError(map(str, self.faults))
        return self.scenario


def validate(kind: type[Held], values: Values, context: Mapping[str, bool] | None = None) -> Validation[Held]:
    """Make a scenario of nested tables, or find every fault in them.

    Parameters
    ----------
    kind : type of Tables
        What to make.
    values : mapping of str to object
        Sections by name, as a TOML file holds them.
    context : mapping, optional
        `AS_MADE` for what n1trial itself has sealed or written.

    Returns
    -------
    Validation
    """
    if unreadable := list(_unreadable(values)):
        return Validation(
            None, tuple(Fault(key, "is no key, for no file can hold it") for key in unreadable[:MOST_FAULTS])
        )
    values = _with_required(values)
    try:
        return Validation(kind.model_validate(values, context=context), ())
    except ValidationError as error:
        return Validation(None, _all_faults(values, _places(error)))


def faults_across(scenario: Tables, is_partial: bool = False) -> list[Fault]:
    """Find the faults across keys, each of which is without fault by itself; see `rules.broken`."""
    faults = rules.broken(scenario, is_partial)
    try:
        faults += _faults_at_the_ends(scenario)
    except AttributeError:
        if not is_partial:
            raise
    return faults


def _all_faults(values: Values, kinds: Mapping[Place, str]) -> tuple[Fault, ...]:
    """Faults at some places, and those across all other keys, in the order of the sections."""
    faults = _faults(values, kinds) + faults_across(without(values, set(kinds)), is_partial=bool(kinds))
    order = {section: number for number, section in enumerate(Tables.model_fields)}
    return tuple(sorted(faults, key=lambda fault: order.get(fault.section, len(order))))


def _faults_at_the_ends(scenario: Tables) -> Iterator[Fault]:
    """Faults that speak of a number that is not known, with either end of its range in its place."""
    numbers = numbers_of_the_patient(scenario)
    values = {
        section: held
        for section, held in scenario.model_dump(exclude_unset=True, warnings=False).items()
        if section not in WITHOUT_NUMBERS
    }
    for unsettled in with_range(scenario):
        for end in dict.fromkeys(unsettled.range if unsettled.key in numbers else ()):
            changed = copy.deepcopy(values)
            put(changed, unsettled.key, end)
            for fault in _all_faults(changed, _faulty_places(changed)):
                if unsettled.key in (fault.key, *fault.others):
                    told = fault.rule if fault.key == unsettled.key else str(fault)
                    rule = f"at its end {shown(end)}, {told}"
                    yield Fault(f"unsettled.{unsettled.key}.range", rule, (unsettled.key,))


def faults_of_keys(values: Values) -> list[Fault]:
    """Find the faults of single keys, which no other value of another key would mend; see `validate`."""
    if any(True for _ in _unreadable(values)):
        return []
    values = _with_required(values)
    return _faults(values, _faulty_places(values))


def _faults(values: Values, kinds: Mapping[Place, str]) -> list[Fault]:
    """Tell the faults at some places, and count those beyond `MOST_FAULTS`."""
    faults = [_fault(values, place, kinds[place]) for place in islice(kinds, MOST_FAULTS)]
    more = len(kinds) - len(faults)
    return faults + ([Fault(MORE, f"{more:,} keys are at fault as well")] if more else [])


def _unreadable(values: object, place: str = "") -> Iterator[str]:
    """Dotted keys that hold half of a character, as a command line can have them and no file."""
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


def _faulty_places(values: Values) -> dict[Place, str]:
    """Places of keys that break a rule of their own, each with its kind."""
    try:
        Tables.model_validate(values)
    except ValidationError as error:
        return _places(error)
    return {}


def _places(error: ValidationError) -> dict[Place, str]:
    """Places of keys at fault, each with its kind; that of the whole apart, which rules across keys break."""
    kinds: dict[Place, str] = {}
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        if place := _of_key(one["loc"]):
            kinds.setdefault(place, one["type"] if place == one["loc"] else "value")
    return kinds


def _of_key(place: Place) -> Place:
    """Place of the key that holds a place: what is wrong within a value is a fault of its key."""
    return place[: 3 if place and place[0] in ARRAYS else 2]


def _fault(values: Values, place: Place, kind: str) -> Fault:
    """Tell the fault at a place, whatever the words of whoever found it."""
    key, value = _key(values, place), value_at(values, place)
    section = str(place[0])
    if kind == "missing":
        return Fault(key, "required key is missing")
    if kind == "extra_forbidden":
        return Fault(key, f"unknown key{_known_key(place)}")
    table = section_type(Tables, section)
    if kind == LIMIT:
        holder = Tables if table is None or len(place) == 1 else table
        rule = broken_limit(str(place[-1]), holder.model_fields[str(place[-1])], value)
        return Fault(key, str(rule))
    if table is None:
        return Fault(key, f"must be {rule_of(Tables, section)}, but is {shown(value)}{_hint({}, value)}")
    if len(place) == (3 if section in ARRAYS else 2):
        schema = properties(table)[str(place[-1])]
        words = "two different numbers, the lower first" if kind == "pair_width" else in_words(schema)
        return Fault(key, f"must be {words}, but is {shown(value)}{_hint(schema, value)}")
    one, many = f"under [{section}]", f"under [[{section}]]"
    if section in ARRAYS and isinstance(value, Mapping):
        return Fault(key, f"must be {many}, not {one}: there can be any number of them")
    if section not in ARRAYS and isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return Fault(key, f"must be {one}, not {many}: there is only one")
    return Fault(key, f"must be a table {many if section in ARRAYS else one}, but is {shown(value)}")


def _key(values: Values, place: Place) -> str:
    """Dotted key of a place; a table of an array by its name, else by its number as a reader counts."""
    section, *rest = place
    if section not in ARRAYS or not rest:
        return ".".join(map(str, place))
    number, *field = rest
    name = value_at(values, (section, number, ARRAYS[str(section)]))
    if isinstance(name, str) and name.strip():
        return ".".join([str(section), name, *map(str, field)])
    return ": ".join([f"{section}{NUMBERED}{int(number) + 1}", *map(str, field)])


def _known_key(place: Place) -> str:
    """Hint at the key that was probably meant."""
    word = str(place[-1])
    tables = {section: section_type(Tables, section) for section in Tables.model_fields}
    here = tables.get(str(place[0])) if len(place) > 1 else Tables
    if here is not None and (hint := near_miss(word, here.model_fields)):
        return hint
    homes = [f"[{section}]" for section, table in tables.items() if table is not None and word in table.model_fields]
    return f" (it belongs in {' or '.join(homes)})" if homes else ""


def _hint(schema: Mapping[str, object], value: object) -> str:
    """Hint at a slip of the pen."""
    wanted = schema.get("type", "string")
    if isinstance(value, str) and "enum" in schema:
        return near_miss(value, [str(word) for word in schema["enum"]])  # type: ignore[attr-defined]
    if isinstance(value, str) and wanted == "number" and re.fullmatch(r"[+-]?\d*,\d+", value.strip()):
        return " (with a point, not a comma)"
    if isinstance(value, str) and wanted in ("number", "integer", "boolean"):
        return " (without quotes)" if value.strip().lower() in ("true", "false") or _is_number(value) else ""
    if isinstance(value, float) and not math.isfinite(value):
        return " (NaN and infinity are refused)"
    if wanted == "string" and isinstance(value, int | float):
        return " (in quotes)"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
