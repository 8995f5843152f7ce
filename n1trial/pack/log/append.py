"""Adding lines to a file that is only ever added to: locked meanwhile, and on the disk afterwards."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from n1trial.errors import RunError

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


@contextlib.contextmanager
def open_locked(path: Path) -> Iterator[BinaryIO]:
    """Open a log that nobody else writes to meanwhile; it is made if it is not there.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "is no file")
        with path.open("a+b") as log:
            _lock(log)
            try:
                yield log
            finally:
                _unlock(log)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror}), and so nothing is shown") from error


def add(log: BinaryIO, lines: Sequence[str]) -> None:
    """Write lines at the end, on the disk; what was left without an end of line there keeps its own."""
    if not lines:
        return
    if log.seek(0, os.SEEK_END):
        log.seek(-1, os.SEEK_END)
        if log.read(1) not in (b"\n", b"\r"):
            log.write(b"\n")
    log.write("".join(f"{line}\n" for line in lines).encode())
    log.flush()
    os.fsync(log.fileno())
