"""Characters that no text may hold because they hide, reorder or command; and texts made safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LINE_FEED = "\n"
RIGHT_TO_LEFT_MARKS = "\u200e\u200f\u061c"
JOINERS = "\u200c\u200d"
"""Without which Persian and Indic words and many emoji cannot be written."""
NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""Format characters by their category alone: they are seen."""
ALLOWED = frozenset(RIGHT_TO_LEFT_MARKS + JOINERS + NUMBER_SIGNS)

CONTROL, FORMAT, SURROGATE, LINE_SEPARATOR, PARAGRAPH_SEPARATOR = "Cc", "Cf", "Cs", "Zl", "Zp"
REFUSED = frozenset({CONTROL, FORMAT, SURROGATE, LINE_SEPARATOR, PARAGRAPH_SEPARATOR})
"""Unicode categories of which no character is let in but those of `ALLOWED`."""

BREAKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
"""Characters that part words, so that a blank takes their place."""

FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What a cell begins with that a spreadsheet program takes for a formula; also in full width."""

NAMES = {
    0x00: "NULL", 0x07: "BELL", 0x08: "BACKSPACE", 0x09: "TAB", 0x0A: "LINE FEED", 0x0B: "LINE TABULATION",
    0x0C: "FORM FEED", 0x0D: "CARRIAGE RETURN", 0x1B: "ESCAPE", 0x7F: "DELETE", 0x85: "NEXT LINE",
}  # fmt: skip
"""Control characters that people have heard of; Unicode has no names of its own for them."""

MOST_NAMED = 3
"""Characters that one sentence names at most."""


@dataclass(frozen=True)
class RefusedCharacter:
    """One character that a text may not hold.

    Parameters
    ----------
    position : int
        Its place in the text, from 1.
    character : str
        The character itself, which is never shown.
    """

    position: int
    character: str

    def __str__(self) -> str:
        return code_and_name(self.character)


def is_refused(character: str) -> bool:
    """Whether no text may hold a character: what controls, reorders, hides or is no character; the line feed too."""
    code = ord(character)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:  # noncharacters
        return True
    return unicodedata.category(character) in REFUSED and character not in ALLOWED


def refused_characters(text: str, *, allow: str = "") -> tuple[RefusedCharacter, ...]:
    """Find the characters of a text that it may not hold.

    Parameters
    ----------
    text : str
    allow : str
        Characters that this text may hold all the same: `LINE_FEED` where it may have several lines.

    Returns
    -------
    tuple of RefusedCharacter
        In their order; empty for a text without fault.
    """
    if text.isprintable():
        return ()
    pattern = _pattern(text, allow)
    return () if pattern is None else tuple(RefusedCharacter(at.start() + 1, at[0]) for at in pattern.finditer(text))


def text_fault(text: str, *, allow: str = "") -> str | None:
    """Say which characters a text may not hold, and where; None for a text without fault.

    Parameters
    ----------
    text, allow
        As for `refused`.

    Returns
    -------
    str or None
        To stand after the name of the text: ``must not hold U+202E RIGHT-TO-LEFT OVERRIDE (character 5)``.
    """
    found = refused_characters(text, allow=allow)
    if not found:
        return None
    named = ", ".join(f"{one} (character {one.position})" for one in found[:MOST_NAMED])
    more = f", nor {len(found) - MOST_NAMED} more that cannot be seen" if len(found) > MOST_NAMED else ""
    return f"must not hold {named}{more}"


def code_and_name(character: str) -> str:
    """Write code point and name of a character: ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    code = ord(character)
    name = NAMES.get(code) or unicodedata.name(character, _kind(character))
    return f"U+{code:04X} {name}"


def visible(text: str, *, allow: str = LINE_FEED) -> str:
    """Write text for a terminal, a log, a paper or a table: what cannot be seen is shown as ``<U+202E>``.

    Parameters
    ----------
    text : str
    allow : str
        Characters that stay as they are; ``""`` where the text is to stay on one line.
    """
    if text.isprintable():
        return text
    pattern = _pattern(text, allow)
    return text if pattern is None else pattern.sub(lambda at: f"<U+{ord(at[0]):04X}>", text)


def on_paper(value: object) -> object:
    """Make a value fit for a page or paper of a template: a plain text visible, all else as it is."""
    return visible(value, allow="\t\n\r") if type(value) is str else value


def escaped_json(document: str) -> str:
    """Write JSON text whose strings hold nothing that commands a terminal, and that is read as the same values."""
    pattern = None if document.isprintable() else _pattern(document, " \t\r\n")
    return document if pattern is None else pattern.sub(lambda at: escape(at[0]), document)


def escape(character: str) -> str:
    r"""Write a character as JSON and Python do in ASCII: ``\u202e``, and two of these beyond U+FFFF."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def strip_refused(text: str, *, allow: str = LINE_FEED) -> tuple[str, tuple[RefusedCharacter, ...]]:
    """Take out what a text may not hold: what parts words becomes a blank, all else nothing.

    Parameters
    ----------
    text, allow
        As for `refused`.

    Returns
    -------
    tuple of (str, tuple of Refused)
        The text, and what was taken out of it.
    """
    pattern = None if text.isprintable() else _pattern(text, allow)
    if pattern is None:
        return text, ()
    return pattern.sub(lambda at: " " if at[0] in BREAKS else "", text), refused_characters(text, allow=allow)


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet program might run a text that stands in a cell."""
    return text[:1] in FORMULA and text != ""


def is_number(text: str) -> bool:
    """Whether Python reads a text as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def cell(value: object) -> object:
    """Write a value as a CSV file holds it: nothing is hidden, and no text that is no number begins like a formula.

    Parameters
    ----------
    value : object
        Anything that a table holds; only texts are changed.
    """
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if begins_like_a_formula(text) and not is_number(text) else text


def _pattern(text: str, allow: str) -> re.Pattern[str] | None:
    """Find the pattern of the refused characters that a text holds; None where it holds none."""
    found: Iterable[str] = [character for character in set(text) - set(allow) if is_refused(character)]
    return re.compile("|".join(map(re.escape, found))) if found else None


def _kind(character: str) -> str:
    kinds = {CONTROL: "CONTROL CHARACTER", SURROGATE: "HALF OF A CHARACTER"}
    return kinds.get(unicodedata.category(character), "NO CHARACTER")
