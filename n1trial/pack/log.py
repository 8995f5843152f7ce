"""A log beside the key: what was opened or frozen, when and why; lines are added and never changed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from n1trial.errors import RunError

REVEALS = "reveals.log"
NEVER = datetime.min.replace(tzinfo=UTC)

if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 40
    """A place that no log reaches: what is locked there can be read all the same."""

    def _lock(log: BinaryIO) -> None:
        log.seek(FAR)
        msvcrt.locking(log.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(log: BinaryIO) -> None:
        log.seek(FAR)
        msvcrt.locking(log.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(log: BinaryIO) -> None:
        fcntl.flock(log, fcntl.LOCK_EX)

    def _unlock(log: BinaryIO) -> None:
        fcntl.flock(log, fcntl.LOCK_UN)


def append(path: Path, what: str) -> str:
    """Add a line, and make sure that it is on the disk.

    Parameters
    ----------
    path : Path
        Of the log; made if it is not there.
    what : str
        On one line; line breaks become blanks.

    Returns
    -------
    str
        The line, with the time at which it was written.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    line = f"{datetime.now().astimezone().isoformat(timespec='seconds')}  {' '.join(what.split())}"
    with _locked(path) as log:
        _add(log, [line])
    return line


def join(path: Path, brought: Iterable[str]) -> None:
    """Add the lines of another copy of a log that are not there; nobody else adds any meanwhile.

    Parameters
    ----------
    path : Path
        Of the log; made if it is not there and a line is brought.
    brought : iterable of str

    Raises
    ------
    RunError
        If it cannot be written.
    """
    lines = [line for line in dict.fromkeys(brought) if line]
    if not lines:
        return
    with _locked(path) as log:
        log.seek(0)
        held = set(_lines(log.read()))
        _add(log, [line for line in lines if line not in held])


def lines_in_time(path: Path) -> list[str]:
    """Lines of a log in the order of their times, whichever copy they came with; none where there is no log."""
    try:
        return in_time(_lines(path.read_bytes()))
    except OSError:
        return []


def in_time(lines: Sequence[str]) -> list[str]:
    """Sort lines by their times; one without a time stays behind the line before it."""
    return [line for _, line in sorted(_timed(lines), key=lambda each: each[0])]


def _timed(lines: Iterable[str]) -> Iterator[tuple[datetime, str]]:
    last = NEVER
    for line in lines:
        with contextlib.suppress(ValueError, OverflowError):
            last = datetime.fromisoformat(line.split("  ", 1)[0]).astimezone(UTC)
        yield last, line


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", errors="replace").splitlines()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """A log that nobody else writes to meanwhile."""
    try:
        with path.open("a+b") as log:
            _lock(log)
            try:
                yield log
            finally:
                _unlock(log)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror}), and so nothing is shown") from error


def _add(log: BinaryIO, lines: Sequence[str]) -> None:
    """Write lines at the end, on the disk; what was left without an end of line there keeps its own."""
    if not lines:
        return
    if log.seek(0, os.SEEK_END):
        log.seek(-1, os.SEEK_END)
        if log.read(1) != b"\n":
            log.write(b"\n")
    log.write("".join(f"{line}\n" for line in lines).encode())
    log.flush()
    os.fsync(log.fileno())
