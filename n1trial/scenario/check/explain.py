"""Every fault of a scenario at once, those of single keys and those across keys, in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from pydantic import ValidationError

from n1trial.scenario.check import rules
from n1trial.scenario.check.fault import NUMBERED, Fault, near_miss, shown
from n1trial.scenario.check.keys import ARRAYS
from n1trial.scenario.check.partial import Place, Tables, section_type, value_at, without
from n1trial.scenario.check.words import in_words, properties, rule_of
from n1trial.scenario.model.limits import broken_limit
from n1trial.scenario.model.section import LIMIT

if TYPE_CHECKING:
    from n1trial.scenario.model.scenario import Scenario

MOST_FAULTS = 1000
"""Keys whose faults are told one by one."""

MORE = "and besides"
"""What stands in the place of a key where faults are counted only."""


def faults_in(scenario_type: type[Scenario], values: Tables, context: Mapping[str, bool] | None = None) -> list[Fault]:
    """Find every fault of nested tables that are meant to be a scenario.

    Parameters
    ----------
    scenario_type : type of Scenario
        The model.
    values : mapping of str to object
        Sections by name, as a TOML file holds them.
    context : mapping, optional
        `AS_MADE` for what n1trial itself has sealed or written.

    Returns
    -------
    list of Fault
        In the order of the sections; empty for a scenario without fault. Of very many those beyond `MOST_FAULTS` are
        counted.
    """
    if unreadable := list(_unreadable(values)):
        return [Fault(key, "is no key, for no file can hold it") for key in unreadable[:MOST_FAULTS]]
    values = _with_required(scenario_type, values)
    kinds = _faulty_places(scenario_type, values, context)
    if kinds is None:
        return []
    faults = _faults(scenario_type, values, kinds)
    faults += rules.broken(without(scenario_type, values, set(kinds)), is_partial=bool(kinds))
    order = [*scenario_type.model_fields]
    return sorted(faults, key=lambda fault: order.index(fault.section) if fault.section in order else len(order))


def faults_of_keys(scenario_type: type[Scenario], values: Tables) -> list[Fault]:
    """Find the faults of single keys, which no other value of another key would mend; see `faults_in`."""
    if any(True for _ in _unreadable(values)):
        return []
    values = _with_required(scenario_type, values)
    return _faults(scenario_type, values, _faulty_places(scenario_type, values) or {})


def _faults(scenario_type: type[Scenario], values: Tables, kinds: Mapping[Place, str]) -> list[Fault]:
    """Tell the faults at some places, and count those beyond `MOST_FAULTS`."""
    faults = [_fault(scenario_type, values, place, kinds[place]) for place in islice(kinds, MOST_FAULTS)]
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


def _with_required(scenario_type: type[Scenario], values: Tables) -> Tables:
    """Put in the sections that must be there, so that their missing keys are told and not they."""
    required = {section for section, field in scenario_type.model_fields.items() if field.is_required()}
    return {**{section: {} for section in required if section_type(scenario_type, section)}, **values}


def _faulty_places(
    scenario_type: type[Scenario], values: Tables, context: Mapping[str, bool] | None = None
) -> dict[Place, str] | None:
    """Places of keys that break a rule of their own, with its kind; None where no rule at all is broken."""
    kinds: dict[Place, str] = {}
    try:
        scenario_type.model_validate(values, context=context)
        return None
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=False):
            if place := _of_key(one["loc"]):
                kinds.setdefault(place, one["type"] if place == one["loc"] else "value")
    return kinds


def _of_key(place: Place) -> Place:
    """Place of the key that holds a place: what is wrong within a value is a fault of its key."""
    return place[: 3 if place and place[0] in ARRAYS else 2]


def _fault(scenario_type: type[Scenario], values: Tables, place: Place, kind: str) -> Fault:
    """Tell the fault at a place, whatever the words of whoever found it."""
    key, value = _key(values, place), value_at(values, place)
    section = str(place[0])
    if kind == "missing":
        return Fault(key, "required key is missing")
    if kind == "extra_forbidden":
        return Fault(key, f"unknown key{_known_key(scenario_type, place)}")
    table = section_type(scenario_type, section)
    if kind == LIMIT:
        holder = scenario_type if table is None or len(place) == 1 else table
        rule = broken_limit(str(place[-1]), holder.model_fields[str(place[-1])], value)
        return Fault(key, str(rule))
    if table is None:
        return Fault(key, f"must be {rule_of(scenario_type, section)}, but is {shown(value)}{_hint({}, value)}")
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


def _key(values: Tables, place: Place) -> str:
    """Dotted key of a place; a table of an array by its name, else by its number as a reader counts."""
    section, *rest = place
    if section not in ARRAYS or not rest:
        return ".".join(map(str, place))
    number, *field = rest
    name = value_at(values, (section, number, ARRAYS[str(section)]))
    if isinstance(name, str) and name.strip():
        return ".".join([str(section), name, *map(str, field)])
    return ": ".join([f"{section}{NUMBERED}{int(number) + 1}", *map(str, field)])


def _known_key(scenario_type: type[Scenario], place: Place) -> str:
    """Hint at the key that was probably meant."""
    word = str(place[-1])
    tables = {section: section_type(scenario_type, section) for section in scenario_type.model_fields}
    here = tables.get(str(place[0])) if len(place) > 1 else scenario_type
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
