"""What sources, evidence and cautions of a scenario speak for: these values, this treatment and this outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from n1trial.scenario.model import keys
from n1trial.scenario.model.about import Source
from n1trial.scenario.model.keys import section_type
from n1trial.scenario.model.section import Section

TABLES = ("evidence", "considered", "cautions", "theory")
"""What was written for one treatment and one outcome, besides the source."""
OF = {"treatment": ("treatment", "name"), "outcome": ("outcome", "name")}
"""Keys of the source that say what it was written for, and where the scenario has them."""


def attribute(tables: type[Section], values: Mapping[str, Any]) -> dict[str, Any]:
    """Note what source and evidence speak for, where they do not say it, and leave out what speaks for another trial.

    Parameters
    ----------
    tables : type of Section
        Model of all tables.
    values : mapping of str to object
        Sections by name, as a TOML file holds them, with or without faults; not changed.

    Returns
    -------
    dict of str to object
        Evidence states the value that it speaks for, and the source its treatment and outcome. Where the source was
        written for another treatment or outcome, it, evidence, answers, cautions and theories are left out, and
        ``source.started_from`` names what they were about.
    """
    names = {key: _text(values, *place) for key, place in OF.items()}
    found = dict(values)
    source = found.get("source", {})
    if "" in names.values() or not isinstance(source, Mapping):
        return found
    before = {key: source.get(key) or name for key, name in names.items()}
    if all(isinstance(name, str) and _is_same(name, names[key]) for key, name in before.items()):
        if _says_anything(found):
            found["source"] = {**source, **{key: source.get(key) or name for key, name in names.items()}}
        if isinstance(found.get("evidence"), list | tuple):
            found["evidence"] = [_with_value(tables, found, row) for row in found["evidence"]]
        return found
    if not _is_sound(source):
        return found
    for part in TABLES:
        found.pop(part, None)
    unsettled = found.get("unsettled")
    if isinstance(unsettled, list | tuple):
        found["unsettled"] = [_without_note(row) for row in unsettled]
    return {**found, "source": {**names, "started_from": ", ".join(before.values())}}


def _says_anything(values: Mapping[str, Any]) -> bool:
    """Whether there is a word on where numbers come from, or what to be careful about."""
    source, cautions = values.get("source", {}), values.get("cautions", {})
    words = [source.get(name) for name in ("citation", "reported", "note")]
    words += [cautions.get(name) for name in ("block", "own")] if isinstance(cautions, Mapping) else []
    return any(words) or any(values.get(part) for part in ("evidence", "considered", "theory"))


def _is_sound(source: Mapping[str, Any]) -> bool:
    """Whether a source is without fault; a faulty one is left to be told of."""
    try:
        Source.model_validate(source)
    except ValidationError:
        return False
    return True


def _with_value(tables: type[Section], values: Mapping[str, Any], row: object) -> object:
    """Return evidence with the value that it speaks for."""
    if not isinstance(row, Mapping) or row.get("value") is not None:
        return row
    value = value_in(tables, values, row.get("key"))
    return row if value is None else {**row, "value": value}


def value_in(tables: type[Section], values: Mapping[str, Any], key: object) -> float | None:
    """Return the number that tables hold under a dotted key, else its default; None where it is none."""
    if not isinstance(key, str):
        return None
    section, table, name = keys.split(key)
    held: Any = values.get(section, {})
    if table is not None and isinstance(held, list | tuple):
        place = keys.position(held, section, table)
        held = {} if place is None else held[place]
    kind = section_type(tables, section)
    if name is None or kind is None or not isinstance(held, Mapping):
        return None
    value = held[name] if name in held else getattr(kind.model_fields.get(name), "default", None)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(values: Mapping[str, Any], section: str, name: str) -> str:
    held = values.get(section)
    text = held.get(name) if isinstance(held, Mapping) else None
    return text.strip() if isinstance(text, str) else ""


def _is_same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _without_note(row: object) -> object:
    return {name: value for name, value in row.items() if name != "note"} if isinstance(row, Mapping) else row
