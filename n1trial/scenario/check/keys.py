"""Dotted keys: how a value within a scenario is named on the command line and in messages."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence

import numpy as np

from n1trial.scenario.check.fault import Fault, listed, near_miss

ARRAYS = {
    "evidence": "key", "unsettled": "key", "considered": "question", "theory": "name", "trigger": "name",
    "secondary": "name",
}  # fmt: skip
"""Arrays of tables, each with the key whose value names one of its tables."""


def split(key: str) -> tuple[str, str | None, str | None]:
    """Section, table and key of a dotted key: ``trigger.caffeine.effect`` → ``trigger``, ``caffeine``, ``effect``.

    The names of tables may hold dots themselves.
    """
    section, dot, rest = key.partition(".")
    if not dot:
        return section, None, None
    if section in ARRAYS:
        table, _, field = rest.rpartition(".")
        return section, table, field
    return section, None, rest


def position(tables: Sequence[object], section: str, table: str) -> int | None:
    """Place of a table within its array: by its name, else by its number from 0; None if there is no such table."""
    names = [item.get(ARRAYS[section]) if isinstance(item, Mapping) else None for item in tables]
    if table in names:
        return names.index(table)
    return int(table) if table.isdecimal() and int(table) < len(tables) else None


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
            return Fault(key, _no_such_table(tables, section, table))
        holder = tables[place]
    if not isinstance(holder, dict):
        return Fault(key, f"{section} is not a table")
    _set(holder, field, value)
    return None


def _set(holder: MutableMapping[str, object], field: str, value: object) -> None:
    """Set or take out one value; numbers of NumPy become plain ones."""
    if value is None:
        holder.pop(field, None)
    else:
        holder[field] = value.item() if isinstance(value, np.generic) else value


def _no_such_table(tables: Sequence[object], section: str, table: str) -> str:
    names = [str(item.get(ARRAYS[section], "?")) for item in tables if isinstance(item, Mapping)]
    what = f'no {section} "{table}"' if table else f"must name one {section}, as in {section}.NAME.KEY"
    return f"{what}; there are {listed(names)}{near_miss(table, names)}"
