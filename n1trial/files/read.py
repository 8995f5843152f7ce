"""Reading a file that a user named: a regular one, of a sensible size, or a refusal in words."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from n1trial.errors import InputError

MOST_BYTES = 64 * 1024 * 1024
"""Of a file that a user names: more than any pack, and less than what stops a computer."""
FileKind = Literal["missing", "folder", "special", "large", "unreadable"]


class FileError(InputError):
    """Error of a file that a user named and that cannot be read.

    Parameters
    ----------
    sentence : str
    kind : str
        ``missing``, ``folder``, ``special`` (a pipe or device), ``large``, or ``unreadable`` for any other reason.
    """

    def __init__(self, sentence: str, kind: FileKind) -> None:
        super().__init__(sentence)
        self.kind: FileKind = kind

    def __reduce__(self) -> tuple[type[FileError], tuple[str, FileKind]]:  # type: ignore[override]
        return FileError, (str(self), self.kind)


def read_file(path: Path, place: str | None = None, *, what: str = "a file", most: int = MOST_BYTES) -> bytes:
    """Read a file that a user named: a regular one, and never more of it than is sensible.

    Parameters
    ----------
    path : Path
        A link is followed.
    place : str, optional
        The file, as errors name it; by default its path.
    what : str
        What it should be, as in ``a diary file``.
    most : int
        Bytes that it may have.

    Raises
    ------
    FileError
        If there is none, or it is a folder, a pipe, a device, too large or a link to itself; nothing is waited for.
    """
    place = place or str(path)
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            content = file.read(most + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except IsADirectoryError:
        raise FileError(f"{place}: is a folder, not {what}", "folder") from None
    except FileNotFoundError:
        raise FileError(f"{place}: no such file", "missing") from None
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError) and path.is_dir():  # as Windows has it
            raise FileError(f"{place}: is a folder, not {what}", "folder") from None
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{place}: cannot be read ({reason})", "unreadable") from None
    if content is None:
        raise FileError(f"{place}: is a pipe or a device, not {what}; save what it gives as a file", "special")
    if len(content) > most:
        raise FileError(f"{place}: is larger than {most // 1024**2} MB, and so is not {what}", "large")
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes to must not be waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
