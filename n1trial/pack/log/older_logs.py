"""The logs of packs made before `trial.log`: lines of text without a chain, still read and counted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from n1trial.pack.log.append import add, open_locked

REVEALS, ANALYSIS = "reveals.log", "analysis.log"
NEVER = datetime.min.replace(tzinfo=UTC)


def join_lines(path: Path, others: Iterable[str]) -> None:
    """Add the lines of another copy of a log that are not there; nobody else adds any meanwhile.

    Parameters
    ----------
    path : Path
        Of the log; made if it is not there and a line is brought.
    others : iterable of str

    Raises
    ------
    RunError
        If it cannot be written.
    """
    lines = [line for line in dict.fromkeys(others) if line]
    if not lines:
        return
    with open_locked(path) as log:
        log.seek(0)
        held = set(_lines(log.read()))
        add(log, [line for line in lines if line not in held])


def lines_in_time(path: Path) -> list[str]:
    """Return a log's lines in the order of their times, whichever copy they came with; none where there is no log."""
    try:
        return in_time(_lines(path.read_bytes()))
    except OSError:
        return []


def in_time(lines: Sequence[str]) -> list[str]:
    """Sort lines by their times; one without a time stays behind the line before it."""
    return [line for _, line in sorted(_times(lines), key=lambda each: each[0])]


def _times(lines: Iterable[str]) -> Iterator[tuple[datetime, str]]:
    last = NEVER
    for line in lines:
        with contextlib.suppress(ValueError, OverflowError):
            last = datetime.fromisoformat(line.split("  ", 1)[0]).astimezone(UTC)
        yield last, line


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", errors="replace").splitlines()
