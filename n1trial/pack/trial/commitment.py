"""The number that a pack commits to: the SHA-256 of its key, printed on every blinded paper."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from n1trial.errors import InputError
from n1trial.files.read import FileError, read_file
from n1trial.pack.wording import PackFault

COMMITMENT = "commitment.txt"
"""File of a pack whose first line it is."""


def commitment_of(text: bytes) -> str:
    """Compute the SHA-256 of a key's text, nonce included: what `sha256sum` says of the file that age decrypts."""
    return hashlib.sha256(text).hexdigest()


NO_COMMITMENT = "0" * 64
"""Stands in blinded files for the commitment, while they are made and when their digest is taken."""


def paper_digests(files: dict[str, bytes], commitment: str) -> dict[str, str]:
    """Compute the digest of each blinded file, whatever commitment is printed on it.

    Returns
    -------
    dict of str to str
        SHA-256 in hexadecimal, by path.
    """
    return {path: hashlib.sha256(without_commitment(files[path], commitment)).hexdigest() for path in sorted(files)}


def without_commitment(text: bytes, commitment: str) -> bytes:
    """Put `NO_COMMITMENT` where a blinded file prints the commitment, in groups of eight or whole."""
    blank = text.replace(commitment.encode(), NO_COMMITMENT.encode())
    return blank.replace(in_groups(commitment).encode(), in_groups(NO_COMMITMENT).encode())


def in_groups(commitment: str) -> str:
    """Write the commitment as papers print it, in groups of eight characters."""
    return " ".join(re.findall(".{8}", commitment))


def stated_commitment(folder: Path, typed: str | None = None, place: str | None = None) -> str:
    """Read the commitment of a pack: as typed from a paper, else as its file has it.

    Parameters
    ----------
    folder : Path
        Of the pack.
    typed : str, optional
        As it stands on any blinded paper; blanks do not matter.
    place : str, optional
        The file, as errors name it; by default its path.

    Raises
    ------
    InputError
        If neither tells it.
    """
    if typed is not None:
        found, argument, place = "".join(typed.split()).lower(), "commitment", ""
    else:
        path, argument = folder / COMMITMENT, ""
        place = place or str(path)
        try:
            found = read_file(path).decode().split("\n", 1)[0].strip()
        except (FileError, ValueError):
            raise InputError(PackFault("no_commitment", argument, value=place)) from None
    if not re.fullmatch("[0-9a-f]{64}", found):
        raise InputError(PackFault("commitment", argument, {"found": repr(found[:80])}, place))
    return found
