"""The receipt of a frozen diary, which two persons sign before the key opens; and whether a diary is still that one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from n1trial.errors import InputError
from n1trial.files.source import Source, content_of, place_of
from n1trial.pack.freeze.freeze import ADDED, CORRECTIONS
from n1trial.pack.freeze.history import Correction, changes_in
from n1trial.pack.freeze.values import Change, FrozenValues, frozen_values
from n1trial.pack.log.chain import LogLine
from n1trial.pack.log.log import read_log

LABELS = {
    "patient_code": "Patient code", "commitment": "Commitment", "sha256": "File", "values": "Values",
    "head": "Log ends", "lines": "Log lines", "time": "Frozen",
}  # fmt: skip
"""What `analyze --receipt` reads, with the label that it stands behind."""
HASHES = ("commitment", "sha256", "values", "head")
HEXADECIMAL = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Receipt:
    """Statements of a receipt that a diary is compared by.

    Attributes
    ----------
    patient_code, commitment : str
        Of the pack.
    sha256, values : str
        SHA-256 of the file's bytes, and of its values.
    head : str
        SHA-256 of the last line of the log.
    lines : int
        Of the log.
    time : str
        When the diary was frozen, as ISO has it.
    """

    patient_code: str
    commitment: str
    sha256: str
    values: str
    head: str
    lines: int
    time: str


class Match(Enum):
    """Way in which a diary agrees with the one of a receipt."""

    SAME_FILE = "same file"
    SAME_VALUES = "same values"
    """The file was saved again, and no value was changed."""
    CHANGED = "changed"


@dataclass(frozen=True)
class Comparison:
    """A diary and a log, held against a receipt.

    Attributes
    ----------
    receipt : Receipt
    match : Match
    corrections : tuple of Correction or None
        What was changed since; None where the values that were frozen are not at hand.
    is_log_longer : bool
        Whether the log still holds all lines that it had; otherwise lines were taken away or changed.
    """

    receipt: Receipt
    match: Match
    corrections: tuple[Correction, ...] | None
    is_log_longer: bool


def read_receipt(path: Source) -> Receipt:
    """Read a receipt, as `freeze --out` wrote it or as it was typed from paper.

    Raises
    ------
    InputError
        With everything that is missing or is no hash.
    """
    text = content_of(path, what="a receipt").decode("utf-8-sig", "replace")
    said = {name: _text_behind(text, label) for name, label in LABELS.items()}
    faults = list(_faults(said))
    if faults:
        raise InputError([f"{place_of(path)}: {fault}" for fault in faults])
    hashes = {name: _join(said[name]) for name in HASHES}
    return Receipt(
        said["patient_code"], **hashes, lines=int(said["lines"].split()[0]), time=said["time"].split()[0]
    )  # fmt: skip


def check_receipt(receipt: Receipt, commitment: str, place: str) -> None:
    """Refuse the receipt of another pack.

    Raises
    ------
    InputError
    """
    if receipt.commitment != commitment:
        raise InputError(
            f"{place}: is the receipt of another pack (patient code {receipt.patient_code}): its commitment is not the "
            "one of this pack"
        )


def compare(receipt: Receipt, sha256: str, values: FrozenValues, folder: Path) -> Comparison:
    """Hold a diary and the log against a receipt.

    Parameters
    ----------
    receipt : Receipt
    sha256 : str
        Of the diary's file.
    values : FrozenValues
        Of the diary.
    folder : Path
        That holds the log and the values that were frozen.
    """
    lines = read_log(folder).lines
    place = next((at for at, line in enumerate(lines) if line.digest == receipt.head), None)
    is_log_longer = place is not None and place + 1 >= receipt.lines
    if receipt.values == values.digest:
        match = Match.SAME_FILE if receipt.sha256 == sha256 else Match.SAME_VALUES
        return Comparison(receipt, match, (), is_log_longer)
    before = frozen_values(folder, receipt.values)
    if before is None:
        return Comparison(receipt, Match.CHANGED, None, is_log_longer)
    later = lines if place is None else lines[place + 1 :]
    return Comparison(receipt, Match.CHANGED, tuple(_explain(values.changes_since(before), later)), is_log_longer)


def _explain(changes: Iterable[Change], lines: Sequence[LogLine]) -> Iterator[Correction]:
    """Explain changes, each with who made it and why, where a later freeze says so."""
    found = {
        (each.day, each.column, each.new): Correction(each, line.time, line.by, line.facts.get("reason"))
        for line in lines if line.event == "freeze" and (line.by or line.facts.get("reason"))
        for each in changes_in(line.facts, CORRECTIONS, ADDED)
    }  # fmt: skip
    for each in changes:
        said = found.get((each.day, each.column, each.new))
        yield Correction(each, None, None, None) if said is None else replace(said, change=each)


def _text_behind(text: str, label: str) -> str:
    """Read what stands behind a label, and on the lines that go on with it."""
    found = re.search(rf"^{label}:?[ \t]+(.*(?:\r?\n[ \t]+\S.*)*)", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _join(typed: str) -> str:
    return "".join(typed.split()).lower()


def _faults(lines: dict[str, str]) -> Iterator[str]:
    for name, text in lines.items():
        label = LABELS[name]
        if not text:
            yield f'has no line "{label}", and a receipt of n1trial freeze has one'
        elif name in HASHES and not HEXADECIMAL.fullmatch(_join(text)):
            yield f"{label}: must be 64 of the characters 0-9 and a-f"
        elif name == "lines" and not re.match(r"\d{1,9}\b", text):
            yield f"{label}: must be a number of lines"
