"""What sources, evidence and cautions of a scenario speak for: these values, this treatment and this outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from n1trial.scenario.check import keys
from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.partial import section_type

if TYPE_CHECKING:
    from n1trial.scenario.model.scenario import Scenario

TABLES = ("evidence", "considered", "cautions", "theory")
"""What was written for one treatment and one outcome, besides the source."""
RATIONALE = ("source", *TABLES)
OF = {"treatment": ("treatment", "name"), "outcome": ("outcome", "name")}
"""Keys of the source that say what it was written for, and where the scenario has them."""


def settled(scenario_type: type[Scenario], values: Mapping[str, Any]) -> dict[str, Any]:
    """Note what source and evidence speak for, where they do not say it, and leave out what speaks for another trial.

    Parameters
    ----------
    scenario_type : type of Scenario
        The model.
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
            found["evidence"] = [_with_value(scenario_type, found, row) for row in found["evidence"]]
        return found
    if not _is_sound(scenario_type, source):
        return found
    for part in TABLES:
        found.pop(part, None)
    unsettled = found.get("unsettled")
    if isinstance(unsettled, list | tuple):
        found["unsettled"] = [_without_note(row) for row in unsettled]
    return {**found, "source": {**names, "started_from": ", ".join(before.values())}}


def put_all(scenario_type: type[Scenario], values: dict[str, Any], changes: Mapping[str, object]) -> Iterator[Fault]:
    """Put values into nested tables in place, with what sources and evidence make of it.

    Parameters
    ----------
    scenario_type : type of Scenario
        The model.
    values : dict of str to object
        Sections by name; changed in place.
    changes : mapping of str to object
        By dotted key; None takes a key back to its default. A title that was written for another treatment or outcome
        goes with these. ``evidence.KEY.note`` makes the evidence where there is none, or where what is there speaks
        for another value.

    Yields
    ------
    Fault
        Where there is no table to put a value into.
    """
    _settle(scenario_type, values)
    rationale = {key: value for key, value in changes.items() if keys.split(key)[0] in RATIONALE}
    for key, value in changes.items():
        if key not in rationale and (fault := keys.put(values, key, value)):
            yield fault
    if any(keys.split(key)[0] in OF for key in changes):
        before = _started_from(values)
        _settle(scenario_type, values)
        if _started_from(values) != before and "title" not in changes:
            values.pop("title", None)
    for key, value in rationale.items():
        _make_evidence(scenario_type, values, key)
        if fault := keys.put(values, key, value):
            yield fault


def _settle(scenario_type: type[Scenario], values: dict[str, Any]) -> None:
    fresh = settled(scenario_type, values)
    values.clear()
    values.update(fresh)


def _started_from(values: Mapping[str, Any]) -> object:
    source = values.get("source")
    return source.get("started_from") if isinstance(source, Mapping) else None


def _make_evidence(scenario_type: type[Scenario], values: dict[str, Any], key: str) -> None:
    """Make the evidence that a key is to be put into, where there is none that speaks for the value of now."""
    section, table, field = keys.split(key)
    rows = values.get("evidence", [])
    if section != "evidence" or not table or field is None or not isinstance(rows, list | tuple):
        return
    place = keys.position(rows, section, table)
    if place is None and not table.isdecimal():
        values["evidence"] = [*rows, {"key": table}]
    elif place is not None and isinstance(rows[place], Mapping) and field != "value":
        row = rows[place]
        now = _value(scenario_type, values, row.get("key"))
        fresh = {"key": row["key"]} if row.get("value") not in (None, now) else dict(row)
        values["evidence"] = [*rows[:place], fresh, *rows[place + 1 :]]


def _says_anything(values: Mapping[str, Any]) -> bool:
    """Whether there is a word on where numbers come from, or what to be careful about."""
    source, cautions = values.get("source", {}), values.get("cautions", {})
    words = [source.get(name) for name in ("citation", "reported", "note")]
    words += [cautions.get(name) for name in ("block", "own")] if isinstance(cautions, Mapping) else []
    return any(words) or any(values.get(part) for part in ("evidence", "considered", "theory"))


def _is_sound(scenario_type: type[Scenario], source: Mapping[str, Any]) -> bool:
    """Whether a source is without fault; a faulty one is left to be told of."""
    kind = section_type(scenario_type, "source")
    assert kind is not None
    try:
        kind.model_validate(source)
    except ValidationError:
        return False
    return True


def _with_value(scenario_type: type[Scenario], values: Mapping[str, Any], row: object) -> object:
    """Evidence with the value that it speaks for."""
    if not isinstance(row, Mapping) or row.get("value") is not None:
        return row
    value = _value(scenario_type, values, row.get("key"))
    return row if value is None else {**row, "value": value}


def _value(scenario_type: type[Scenario], values: Mapping[str, Any], key: object) -> float | None:
    """Number that tables hold under a dotted key, else its default; None where it is none."""
    if not isinstance(key, str):
        return None
    section, table, name = keys.split(key)
    held: Any = values.get(section, {})
    if table is not None and isinstance(held, list | tuple):
        place = keys.position(held, section, table)
        held = {} if place is None else held[place]
    kind = section_type(scenario_type, section)
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
