"""Faults of single keys, in plain words: found by the types of the model, whatever the words of whoever found them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import islice

from pydantic import ValidationError

from n1trial.scenario.check.fault import NUMBERED, Fault, shown
from n1trial.scenario.check.rules.known import Place, Values, value_at
from n1trial.scenario.check.words import in_words, rule_of
from n1trial.scenario.model.keys import ARRAYS, properties, section_type
from n1trial.scenario.model.limits import broken_limit
from n1trial.scenario.model.section import LIMIT
from n1trial.scenario.model.tables import Tables
from n1trial.texts import is_number, near_miss

MOST_FAULTS = 1000
"""Keys whose faults are told one by one."""

MORE = "and besides"
"""What stands in the place of a key where faults are counted only."""


def faults_at(values: Values, kinds: Mapping[Place, str]) -> list[Fault]:
    """Tell the faults at some places, and count those beyond `MOST_FAULTS`."""
    faults = [_fault(values, place, kinds[place]) for place in islice(kinds, MOST_FAULTS)]
    more = len(kinds) - len(faults)
    return faults + ([Fault(MORE, f"{more:,} keys are at fault as well")] if more else [])


def faulty_places(values: Values) -> dict[Place, str]:
    """Places of keys that break a rule of their own, each with its kind."""
    try:
        Tables.model_validate(values)
    except ValidationError as error:
        return places(error)
    return {}


def places(error: ValidationError) -> dict[Place, str]:
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
        return " (without quotes)" if value.strip().lower() in ("true", "false") or is_number(value) else ""
    if isinstance(value, float) and not math.isfinite(value):
        return " (NaN and infinity are refused)"
    if wanted == "string" and isinstance(value, int | float):
        return " (in quotes)"
    return ""
