"""The folder of a pack: sealed, written beside and then put in place, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from n1trial.errors import InputError, RunError
from n1trial.pack.assemble import Pack, archive, unpacked
from n1trial.pack.codebreak import code_break_file
from n1trial.pack.seal import SealError, seal, unseal
from n1trial.study.folder import check_writable

KEY, KEY_COPY, PHARMACY, CODE_BREAK = "key.age", "key-copy.age", "pharmacy.age", "code-break.age"
PHARMACY_OPEN = "pharmacy"


@dataclass(frozen=True)
class Passphrases:
    """What seals a pack.

    Attributes
    ----------
    key : str
        Of the key.
    pharmacy : str or None
        Of the pharmacy's papers; None leaves them open.
    copy : str or None
        Of a second copy of the key; None makes none.
    """

    key: str
    pharmacy: str | None
    copy: str | None = None


def sealed_files(pack: Pack, passphrases: Passphrases) -> dict[str, bytes]:
    """All files of a pack as they are handed out, by path."""
    files = dict(pack.blinded)
    files[KEY] = seal(pack.key_text, passphrases.key)
    if passphrases.copy is not None:
        files[KEY_COPY] = seal(pack.key_text, passphrases.copy)
    if passphrases.pharmacy is None:
        files |= {f"{PHARMACY_OPEN}/{path}": content for path, content in pack.pharmacy.items()}
    else:
        files[PHARMACY] = seal(archive(pack.pharmacy, pack.pharmacy_bytes), passphrases.pharmacy)
    files[CODE_BREAK] = code_break_file(pack.code_breaks)
    return files


def check_new(folder: Path) -> None:
    """Refuse a folder that holds anything: a pack is never written over.

    Raises
    ------
    InputError
        If it is a file, or a folder that is not empty.
    """
    if folder.is_dir():
        if any(folder.iterdir()):
            raise InputError(f"--out {folder}: holds files already, and nothing is written over; choose a new folder")
    elif folder.exists() or folder.is_symlink():
        raise InputError(f"--out {folder}: is a file; choose a new folder")
    else:
        check_writable(folder)


def write_new_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder that is new or empty: whole or not at all.

    Raises
    ------
    InputError
        If the folder holds anything.
    RunError
        If it cannot be written.
    """
    check_new(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({error.strerror})") from error
    try:
        fresh = beside / "new"
        for path, content in files.items():
            _write(fresh / path, content)
        # the name of an empty folder is taken over, that of any other refused, also one made in the meantime
        os.rename(fresh, folder)  # noqa: PTH104
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({error.strerror}); nothing was left there") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def open_pharmacy(sealed: bytes, passphrase: str, place: str) -> dict[str, bytes]:
    """Files of the pharmacy.

    Parameters
    ----------
    sealed : bytes
        As pharmacy.age holds them.
    passphrase : str
    place : str
        The file, as errors name it.

    Raises
    ------
    SealError
        If the passphrase is not the right one, or the file is something else.
    """
    content = unseal(sealed, passphrase, place)
    if not content.startswith(b"PK"):
        raise SealError(f"{place}: opens, but holds no papers of a pharmacy")
    return unpacked(content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
