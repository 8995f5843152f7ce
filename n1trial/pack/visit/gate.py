"""Whether the whole key may open: the trial has ended as planned, or its early end was declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.pack.log.chain import Chain, LogLine
from n1trial.pack.log.log import read_log
from n1trial.pack.trial.moves import with_moved_dates
from n1trial.pack.trial.read import is_pack, read_trial
from n1trial.pack.trial.trial import Trial

ENDED, REASON = "ended", "reason"
"""Facts of a line `freeze` that declares an early end: its date, and why."""


class Hold(Enum):
    """Reason why the whole key stays shut."""

    RUNNING = "running"
    """The planned end has not come, and no early end was declared."""
    FUTURE = "future entries"
    """The diary has entries that are dated in the future."""
    LATER = "entries after the declared end"
    """By its plan the trial goes on, and the diary has entries after the early end that was declared."""


@dataclass(frozen=True)
class DeclaredEnd:
    """An end before the planned one, as `freeze --ended` wrote it into the log.

    Attributes
    ----------
    on : date
        Last day of the trial.
    reason : str
    by : str or None
        Who declared it, as entered and not verified.
    time : datetime
        When it was declared.
    """

    on: date
    reason: str
    by: str | None
    time: datetime


@dataclass(frozen=True)
class EndGate:
    """Dates and events that decide whether the whole key may open.

    Attributes
    ----------
    today : date
    last_day : date
        Planned last day of the trial, as late as the pack, its dated papers or the diary have it.
    is_rehearsal : bool
        A rehearsal may be opened at any time: it is no trial.
    declared_end : DeclaredEnd or None
        The last that was declared.
    future : tuple of date
        Dates after today that the diary has entries of.
    later : tuple of date
        Dates after the declared end, up to today, that the diary has entries of: they speak against that end.
    """

    today: date
    last_day: date
    is_rehearsal: bool = False
    declared_end: DeclaredEnd | None = None
    future: tuple[date, ...] = ()
    later: tuple[date, ...] = ()

    @property
    def early_end(self) -> DeclaredEnd | None:
        """The declared end; None where the diary speaks against it."""
        return None if self.later else self.declared_end

    @property
    def is_over(self) -> bool:
        """Whether the trial has ended, as planned or as declared."""
        return self.today > self.last_day or (self.early_end is not None and self.early_end.on <= self.today)

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Why the key stays shut; empty where it may open."""
        if self.is_rehearsal:
            return ()
        running = Hold.LATER if self.later else Hold.RUNNING
        return (*([] if self.is_over else [running]), *([Hold.FUTURE] if self.future else []))

    @property
    def is_open(self) -> bool:
        """Whether the whole key may open."""
        return not self.holds


def gate(trial: Trial, folder: Path, today: date, diary: ReturnedDiary | None = None) -> EndGate:
    """Look at the dates of a trial.

    Parameters
    ----------
    trial : Trial
        As its blinded files tell it, or its key.
    folder : Path
        Of the pack, whose log tells of an early end and of dates that were moved.
    today : date
    diary : ReturnedDiary, optional
        The diary that the key is to be opened for.
    """
    last = trial.date_of(trial.last_day)
    ends = [last, with_moved_dates(trial, folder).date_of(trial.last_day)]
    if diary is not None:
        ends.append(diary.date_of(trial.last_day) or last)
    declared = declared_end(read_log(folder))
    written = () if diary is None else tuple(_dates_written(diary))
    future = tuple(day for day in written if day > today)
    later = () if declared is None else tuple(day for day in written if declared.on < day <= today)
    return EndGate(today, max(ends), trial.is_rehearsal, declared, future, later)


def gate_of(folder: Path, today: date, diary: ReturnedDiary | None = None) -> EndGate | None:
    """Look at the dates of the trial whose pack is in a folder; None where its blinded files are not at hand."""
    return gate(read_trial(folder), folder, today, diary) if is_pack(folder) else None


def declared_end(log: Chain) -> DeclaredEnd | None:
    """Find the last early end that was declared with a reason, on a line that is in its place in the log."""
    found = [end for line in log.of("freeze") if log.is_linked(line) and (end := _declaration(line)) is not None]
    return found[-1] if found else None


def _declaration(line: LogLine) -> DeclaredEnd | None:
    on, reason = _date(line.facts.get(ENDED)), str(line.facts.get(REASON) or "").strip()
    return DeclaredEnd(on, reason, line.by, line.time) if on is not None and reason else None


def _dates_written(diary: ReturnedDiary) -> Iterable[date]:
    """List dates of the days that something was written about."""
    dates = (diary.date_of(day) for day in diary.day[diary.is_written].tolist())
    return (day for day in dates if day is not None)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
