"""Faults of single keys, in plain words: found by the types of the model, whatever the words of whoever found them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import islice

from pydantic import ValidationError

from n1trial.scenario.check.fault import NUMBERED, Fault
from n1trial.scenario.check.rules.sound_values import Place, Values, value_at
from n1trial.scenario.model.keys import ARRAYS, properties, section_type
from n1trial.scenario.model.limits import broken_limit
from n1trial.scenario.model.section import LIMIT
from n1trial.scenario.model.tables import Tables
from n1trial.texts import is_number
from n1trial.wording import nearest

MOST_FAULTS = 1000
"""Keys whose faults are told one by one."""

MORE = "and besides"
"""What stands in the place of a key where faults are counted only."""


def faults_at(values: Values, kinds: Mapping[Place, str]) -> list[Fault]:
    """Tell the faults at some places, and count those beyond `MOST_FAULTS`."""
    faults = [_fault(values, place, kinds[place]) for place in islice(kinds, MOST_FAULTS)]
    more = len(kinds) - len(faults)
    return faults + ([Fault("more", MORE, {"more": more})] if more else [])


def faulty_places(values: Values) -> dict[Place, str]:
    """Find the places of keys that break a rule of their own, each with its kind."""
    try:
        Tables.model_validate(values)
    except ValidationError as error:
        return places(error)
    return {}


def places(error: ValidationError) -> dict[Place, str]:
    """Return places of keys at fault, each with its kind; that of the whole apart, which rules across keys break."""
    kinds: dict[Place, str] = {}
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        if place := _of_key(one["loc"]):
            kinds.setdefault(place, one["type"] if place == one["loc"] else "value")
    return kinds


def _of_key(place: Place) -> Place:
    """Return the place of the key that holds a place: what is wrong within a value is a fault of its key."""
    return place[: 3 if place and place[0] in ARRAYS else 2]


def _fault(values: Values, place: Place, kind: str) -> Fault:
    """Tell the fault at a place, whatever the words of whoever found it."""
    key, value = _key(values, place), value_at(values, place)
    section, field = str(place[0]), str(place[-1])
    table = section_type(Tables, section)
    if kind == "missing":
        return Fault("missing", key)
    if kind == "extra_forbidden":
        return _unknown(key, place)
    if kind == LIMIT:
        holder = Tables if table is None or len(place) == 1 else table
        return Fault("limit", key, {"limit": broken_limit(field, holder.model_fields[field], value)})
    if table is None:
        return Fault("type", key, {"schema": properties(Tables)[section], "value": value, **_likely({}, value)})
    if len(place) == (3 if section in ARRAYS else 2):
        if kind == "pair_width":
            return Fault("no_width", key, {"value": value})
        schema = properties(table)[field]
        return Fault("type", key, {"schema": schema, "value": value, **_likely(schema, value)})
    if section in ARRAYS:
        kind = "many_tables" if isinstance(value, Mapping) else "tables"
        return Fault(kind, key, {"section": section, "value": value})
    are_many = isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
    return Fault("one_table" if are_many else "table", key, {"section": section, "value": value})


def _key(values: Values, place: Place) -> str:
    """Return the dotted key of a place; a table of an array by its name, else by its number as a reader counts."""
    section, *rest = place
    if section not in ARRAYS or not rest:
        return ".".join(map(str, place))
    number, *field = rest
    name = value_at(values, (section, number, ARRAYS[str(section)]))
    if isinstance(name, str) and name.strip():
        return ".".join([str(section), name, *map(str, field)])
    return ": ".join([f"{section}{NUMBERED}{int(number) + 1}", *map(str, field)])


def _unknown(key: str, place: Place) -> Fault:
    """Tell that a key is unknown, and which was probably meant."""
    word = str(place[-1])
    tables = {section: section_type(Tables, section) for section in Tables.model_fields}
    here = tables.get(str(place[0])) if len(place) > 1 else Tables
    meant = nearest(word, here.model_fields) if here is not None else None
    homes = [f"[{section}]" for section, table in tables.items() if table is not None and word in table.model_fields]
    if meant is None and homes:
        return Fault("elsewhere", key, {"sections": homes})
    return Fault("unknown", key, {"meant": meant})


def _likely(schema: Mapping[str, object], value: object) -> dict[str, str | None]:
    """Find the word that was probably meant, or the slip of the pen."""
    words = schema.get("enum")
    if isinstance(value, str) and isinstance(words, list):
        return {"meant": nearest(value, map(str, words)), "slip": None}
    return {"meant": None, "slip": _slip(schema.get("type", "string"), value)}


def _slip(choices: object, value: object) -> str | None:
    if isinstance(value, str) and choices == "number" and re.fullmatch(r"[+-]?\d*,\d+", value.strip()):
        return "comma"
    if isinstance(value, str) and choices in ("number", "integer", "boolean"):
        return "quotes" if value.strip().lower() in ("true", "false") or is_number(value) else None
    if isinstance(value, float) and not math.isfinite(value):
        return "no_number"
    return "no_quotes" if choices == "string" and isinstance(value, int | float) else None
