from __future__ import annotations

import html
import io
import pickle
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shiny import reactive

from n1trial.errors import InputError
from n1trial.files.source import MemoryFile, content_of
from n1trial.pack.conclusion.finish import EndRequest
from n1trial.pack.conclusion.terminal import ENDINGS
from n1trial.pack.freeze.freeze import Declaration
from n1trial.pack.freeze.receipt_words import receipt_in_words
from n1trial.pack.log.log import LOG, read_log
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.make.folder import log_of
from n1trial.pack.make.rehearse import fill_in, live_through
from n1trial.pack.sealed.files import KEY
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.seal import SealError
from n1trial.pack.visit.check import DiaryCheck
from n1trial.web.diary.analyze import EndPanel
from n1trial.web.diary.calibrate import draft_of
from n1trial.web.diary.check import check_view
from n1trial.web.diary.diary_file import DiaryFile, missing_entries_in_words, read_diary_file
from n1trial.web.diary.end_trial import FrozenError, PageEnd, end_trial, freeze_file
from n1trial.web.diary.end_view import NOTHING_SHOWN, RECEIPT, failure_view, gate_of, offer_end
from n1trial.web.diary.results import analyze_diary, calibrate_diary
from n1trial.web.diary.room import DIARY, open_diary
from n1trial.web.shared.job import UNFORESEEN
from n1trial.web.shared.uploads import Upload
from tests.pack.kept import scenario_of
from tests.pack.packable import PLANNED, START, secrets_of
from tests.web.reactions import run

PASSPHRASE = "the key's own words"
SEALED = (
    b"age-encryption.org/v1\n-> scrypt 2J2P5rLuvTgQRGbrXYsRVQ 18\nmatEaIN0xGQnQ6T6Mw\n--- "
    + b"0" * 43
    + b"\n"
    + bytes(16)
)
"""Begins as a sealed file does."""
CALM = {"conduct__dropout_per_week": 0.0}
OPEN = "day,period,cycle,treatment,score"


@dataclass(frozen=True)
class Home:
    """A pack in its folder, and the diary that came back."""

    pack: Path
    diary: MemoryFile
    results: Path

    @property
    def log(self) -> list[str]:
        """Events since the pack was made."""
        beginning, *events = (line.event for line in read_log(self.pack).lines)
        assert beginning == "pack"
        return events

    def with_diary(self, text: str) -> Home:
        return replace(self, diary=MemoryFile(self.diary.name, text.encode()))

    @property
    def read(self) -> DiaryFile:
        """The diary as the page reads it beside its pack."""
        return read_diary_file(self.diary, self.pack)

    def end(self, passphrase: str = PASSPHRASE) -> PageEnd:
        return end_trial(self.diary, self.pack, KEY, passphrase, results=self.results)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A rehearsal, whose key opens at any time."""
    return home_of(tmp_path, monkeypatch, is_rehearsal=True)


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A trial, whose key opens when it has ended."""
    return home_of(tmp_path, monkeypatch, is_rehearsal=False)


def home_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_rehearsal: bool) -> Home:
    """Put a pack and its diary into a folder, without what is slow: opening for real, and drawing."""
    made = make_pack(scenario_of(**CALM), START, secrets_of(3), PLANNED, is_rehearsal=is_rehearsal)
    for path, content in (made.blinded_files | {KEY: SEALED, LOG: log_of(made)}).items():
        (tmp_path / "pack" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / path).write_bytes(content)

    def unsealed(sealed: bytes, passphrase: str, place: str) -> bytes:  # noqa: ARG001
        if passphrase != PASSPHRASE:
            raise SealError(f"{place}: does not open", "phrase")
        return made.key_text

    monkeypatch.setattr("n1trial.pack.sealed.open_key.unseal", unsealed)
    monkeypatch.setattr(
        "n1trial.pack.conclusion.pages._pictures", lambda *_: dict.fromkeys(("course", "rounds", "analyses"), "")
    )
    key = Key.from_bytes(made.key_text, KEY)
    key = replace(key, trial=replace(key.trial, is_rehearsal=True))  # no other is filled in by simulation
    blank = made.blinded_files["patient/diary.csv"].decode()
    brought = MemoryFile("What came back.csv", fill_in(blank, key, live_through(key, 4, -3.0)).encode())
    return Home(tmp_path / "pack", brought, tmp_path / "results")


def checked(diary: DiaryFile) -> DiaryCheck:
    """What a diary without faults tells blind."""
    assert diary.faults == ()
    assert diary.check is not None
    return diary.check


def test_the_blinded_look_is_shown_with_weeks_and_deviations(home: Home) -> None:
    found = checked(home.read)
    page = str(check_view(found))
    assert "What came back.csv: no fault in the file" in page
    assert "<caption>Week by week</caption>" in page
    assert page.count('<th scope="row">') >= len(found.weeks) == 10
    week = found.weeks[4]
    assert f"{week.entries} of {week.days}" in page
    assert f'style="width: {100 * week.entries / week.days:.0f}%"' in page
    alone = html.unescape(str(check_view(checked(read_diary_file(home.diary)))))
    assert "The file alone was looked at; the pack tells kits, dates and the plan as well." in alone
    assert "--pack" not in alone


def test_what_is_not_written_is_told_before_the_key_is_opened(home: Home) -> None:
    seen = checked(home.read)
    written = sum(week.entries for week in seen.weeks)
    assert missing_entries_in_words(seen).startswith(f"{70 - written} of 70 days have no entry.")
    lines = home.diary.content.decode().splitlines()
    cut = checked(home.with_diary("\n".join(lines[:31])).read)
    assert cut.last_day is not None
    days = cut.last_day + 1 + 14
    assert days <= 30
    assert f"Nothing is written about the last {70 - days} days" in missing_entries_in_words(cut)
    assert missing_entries_in_words(checked(read_diary_file(home.diary))) == ""


def test_faults_are_told_by_line_and_nothing_is_analyzed(home: Home) -> None:
    lines = home.diary.content.decode().splitlines()
    cells = lines[20].split(",")
    cells[3], cells[4] = "H7K-3M0", "11"
    wrong = home.with_diary("\n".join([*lines[:20], ",".join(cells), *lines[21:]]))
    with pytest.raises(InputError) as caught:
        wrong.end()
    assert wrong.read.check is None
    for faults in (wrong.read.faults, caught.value.faults):
        assert [fault.split(": ")[:3] for fault in faults] == [
            ["What came back.csv", "line 21", "score"], ["What came back.csv", "line 21", "kit"],
        ]  # fmt: skip
    assert home.log == []
    assert not home.results.exists()


def test_the_end_is_frozen_opened_and_written(home: Home) -> None:
    end = home.end()
    assert home.log == ["freeze", "open"]
    assert end.log == home.pack / "trial.log"
    assert end.folder.parent == home.results
    assert end.ending.startswith(tuple(ENDINGS.values()))
    assert end.page == (end.folder / "analysis.html").read_text(encoding="utf-8")
    assert end.warnings == ()
    with zipfile.ZipFile(io.BytesIO(end.files)) as held:
        assert sorted(held.namelist()) == sorted(f"{end.folder.name}/{path.name}" for path in end.folder.iterdir())


def test_a_diary_is_read_once_whatever_is_asked_of_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = list[str]()

    def read(source: MemoryFile, **how: Any) -> bytes:
        readings.append(source.name)
        return content_of(source, **how)

    monkeypatch.setattr("n1trial.diary.file.sheet.content_of", read)
    upload, pack, times = Upload(DIARY), reactive.Value[Path | None](home.pack), reactive.Value(0)
    diary = open_diary(upload, pack)
    end = EndPanel(diary, Upload(RECEIPT), times)

    async def visit() -> None:
        with reactive.isolate():
            upload.file.set(home.diary)
            for each in range(3):
                opened = diary()
                assert opened is not None
                assert check_view(checked(opened), with_means=True)
                assert missing_entries_in_words(checked(opened))
                assert end.gate() is not None
                times.set(each + 1)  # as each freeze does, after which the gate may be another
            assert readings == [home.diary.name]
            pack.set(None)
            assert (end.gate(), len(readings)) == (None, 2)

    run(visit())


def test_means_are_shown_when_asked_for_alone(home: Home) -> None:
    found = checked(home.read)
    assert "Mean score" not in str(check_view(found))
    with_means = str(check_view(found, with_means=True))
    mean = found.weeks[4].mean
    assert mean is not None
    assert "Mean score" in with_means
    assert f"<td>{mean:.1f}</td>" in with_means


def test_a_key_stays_shut_before_the_end_and_nothing_is_frozen(trial: Home) -> None:
    seen = checked(trial.read)
    last = seen.trial.date_of(seen.trial.last_day) if seen.trial else START
    running, over = (gate_of(trial.read, last + timedelta(days)) for days in (-20, 1))
    assert running is not None
    assert over is not None
    said = str(offer_end(running))
    assert "Open it before the end of the trial ..." in said
    assert "declare it above, under Freeze" in said
    assert "Open the key ..." in str(offer_end(over))
    with pytest.raises(InputError) as caught:
        end_trial(trial.diary, trial.pack, KEY, PASSPHRASE, EndRequest(today=last - timedelta(20)), trial.results)
    assert not isinstance(caught.value, FrozenError)
    assert "freeze" not in trial.log
    early = EndRequest("Dr. B", "a rash", today=last - timedelta(20))
    end = end_trial(trial.diary, trial.pack, KEY, PASSPHRASE, early, trial.results)
    assert any("before the end" in sentence and "a rash" in sentence for sentence in end.warnings)
    assert end.receipt == "This diary was not compared with a signed receipt."


def test_an_end_that_was_declared_opens_the_key_and_a_receipt_is_compared(
    trial: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = START + timedelta(45)
    monkeypatch.setattr("n1trial.web.diary.end_trial.today", lambda: day)
    lines = trial.diary.content.decode().splitlines()
    cut = trial.with_diary("\n".join(lines[:31]))
    for typed, by, reason, fault in (
        ("2027-13-01", None, "moved away", "the last day of the trial, 2027-13-01: must be a date"),
        ("not given", None, "moved away", "the last day of the trial, not given: must be a date"),
        (day.isoformat(), None, None, "an early end needs a reason: why the trial ended early"),
    ):
        with pytest.raises(InputError) as caught:
            freeze_file(cut.diary, cut.pack, Declaration(by, reason), typed)
        assert caught.value.faults[0].startswith(fault)
        assert "--" not in str(caught.value)
    made = freeze_file(cut.diary, cut.pack, Declaration("Dr. B", "moved away"), day.isoformat())
    found = gate_of(cut.read, day)
    assert found is not None
    assert found.is_open
    receipt = MemoryFile("receipt.txt", receipt_in_words(made).encode())
    end = end_trial(cut.diary, cut.pack, KEY, PASSPHRASE, EndRequest(receipt=receipt, today=day), cut.results)
    assert end.receipt.startswith("This diary is the file of the receipt")
    with pytest.raises(InputError, match=r"^other\.txt: has no line"):
        end_trial(
            cut.diary,
            cut.pack,
            KEY,
            PASSPHRASE,
            EndRequest(receipt=MemoryFile("other.txt", b"x"), today=day),
            cut.results,
        )


def test_a_wrong_passphrase_is_no_fault_of_the_diary() -> None:
    error = pickle.loads(pickle.dumps(FrozenError(["key.age: does not open"], is_shut=True)))
    said = str(failure_view(error.faults, error))
    assert "The key did not open with this passphrase" in said
    assert "wrong" not in said
    assert NOTHING_SHOWN in str(failure_view(("key.age: opens, but",), FrozenError(["key.age: opens, but"])))


def test_a_wrong_passphrase_leaves_the_diary_frozen_and_the_key_shut(home: Home) -> None:
    with pytest.raises(FrozenError, match=r"pack/key\.age: does not open"):
        home.end("a guess of mine")
    assert home.log == ["freeze", "failure"]
    assert not home.results.exists()


@pytest.mark.parametrize(
    ("failure", "fault"),
    [(SealError("key.age: opens, but"), "key.age: opens, but"), (RuntimeError("inside"), UNFORESEEN)],
)
def test_what_fails_after_freezing_tells_that_the_diary_is_frozen(
    home: Home, failure: Exception, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("n1trial.pack.sealed.open_key.open_key", fail)
    with pytest.raises(FrozenError) as caught:
        home.end()
    assert pickle.loads(pickle.dumps(caught.value)).faults == (fault,)
    assert home.log == ["freeze", *(["failure"] if isinstance(failure, SealError) else [])]


def test_what_fails_before_freezing_does_not_tell_that_the_diary_is_frozen(home: Home) -> None:
    (home.pack / KEY).write_bytes(b"no age file")
    with pytest.raises(InputError) as caught:
        home.end()
    assert not isinstance(caught.value, FrozenError)
    assert home.log == []


def test_a_diary_changed_after_opening_is_told_first(home: Home) -> None:
    home.end()
    lines = home.diary.content.decode().splitlines()
    at = next(number for number, line in enumerate(lines[1:], start=1) if line.split(",")[4] not in ("", "9"))
    lines[at] = ",".join([*lines[at].split(",")[:4], "9", *lines[at].split(",")[5:]])
    (warning,) = home.with_diary("\n".join(lines)).end().warnings
    assert warning.startswith("THE DIARY WAS CHANGED AFTER THE KEY HAD BEEN OPENED")
    assert home.log == ["freeze", "open"] * 2


def test_letters_that_were_edited_are_not_replaced(home: Home) -> None:
    letter = home.end().folder / "letter-patient.txt"
    letter.write_text("my own words", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        home.end()
    (fault,) = caught.value.faults
    assert fault.endswith("letter-patient.txt was edited, and would be replaced; put it elsewhere, and try again")
    assert letter.read_text(encoding="utf-8") == "my own words"


def test_what_else_is_in_the_place_of_results_is_kept(home: Home) -> None:
    folder = home.end().folder
    for path in folder.iterdir():
        path.unlink()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds files but no earlier results of n1trial, so it is not replaced; put"):
        home.end()
    assert (folder / "thesis.txt").read_text() == "mine"


def test_a_diary_with_treatments_is_analyzed_as_the_plan_says() -> None:
    scenario = scenario_of(**CALM)
    rows = [OPEN]
    for day in range(56):
        period = day // 14 + 1
        on_drug = period in (1, 4)
        rows.append(f"{day},{period},{(period + 1) // 2},{int(on_drug)},{3 + day % 2 + 3 * (not on_drug)}")
    brought = MemoryFile("known.csv", "\n".join(rows).encode())
    assert read_diary_file(brought).names_treatments
    said = analyze_diary(brought, scenario).conclusions
    assert said.answer.method == scenario.analysis.primary
    assert said.decision.startswith(f"By the plan's rule (continue {scenario.treatment.name} if")
    assert pickle.loads(pickle.dumps(said)) == said
    with pytest.raises(InputError, match=r"known\.csv: line 58: "):
        analyze_diary(MemoryFile("known.csv", "\n".join([*rows, "57,9,9,7,99"]).encode()), scenario)


def test_a_blinded_diary_names_no_treatments(home: Home) -> None:
    assert not home.read.names_treatments


def test_a_patient_is_laid_on_the_desk(home: Home) -> None:
    scenario = scenario_of(**CALM)
    found = calibrate_diary(home.diary, scenario)
    assert (found.name, found.plan) == ("small-calibrated", scenario)
    assert found.patient.groups[0][1][0].key == "patient.baseline"
    assert pickle.loads(pickle.dumps(found.patient)) == found.patient
    draft = draft_of(found)
    assert (draft.source, draft.faults) == ("small-calibrated.toml", ())
    assert draft.scenario is not None
    assert draft.scenario.patient.baseline != scenario.patient.baseline
    assert draft.scenario.design == scenario.design


def test_a_diary_that_tells_too_little_is_named() -> None:
    with pytest.raises(InputError) as caught:
        calibrate_diary(MemoryFile("two.csv", b"day,score\n-2,3\n-1,4\n"), scenario_of())
    assert all(fault.startswith("two.csv: ") for fault in caught.value.faults)
