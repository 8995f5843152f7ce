"""The whole key opens when the trial has ended, as planned or as declared, and not on days that have not come."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from n1trial.pack.log.log import LOG, record
from n1trial.pack.visit.gate import Hold, gate, gate_of
from n1trial.pack.visit.gate_words import holds_in_words
from tests.pack.kept import Rows, blank, read, scenario_of, trial_of, write_pack

TRIAL = trial_of(scenario_of())
LAST = TRIAL.date_of(TRIAL.last_day)
DAY = timedelta(days=1)


def rows(*, later: int = 0) -> Rows:
    """A diary with a score each day, its dates some days later than planned."""
    found = blank(TRIAL)
    for row in found:
        row |= {"score": "5", "date": (date.fromisoformat(row["date"]) + later * DAY).isoformat()}
    return found


@pytest.mark.parametrize(("today", "is_open"), [(LAST - DAY, False), (LAST, False), (LAST + DAY, True)])
def test_it_opens_the_day_after_the_last_one(tmp_path: Path, today: date, is_open: bool) -> None:
    found = gate_of(write_pack(TRIAL, tmp_path), today)
    assert found is not None
    assert found.holds == (() if is_open else (Hold.RUNNING,))
    assert found.is_open == is_open
    assert len(holds_in_words(found)) == len(found.holds)


def test_without_blinded_files_nothing_is_known(tmp_path: Path) -> None:
    assert gate_of(tmp_path, LAST) is None


def test_a_rehearsal_is_no_trial(tmp_path: Path) -> None:
    trial = trial_of(scenario_of(), is_rehearsal=True)
    found = gate_of(write_pack(trial, tmp_path), trial.start)
    assert found is not None
    assert found.is_open


def test_a_declared_end_opens_from_its_day(tmp_path: Path) -> None:
    on = LAST - 20 * DAY
    record(tmp_path, "freeze", "Dr. A", ended=on, reason="moved away")
    assert gate(TRIAL, tmp_path, on - DAY).holds == (Hold.RUNNING,)
    found = gate(TRIAL, tmp_path, on)
    assert found.is_open
    assert found.declared_end is not None
    assert (found.declared_end.on, found.declared_end.by, found.declared_end.reason) == (on, "Dr. A", "moved away")


def test_a_diary_frozen_without_a_word_of_its_end_opens_nothing(tmp_path: Path) -> None:
    record(tmp_path, "freeze", ended=None)
    assert gate(TRIAL, tmp_path, LAST).holds == (Hold.RUNNING,)


@pytest.mark.parametrize("facts", [{}, {"reason": None}, {"reason": "  "}])
def test_an_end_that_was_declared_without_a_reason_does_not_count(tmp_path: Path, facts: dict[str, str | None]) -> None:
    record(tmp_path, "freeze", "Dr. A", ended=LAST - 20 * DAY, **facts)
    found = gate(TRIAL, tmp_path, LAST)
    assert (found.declared_end, found.holds) == (None, (Hold.RUNNING,))


@pytest.mark.parametrize("edited", ["pack", "freeze"], ids=["unlinked", "changed"])
@pytest.mark.parametrize("is_last", [False, True])
def test_an_end_on_a_broken_line_of_the_log_does_not_count(tmp_path: Path, edited: str, is_last: bool) -> None:
    log = tmp_path / LOG
    record(tmp_path, "pack")
    record(tmp_path, "freeze", "Dr. A", ended=LAST - 20 * DAY, reason="moved away")
    if not is_last:
        record(tmp_path, "check")
    assert gate(TRIAL, tmp_path, LAST).is_open
    log.write_text(log.read_text().replace(f'"event": "{edited}"', f'"event": "{edited}", "more": 1'))
    # Nothing follows the last line, so that only a receipt shows what was changed in it.
    assert gate(TRIAL, tmp_path, LAST).is_open == (is_last and edited == "freeze")
    record(tmp_path, "freeze", "Dr. A", ended=LAST - 10 * DAY, reason="moved away")
    assert gate(TRIAL, tmp_path, LAST).is_open


def test_entries_after_a_declared_end_hold_the_key_until_the_planned_one(tmp_path: Path) -> None:
    returned, today = read(rows()[:-10], TRIAL, tmp_path), LAST - 9 * DAY
    record(tmp_path, "freeze", "Dr. A", ended=today - 4 * DAY, reason="the wrong trial")
    found = gate(TRIAL, tmp_path, today, returned)
    assert (found.holds, found.is_over, found.early_end) == ((Hold.LATER,), False, None)
    assert found.later == (today - 3 * DAY, today - 2 * DAY, today - DAY)
    (sentence,) = holds_in_words(found)
    assert f"3 later days ({today - 3 * DAY} to {today - DAY})" in sentence
    assert f"the key opens after {LAST}" in sentence
    assert gate(TRIAL, tmp_path, LAST, returned).holds == (Hold.LATER,)
    assert gate(TRIAL, tmp_path, LAST + DAY, returned).is_open
    record(tmp_path, "freeze", "Dr. A", ended=today - DAY, reason="moved away")
    assert gate(TRIAL, tmp_path, today, returned).is_open


def test_after_a_pause_the_trial_ends_later(tmp_path: Path) -> None:
    returned = read(rows(later=10), TRIAL, tmp_path)
    found = gate(TRIAL, tmp_path, LAST + 10 * DAY, returned)
    assert (found.last_day, found.holds) == (LAST + 10 * DAY, (Hold.RUNNING,))
    record(tmp_path, "reissue", version=2, moves=[[-14, 12]])
    assert gate(TRIAL, tmp_path, LAST + 10 * DAY).last_day == LAST + 12 * DAY


def test_a_diary_that_begins_early_opens_nothing_early(tmp_path: Path) -> None:
    returned = read(rows(later=-10), TRIAL, tmp_path)
    assert gate(TRIAL, tmp_path, LAST, returned).holds == (Hold.RUNNING,)


def test_entries_of_days_to_come_hold_a_declared_end_too(tmp_path: Path) -> None:
    returned = read(rows(), TRIAL, tmp_path)
    today = LAST - 3 * DAY
    assert gate(TRIAL, tmp_path, today, returned).holds == (Hold.RUNNING, Hold.FUTURE)
    record(tmp_path, "freeze", ended=today, reason="moved away")
    found = gate(TRIAL, tmp_path, today, returned)
    assert (found.holds, found.future) == ((Hold.FUTURE,), (LAST - 2 * DAY, LAST - DAY, LAST))
    (sentence,) = holds_in_words(found)
    assert "3 days in the future" in sentence
    assert str(LAST) in sentence


def test_days_that_nothing_was_written_about_hold_nothing(tmp_path: Path) -> None:
    returned = read(blank(TRIAL), TRIAL, tmp_path)
    assert gate(TRIAL, tmp_path, TRIAL.start, returned).future == ()
