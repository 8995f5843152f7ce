"""A diary is frozen for a receipt; what is changed after that is listed, and what was only saved again is no alarm."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from n1trial.pack.freeze.receipt import read_receipt
from n1trial.pack.log.log import LOG, read_log
from n1trial.pack.trial.commitment import in_groups
from tests.cli.ending import DIARY, PACK, SEALED, Ending, deviations_in, make_ending
from tests.cli.files import call, names

FREEZE = ("freeze", DIARY, "--pack", PACK)
ANALYZE = ("analyze", DIARY, "--key", SEALED)
WITH_RECEIPT = (*ANALYZE, "--receipt", "receipt.txt")
SAID = ("--by", "A. Nurse", "--reason", "read wrongly from paper")


@pytest.fixture
def ending(here: Path, monkeypatch: pytest.MonkeyPatch) -> Ending:
    return make_ending(here, monkeypatch)


def words(text: str) -> str:
    return " ".join(text.split())


def page(name: str = "analysis.html") -> str:
    return words(next(Path("results").glob(f"*/{name}")).read_text(encoding="utf-8"))


def scored_day(ending: Ending) -> tuple[int, str]:
    """A blinded day with a score, and another score."""
    row = next(row for row in ending.rows if int(row["day"]) >= 0 and row["score"])
    return int(row["day"]), "9" if row["score"] not in ("9", "9.0") else "8"


def test_a_receipt_is_printed_written_and_read(ending: Ending) -> None:
    result = call(*FREEZE, "--by", "A. Nurse", "--out", "receipt.txt")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == Path("receipt.txt").read_text(encoding="utf-8")
    assert all(len(line) <= 100 for line in result.stdout.splitlines())
    receipt = read_receipt(Path("receipt.txt"))
    log = read_log(Path(PACK))
    frozen = log.lines[-1]
    assert (receipt.head, receipt.lines) == (log.head, 2) == (frozen.digest, len(log.lines))
    assert receipt.sha256 == hashlib.sha256(Path(DIARY).read_bytes()).hexdigest()
    assert receipt.values == frozen.facts["values"]
    assert receipt.patient_code == ending.key.trial.patient_code
    assert receipt.commitment == Path(PACK, "commitment.txt").read_text(encoding="utf-8")[:64]
    assert names(Path(PACK, "frozen")) == [f"{receipt.values}.json"]
    assert "by A. Nurse (as entered, not verified)" in result.stdout
    assert ending.key.trial.scenario.treatment.name not in result.stdout


def test_the_signed_diary_is_said_to_be_it(ending: Ending) -> None:
    call(*FREEZE, "--out", "receipt.txt")
    result = call(*WITH_RECEIPT)
    assert result.exit_code == 0, result.stderr
    assert "WARNING" not in result.stdout
    assert "This diary is the file of the receipt of" in words(result.stdout)
    for name in ("analysis.html", "letter-physician.html"):
        assert "This diary is the file of the receipt of" in page(name)
    assert read_log(Path(PACK)).head in page().replace(" ", "")
    assert ending.events == ["pack", "freeze", "freeze", "open"]


def test_the_page_says_what_the_signed_paper_must_say(ending: Ending) -> None:  # noqa: ARG001
    call(*FREEZE, "--out", "receipt.txt")
    assert call(*WITH_RECEIPT).exit_code == 0
    receipt, text = read_receipt(Path("receipt.txt")), page()
    for label, hashed in (("File", receipt.sha256), ("Values", receipt.values), ("Log ends", receipt.head)):
        assert f"{label} <code>{in_groups(hashed)}</code>" in text


def test_frozen_values_that_were_taken_away_are_missed(ending: Ending) -> None:
    call(*FREEZE)
    for path in Path(PACK, "frozen").iterdir():
        path.unlink()
    assert call(*FREEZE).exit_code == 0  # the same values
    for path in Path(PACK, "frozen").iterdir():
        path.unlink()
    day, score = scored_day(ending)
    ending.write(ending.changed(day, score=score))
    refused = call(*FREEZE)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "frozen last are not in frozen of the pack" in refused.stderr
    assert ending.events == ["pack", "freeze", "freeze"]
    result = call(*FREEZE, *SAID)
    assert result.exit_code == 0, result.stderr
    assert "The values of the diary frozen before are not at hand" in words(result.stdout)


def test_without_a_receipt_page_and_letter_say_so(ending: Ending) -> None:  # noqa: ARG001
    result = call(*ANALYZE)
    assert "This diary was not compared with a signed receipt." in result.stdout
    for name in ("analysis.html", "letter-physician.html", "letter-physician.txt"):
        assert "not compared with a signed receipt" in page(name)
    assert "receipt" not in page("letter-patient.html")


def test_a_file_that_was_only_saved_again_is_no_alarm(ending: Ending) -> None:
    call(*FREEZE, "--out", "receipt.txt")
    text = Path(DIARY).read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    saved = [header.replace(",", ";"), *(row.replace(",", ";") for row in reversed(rows))]
    Path(DIARY).write_bytes(b"\xef\xbb\xbf" + "\r\n".join(saved).encode())
    result = call(*WITH_RECEIPT)
    assert result.exit_code == 0, result.stderr
    assert "WARNING" not in result.stdout
    assert "The file was saved again, and no value was changed since the receipt of" in words(result.stdout)
    assert "no value was changed since the receipt" in page("letter-physician.html")
    again = call(*FREEZE)
    assert again.exit_code == 0
    assert "Corrected" not in again.stdout
    assert ending.events[-1] == "freeze"


def test_a_changed_value_is_an_alarm_with_old_and_new(ending: Ending) -> None:
    call(*FREEZE, "--out", "receipt.txt")
    day, score = scored_day(ending)
    old = next(row["score"] for row in ending.rows if row["day"] == str(day))
    ending.write(ending.changed(day, score=score, note="smudged"))
    result = call(*WITH_RECEIPT)
    assert result.exit_code == 0
    told = words(result.stdout)
    assert "WARNING THE DIARY WAS CHANGED AFTER THE RECEIPT OF" in told
    assert "2 values differ" in told
    assert f"score: {float(old):g} is now {score}. Nobody entered who and why." in told
    text = page()
    assert "THE DIARY WAS CHANGED AFTER THE RECEIPT" in text
    assert f"<td>score</td><td>{float(old):g}</td><td>{score}</td><td>nobody entered it</td>" in text
    assert "<td>note</td><td>empty</td><td>smudged</td>" in text
    assert "THE DIARY WAS CHANGED AFTER THE RECEIPT" in page("letter-physician.html")
    rows = [row for row in deviations_in(Path("results")) if row["kind"] == "corrected"]
    assert {row["first_day"] for row in rows} == {str(day)}
    assert len(rows) == 2


def test_a_correction_needs_a_name_and_a_reason_and_is_listed(ending: Ending) -> None:
    call(*FREEZE, "--out", "receipt.txt")
    day, score = scored_day(ending)
    ending.write(ending.changed(day, score=score))
    refused = call(*FREEZE, "--by", "A. Nurse")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "1 value was corrected since this diary was last frozen" in refused.stderr
    assert ending.events == ["pack", "freeze"]
    result = call(*FREEZE, *SAID, "--out", "second.txt")
    assert result.exit_code == 0, result.stderr
    assert "Corrected since the diary was last frozen" in result.stdout
    assert "A. Nurse (as entered, not verified): read wrongly from paper" in words(result.stdout)
    calm = call(*ANALYZE, "--receipt", "second.txt")
    assert "WARNING" not in calm.stdout
    assert "Corrected by A. Nurse (as entered, not verified). Reason: read wrongly from paper." in words(calm.stdout)
    assert "<td>A. Nurse (as entered, not verified)</td><td>read wrongly from paper</td>" in page()
    former = call(*WITH_RECEIPT)
    assert "WARNING         THE DIARY WAS CHANGED AFTER THE RECEIPT" in former.stdout
    assert "Reason: read wrongly from paper." in words(former.stdout)
    document = json.loads(next(Path("results").glob("*/analysis.json")).read_text(encoding="utf-8"))
    (correction,) = document["corrections"]
    assert (correction["day"], correction["new"], correction["by"]) == (day, score, "A. Nurse")


def test_a_diary_that_goes_on_needs_no_reason(ending: Ending) -> None:
    half = [row for row in ending.rows if int(row["day"]) < 20]
    ending.write(half)
    assert call(*FREEZE).exit_code == 0
    ending.write()
    result = call(*FREEZE)
    assert result.exit_code == 0
    assert "cells that were empty when the diary was last frozen" in words(result.stdout)
    assert "Corrected" not in result.stdout
    assert ending.log[-1].facts["corrections"] == []
    assert ending.log[-1].facts["cells_added"] > 20


def test_lines_taken_from_the_log_since_the_receipt_are_an_alarm(ending: Ending) -> None:
    call("reveal", SEALED, "--check")
    call(*FREEZE, "--out", "receipt.txt")
    log = Path(PACK, LOG)
    lines = log.read_text(encoding="utf-8").splitlines()
    log.write_text(lines[0] + "\n", encoding="utf-8")
    told = call(*WITH_RECEIPT)
    assert "WARNING         THE LOG IS NOT THE ONE OF THE RECEIPT" in told.stdout
    assert "THE LOG IS NOT THE ONE OF THE RECEIPT" in page("letter-physician.html")
    assert ending.events[0] == "pack"


def test_values_that_are_not_at_hand_are_said_to_be_unknown(ending: Ending) -> None:
    call(*FREEZE, "--out", "receipt.txt")
    (values,) = Path(PACK, "frozen").iterdir()
    values.write_text(values.read_text(encoding="utf-8").replace('"score": "', '"score": "1'), encoding="utf-8")
    day, score = scored_day(ending)
    ending.write(ending.changed(day, score=score))
    assert "The values of then are not at hand" in words(call(*WITH_RECEIPT).stdout)
    assert "The values of then are not at hand" in page()


def test_a_receipt_survives_mail_and_typing(ending: Ending) -> None:  # noqa: ARG001
    call(*FREEZE, "--out", "receipt.txt")
    text = Path("receipt.txt").read_text(encoding="utf-8")
    receipt = read_receipt(Path("receipt.txt"))
    for number, other in enumerate((text.replace("\n", "\r\n"), text.replace("File  ", "File: "), f"\ufeff{text}")):
        path = Path(f"other-{number}.txt")
        path.write_text(other, encoding="utf-8", newline="")
        assert read_receipt(path) == receipt


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", 'has no line "Commitment", and a receipt of n1trial freeze has one'),
        ("Values  123\n", "Values: must be 64 of the characters 0-9 and a-f"),
        ("Log lines   many\n", "Log lines: must be a number of lines"),
    ],
)
def test_what_is_no_receipt_is_refused(ending: Ending, content: str, fault: str) -> None:
    Path("receipt.txt").write_text(content, encoding="utf-8")
    result = call(*WITH_RECEIPT)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"receipt.txt: {fault}" in result.stderr
    assert ending.events == ["pack"]


def test_the_receipt_of_another_pack_is_refused(ending: Ending) -> None:
    call(*FREEZE, "--out", "receipt.txt")
    text = Path("receipt.txt").read_text(encoding="utf-8")
    lines = [f"Commitment      {'ab' * 32}" if line.startswith("Commitment") else line for line in text.splitlines()]
    Path("receipt.txt").write_text("\n".join(lines), encoding="utf-8")
    result = call(*WITH_RECEIPT)
    assert result.exit_code == 2
    assert "is the receipt of another pack" in result.stderr
    assert ending.events == ["pack", "freeze"]


def test_the_log_of_a_copy_is_joined_and_its_kit_is_on_the_page(ending: Ending) -> None:
    kit = ending.key.trial.kits[1].code
    Path("desk").mkdir()
    Path("desk/key.age").write_bytes(Path(SEALED).read_bytes())
    assert call("reveal", "desk/key.age", "--kit", kit, "--reason", "fell ill").exit_code == 0
    result = call(*FREEZE, "--join", "desk/trial.log", "--out", "receipt.txt")
    assert result.exit_code == 0, result.stderr
    assert ending.events == ["pack", "kit", "merge", "freeze"]
    assert read_log(Path(PACK)).faults == ()
    assert f"Kit {kit} was opened on" in words(call(*WITH_RECEIPT).stdout)


@pytest.mark.parametrize("copy", ["none.log", DIARY])
def test_what_is_no_log_is_not_joined(ending: Ending, copy: str) -> None:
    result = call(*FREEZE, "--join", copy)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{copy}: " in result.stderr
    assert ending.events == ["pack"]


def test_faults_of_the_diary_freeze_nothing(ending: Ending) -> None:
    ending.write(ending.changed(3, score="99"))
    result = call(*FREEZE, "--out", "receipt.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "99" in result.stderr
    assert ending.events == ["pack"]
    assert not Path("receipt.txt").exists()
    assert not Path(PACK, "frozen").exists()


def test_a_receipt_is_never_written_over_another_file(ending: Ending) -> None:
    Path("receipt.txt").write_text("mine", encoding="utf-8")
    assert call(*FREEZE, "--out", "receipt.txt").exit_code == 2
    assert Path("receipt.txt").read_text(encoding="utf-8") == "mine"
    assert ending.events == ["pack"]


def test_a_diary_frozen_after_the_key_was_opened_says_so(ending: Ending) -> None:
    call("reveal", SEALED, "--all", "--yes")
    result = call(*FREEZE, "--out", "receipt.txt")
    assert "WARNING         The key had been opened before this diary was frozen." in result.stdout
    assert "THE WHOLE KEY HAD BEEN SHOWN BEFORE THIS DIARY WAS FROZEN" in call(*WITH_RECEIPT).stdout
    assert ending.events == ["pack", "all", "freeze", "freeze", "open"]


def test_a_diary_frozen_before_all_was_shown_was_frozen_blind(ending: Ending) -> None:
    call(*FREEZE)
    call("reveal", SEALED, "--all", "--yes")
    assert "THE WHOLE KEY" not in call(*ANALYZE).stdout
    assert ending.events == ["pack", "freeze", "all", "freeze", "open"]
