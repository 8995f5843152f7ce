from __future__ import annotations

import html
import io
import pickle
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.pack.assemble import make_pack
from n1trial.pack.final_words import ENDINGS
from n1trial.pack.folder import KEY
from n1trial.pack.key import Key
from n1trial.pack.log import read_log
from n1trial.pack.rehearse import filled_in, rehearsed
from n1trial.pack.seal import SealError
from n1trial.source import MemoryFile
from n1trial.web.diary_calibrate import draft_of
from n1trial.web.diary_check import shown
from n1trial.web.diary_found import (
    Ended,
    FrozenError,
    checked,
    concluded,
    ended,
    names_treatments,
    of_its_patient,
    unwritten,
)
from n1trial.web.job import UNFORESEEN
from tests.pack.kept import scenario_of
from tests.pack.packable import PLANNED, START, secrets_of

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
        return [line.event for line in read_log(self.pack).lines]

    def with_diary(self, text: str) -> Home:
        return replace(self, diary=MemoryFile(self.diary.name, text.encode()))

    def end(self, passphrase: str = PASSPHRASE) -> Ended:
        return ended(self.diary, self.pack, KEY, passphrase, self.results)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Put a pack and its diary into a folder, without what is slow: opening for real, and drawing."""
    made = make_pack(scenario_of(**CALM), START, secrets_of(3), PLANNED, is_rehearsal=True)
    for path, content in (made.blinded | {KEY: SEALED}).items():
        (tmp_path / "pack" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / path).write_bytes(content)

    def unsealed(sealed: bytes, passphrase: str, place: str) -> bytes:  # noqa: ARG001
        if passphrase != PASSPHRASE:
            raise SealError(f"{place}: does not open")
        return made.key_text

    monkeypatch.setattr("n1trial.pack.opened.unseal", unsealed)
    monkeypatch.setattr("n1trial.pack.pages._pictures", lambda *_: dict.fromkeys(("course", "rounds", "analyses"), ""))
    key = Key.from_bytes(made.key_text, KEY)
    blank = made.blinded["patient/diary.csv"].decode()
    brought = MemoryFile("What came back.csv", filled_in(blank, key, rehearsed(key, 4, -3.0)).encode())
    return Home(tmp_path / "pack", brought, tmp_path / "results")


def test_the_blinded_look_is_shown_with_weeks_and_deviations(home: Home) -> None:
    found = checked(home.diary, home.pack)
    page = str(shown(found))
    assert "What came back.csv: no fault in the file" in page
    assert "<caption>Week by week</caption>" in page
    assert page.count('<th scope="row">') >= len(found.weeks) == 10
    week = found.weeks[4]
    assert f"{week.entries} of {week.days}" in page
    assert f'style="width: {100 * week.entries / week.days:.0f}%"' in page
    alone = html.unescape(str(shown(checked(home.diary, None))))
    assert "The file alone was looked at; the pack's zip tells kits, dates and the plan as well." in alone
    assert "--pack" not in alone


def test_what_is_not_written_is_told_before_the_key_is_opened(home: Home) -> None:
    seen = checked(home.diary, home.pack)
    written = sum(week.entries for week in seen.weeks)
    assert unwritten(seen).startswith(f"{70 - written} of 70 days have no entry.")
    lines = home.diary.content.decode().splitlines()
    cut = checked(MemoryFile(home.diary.name, "\n".join(lines[:31]).encode()), home.pack)
    assert cut.reached is not None
    days = cut.reached + 1 + 14
    assert days <= 30
    assert f"Nothing is written about the last {70 - days} days" in unwritten(cut)
    assert unwritten(checked(home.diary, None)) == ""


def test_faults_are_told_by_line_and_nothing_is_analyzed(home: Home) -> None:
    lines = home.diary.content.decode().splitlines()
    cells = lines[20].split(",")
    cells[3], cells[4] = "H7K-3M0", "11"
    wrong = home.with_diary("\n".join([*lines[:20], ",".join(cells), *lines[21:]]))
    for work in (lambda: checked(wrong.diary, home.pack), wrong.end):
        with pytest.raises(InputError) as caught:
            work()
        assert [fault.split(": ")[:3] for fault in caught.value.faults] == [
            ["What came back.csv", "line 21", "score"], ["What came back.csv", "line 21", "kit"],
        ]  # fmt: skip
    assert not (home.pack / "trial.log").exists()
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

    monkeypatch.setattr("n1trial.pack.opened.open_key", fail)
    with pytest.raises(FrozenError) as caught:
        home.end()
    assert pickle.loads(pickle.dumps(caught.value)).faults == (fault,)
    assert home.log == ["freeze", *(["failure"] if isinstance(failure, SealError) else [])]


def test_what_fails_before_freezing_does_not_tell_that_the_diary_is_frozen(home: Home) -> None:
    (home.pack / KEY).write_bytes(b"no age file")
    with pytest.raises(InputError) as caught:
        home.end()
    assert not isinstance(caught.value, FrozenError)
    assert not (home.pack / "trial.log").exists()


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
    assert names_treatments(brought)
    said = concluded(brought, scenario).said
    assert said.answer.method == scenario.analysis.primary
    assert said.decision.startswith(f"{scenario.treatment.name} is continued if")
    assert pickle.loads(pickle.dumps(said)) == said
    with pytest.raises(InputError, match=r"known\.csv: line 58: "):
        concluded(MemoryFile("known.csv", "\n".join([*rows, "57,9,9,7,99"]).encode()), scenario)


def test_a_blinded_diary_names_no_treatments(home: Home) -> None:
    assert not names_treatments(home.diary)


def test_a_patient_is_laid_on_the_desk(home: Home) -> None:
    scenario = scenario_of(**CALM)
    found = of_its_patient(home.diary, scenario)
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
        of_its_patient(MemoryFile("two.csv", b"day,score\n-2,3\n-1,4\n"), scenario_of())
    assert all(fault.startswith("two.csv: ") for fault in caught.value.faults)
