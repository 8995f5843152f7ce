"""The sealed files of a pack: their names, and which command opens each."""

from __future__ import annotations

from pathlib import Path

from n1trial.errors import InputError
from n1trial.files.read import FileError, read_file
from n1trial.pack.sealed.code_break import is_code_break_file
from n1trial.pack.sealed.seal import check_header

KEY, KEY_COPY, PHARMACY, CODE_BREAK = "key.age", "key-copy.age", "pharmacy.age", "code-break.age"
AGE = b"age-encryption.org/"
OTHER_FILE = {
    KEY: f"is the key; the pharmacist's papers are in {PHARMACY}",
    PHARMACY: f"holds the pharmacist's papers, which n1trial open-pharmacy opens; the key is {KEY}",
    CODE_BREAK: f"holds what each kit contains, which n1trial reveal --kit opens; the key is {KEY}",
}
"""What each file is and what opens it, for somebody who named it in place of another."""
OTHER_FILE[KEY_COPY] = OTHER_FILE[KEY]


def sealed_content(path: Path) -> bytes:
    """Return the content of a sealed file.

    Raises
    ------
    InputError
        If there is no such file, or it is not sealed by age.
    """
    try:
        return read_file(path, what="a sealed file")
    except FileError as fault:
        if fault.kind != "folder":
            raise
        raise InputError(f"{path}: is a folder; name the sealed file in it, such as {path / KEY}") from None


def check_sealed(content: bytes, path: Path, what: str = KEY) -> None:
    """Refuse what no passphrase opens, and another file of the pack, before a passphrase is asked for.

    Parameters
    ----------
    content : bytes
    path : Path
    what : {"key.age", "pharmacy.age"}
        File of the pack that it must be, where it has the name of one.

    Raises
    ------
    InputError
        If it is no age file, or by its name another one of the pack.
    SealError
        If it is one that cannot be opened whatever the passphrase is.
    """
    name = CODE_BREAK if is_code_break_file(content) else path.name
    if name in OTHER_FILE and OTHER_FILE[name] != OTHER_FILE[what]:
        raise InputError(f"{path}: {OTHER_FILE[name]}")
    if not content.startswith(AGE):
        raise InputError(f"{path}: is not a file sealed by age, as {what} of a pack is")
    check_header(content, str(path))
