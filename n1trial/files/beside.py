"""Working folders beside a place: what is not whole yet is made in one, and what a killed process left is settled."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from n1trial.files.exchange import exchange

LOCK, NEW, OLD = ".lock", "new", "old"
"""In a working folder: a file that a living process holds, the new content, and the old one of two renamings."""
OF_BEFORE = re.compile(r"-[a-z0-9_]{8}")
"""End of the names that n1trial up to 0.1 gave to working folders, which have no lock."""

if sys.platform == "win32":
    import msvcrt

    def _hold(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def beside(place: Path) -> Iterator[Path]:
    """Make an empty folder beside a file or folder, for what is not whole yet; in the end it is taken away.

    What a killed process left beside the same place is settled first.
    """
    recover(place)
    folder, lock = _working_folder(place)
    try:
        yield folder
    finally:
        with lock, contextlib.suppress(OSError):
            _take_away(folder, lock)


def put_folder(fresh: Path, folder: Path) -> None:
    """Put a new folder in the place of an old one, which stays where it was if that fails.

    Parameters
    ----------
    fresh : Path
        Folder named "new" in a working folder beside `folder`, all of it written.
    folder : Path
        Where the system can exchange two names in one step it is there all the time. Elsewhere `settle` finishes what
        a killed process left half done.
    """
    if not folder.exists():
        fresh.rename(folder)
    elif not exchange(fresh, folder):
        _rename_twice(fresh, folder, fresh.with_name(OLD))


def _rename_twice(fresh: Path, folder: Path, old: Path) -> None:
    folder.rename(old)
    try:
        fresh.rename(folder)
    except BaseException:  # an interruption too must not leave the place empty
        old.rename(folder)
        raise


def recover(place: Path) -> tuple[Path, ...]:
    """Finish what killed processes left half done beside a place, and take away what they left.

    Working folders of living processes stay as they are.

    Parameters
    ----------
    place : Path
        A file or folder that is about to be written or read; it need not exist.

    Returns
    -------
    tuple of Path
        Left-overs that stay because nobody can say whether they are still in use.
    """
    remaining = []
    for folder in _working_folders(place):
        try:
            if not is_own(folder):
                remaining.append(folder)
                continue
            with (folder / LOCK).open("r+b") as lock:
                _hold(lock)
                _finish(folder, place)
                _take_away(folder, lock)
        except BlockingIOError:
            continue
        except PermissionError:
            if sys.platform != "win32":  # there, a lock that somebody holds
                remaining.append(folder)
        except FileNotFoundError:
            with contextlib.suppress(OSError):
                folder.rmdir()  # one that was killed before it held anything
        except OSError:
            remaining.append(folder)
    return (*remaining, *_of_before(place))


def is_own(path: Path) -> bool:
    """Whether a path belongs to the account that this process runs for: in a shared folder others can put things."""
    return sys.platform == "win32" or path.lstat().st_uid == os.geteuid()


def _finish(folder: Path, place: Path) -> None:
    """Put what is new in a place that a process was killed at between two renamings."""
    if (folder / OLD).exists() and (folder / NEW).exists() and not place.exists():
        (folder / NEW).rename(place)


def _working_folder(place: Path) -> tuple[Path, BinaryIO]:
    """Make a working folder, and hold its lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
        try:
            lock = (folder / LOCK).open("xb")
        except FileNotFoundError:  # another process took it for a left-over before it held anything
            continue
        try:
            _hold(lock)
        except BlockingIOError:  # the same, a moment later
            lock.close()
            continue
        except OSError:  # a file system without locks; what is left there is named and stays
            return folder, lock
        if (folder / LOCK).exists():
            return folder, lock
        lock.close()


def _take_away(folder: Path, lock: BinaryIO) -> None:
    """Take a working folder away, its lock last, so that it is known for what it is up to the end."""
    for path in folder.iterdir():
        if path.name != LOCK:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if sys.platform == "win32":  # where nothing can be removed that is open
        lock.close()
    (folder / LOCK).unlink()
    lock.close()
    folder.rmdir()


def _prefix(place: Path) -> str:
    return f".{place.name}.n1trial-"


def _working_folders(place: Path) -> list[Path]:
    return [path for path in _hidden_folders(place) if path.name.startswith(_prefix(place))]


def _of_before(place: Path) -> list[Path]:
    """Return working folders that killed processes of n1trial up to 0.1 left, as far as they can be known."""
    return [
        path for path in _hidden_folders(place)
        if OF_BEFORE.fullmatch(path.name.removeprefix(f".{place.name}"))
        and ((path / NEW).exists() or (path / OLD).exists())
    ]  # fmt: skip


def _hidden_folders(place: Path) -> list[Path]:
    """Return folders beside a place whose names begin as those of its working folders, by name."""
    try:
        with os.scandir(place.parent) as entries:
            mine = [entry for entry in entries if entry.name.startswith(f".{place.name}")]
            return sorted(Path(entry.path) for entry in mine if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
