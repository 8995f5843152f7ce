"""A file that somebody gave: one with a path, or one whose content came without, as from a browser."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from n1trial.files.read import MOST_BYTES, read_file


@dataclass(frozen=True)
class MemoryFile:
    """A file that is on no disk.

    Attributes
    ----------
    name : str
        As its owner calls it; it is never looked up anywhere.
    content : bytes
    """

    name: str
    content: bytes = field(repr=False)


Source: TypeAlias = str | os.PathLike[str] | MemoryFile


def place_of(source: Source) -> str:
    """Name a file as faults name it: by its path, or by the name that it came with.

    Examples
    --------
    >>> place_of(MemoryFile("diary.csv", b""))
    'diary.csv'
    """
    return source.name if isinstance(source, MemoryFile) else os.fspath(source)


def content_of(source: Source, *, what: str = "a file", most: int = MOST_BYTES) -> bytes:
    """Read all bytes of a file.

    Parameters
    ----------
    source : str, path or MemoryFile
    what : str
        What it should be, as in ``a diary file``.
    most : int
        Bytes that it may have, where it lies on a disk; what is in memory was counted before.

    Raises
    ------
    FileError
        If it cannot be read, or is larger.

    Examples
    --------
    >>> content_of(MemoryFile("diary.csv", b"day,score"))
    b'day,score'
    """
    if isinstance(source, MemoryFile):
        return source.content
    return read_file(Path(source), place_of(source), what=what, most=most)
