"""The folder of a pack: what is sealed in it, and what its owner alone can read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from n1trial.files.folders import write_new_folder
from n1trial.pack.log.log import LOG, first_line
from n1trial.pack.make.assemble import PackFiles
from n1trial.pack.sealed.archive import archive, papers_in
from n1trial.pack.sealed.code_break import code_break_file
from n1trial.pack.sealed.files import CODE_BREAK, KEY, KEY_COPY, PHARMACY
from n1trial.pack.sealed.key import KIND
from n1trial.pack.sealed.seal import SealError, seal, unseal

PHARMACY_OPEN = "pharmacy"


@dataclass(frozen=True)
class Passphrases:
    """Passphrases that seal a pack.

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


def sealed_files(pack: PackFiles, passphrases: Passphrases, by: str | None = None) -> dict[str, bytes]:
    """Make all files of a pack as handed out, by path; the log begins with the commitment and who made them."""
    files = dict(pack.blinded_files)
    files[KEY] = seal(pack.key_text, passphrases.key)
    if passphrases.copy is not None:
        files[KEY_COPY] = seal(pack.key_text, passphrases.copy)
    if passphrases.pharmacy is None:
        files |= {f"{PHARMACY_OPEN}/{path}": content for path, content in pack.pharmacy.items()}
    else:
        files[PHARMACY] = seal(archive(pack.pharmacy, pack.pharmacy_bytes), passphrases.pharmacy)
    files[CODE_BREAK] = code_break_file(pack.code_breaks)
    files[LOG] = log_of(pack, by)
    return files


def log_of(pack: PackFiles, by: str | None = None) -> bytes:
    """Write the content of a trial's log when its pack is made: the first line, with the commitment."""
    trial = pack.trial
    return first_line(
        "pack", by, commitment=pack.commitment, patient_code=trial.patient_code, scenario=trial.scenario.name,
        first_day=trial.start, last_day=trial.date_of(trial.last_day), kits=len(trial.kits),
        is_rehearsal=trial.is_rehearsal,
    )  # fmt: skip


def write_pack(folder: Path, pack: PackFiles, passphrases: Passphrases, by: str | None = None) -> None:
    """Write a pack into a folder that is new or empty: whole or not at all.

    Open papers of the pharmacy, which show what each kit holds, can be read by the owner of the folder alone.

    Raises
    ------
    InputError
        If the folder holds anything.
    RunError
        If it cannot be written.
    """
    private = PHARMACY_OPEN if passphrases.pharmacy is None else None
    write_new_folder(folder, sealed_files(pack, passphrases, by), private)


def open_pharmacy(sealed: bytes, passphrase: str, place: str) -> dict[str, bytes]:
    """Return the files of the pharmacy.

    Raises
    ------
    SealError
        If the passphrase is not the right one, or the file is something else or holds what no pack does.
    """
    opened = unseal(sealed, passphrase, place)
    if KIND.encode() in opened[:200]:
        raise SealError(f"{place}: opens, but is the key; nothing of it was shown. Name {PHARMACY}")
    return papers_in(opened, place)
