"""What the logs beside a key tell of a trial: what was known, opened or corrected before a diary was analyzed."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from n1trial.pack.freeze.freeze import CORRECTIONS
from n1trial.pack.freeze.values import Change
from n1trial.pack.log.chain import Chain, ChainFault
from n1trial.pack.log.log import read_log
from n1trial.pack.log.older_logs import ANALYSIS, NEVER, REVEALS, lines_in_time
from n1trial.pack.visit.gate import DeclaredEnd, declared_end

KIT_SHOWN = re.compile(r"kit (\S+) by (?:its|the) (slip|key)\.(?: Reason: (.*))?$")
"""A line of `REVEALS` on one kit."""
EARLY = "early"
"""Fact of the lines `all` and `open`: why the whole key was opened before the end."""
BEYOND = 100_000
"""Day that no diary has: a line that names one was edited, and calendars end."""


@dataclass(frozen=True)
class KitOpening:
    """One opening of the code of one kit.

    Attributes
    ----------
    kit : str
        Its code.
    time : datetime
    opened_with : {"slip", "key"}
    by : str or None
        Who opened it, as entered and not verified.
    reason : str
    """

    kit: str
    time: datetime
    opened_with: Literal["slip", "key"]
    by: str | None
    reason: str


@dataclass(frozen=True)
class Correction:
    """A cell of the diary that was changed after it had been frozen.

    Attributes
    ----------
    change : Change
    time : datetime or None
        When the corrected diary was frozen; None where it was not.
    by, reason : str or None
        Who corrected it and why, as entered; None where nobody said.
    """

    change: Change
    time: datetime | None
    by: str | None
    reason: str | None


@dataclass(frozen=True)
class Early:
    """An opening of the whole key before the end of the trial.

    Attributes
    ----------
    time : datetime
    by : str or None
        Who opened it, as entered and not verified.
    reason : str
    """

    time: datetime
    by: str | None
    reason: str


@dataclass(frozen=True)
class History:
    """Events in the logs beside the key that tell what was known before a diary was frozen.

    Attributes
    ----------
    first_sha256 : str or None
        SHA-256 of the diary that the key was first opened for; None where it was not.
    is_changed_after_opening : bool
        Whether a value of the diary analyzed now is another.
    is_key_shown_before : bool
        Whether all was revealed before this diary was frozen.
    kits : tuple of KitOpening
        Openings of single kits; the same kit may be there several times.
    early : tuple of Early
        Openings of the whole key before the end.
    failures : int
        Openings that failed.
    end : DeclaredEnd or None
        An end before the planned one.
    corrections : tuple of Correction
        Of earlier freezes.
    faults : tuple of ChainFault
        Where the chain of the log breaks.
    begins_with_pack : bool
        Whether the log begins when the pack was made, so that nothing before is unknown.
    """

    first_sha256: str | None = None
    is_changed_after_opening: bool = False
    is_key_shown_before: bool = False
    kits: tuple[KitOpening, ...] = ()
    early: tuple[Early, ...] = ()
    failures: int = 0
    end: DeclaredEnd | None = None
    corrections: tuple[Correction, ...] = ()
    faults: tuple[ChainFault, ...] = ()
    begins_with_pack: bool = True


@dataclass(frozen=True)
class _Entry:
    """A line of any log."""

    time: datetime
    event: str
    by: str | None
    facts: Mapping[str, Any]


def history(folders: Sequence[Path], sha256: str, values: str | None, commitment: str) -> History:
    """Look into the logs of a trial.

    Parameters
    ----------
    folders : sequence of Path
        Of the pack, and of the key where that lies elsewhere.
    sha256 : str
        Of the file of the diary that is analyzed now.
    values : str or None
        SHA-256 of its values, where these are known.
    commitment : str
        Of the pack.
    """
    chains = [read_log(folder) for folder in dict.fromkeys(folders)]
    entries = sorted(_entries(folders, chains), key=lambda entry: entry.time)

    def is_this(entry: _Entry) -> bool:
        return entry.facts.get("sha256") == sha256 or (values is not None and entry.facts.get("values") == values)

    first = next((entry for entry in entries if entry.event == "open"), None)
    frozen = next((at for at, entry in enumerate(entries) if entry.event == "freeze" and is_this(entry)), len(entries))
    shown = next((at for at, entry in enumerate(entries) if entry.event == "all"), len(entries))
    is_first = first is not None and is_this(first)
    return History(
        None if first is None else str(first.facts.get("sha256")),
        first is not None and not is_first,
        shown < frozen and not is_first,
        tuple(_kits(entries)),
        tuple(_early(entries)),
        sum(entry.event == "failure" for entry in entries),
        _last_declared(chains),
        tuple(_corrections(entries)),
        tuple(fault for chain in chains for fault in chain.faults),
        any(_begins(chain, commitment) for chain in chains),
    )


def changes_in(facts: Mapping[str, Any], *names: str) -> Iterator[Change]:
    """Read changes that a line `freeze` lists: its `CORRECTIONS`, or those with the cells that were `ADDED`."""
    listed = [facts.get(name) for name in names]
    for each in (each for found in listed if isinstance(found, list) for each in found):
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            day, column, old, new = each
            if abs(int(day)) < BEYOND:
                yield Change(int(day), str(column), str(old), str(new))


def _entries(folders: Iterable[Path], chains: Iterable[Chain]) -> Iterator[_Entry]:
    for folder in dict.fromkeys(folders):
        yield from _of_older_logs(folder)
    for chain in chains:
        yield from (_Entry(line.time, line.event, line.by, line.facts) for line in chain.lines)


def _of_older_logs(folder: Path) -> Iterator[_Entry]:
    for line in lines_in_time(folder / ANALYSIS):
        with contextlib.suppress(ValueError):
            facts = json.loads(line.split("  ", 1)[-1])
            if isinstance(facts, dict) and "sha256" in facts:
                event = {"frozen": "freeze", "opened": "open"}.get(str(facts.get("event")), "")
                yield _Entry(_time(line), event, None, facts)
    for line in lines_in_time(folder / REVEALS):
        what = line.split("  ", 1)[-1]
        if (kit := KIT_SHOWN.match(what)) is not None:
            yield _Entry(_time(line), "kit", None, {"kit": kit[1], "opened_with": kit[2], "reason": kit[3] or ""})
        elif what == "all":
            yield _Entry(_time(line), "all", None, {})


def _time(line: str) -> datetime:
    with contextlib.suppress(ValueError, OverflowError):
        when = datetime.fromisoformat(line.split("  ", 1)[0])
        return when if when.tzinfo else when.astimezone()
    return NEVER


def _kits(entries: Iterable[_Entry]) -> Iterator[KitOpening]:
    for entry in entries:
        if entry.event == "kit":
            with_key = entry.facts.get("opened_with") == "key"
            kit, reason = str(entry.facts.get("kit", "")), str(entry.facts.get("reason") or "")
            yield KitOpening(kit, entry.time, "key" if with_key else "slip", entry.by, reason)


def _early(entries: Iterable[_Entry]) -> Iterator[Early]:
    for entry in entries:
        if entry.event in ("all", "open") and entry.facts.get(EARLY):
            yield Early(entry.time, entry.by, str(entry.facts[EARLY]))


def _corrections(entries: Iterable[_Entry]) -> Iterator[Correction]:
    for entry in entries:
        if entry.event == "freeze":
            reason = str(entry.facts.get("reason") or "") or None
            yield from (Correction(each, entry.time, entry.by, reason) for each in changes_in(entry.facts, CORRECTIONS))


def _last_declared(chains: Iterable[Chain]) -> DeclaredEnd | None:
    found = [end for chain in chains if (end := declared_end(chain)) is not None]
    return max(found, key=lambda end: end.time, default=None)


def _begins(chain: Chain, commitment: str) -> bool:
    return bool(chain.lines) and any(line.facts.get("commitment") == commitment for line in chain.of("pack"))
