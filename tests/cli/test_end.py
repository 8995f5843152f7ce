"""The whole key does not open before the end; a declared end, or a reason, opens it, and that is said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from n1trial.pack.log.log import LOG, read_log, record
from tests.cli.ending import DAY, DIARY, PACK, SEALED, Ending, deviations_in, make_ending
from tests.cli.files import call

ALL = ("reveal", SEALED, "--all", "--yes")
ANALYZE = ("analyze", DIARY, "--key", SEALED)
EARLY = ("--early", "--reason", "an interim look")


@pytest.fixture
def ending(here: Path, monkeypatch: pytest.MonkeyPatch) -> Ending:
    return make_ending(here, monkeypatch)


def page(name: str = "analysis.html") -> str:
    return " ".join(next(Path("results").glob(f"*/{name}")).read_text(encoding="utf-8").split())


@pytest.mark.parametrize("command", [ALL, ANALYZE], ids=["reveal", "analyze"])
def test_nothing_opens_before_the_planned_end(ending: Ending, command: Sequence[str]) -> None:
    ending.set_today(ending.last_day)
    ending.write(
        [row if int(row["day"]) < 20 else row | {"score": "", "doses_taken": "", "guess": ""} for row in ending.rows]
    )
    result = call(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"The trial goes on until {ending.last_day} by its plan" in result.stderr
    assert "n1trial freeze DIARY --pack DIR --ended DATE --reason TEXT" in result.stderr
    assert not Path("results").exists()
    assert [line.facts.get("holds") for line in ending.log] == [None, ["running"]]


@pytest.mark.parametrize("command", [ALL, ANALYZE], ids=["reveal", "analyze"])
def test_all_opens_the_day_after(ending: Ending, command: Sequence[str]) -> None:
    ending.set_today(ending.last_day + DAY)
    result = call(*command, "--by", "Dr. A")
    assert result.exit_code == 0, result.stderr
    assert (ending.log[-1].event, ending.log[-1].by) == ("all" if command is ALL else "open", "Dr. A")
    assert "provenance" in ending.log[-1].facts


@pytest.mark.parametrize("command", [ALL, ANALYZE], ids=["reveal", "analyze"])
def test_a_reason_opens_it_early_and_is_said_everywhere(ending: Ending, command: Sequence[str]) -> None:
    ending.set_today(ending.last_day - 5 * DAY)
    result = call(*command, *EARLY, "--by", "Dr. A")
    assert result.exit_code == 0, result.stderr
    assert ending.log[-1].facts["early"] == "an interim look"
    ending.set_today(ending.last_day + DAY)
    told = " ".join(call(*ANALYZE).stdout.split())
    assert "The whole key was opened before the end of the trial by Dr. A (as entered, not verified) on " in told
    assert "Reason: an interim look." in told
    for name in ("analysis.html", "letter-physician.html"):
        assert "The whole key was opened before the end of the trial by Dr. A (as entered, not" in page(name)
    assert "interim look" not in page("letter-patient.html")


def test_a_reason_that_was_not_needed_is_no_early_opening(ending: Ending) -> None:
    assert call(*ANALYZE, *EARLY).exit_code == 0
    assert "early" not in ending.log[-1].facts


def test_entries_of_days_to_come_hold_the_key_shut(ending: Ending) -> None:
    ending.set_today(ending.last_day - DAY)
    result = call(*ANALYZE)
    assert result.exit_code == 2
    assert "in the future" in result.stderr
    assert ending.log[-1].facts["holds"] == ["running", "future entries"]


def test_a_declared_end_opens_the_key(ending: Ending) -> None:
    cut = ending.last_day - 14 * DAY
    ending.set_today(cut + DAY)
    ending.write([row for row in ending.rows if row["date"] <= str(cut)])
    assert call(*ALL).exit_code == 2
    frozen = call("freeze", DIARY, "--pack", PACK, "--ended", str(cut), "--reason", "moved away", "--by", "Dr. A")
    assert frozen.exit_code == 0, frozen.stderr
    assert f"Ended early     on {cut}. Reason: moved away" in frozen.stdout
    result = call(*ANALYZE)
    assert result.exit_code == 0, result.stderr
    said = f"declared by Dr. A (as entered, not verified) to have ended early, on {cut}. Reason: moved away."
    assert said in page()
    assert said in page("letter-physician.html")
    shown = call(*ALL)
    assert shown.exit_code == 0
    assert "The trial was declared by Dr. A (as entered, not verified) to have ended early, on" in shown.stderr
    assert f"goes on until {ending.last_day}, and no diary is looked at here" in shown.stderr


def test_whoever_opens_all_on_a_declared_end_reads_who_declared_it_before_being_asked(ending: Ending) -> None:
    cut = ending.last_day - 14 * DAY
    ending.set_today(cut + DAY)
    ending.write([row for row in ending.rows if row["date"] <= str(cut)])
    call("freeze", DIARY, "--pack", PACK, "--ended", str(cut), "--reason", "the wrong trial")
    result = call("reveal", SEALED, "--all")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.index("the patient may still be writing") < result.stderr.index("--yes says so")
    assert ending.events == ["pack", "freeze"]


def test_a_diary_that_goes_on_after_a_declared_end_opens_nothing(ending: Ending) -> None:
    cut = ending.last_day - 14 * DAY
    ending.set_today(cut + 5 * DAY)
    freeze = ("freeze", DIARY, "--pack", PACK)
    ending.write([row for row in ending.rows if row["date"] <= str(cut)])
    assert call(*freeze, "--ended", str(cut), "--reason", "the wrong trial").exit_code == 0
    ending.write([row for row in ending.rows if row["date"] <= str(cut + 5 * DAY)])
    receipt = " ".join(call(*freeze).stdout.split())
    assert "Ended early" not in receipt
    assert f"declared to have ended early, on {cut}, but the diary has entries for 5 later days" in receipt
    result = call(*ANALYZE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"the key opens after {ending.last_day}" in result.stderr
    assert "n1trial freeze DIARY --pack DIR --ended DATE --reason TEXT" in result.stderr
    assert ending.log[-1].facts["holds"] == ["entries after the declared end"]


@pytest.mark.parametrize(
    ("ended", "reason", "fault"),
    [
        (0, "moved", "the diary has entries for later days"),
        (40, None, "an early end needs a reason: why the trial ended early"),
        (200, "moved", "lies in the future"),
        (200, "moved", "must be within the planned trial"),
        (-1, "moved", "must be within the planned trial"),
    ],
)
def test_an_end_that_cannot_be_is_not_declared(ending: Ending, ended: int, reason: str | None, fault: str) -> None:
    day = ending.key.trial.start + ended * DAY
    words = ["--reason", reason] if reason else []
    result = call("freeze", DIARY, "--pack", PACK, "--ended", str(day), *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert fault in result.stderr
    assert ending.events == ["pack"]


def test_no_date_is_told_in_words(ending: Ending) -> None:
    result = call("freeze", DIARY, "--pack", PACK, "--ended", "soon", "--reason", "x")
    assert result.exit_code == 2
    assert "--ended soon: must be a date such as" in result.stderr
    assert ending.events == ["pack"]


@pytest.mark.parametrize("command", [ALL, ANALYZE], ids=["reveal", "analyze"])
def test_blinded_files_that_claim_a_rehearsal_open_nothing(ending: Ending, command: Sequence[str]) -> None:
    ending.set_today(ending.key.trial.start)
    path = Path(PACK, "commitment.txt")
    path.write_text(path.read_text(encoding="utf-8") + "EXAMPLE - NOT FOR A PATIENT\n", encoding="utf-8")
    result = call(*command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert [event for event in ending.events if event != "freeze"] == ["pack", "failure"]
    assert not Path("results").exists()


def test_all_is_asked_about_where_nobody_said_yes(ending: Ending) -> None:
    result = call("reveal", SEALED, "--all")
    assert "declared" not in result.stderr
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--yes says so" in result.stderr
    assert ending.events == ["pack"]


def test_one_kit_waits_for_nothing(ending: Ending) -> None:
    kit = ending.key.trial.kits[2].code
    ending.set_today(ending.key.trial.start)
    Path(PACK, LOG).unlink()
    Path(PACK, LOG).mkdir()
    Path(PACK, "commitment.txt").unlink()
    result = call("reveal", SEALED, "--kit", kit, "--reason", "fell ill")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Kit {kit} holds ")
    assert "Write on the slip: 2027-01-04 10:00, your name, and why kit" in result.stderr
    assert "No commitment is at hand" in result.stderr


def test_a_broken_log_stops_no_emergency_and_is_said(ending: Ending) -> None:
    kit = ending.key.trial.kits[2].code
    call("reveal", SEALED, "--check")
    log = Path(PACK, LOG)
    log.write_text(log.read_text(encoding="utf-8").replace("pack", "peck", 1), encoding="utf-8")
    result = call("reveal", SEALED, "--kit", kit, "--reason", "fell ill")
    assert result.exit_code == 0
    assert "trial.log: line 2 does not follow from the lines above it" in result.stderr
    told = call(*ANALYZE)
    assert told.exit_code == 0
    assert "WARNING         THE LOG OF THE TRIAL IS BROKEN: line 2 does not follow" in told.stdout
    assert "THE LOG OF THE TRIAL IS BROKEN: line 2" in page("letter-physician.html")


def test_a_line_with_a_day_beyond_all_calendars_stops_no_analysis(ending: Ending) -> None:
    record(Path(PACK), "freeze", None, corrections=[[10**12, "score", "1", "2"], [3, "score", "1", "2"]])
    result = call(*ANALYZE)
    assert result.exit_code == 0, result.stderr
    assert f"{ending.key.trial.date_of(3)}" in result.stdout
    assert page().count("<td>score</td><td>1</td><td>2</td>") == 1


def test_kits_that_were_opened_stand_on_page_letter_and_table_each_once(ending: Ending) -> None:
    first, second = ending.key.trial.kits[1].code, ending.key.trial.kits[4].replacement
    for kit, by, reason in ((first, "Dr. A", "fell ill"), (second, None, "found by a child?"), (first, None, "again")):
        named = ["--by", by] if by else []
        assert call("reveal", SEALED, "--kit", kit, "--reason", reason, *named).exit_code == 0
    assert call(*ANALYZE, "--json").exit_code == 0
    for name in ("analysis.html", "letter-physician.html"):
        text = page(name)
        assert text.count(f"Kit {first} was opened") == 1
        assert "opened by Dr. A (as entered, not verified) on" in text
        assert "Reason: fell ill. It was opened again on" in text
        assert f"Kit {second} was opened" in text
    rows = [row for row in deviations_in(Path("results")) if row["kind"] == "kit opened"]
    assert [row["first_day"] for row in rows] == [str(ending.key.trial.kits[at].first_day) for at in (1, 4, 1)]
    assert "fell ill" in rows[0]["what"]
    document = json.loads(next(Path("results").glob("*/analysis.json")).read_text(encoding="utf-8"))
    assert sorted(each["kit"] for each in document["kits_opened"]) == sorted([first, second])


def test_what_does_not_open_is_logged(ending: Ending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", "a guess")
    kit = ending.key.trial.kits[0].code
    for command in (ALL, ("reveal", SEALED, "--kit", kit, "--reason", "x"), ("reveal", SEALED, "--check"), ANALYZE):
        assert call(*command, "--by", "Dr. A").exit_code == 4
    failures = [line for line in ending.log if line.event == "failure"]
    assert [line.facts["what"] for line in failures] == ["reveal --all", "reveal --kit", "reveal --check", "analyze"]
    assert {(line.by, line.facts["why"], line.facts["file"]) for line in failures} == {("Dr. A", "phrase", "key.age")}
    assert read_log(Path(PACK)).faults == ()


def test_no_line_of_the_log_says_what_a_kit_holds(ending: Ending) -> None:
    for kit in ending.key.trial.kits:
        assert call("reveal", SEALED, "--kit", kit.code, "--reason", "x").exit_code == 0
    assert call(*ALL).exit_code == 0
    assert call(*ANALYZE).exit_code == 0
    names = (ending.key.trial.scenario.treatment.name, ending.key.trial.scenario.control.name)
    assert not [line for line in ending.log for name in names if name in line.text]
