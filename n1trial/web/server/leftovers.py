"""The temporary folder of a server: locked while it lives, and cleaned away by the next one where it died."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from n1trial.files.beside import is_own

PREFIX = "n1trial-web-"
LOCK = "lock"
FRESH_SECONDS = 60.0
"""A folder without a lock is of a server that just begins, or of one that died so: of the latter when it is older."""
STARTED = 19
"""Place of a process's start among what its system tells after its name."""

if sys.platform == "win32":
    import msvcrt

    def _lock(lock: BinaryIO, *, wait: bool) -> None:
        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(lock: BinaryIO, *, wait: bool) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def own_temporary_folder() -> Iterator[Path]:
    """Put everything temporary of this process and those that it starts into a folder that nobody else can read.

    What servers of this account left behind that were killed is taken away first, and nothing of one that lives.
    """
    above = Path(tempfile.gettempdir())
    clean(above)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above))
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    try:
        with (folder / LOCK).open("w+b") as lock:
            lock.write(f"{os.getpid()} {_start_time(os.getpid())}".encode())
            lock.flush()  # before it is locked: who looks in between sees a process that lives
            _lock(lock, wait=True)
            tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
            yield folder
    finally:
        tempfile.tempdir = before[0]
        _put_back("TMPDIR", before[1])
        shutil.rmtree(folder, ignore_errors=True)


def clean(above: Path) -> None:
    """Take away the temporary folders of servers that died; those of this account alone."""
    for folder in above.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_own_folder(folder) and _is_dead(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_own_folder(folder: Path) -> bool:
    return is_own(folder) and folder.is_dir() and not folder.is_symlink()


def _is_dead(folder: Path) -> bool:
    """Return True if nobody holds the lock, and the process that held it is gone."""
    try:
        with (folder / LOCK).open("r+b") as lock:
            _lock(lock, wait=False)
            lock.seek(0)
            told = lock.read().decode("ascii", "replace")
    except FileNotFoundError:
        told = ""
    if not told:
        return time.time() - folder.stat().st_mtime > FRESH_SECONDS
    return not _is_alive(told)


def _is_alive(lock: str) -> bool:
    """Return True if the process that wrote a lock is still there, and its number was not given to another."""
    number, _, started = lock.partition(" ")
    return number.isdigit() and _exists(int(number)) and _start_time(int(number)) == started


def _exists(process: int) -> bool:
    if sys.platform == "win32":  # there the lock alone tells: a signal would end the process
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _start_time(process: int) -> str:
    """Say when a process was started, as its system counts; nothing where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
        return told.rpartition(")")[2].split()[STARTED]
    except (OSError, IndexError):
        return ""


def _put_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
