"""Checksums of the files of a results folder, in the form that `sha256sum --check` reads."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

NAME = "checksums.txt"


def add_checksums(folder: Path, names: Iterable[str] | None = None) -> None:
    """Write the checksums of files of a folder into it.

    Parameters
    ----------
    folder : Path
    names : iterable of str, optional
        Of the files; by default all that there are.
    """
    if names is None:
        names = (path.name for path in folder.iterdir() if path.is_file() and path.name != NAME)
    lines = (f"{_digest(folder / name)}  {name}\n" for name in sorted(names))
    (folder / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")


def changed_files(folder: Path, names: Iterable[str]) -> tuple[str, ...] | None:
    """Find files of a results folder that are not as they were written.

    Returns
    -------
    tuple of str or None
        Those of them that differ, are gone or have no checksum. None where the folder has no checksums at all, as
        those of n1trial up to 0.1.
    """
    try:
        lines = (folder / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    except OSError:
        return tuple(names)
    written = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return tuple(name for name in names if written.get(name, "") != _digest(folder / name))


def replace_checksum(folder: Path, name: str) -> str | None:
    """Return the text of the checksums with a new one for a file; None where the folder has none."""
    try:
        lines = (folder / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    others = [line for line in lines if line.partition("  ")[2] != name]
    line = f"{_digest(folder / name)}  {name}"
    return "".join(f"{each}\n" for each in sorted([*others, line], key=lambda each: each.partition("  ")[2]))


def _digest(path: Path) -> str:
    """Compute the SHA-256 of a file, in hexadecimal digits; a word where it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "missing"
