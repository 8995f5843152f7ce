"""Sentences made of values by templates, and values as a reader of a sentence reads them."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from string import Formatter
from typing import Any, ClassVar, TypeAlias

from n1trial.texts import escaped_json

Formats: TypeAlias = Mapping[str, Callable[[Any], str]]
"""How a template has a value, by the name that stands behind it."""
LONGEST_SHOWN = 60
"""Characters of a value that a message shows at most."""


@dataclass(frozen=True)
class Finding:
    """Something found in what a user gave, as a value: a sentence is made of it where it is shown.

    Parameters
    ----------
    kind : str
        Which rule or remark it is, as `WORDS` has it.
    place : str
        What it is about, as the user would find it: a key, a column.
    facts : mapping of str to object
        Values that its template names.
    """

    kind: str
    place: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    WORDS: ClassVar[Mapping[str, str]] = {}
    """Template of each kind, to stand after the place."""
    FORMATS: ClassVar[Formats] = {}

    def __post_init__(self) -> None:
        if self.kind not in self.WORDS:
            raise ValueError(f"there are no words for {self.kind}")

    @property
    def rule(self) -> str:
        """The finding in words, without its place."""
        return self._rule(str)

    def _rule(self, name_of: Callable[[str], str]) -> str:
        return fill(self.WORDS[self.kind], {**self.facts, "argument": _Names(name_of)}, self.FORMATS)

    def _place(self, name_of: Callable[[str], str]) -> str:  # noqa: ARG002
        return self.place

    def in_words(self, name_of: Callable[[str], str] = str) -> str:
        """Word the finding after its place, with arguments named as in Python, or as `name_of` has them: options."""
        place, rule = self._place(name_of), self._rule(name_of)
        return f"{place}: {rule}" if place else rule

    def __str__(self) -> str:
        return self.in_words()


@dataclass(frozen=True)
class _Names:
    """Names of arguments, as a face of the house has them."""

    name_of: Callable[[str], str]

    def __getitem__(self, argument: str) -> str:
        return self.name_of(argument)


@dataclass(frozen=True)
class ArgumentFault(Finding):
    """Fault of an argument, which is its place. Its template names others as ``{argument[skip_invalid]}``.

    Parameters
    ----------
    value : str
        What the argument was given, as it was typed; empty where the words need none.
    """

    value: str = ""

    def _place(self, name_of: Callable[[str], str]) -> str:
        return f"{name_of(self.place) if self.place else ''} {self.value}".strip()


class _Template(Formatter):
    """A formatter that puts values into a template, each as its format says."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats

    def format_field(self, value: object, format_spec: str) -> str:
        return self._formats[format_spec](value) if format_spec in self._formats else format(value, format_spec)


def value_text(value: object) -> str:
    """Write a value as a TOML file has it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", r"\u007f")
        case list() | tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)


def show(value: object) -> str:
    """Write a value as a TOML file has it, cut short when long.

    Parameters
    ----------
    value : object
        Anything that a TOML file or a caller may hold.

    Returns
    -------
    str
        On one line, at most `LONGEST_SHOWN` characters, none of them hidden.
    """
    match value:
        case int() if abs(value) >= 10**LONGEST_SHOWN:
            return "a very large number"
        case Mapping():
            return "a table"
        case list() | tuple():
            items = ("[...]" if isinstance(item, list | tuple) else show(item) for item in value[:LONGEST_SHOWN])
            text = f"[{', '.join(items)}]"
        case _:
            text = escaped_json(value_text(value))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 4] + " ..."


def list_words(words: Iterable[str]) -> str:
    """Put commas between words; ``none`` if there are none."""
    return ", ".join(words) or "none"


def join_words(words: Sequence[str]) -> str:
    """Put words in a row within a sentence: "a, b and c"; none is an empty text."""
    *first, last = words or [""]
    return f"{', '.join(first)}{' and ' if first else ''}{last}"


def plain(number: float) -> str:
    """Write a number without a needless decimal point."""
    return str(int(number)) if float(number).is_integer() else str(number)


def nearest(word: object, words: Iterable[str]) -> str | None:
    """Find the known word that a wrong one most resembles; None where none is near."""
    folded = {each.casefold(): each for each in words}
    close = difflib.get_close_matches(str(word).casefold(), list(folded), n=1)
    return folded[close[0]] if close else None


def near_miss(word: object, words: Iterable[str]) -> str:
    """Hint at the known word that a wrong one most resembles: `` (did you mean cycles?)``, or nothing."""
    return did_you_mean(nearest(word, words))


def did_you_mean(word: object) -> str:
    """Hint at what was probably meant; nothing for None."""
    return "" if word is None else f" (did you mean {word}?)"


FORMATS: Formats = {"": show, "plain": plain, "listed": list_words, "joined": join_words, "meant": did_you_mean}
"""Formats of a template besides Python's own."""


def fill(template: str, facts: Mapping[str, object], formats: Formats = FORMATS) -> str:
    """Fill a template: ``{value}`` as a TOML file has it, ``{word:s}`` as it is, else as `formats` or Python have it.

    Examples
    --------
    >>> filled("must be at most {most:plain}, but is {value}{meant:meant}", {"most": 4.0, "value": "x", "meant": None})
    'must be at most 4, but is "x"'
    """
    return _Template(formats).vformat(template, (), facts)
