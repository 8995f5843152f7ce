"""A fault in a scenario: the key, the rule it breaks, and the value given, as the user would write it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from n1trial.texts import escaped_json

LONGEST_SHOWN = 60
"""Characters of a value that a message shows at most."""

NUMBERED = " number "
"""What stands between an array and the number of a table that has no name."""


@dataclass(frozen=True)
class Fault:
    """One rule broken.

    Parameters
    ----------
    key : str
        Dotted key at fault, as `Scenario.replace` takes it.
    rule : str
        The rule, the value given, and a hint.
    others : tuple of str
        Further keys that the rule speaks of.
    """

    key: str
    rule: str
    others: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Section that holds the key."""
        return self.key.partition(".")[0].partition(NUMBERED)[0]

    def __str__(self) -> str:
        return f"{self.key}: {self.rule}"


def shown(value: object) -> str:
    """Value as a TOML file has it, cut short when long.

    Parameters
    ----------
    value : object
        Anything that a TOML file or a caller may hold.

    Returns
    -------
    str
        On one line, at most `LONGEST_SHOWN` characters.
    """
    text = _in_toml(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 4] + " ..."


def listed(words: Iterable[str]) -> str:
    """Words with commas between them; ``none`` if there are none."""
    return ", ".join(words) or "none"


def plain(number: float) -> str:
    """Write a number without a needless decimal point."""
    return str(int(number)) if float(number).is_integer() else str(number)


def _in_toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return escaped_json(json.dumps(value, ensure_ascii=False))
        case int() if abs(value) >= 10**LONGEST_SHOWN:
            return "a very large number"
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return "a table"
        case list() | tuple():
            items = ("[...]" if isinstance(item, list | tuple) else _in_toml(item) for item in value[:LONGEST_SHOWN])
            return f"[{', '.join(items)}]"
    return str(value)
