"""A scenario file, read and explained: where it is, what is wrong with it, what the command line changes."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from n1trial.errors import InputError
from n1trial.files.read import FileError, read_file
from n1trial.files.source import MemoryFile, Source, place_of
from n1trial.scenario.check.changes import put_all
from n1trial.scenario.check.fault import Fault
from n1trial.scenario.check.validate import validate
from n1trial.scenario.file import library
from n1trial.scenario.file.wording import OverrideFault
from n1trial.scenario.scenario import Scenario
from n1trial.wording import Finding, did_you_mean, list_words, near_miss, value_text

NO_OVERRIDES: Mapping[str, str] = MappingProxyType({})
MOST_BYTES = 1024 * 1024
"""Of a scenario file."""
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}

PLAINLY = {
    r"^Cannot declare \('(.*)',\) twice$": r"[\1] is there twice",
    r"^Cannot overwrite a value$": "a key is there twice",
    r"^Invalid value$": "no value, or a text that is not in quotes",
}
"""Faults in the TOML, in words for those who do not know it."""


def load_scenario(
    source: str | os.PathLike[str],
    overrides: Mapping[str, str] = NO_OVERRIDES,
    options: Mapping[str, str] = NO_OVERRIDES,
    context: Mapping[str, bool] | None = None,
) -> Scenario:
    """Read a scenario file, or a shipped scenario.

    Parameters
    ----------
    source : str or path
        A TOML file, or the name of a shipped scenario.
    overrides : mapping of str to str
        Values that take the place of the file's, by dotted key, as written on the command line: each a TOML value,
        else a text; an empty one takes the key back to its default.
    options : mapping of str to str
        Options of the command line, by the key that they stand for; ``--set`` gave all others.
    context : mapping, optional
        `AS_MADE` for a file that n1trial itself has written.

    Returns
    -------
    Scenario
        The scenario.

    Raises
    ------
    InputError
        If there is no such file, or anything in it or in the overrides is at fault; with all faults.

    Examples
    --------
    >>> import n1trial
    >>> n1trial.load_scenario("minimal", {"design.cycles": "4"}).design.cycles
    4
    """
    values = read_tables(source)
    misplaced = list(put_all(values, {key: parse_value(text) for key, text in overrides.items()}))
    made = validate(Scenario, values, context).with_faults(misplaced)
    if made.faults:
        raise InputError(_with_origin(fault, os.fspath(source), overrides, options) for fault in made.faults)
    return made.sound()


def scenario_of(source: Scenario | str | os.PathLike[str]) -> Scenario:
    """Give a scenario, reading it where a file or a shipped scenario is named; see `load_scenario`.

    Raises
    ------
    InputError
        If it is none of these, or the file is at fault.
    """
    if isinstance(source, Scenario):
        return source
    if isinstance(source, str | os.PathLike):
        return load_scenario(source)
    raise InputError(f"scenario: must be a Scenario, a file or a shipped scenario, and is {type(source).__name__}")


def read_tables(source: Source) -> dict[str, Any]:
    """Read the tables of a scenario file, whatever they hold.

    Parameters
    ----------
    source : str, path or MemoryFile
        A TOML file, or the name of a shipped scenario.

    Raises
    ------
    InputError
        If there is no such file, or it is no TOML file.
    """
    place = place_of(source)
    text = _text(place, source.content if isinstance(source, MemoryFile) else _content(place, _path(place)))
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError(f"{place}: tables or lists are nested too deeply") from None
    except ValueError as error:
        raise InputError(f"{place}: {_syntax_fault(str(error), text)}") from None


def parse_value(text: str) -> object:
    """Read the value of an override: a TOML value, else the text itself; None for an empty one."""
    try:
        values = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return _number(text) or text or None
    return values["value"] if len(values) == 1 else text


def as_typed(value: object) -> str:
    """Write a value as one types it for `parsed`: texts without quotes where these are not needed, empty for None."""
    if value is None:
        return ""
    if isinstance(value, str) and parse_value(value) == value:
        return value
    return value_text(value)


def _number(text: str) -> float | None:
    """Read a number that is written as people do and TOML does not: ``.5``, ``5.``, ``+.5``."""
    return float(text) if re.fullmatch(r"[+-]?(\d+\.|\.\d+)", text.strip()) else None


def _path(place: str) -> Path:
    """Return the path of a file, or of the shipped scenario of that name."""
    shipped, path = library.paths(), Path(place)
    return shipped[place] if place in shipped and not path.is_file() else path


def _content(place: str, path: Path) -> bytes:
    """Read the bytes of a file."""
    if not place:
        raise InputError("no scenario was named; n1trial scenarios lists those that are shipped")
    try:
        return read_file(path, place, what="a scenario file", most=MOST_BYTES)
    except FileError as fault:
        if fault.kind != "missing":
            raise
        names = list(library.paths())
        beside = path.with_name(f"{path.name}.toml") if path.name else path
        hint = near_miss(path.stem, names) or f" (shipped scenarios: {list_words(names)})"
        hint = did_you_mean(beside) if beside.is_file() else hint
        raise InputError(f"{place}: no such file, and no shipped scenario of that name{hint}") from None


def _text(place: str, content: bytes) -> str:
    """Read the text of a file."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            raise InputError(f"{place}: starts with a byte-order mark ({encoding}); save it as UTF-8 without one")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{place}: line {line}: not UTF-8; save it as UTF-8") from None


def _syntax_fault(message: str, text: str) -> str:
    """Tell line and column of a fault in the TOML, where known."""
    words, _, where = message.partition(" (at ")
    for pattern, plainly in PLAINLY.items():
        words = re.sub(pattern, plainly, words)
    if found := re.match(r"line (\d+), column (\d+)", where):
        line = text.splitlines()[int(found[1]) - 1]
        hint = " (write 1.5, not 1,5)" if re.search(r"=\s*[-+]?\d+,\d+\s*(#|$)", line) else ""
        return f"line {found[1]}, column {found[2]}: {words}{hint}"
    if where.startswith("end of document"):
        return f"line {text.count(chr(10)) + 1}, at the end of the file: {words}"
    return f"cannot be read as TOML: {words}"


def _with_origin(fault: Fault, place: str, overrides: Mapping[str, str], options: Mapping[str, str]) -> str | Finding:
    """Tell where a fault comes from: the file, or a value of an argument."""
    within = [key for key in overrides if key.startswith(f"{fault.place}.")]
    for key in (fault.place, fault.section, *within, *fault.others):
        if key in overrides:
            name, value = (options[key], "") if key in options else ("set", f"{key}=")
            facts = {"fault": fault.rule if key == fault.place else str(fault)}
            return OverrideFault("broken", name, facts, f"{value}{overrides[key]}")
    return f"{place}: {fault}"
