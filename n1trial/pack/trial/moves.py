"""Dates that were moved after a pack was made: a late start, or a pause; no new draw, and nothing of the allocation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from n1trial.diary.file.dates import FARTHEST
from n1trial.errors import InputError
from n1trial.pack.log.chain import LogLine
from n1trial.pack.log.log import read_log
from n1trial.pack.trial.trial import Move, Trial
from n1trial.pack.wording import PackFault

VERSION, MOVES, PAPERS = "version", "moves", "papers"
"""Facts of a line `reissue`: of the dated papers, from 2; `Trial.moves`, two numbers each; digests of papers."""
FROM_DATE, PAUSED_AFTER = "from_date", "paused_after"
"""Arguments of `move_dates`."""
FARTHEST_START = 366
"""Days by which a trial can begin before or after its plan."""
FARTHEST_MOVE = 100_000
"""Days that no log moves anything by, all moves together: a calendar ends with the year 9999."""


def with_moved_dates(trial: Trial, folder: Path) -> Trial:
    """Give a trial the dates of the newest papers that the log of its pack tells of.

    Returns
    -------
    Trial
        The same where the log tells of none.
    """
    newest = newest_reissue(read_log(folder).of("reissue"))
    return trial if newest is None else replace(trial, moves=_moves(newest), version=newest.facts[VERSION])


def folder_of(version: int) -> str:
    """Name the folder of a pack that holds the papers of a version from 2 on."""
    return f"papers-{version}"


def newest_papers(folder: Path) -> Path:
    """Find a pack's folder of newest dated papers: its own where they were not made again, or not kept."""
    newest = newest_reissue(read_log(folder).of("reissue"))
    later = folder if newest is None else folder / folder_of(newest.facts[VERSION])
    return later if later.is_dir() else folder


def newest_reissue(lines: Sequence[LogLine]) -> LogLine | None:
    """Find the line of the newest dated papers; of two with one version the later."""
    known = sorted((line for line in lines if _is_understood(line)), key=lambda line: int(line.facts[VERSION]))
    return known[-1] if known else None


def _is_understood(line: LogLine) -> bool:
    version, moves = line.facts.get(VERSION), line.facts.get(MOVES)
    if not isinstance(moves, list) or not all(map(_is_move, moves)):
        return False
    return type(version) is int and version > 1 and sum(abs(days) for _, days in moves) < FARTHEST_MOVE


def _is_move(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value)
    return is_pair and all(abs(number) < FARTHEST_MOVE for number in value)


def _moves(line: LogLine) -> tuple[Move, ...]:
    return tuple(sorted((Move(*found) for found in line.facts[MOVES]), key=lambda move: move.first_day))


def move_dates(trial: Trial, from_date: date, paused_after: date | None = None) -> Trial:
    """Move the dates of a trial.

    Parameters
    ----------
    trial : Trial
        With the dates that hold now.
    from_date : date
        On which the diary begins; or goes on after a pause.
    paused_after : date, optional
        Last date that was kept before the pause; without it the start moves, and all with it.

    Raises
    ------
    InputError
        If the dates do not go together, or move nothing.
    """
    first = trial.first_day if paused_after is None else _first_after(trial, paused_after, from_date)
    if paused_after is None:
        _check_start(trial, from_date)
    shift = (from_date - trial.date_of(first)).days
    if not shift:
        raise InputError(PackFault("nothing_moves", FROM_DATE, {"day": first}, str(from_date)))
    days = {move.first_day: move.days for move in trial.moves}
    days[first] = days.get(first, 0) + shift
    moves = tuple(Move(day, days[day]) for day in sorted(days) if days[day])
    return replace(trial, moves=moves, version=trial.version + 1)


def _check_start(trial: Trial, from_date: date) -> None:
    if trial.pauses:
        raise InputError(PackFault("has_paused", FROM_DATE))
    if abs((from_date - trial.start).days) > FARTHEST_START:
        facts = {"most": FARTHEST_START, "start": trial.start}
        raise InputError(PackFault("far_start", FROM_DATE, facts, str(from_date)))


def _first_after(trial: Trial, paused_after: date, from_date: date) -> int:
    """Find the first day of the plan after a date."""
    last = trial.date_of(trial.last_day)
    if not trial.first_date <= paused_after < last:
        dates = {"first": trial.first_date, "last": last - timedelta(days=1)}
        raise InputError(PackFault("no_date_of_diary", PAUSED_AFTER, dates, str(paused_after)))
    if not 0 < (from_date - paused_after).days <= FARTHEST:
        facts = {"most": FARTHEST, PAUSED_AFTER: paused_after}
        raise InputError(PackFault("long_pause", FROM_DATE, facts, str(from_date)))
    return next(day for day in range(trial.first_day, trial.last_day + 1) if trial.date_of(day) > paused_after)


def first_moved(before: Trial, now: Trial) -> int:
    """Find the first day of the plan whose date differs between two versions."""
    days = range(now.first_day, now.last_day + 1)
    return next(day for day in days if before.date_of(day) != now.date_of(day))
