"""Lines of a trial's log, each with the hash of the line before: what they say, and where the chain breaks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import zip_longest
from typing import Any, Literal

from n1trial import __version__

Event = Literal[
    "pack", "pharmacy", "kit", "all", "check", "failure", "freeze", "open", "rehearse", "reissue", "merge"
]  # fmt: skip
"""What is logged: a pack made; papers of the pharmacy opened; one kit shown; all shown; the key tried; something that
did not open; a diary frozen; the key opened for a diary; a rehearsal's diary made; dated papers made again; two copies
of a log joined."""
BEGINNING = "0" * 64
"""Stands in the first line of a chain for the hash of the line before."""
BY = "by (as entered, not verified)"
COPY_BROKEN = "broken lines of the copy"
OWN = ("time", "event", BY, "n1trial", "previous")
NEVER = datetime.min.replace(tzinfo=UTC)
LINE_END = re.compile(r"\r\n|\r|\n")


class Break(Enum):
    """Way in which a line does not fit into its chain."""

    UNREADABLE = "unreadable"
    """It is no line of a log."""
    UNLINKED = "unlinked"
    """It does not follow from any line above: that line was changed or taken out."""
    ABANDONED = "abandoned"
    """No line below follows from it."""
    COPY = "copy"
    """The copy that was joined here had a break of its own."""


@dataclass(frozen=True)
class ChainFault:
    """A place where a chain breaks.

    Attributes
    ----------
    line : int
        In the file, from 1.
    kind : Break
    """

    line: int
    kind: Break


@dataclass(frozen=True, eq=False)
class LogLine:
    """One line of a log.

    Attributes
    ----------
    number : int
        In the file, from 1.
    text : str
        As it stands there, without its end of line.
    time : datetime
        Of writing; `NEVER` where the line is unreadable.
    event : str
        An `Event`, or one that a later version knows; empty where the line is unreadable.
    by : str or None
        Who it was, as entered and not verified.
    facts : mapping of str to Any
        What else the line says.
    previous : tuple of str
        Hashes of the lines that it follows from.
    """

    number: int
    text: str
    time: datetime
    event: str
    by: str | None
    facts: Mapping[str, Any]
    previous: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the text, which the next line bears."""
        return digest_of(self.text)


@dataclass(frozen=True, eq=False)
class Chain:
    """A log as it was read.

    Attributes
    ----------
    lines : tuple of LogLine
    faults : tuple of ChainFault
        Where the chain breaks; empty where it is whole. Lines taken away at its end do not show: a receipt shows them.
    """

    lines: tuple[LogLine, ...] = ()
    faults: tuple[ChainFault, ...] = ()

    @property
    def head(self) -> str:
        """Hash of the last line."""
        return self.lines[-1].digest if self.lines else BEGINNING

    @property
    def in_time(self) -> tuple[LogLine, ...]:
        """Lines in the order of their times, whichever copy they came with."""
        return tuple(sorted(self.lines, key=lambda line: line.time))

    def of(self, *events: Event) -> tuple[LogLine, ...]:
        """Make lines of some events, in the order of their times."""
        return tuple(line for line in self.in_time if line.event in events)

    def is_linked(self, line: LogLine) -> bool:
        """Whether a line follows from lines above, and the log ends with it or goes on from it as it stands."""
        is_followed = line is self.lines[-1] or any(line.digest in each.previous for each in self.lines)
        return is_followed and all(fault.line != line.number for fault in self.faults)


def digest_of(text: str) -> str:
    """Compute the SHA-256 of a line without its end of line, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def line_text(
    event: Event, by: str | None, facts: Mapping[str, Any], previous: Sequence[str], when: datetime
) -> str:  # fmt: skip
    """Write the text of a line: one line of JSON that a person can read.

    Parameters
    ----------
    event : Event
    by : str or None
        Who it was, as entered.
    facts : mapping of str to Any
        For JSON; dates are written as ISO has them.
    previous : sequence of str
        Hashes of the lines that it follows from: one, or that of each copy where copies are joined.
    when : datetime

    Returns
    -------
    str
        Without an end of line; characters that do not print are escaped.
    """
    document: dict[str, Any] = {"time": when.isoformat(timespec="seconds"), "event": event}
    document |= {BY: by} if by else {}
    document |= {name: value for name, value in facts.items() if name not in document}
    document |= {"n1trial": __version__, "previous": previous[0] if len(previous) == 1 else list(previous)}
    return _printable(json.dumps(document, ensure_ascii=False, allow_nan=False, default=str))


def chain_of(content: bytes) -> Chain:
    """Read a log; ends of lines that a mail program changed do not matter.

    Returns
    -------
    Chain
        With every line that is not blank, whether or not it can be understood.
    """
    texts = LINE_END.split(content.decode("utf-8-sig", errors="replace"))
    lines = tuple(_line(number, text.strip()) for number, text in enumerate(texts, start=1) if text.strip())
    return Chain(lines, tuple(_faults(lines)))


def missing_of(own: Chain, other: Chain) -> tuple[LogLine, ...]:
    """Find lines that a brought copy of a log has and ours has not, each once."""
    held = {line.text for line in own.lines}
    return tuple({line.text: line for line in other.lines if line.text not in held}.values())


def heads_after(own: Chain, added: Sequence[LogLine]) -> tuple[str, ...]:
    """Return hashes of the lines that nothing follows from after others came at the end: one, or that of each copy."""
    followed = {digest for line in (*own.lines, *added) for digest in line.previous}
    return tuple(digest for digest in (own.head, *(line.digest for line in added)) if digest not in followed)


def _line(number: int, text: str) -> LogLine:
    try:
        found = json.loads(text)
        previous = found["previous"]
        previous = (previous,) if isinstance(previous, str) else tuple(map(str, previous))
        if not previous or not found["event"]:
            raise ValueError
        when = datetime.fromisoformat(found["time"])
        when = when if when.tzinfo else when.astimezone()
        facts = {name: value for name, value in found.items() if name not in OWN}
        by = found.get(BY)
        return LogLine(number, text, when, str(found["event"]), None if by is None else str(by), facts, previous)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return LogLine(number, text, NEVER, "", None, {}, ())


def _faults(lines: Sequence[LogLine]) -> Iterator[ChainFault]:
    """Find the places where the chain breaks, in the order of the lines."""
    known, followed = {BEGINNING}, {digest for line in lines for digest in line.previous}
    unlinked = {line.number for line in _unlinked_lines(lines, known)}
    for line, after in zip_longest(lines, lines[1:]):
        if not line.event:
            yield ChainFault(line.number, Break.UNREADABLE)
        elif line.number in unlinked:
            yield ChainFault(line.number, Break.UNLINKED)
        elif after is not None and after.number not in unlinked and after.event and line.digest not in followed:
            yield ChainFault(line.number, Break.ABANDONED)
        elif line.event == "merge" and line.facts.get(COPY_BROKEN):
            yield ChainFault(line.number, Break.COPY)


def _unlinked_lines(lines: Iterable[LogLine], links: set[str]) -> Iterator[LogLine]:
    for line in lines:
        if not links.issuperset(line.previous):
            yield line
        links.add(line.digest)


def _printable(text: str) -> str:
    """Write JSON with every character that does not print as an escape."""
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)
