"""Dated papers made again after dates moved: without a new draw and without anything sealed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from n1trial.errors import InputError, RunError
from n1trial.files.folders import write_new_folder
from n1trial.files.read import read_file
from n1trial.pack.log.log import read_log, record
from n1trial.pack.papers.context import Facts, facts
from n1trial.pack.papers.papers import dated_tables, page
from n1trial.pack.papers.pdf import with_pdfs
from n1trial.pack.papers.protocol_context import of_the_visits, windows
from n1trial.pack.trial.commitment import paper_digests, stated_commitment
from n1trial.pack.trial.fills import in_the_house, overdue
from n1trial.pack.trial.moves import MOVES, PAPERS, VERSION, first_moved, folder_of, move_dates
from n1trial.pack.trial.read import read_trial
from n1trial.pack.trial.trial import Kit, Trial
from n1trial.pack.trial.visits import visit_dates
from n1trial.pack.visit.gate import declared_end

NOTICE = "clinician/reissue.html"
ALWAYS = ("patient/calendar.html", "patient/diary.html", "clinician/schedule.html")
"""Papers whose every line has a date."""
IF_DATED = ("patient/leaflet.html", "patient/wallet-card.html")
"""Papers that are made again where a date on them moved."""
CALENDAR, CALENDAR_PDF = "patient/calendar.ics", "patient/calendar.pdf"


@dataclass(frozen=True)
class Reissue:
    """Papers that were made again.

    Attributes
    ----------
    before, now : Trial
        With the dates until now, and the new ones.
    folder : Path
        That holds the new papers.
    papers : tuple of str
        Their paths within it.
    replacements : tuple of str
        Those of them whose older versions are to be destroyed.
    expiries : tuple of tuple (Kit, date)
        Kits that may be filled and are now used later than they keep, and until when they do.
    in_the_house : tuple of Kit
        Kits that the patient has, whose labels show older dates.
    """

    before: Trial
    now: Trial
    folder: Path
    papers: tuple[str, ...]
    replacements: tuple[str, ...]
    expiries: tuple[tuple[Kit, date], ...]
    in_the_house: tuple[Kit, ...]


def reissue(folder: Path, from_date: date, paused_after: date | None, reason: str, by: str | None) -> Reissue:
    """Make dated papers again, and write that into the log.

    Parameters
    ----------
    folder : Path
        Of the pack; only its blinded files are read.
    from_date : date
        On which the diary begins; or goes on after a pause.
    paused_after : date or None
        Last date that was kept before the pause; None where the start moves.
    reason : str
    by : str or None
        Who moved the dates, as entered.

    Raises
    ------
    InputError
        If the pack or the dates are no use, or the trial is over.
    RunError
        If papers or log cannot be written; nothing is left then.
    """
    before, commitment = read_trial(folder), stated_commitment(folder)
    _check_not_over(before, folder)
    now = move_dates(before, from_date, paused_after)
    place = folder / folder_of(now.version)
    if place.exists():
        raise InputError(f"{place}: is there, but trial.log knows nothing of it; move it away and try again")
    earlier = _earlier_calendar(folder, before.version)
    files = _papers(before, now, commitment, earlier, reason, by)
    files = with_pdfs(files) if (folder / CALENDAR_PDF).is_file() else files
    write_new_folder(place, files)
    try:
        record(
            folder, "reissue", by, **{VERSION: now.version}, reason=reason, from_date=from_date,
            paused_after=paused_after, **{MOVES: [[move.first_day, move.days] for move in now.moves]},
            last_day=now.date_of(now.last_day), **{PAPERS: _digests(files, commitment)},
        )  # fmt: skip
    except RunError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    replaced = tuple(path for path in files if path != NOTICE and path.endswith((".html", ".ics", ".csv")))
    return Reissue(before, now, place, tuple(files), replaced, tuple(overdue(before, now)), in_the_house(before, now))


def _check_not_over(trial: Trial, folder: Path) -> None:
    """Refuse to move dates of a trial whose early end was declared, or whose key was opened after its last day.

    Before that the key may have been opened by mistake, and the trial goes on.
    """
    log, last_day = read_log(folder), trial.date_of(trial.last_day)
    ended = declared_end(log)
    if ended is not None:
        raise InputError(f"{folder}: the trial has ended on {ended.on}, as trial.log has it; no date moves any more")
    opened = [line.time.date() for line in log.of("open", "all") if line.time.date() > last_day]
    if opened and not trial.is_rehearsal:
        raise InputError(f"{folder}: the trial was over on {last_day} and its key opened on {opened[0]}; no date moves")


def _digests(files: dict[str, bytes], commitment: str) -> dict[str, str]:
    texts = {path: content for path, content in files.items() if not path.endswith(".pdf")}
    return paper_digests(texts, commitment)


def _earlier_calendar(folder: Path, version: int) -> bytes | None:
    path = folder / CALENDAR if version == 1 else folder / folder_of(version) / CALENDAR
    return read_file(path) if path.is_file() else None


def _papers(
    before: Trial, now: Trial, commitment: str, earlier: bytes | None, reason: str, by: str | None
) -> dict[str, bytes]:
    """Write all papers of a version, by path, without knowing the allocation."""
    first = first_moved(before, now)
    known = facts(now, commitment, first) | of_the_visits(now)
    files = {path: page(now, path, path, known, commitment) for path in ALWAYS}
    unmoved = facts(replace(before, version=now.version), commitment, first)
    for path in IF_DATED:
        content = page(now, path, path, known, commitment)
        if content != page(now, path, path, unmoved, commitment):
            files[path] = content
    files |= dated_tables(now, known, earlier)
    notice = known | {"reissue": of_the_reissue(before, now, reason, by, sorted(files))}
    files[NOTICE] = page(now, NOTICE, NOTICE, notice, commitment)
    return dict(sorted(files.items()))


def of_the_reissue(before: Trial, now: Trial, reason: str, by: str | None, destroy: Sequence[str]) -> Facts:
    """Say what the notice of moved dates speaks of: old and new dates, and the kits to look at.

    Parameters
    ----------
    before, now : Trial
        With the dates until now, and the new ones.
    reason : str
    by : str or None
        Who moved them, as entered.
    destroy : sequence of str
        Papers that are made again, by path.
    """
    first = first_moved(before, now)
    return {
        "reason": reason,
        "by": by,
        "is_pause": first > now.first_day,
        "days": (now.date_of(first) - before.date_of(first)).days,
        "last_kept": now.date_of(first - 1),
        "resumes": now.date_of(first),
        "off_days": now.paused_before(first) - now.paused_before(first - 1),
        "starts": (before.first_date, now.first_date),
        "first_kits": tuple(trial.date_of(trial.first_kit_day) for trial in (before, now)),
        "ends": tuple(trial.date_of(trial.last_day) for trial in (before, now)),
        "visits": [
            (was, new) for was, new in zip(visit_dates(before), visit_dates(now), strict=True) if was != new
        ],
        "windows": list(zip(windows(before), windows(now), strict=True)),
        "expiries": [{"kit": kit, "good_until": good, "last": now.date_of(kit.last_day)}
                     for kit, good in overdue(before, now)],
        "in_the_house": [kit.number for kit in in_the_house(before, now)],
        "destroy": list(destroy),
    }  # fmt: skip
