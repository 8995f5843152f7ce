"""The log of a trial, beside its key: what happened, when and by whom, each line with the hash of the one before."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from n1trial.errors import RunError
from n1trial.pack.log.append import add, open_locked
from n1trial.pack.log.chain import (
    BEGINNING,
    COPY_BROKEN,
    Chain,
    Event,
    LogLine,
    chain_of,
    heads_after,
    line_text,
    missing_of,
)
from n1trial.provenance import provenance

LOG = "trial.log"
WITH_PROVENANCE = ("pack", "freeze", "open", "all", "reissue")
"""Events whose lines say which code and libraries it was. A kit is shown without: in an emergency nothing waits."""


def now() -> datetime:
    """Return the time of this machine, with its offset."""
    return datetime.now().astimezone()


def today() -> date:
    """Return the date on this machine."""
    return now().date()


def first_line(event: Event, by: str | None = None, **facts: Any) -> bytes:
    """Write the content of a log that begins: what `write_pack` puts beside the key."""
    return f"{line_text(event, by, facts | _provenance(event), [BEGINNING], now())}\n".encode()


def record(folder: Path, event: Event, by: str | None = None, **facts: Any) -> LogLine:
    """Add a line to the log of a trial, and make sure that it is on the disk.

    Parameters
    ----------
    folder : Path
        Of the pack, which holds the key; the log is made if it is not there.
    event : Event
    by : str, optional
        Who it was, as entered; nobody verifies it.
    **facts
        What else is to be said, for JSON; never what a kit holds.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    facts |= _provenance(event)
    with open_locked(folder / LOG) as log:
        log.seek(0)
        chain = chain_of(log.read())
        text = line_text(event, by, facts, [chain.head], now())
        add(log, [text])
    number = chain.lines[-1].number + 1 if chain.lines else 1
    return replace(chain_of(text.encode()).lines[0], number=number)


def record_if_possible(folder: Path, event: Event, by: str | None = None, **facts: Any) -> LogLine | None:
    """Add a line as `record` does; None where the log cannot be written."""
    with contextlib.suppress(RunError):
        return record(folder, event, by, **facts)
    return None


def read_log(folder: Path) -> Chain:
    """Read the log of a trial.

    Returns
    -------
    Chain
        Without lines where there is no log, or it cannot be read.
    """
    path = folder / LOG
    try:
        return chain_of(path.read_bytes()) if path.is_file() else Chain()
    except OSError:
        return Chain()


def _provenance(event: Event) -> dict[str, Any]:
    return {"provenance": provenance()} if event in WITH_PROVENANCE else {}


def join(folder: Path, content: bytes) -> None:
    """Add the lines of another copy of the log; nobody else adds any meanwhile.

    Where each copy has lines of its own, a line follows that bears the hashes of both ends, so that none is lost.

    Parameters
    ----------
    folder : Path
        Of the pack; the log is made if it is not there and a line is brought.
    content : bytes
        Content of the other copy.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    other = chain_of(content)
    if not other.lines:
        return
    with open_locked(folder / LOG) as log:
        log.seek(0)
        own = chain_of(log.read())
        missing = missing_of(own, other)
        heads = heads_after(own, missing)
        texts = [line.text for line in missing]
        if missing and len(heads) > 1:
            broken = {COPY_BROKEN: [fault.line for fault in other.faults]} if other.faults else {}
            texts.append(line_text("merge", None, {"added lines": len(missing)} | broken, heads, now()))
        add(log, texts)
