"""Freezing the diary of a trial for a receipt: corrections need a name and a reason, and an early end is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.errors import InputError
from n1trial.files.read import read_file
from n1trial.files.source import Source, place_of
from n1trial.pack.freeze.freeze import Declaration, Freeze, are_values_missing, changes_since_freeze, digest_of, freeze
from n1trial.pack.freeze.receipt import Receipt
from n1trial.pack.freeze.values import FROZEN, Change, values_of
from n1trial.pack.log.chain import chain_of
from n1trial.pack.log.log import join, read_log
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.pack.trial.read import read_trial
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.diary_format import diary_format
from n1trial.pack.visit.gate import EndGate, gate
from n1trial.pack.wording import PackFault

MOST_NAMED = 6
"""Corrections that a refusal names."""


@dataclass(frozen=True, eq=False)
class FreezeResult:
    """A diary that was frozen for a receipt.

    Attributes
    ----------
    receipt : Receipt
    trial : Trial
    diary : ReturnedDiary
    frozen : Freeze
    declaration : Declaration
    gate : EndGate
        As it is after the freeze.
    is_after_opening : bool
        Whether the whole key had been opened before.
    are_values_missing : bool
        Whether the values that were frozen before are not at hand, so that nobody can say what was corrected.
    """

    receipt: Receipt
    trial: Trial
    diary: ReturnedDiary
    frozen: Freeze
    declaration: Declaration
    gate: EndGate
    is_after_opening: bool
    are_values_missing: bool


def freeze_diary(diary: Source, pack: Path, declaration: Declaration, today: date) -> FreezeResult:
    """Freeze a diary in the log of its pack, without its key.

    Raises
    ------
    InputError
        With all faults of the diary, or of what was declared; nothing is frozen then.
    RunError
        If it cannot be written.
    """
    trial, commitment = read_trial(pack), stated_commitment(pack)
    digest = digest_of(diary)
    returned = read_returned(diary, diary_format(trial))
    if digest_of(diary) != digest:
        raise InputError(f"{place_of(diary)}: was changed while it was read; close it in other programs and try again")
    values = values_of(returned)
    changes, is_unknown = changes_since_freeze(pack, values), are_values_missing(pack, values)
    log = read_log(pack)
    faults = [*_faults_of_end(declaration, gate(trial, pack, today, returned), returned, trial),
              *_faults_of_changes(declaration, changes, is_unknown=is_unknown)]  # fmt: skip
    if faults:
        raise InputError(faults)
    frozen = freeze(pack, returned, digest, trial, declaration=declaration)
    assert frozen.values is not None
    receipt = Receipt(
        trial.patient_code, commitment, digest, frozen.values.digest, frozen.line.digest, frozen.number,
        frozen.line.time.isoformat(timespec="seconds"),
    )  # fmt: skip
    after = gate(trial, pack, today, returned)
    is_opened = bool(log.of("all", "open"))
    return FreezeResult(receipt, trial, returned, frozen, declaration, after, is_opened, is_unknown)


def join_copies(pack: Path, copies: Iterable[Path]) -> None:
    """Add the lines of logs that came back from copies of a pack.

    Raises
    ------
    InputError
        If one cannot be read, or holds no line of a log; none is joined then.
    RunError
        If the log cannot be written.
    """
    contents = {path: read_file(path, what="a log") for path in copies}
    faults = [
        PackFault("no_log", "join", value=str(path))
        for path, content in contents.items()
        if not any(line.event for line in chain_of(content).lines)
    ]
    if faults:
        raise InputError(faults)
    for content in contents.values():
        join(pack, content)


def _faults_of_end(declaration: Declaration, before: EndGate, diary: ReturnedDiary, trial: Trial) -> Iterator[str]:
    """Say what speaks against a declared end."""
    ended = declaration.ended
    if ended is None:
        return
    if not declaration.reason:
        yield "an early end needs a reason: why the trial ended early"
    if ended > before.today:
        yield f"the last day of the trial, {ended}: lies in the future; today is {before.today}"
    first, last = trial.first_date, before.last_day
    if not first <= ended <= last:
        yield f"the last day of the trial, {ended}: must be within the planned trial, {first} to {last}"
    days = [when for day in diary.day[diary.is_written].tolist() if (when := diary.date_of(day)) is not None]
    if later := [when for when in days if when > ended]:
        yield (f"the last day of the trial, {ended}: the diary has entries for later days, up to {max(later)}")


def _faults_of_changes(declaration: Declaration, changes: Sequence[Change], *, is_unknown: bool) -> Iterator[str]:
    """List corrections that nobody answers for, or that nobody can know."""
    corrected = [each for each in changes if not each.is_addition]
    if declaration.by and declaration.reason:
        return
    if is_unknown:
        yield (
            f"the values of the diary that was frozen last are not in {FROZEN} of the pack, so that nobody can say "
            "what was corrected: bring them back, or say who changed what and why, with a name and a reason"
        )
    if not corrected:
        return
    named = "; ".join(
        f'day {each.day}, {each.column}: "{each.old}" is now "{each.new}"' for each in corrected[:MOST_NAMED]
    )
    more = f"; and {len(corrected) - MOST_NAMED} more" if len(corrected) > MOST_NAMED else ""
    yield (
        f"{'1 value was' if len(corrected) == 1 else f'{len(corrected)} values were'} corrected since this diary was "
        f"last frozen ({named}{more}): say who did it and why, with a name and a reason"
    )
