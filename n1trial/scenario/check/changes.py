"""Values put into the tables of a scenario by dotted key, with what source and evidence make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from n1trial.scenario.check.fault import Fault
from n1trial.scenario.model.attribution import OF, TABLES, attribute, value_in
from n1trial.scenario.model.keys import ARRAYS, position, split
from n1trial.scenario.model.tables import Tables
from n1trial.wording import nearest

RATIONALE = ("source", *TABLES)
"""Sections that speak for the values of others."""


def put_all(values: dict[str, Any], changes: Mapping[str, object]) -> Iterator[Fault]:
    """Put values into nested tables in place, with what sources and evidence make of it.

    Parameters
    ----------
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
    _settle(values)
    rationale = {key: value for key, value in changes.items() if split(key)[0] in RATIONALE}
    for key, value in changes.items():
        if key not in rationale and (fault := put(values, key, value)):
            yield fault
    if any(split(key)[0] in OF for key in changes):
        before = _started_from(values)
        _settle(values)
        if _started_from(values) != before and "title" not in changes:
            values.pop("title", None)
    for key, value in rationale.items():
        _make_evidence(values, key)
        if fault := put(values, key, value):
            yield fault


def _settle(values: dict[str, Any]) -> None:
    fresh = attribute(Tables, values)
    values.clear()
    values.update(fresh)


def _started_from(values: Mapping[str, Any]) -> object:
    source = values.get("source")
    return source.get("started_from") if isinstance(source, Mapping) else None


def _make_evidence(values: dict[str, Any], key: str) -> None:
    """Make the evidence that a key is to be put into, where there is none that speaks for the value of now."""
    section, table, field = split(key)
    rows = values.get("evidence", [])
    if section != "evidence" or not table or field is None or not isinstance(rows, list | tuple):
        return
    place = position(rows, section, table)
    if place is None and not table.isdecimal():
        values["evidence"] = [*rows, {"key": table}]
    elif place is not None and isinstance(rows[place], Mapping) and field != "value":
        row = rows[place]
        now = value_in(Tables, values, row.get("key"))
        fresh = {"key": row["key"]} if row.get("value") not in (None, now) else dict(row)
        values["evidence"] = [*rows[:place], fresh, *rows[place + 1 :]]


def put(values: MutableMapping[str, object], key: str, value: object) -> Fault | None:
    """Put a value into nested tables, whether or not the key is a known one.

    Parameters
    ----------
    values : mutable mapping of str to object
        Sections by name, as a TOML file holds them; changed in place.
    key : str
        Dotted key.
    value : object
        The value; None takes the key out.

    Returns
    -------
    Fault or None
        A fault where there is no table to put it into.
    """
    section, table, field = split(key)
    if field is None:
        _set(values, section, value)
        return None
    holder = values.setdefault(section, [] if section in ARRAYS else {})
    if table is not None:
        tables = holder if isinstance(holder, list | tuple) else ()
        place = position(tables, section, table)
        if place is None:
            return _no_such_table(key, tables)
        holder = tables[place]
    if not isinstance(holder, dict):
        return Fault("no_table", key, {"section": section})
    _set(holder, field, value)
    return None


def _set(holder: MutableMapping[str, object], field: str, value: object) -> None:
    """Set or take out one value; numbers of NumPy become plain ones."""
    if value is None:
        holder.pop(field, None)
    else:
        holder[field] = value.item() if isinstance(value, np.generic) else value


def _no_such_table(key: str, tables: Sequence[object]) -> Fault:
    section, table, _ = split(key)
    names = [str(item.get(ARRAYS[section], "?")) for item in tables if isinstance(item, Mapping)]
    facts = {"section": section, "name": table, "names": names, "meant": nearest(table, names)}
    return Fault("unknown_name" if table else "no_name", key, facts)
