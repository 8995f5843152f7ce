"""Files that are written whole or not at all: made beside their place first, then put there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from n1trial.errors import InputError, RunError
from n1trial.files.beside import NEW, beside
from n1trial.files.tables import append_rows


def check_new_file(path: Path, place: str | None = None) -> None:
    """Refuse a name that is taken, before anything is done.

    Parameters
    ----------
    path : Path
    place : str, optional
        The file, as errors name it; by default its path.

    Raises
    ------
    InputError
        If there is something of that name.
    """
    if path.exists() or path.is_symlink():
        raise _name_fault(path, place)


def write_new_file(path: Path, text: str, place: str | None = None) -> None:
    """Write a new file: whole or not at all, and never over another.

    Parameters
    ----------
    path : Path
        Where there is nothing, in a folder that exists.
    text : str
    place : str, optional
        The file, as errors name it; by default its path.

    Raises
    ------
    InputError
        If there is something of that name, or nothing can be written there.
    """
    try:
        with beside(path) as folder:
            fresh = folder / NEW
            fresh.write_text(text, encoding="utf-8", newline="")
            _put_where_nothing_is(fresh, path)
    except FileExistsError:
        raise _name_fault(path, place) from None
    except OSError as error:
        raise InputError(f"{place or path}: cannot be written ({error.strerror})") from None


def _put_where_nothing_is(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)  # unlike a renaming, never over a file that has come to be there
    except FileExistsError:
        raise
    except OSError:  # what holds no links, as a memory stick does
        path.open("xb").close()  # the name is taken first, so that nobody else's file is written over
        fresh.replace(path)


def _name_fault(path: Path, place: str | None) -> InputError:
    return InputError(f"{place or path}: exists already and is left as it is; choose another name")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        append_rows(file, [columns])
        append_rows(file, rows)


def replace_file(path: Path, text: str) -> None:
    """Write a text, and put it in the place of `path`: whole or not at all.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    try:
        with beside(path) as folder:
            fresh = folder / NEW
            fresh.write_text(text, encoding="utf-8", newline="\n")
            fresh.replace(path)
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror}); nothing was changed") from error
