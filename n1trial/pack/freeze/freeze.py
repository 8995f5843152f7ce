"""Before the key opens a diary is frozen: its hashes and values, what differs from the plan, and the analysis."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.files.source import Source, content_of
from n1trial.pack.freeze.values import Change, FrozenValues, frozen_values, keep_values, values_of
from n1trial.pack.log.chain import LogLine
from n1trial.pack.log.log import read_log, record
from n1trial.pack.trial.trial import Trial
from n1trial.pack.visit.deviation_words import in_words
from n1trial.pack.visit.deviations import deviations, is_planned

CORRECTIONS, ADDED = "corrections", "added"
"""Facts of a line `freeze`: day, column, old and new value of each cell that was changed since the one before."""
MOST_ADDED = 100
"""Cells filled in that a line lists: a diary that goes on has more, and these are in its values."""
NOT_SETTINGS = ("layout", "methods", "primary", "scale")


@dataclass(frozen=True)
class Declaration:
    """Statement of whoever freezes a diary, as entered and not verified.

    Attributes
    ----------
    by : str or None
        Who it is.
    reason : str or None
        Why values were corrected, or why the trial ended early.
    ended : date or None
        Last day of a trial that ended early.
    """

    by: str | None = None
    reason: str | None = None
    ended: date | None = None


@dataclass(frozen=True, eq=False)
class Freeze:
    """A diary as it was frozen.

    Attributes
    ----------
    line : LogLine
        Of the log.
    number : int
        Lines of the log up to this one.
    values : FrozenValues or None
        None where the blinded files of its pack were not at hand, so that not every cell was understood.
    changes : tuple of Change
        Cells that differ from the diary that was frozen before; empty where there was none.
    """

    line: LogLine
    number: int
    values: FrozenValues | None
    changes: tuple[Change, ...]


def digest_of(diary: Source) -> str:
    """Compute the SHA-256 of a diary file.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    return hashlib.sha256(content_of(diary, what="a diary file")).hexdigest()


def freeze(
    folder: Path,
    diary: ReturnedDiary,
    digest: str,
    trial: Trial | None,
    methods: Iterable[str] = (),
    declaration: Declaration | None = None,
) -> Freeze:
    """Write a diary's values beside the key, and a line into the log, on the disk before anything else happens.

    Parameters
    ----------
    folder : Path
        That holds the log.
    diary : ReturnedDiary
    digest : str
        SHA-256 of its file.
    trial : Trial or None
        What the blinded files of the pack tell; None where they are not at hand, so that deviations cannot be known.
    methods : iterable of str
        Analyses asked for besides the planned ones.
    declaration : Declaration, optional

    Raises
    ------
    RunError
        If it cannot be written.
    """
    said = Declaration() if declaration is None else declaration
    values = None if trial is None else values_of(diary)
    changes = () if values is None else changes_since_freeze(folder, values)
    facts = _facts(diary, digest, trial, methods) | {"values": None if values is None else values.digest}
    facts |= _changes(changes)
    facts |= {"ended": said.ended, "reason": said.reason}
    if values is not None:
        keep_values(folder, values)
    line = record(folder, "freeze", said.by, **facts)
    return Freeze(line, len(read_log(folder).lines), values, changes)


def _changes(changes: Sequence[Change]) -> dict[str, Any]:
    """List corrections and cells that were empty before: all of the former, and all of the latter if they are few."""
    corrected = [(each.day, each.column, each.old, each.new) for each in changes if not each.is_addition]
    added = [(each.day, each.column, "", each.new) for each in changes if each.is_addition]
    return {CORRECTIONS: corrected, "cells_added": len(added), ADDED: added if len(added) <= MOST_ADDED else []}


def changes_since_freeze(folder: Path, values: FrozenValues) -> tuple[Change, ...]:
    """Find cells that differ from the diary frozen last; none where none was, or its values are not at hand."""
    for line in reversed(read_log(folder).of("freeze")):
        before = frozen_values(folder, str(line.facts.get("values")))
        if before is not None:
            return values.changes_since(before)
    return ()


def are_values_missing(folder: Path, values: FrozenValues) -> bool:
    """Whether the diary that was frozen last had other values, and these are not at hand, so that none is compared."""
    known = [line.facts["values"] for line in read_log(folder).of("freeze") if line.facts.get("values")]
    return bool(known) and known[-1] != values.digest and frozen_values(folder, str(known[-1])) is None


def _facts(diary: ReturnedDiary, digest: str, trial: Trial | None, methods: Iterable[str]) -> dict[str, Any]:
    """Return what a line says of a diary, for JSON."""
    found: dict[str, Any] = {"diary": Path(diary.place).name, "sha256": digest}
    found |= {"rows": len(diary.day), "entries": int(np.isfinite(diary.score).sum())}
    found |= {"asked": list(methods)}
    if trial is None:
        return found | {"deviations": None, "excluded_days": None, "primary": None}
    plan = trial.scenario.plan()
    told = [
        {"from": each.first_day, "to": each.last_day, "what": in_words(each)}
        for each in deviations(trial, diary, is_over=True)
    ]
    beyond = diary.day[diary.is_written & ~is_planned(trial, diary)].tolist()
    settings = {name: value for name, value in asdict(plan).items() if name not in NOT_SETTINGS}
    return found | {
        "deviations": told,
        "excluded_days": beyond,
        "primary": plan.primary,
        "methods": list(plan.methods),
        "settings": settings,
    }
