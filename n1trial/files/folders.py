"""Folders that are written whole or not at all: made beside their place first, then put there."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from n1trial.errors import InputError, RunError
from n1trial.files.beside import NEW, beside, put_folder
from n1trial.files.checksums import add_checksums
from n1trial.files.read import read_file

ANOTHER = "choose another folder"
"""What can be done about a folder that is not to be had, where whoever asks for it knows no more."""


def check_writable(folder: Path, remedy: str = ANOTHER) -> None:
    """Refuse a place where no folder can be made, before anything is simulated for it.

    Parameters
    ----------
    folder : Path
    remedy : str
        What can be done, as whoever asks for the folder says it.

    Raises
    ------
    InputError
        If a file is in the way, or nothing may be written there.
    """
    try:
        above = next(path for path in folder.absolute().parents if path.exists())
        if not above.is_dir():
            raise InputError(f"{folder}: {above} is a file and no folder; {remedy}")
        if not os.access(above, os.W_OK | os.X_OK):
            raise InputError(f"{folder}: nothing may be written to {above}; {remedy}")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); {remedy}") from None


def check_new_folder(folder: Path, place: str | None = None, remedy: str = ANOTHER) -> None:
    """Refuse a folder that holds anything.

    Parameters
    ----------
    folder : Path
    place : str, optional
        The folder, as errors name it; by default its path.
    remedy : str
        As for `check_writable`.

    Raises
    ------
    InputError
        If it is a file, or a folder that is not empty.
    """
    place = place or str(folder)
    if folder.is_dir():
        if any(folder.iterdir()):
            raise InputError(f"{place}: holds files already, and nothing is written over; choose a new folder")
    elif folder.exists() or folder.is_symlink():
        raise InputError(f"{place}: is a file; choose a new folder")
    else:
        check_writable(folder, remedy)


def write_new_folder(folder: Path, files: Mapping[str, bytes], private: str | None = None) -> None:
    """Write files into a folder that is new or empty: whole or not at all.

    Parameters
    ----------
    folder : Path
    files : mapping of str to bytes
        By path within the folder.
    private : str, optional
        Folder within it that its owner alone can read, with all that is in it; ``"."`` for the whole.

    Raises
    ------
    InputError
        If the folder holds anything.
    RunError
        If it cannot be written.
    """
    check_new_folder(folder)
    with _new(folder, "nothing was left there") as fresh:
        for path, content in files.items():
            _write(fresh / path, content)
        if private is not None:
            _keep_private(fresh / private)
        # the name of an empty folder is taken over, that of any other refused, also one made in the meantime
        os.rename(fresh, folder)  # noqa: PTH104


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_private(folder: Path) -> None:
    """Let nobody but the owner look into a folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def holds_results(mark: Path) -> bool:
    """Whether a file is one by which a folder of ours is known."""
    try:
        document = json.loads(read_file(mark))
    except (InputError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "version" in document and "scenario" in document


def _is_endless(path: Path) -> bool:
    """Whether links lead around in a circle."""
    try:
        path.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def check_replaceable(
    folder: Path, mark: str, is_ours: Callable[[Path], bool] = holds_results, remedy: str = ANOTHER
) -> None:
    """Refuse a folder that holds anything but results of ours.

    Parameters
    ----------
    folder : Path
    mark : str
        File by which a folder of ours is known.
    is_ours : callable
        Whether that file is one of ours.
    remedy : str
        What can be done, as whoever asks for the folder says it.

    Raises
    ------
    InputError
        If `folder` is a file, or holds files but not an earlier result.
    """
    if _is_endless(folder):
        raise InputError(f"{folder}: is a link that leads back to itself; {remedy}")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder}: results go into a folder, but this is a file; {remedy}")
    if any(folder.iterdir()) and not is_ours(folder / mark):
        raise InputError(f"{folder}: holds files but no earlier results of n1trial, so it is not replaced; {remedy}")


def replace_folder(folder: Path, write: Callable[[Path], None], mark: str) -> Path:
    """Fill a new folder by `write`, add its checksums, and put it in the place of `folder`: whole or not at all.

    Parameters
    ----------
    folder : Path
        One that does not exist, is empty or holds earlier results of the same kind.
    write : callable
        Writes into the folder that it is given.
    mark : str
        File by which results of this kind are known.

    Returns
    -------
    Path
        The folder; where `folder` is a link, what it points to.

    Raises
    ------
    InputError
        If `folder` holds anything but results of ours.
    RunError
        If it cannot be written.
    """
    check_replaceable(folder, mark)
    folder = folder.resolve()  # what a link points to is replaced, and not the link
    with _new(folder, "nothing was changed") as fresh:
        fresh.mkdir()
        write(fresh)
        add_checksums(fresh)
        put_folder(fresh, folder)
    return folder


@contextlib.contextmanager
def _new(folder: Path, outcome: str) -> Iterator[Path]:
    """Place beside a folder for its new content; say what it means for the folder if that cannot be written."""
    with contextlib.ExitStack() as stack:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            place = stack.enter_context(beside(folder))
        except OSError as error:
            raise RunError(f"{folder}: cannot be written ({error.strerror})") from error
        try:
            yield place / NEW
        except OSError as error:
            raise RunError(f"{folder}: cannot be written ({error.strerror}); {outcome}") from error
