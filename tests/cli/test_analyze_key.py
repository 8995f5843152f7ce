from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest

from n1trial.analysis.analyze import ANALYSES, analyze
from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.diary.diary import Diary
from n1trial.files.folders import write_new_folder
from n1trial.pack.end.check_diary import make_check_diary
from n1trial.pack.log.chain import LogLine
from n1trial.pack.log.log import LOG, first_line, read_log
from n1trial.pack.make.assemble import make_pack
from n1trial.pack.make.rehearse import fill_in, live_through
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.seal import SealError, seal
from n1trial.pack.sealed.secrets import Secrets
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.provenance import provenance
from tests.cli.files import call, names
from tests.pack.kept import START, scenario_of
from tests.pack.packable import PLANNED

PASSPHRASE = "the key's own words"
FILES = [
    "analysis.html", "analysis.json", "checksums.txt", "deviations.csv", "letter-patient.html", "letter-patient.txt",
    "letter-physician.html", "letter-physician.txt",
]  # fmt: skip
CALM = {"conduct__dropout_per_week": 0.0, "analysis__primary": "mixed"}


@dataclass(frozen=True)
class Ended:
    """A pack in its folder, its key opened for the test alone, and the diary that came back."""

    folder: Path
    key: Key

    @property
    def sealed(self) -> str:
        return str(self.folder / "key.age")

    @property
    def log(self) -> tuple[LogLine, ...]:
        return read_log(self.folder).lines

    @property
    def events(self) -> list[str]:
        return [line.event for line in self.log]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Seal a rehearsal once: sealing is slow on purpose."""
    secrets = Secrets(*(number.to_bytes(16) for number in (3, 1, 2)))
    scenario = scenario_of(**CALM)
    pack = make_pack(scenario, START, secrets, PLANNED, is_rehearsal=True, check=make_check_diary(scenario))
    folder = tmp_path_factory.mktemp("made") / "pack"
    write_new_folder(folder, pack.blinded_files | {"key.age": seal(pack.key_text, PASSPHRASE)})
    key = Key.from_bytes(pack.key_text, "key")
    blank = (folder / "patient/diary.csv").read_text(encoding="utf-8")
    (folder.parent / "diary.csv").write_text(fill_in(blank, key, live_through(key, 4, -3.0)), encoding="utf-8")
    return Ended(folder, key)


@pytest.fixture
def brought(made: Ended, here: Path, monkeypatch: pytest.MonkeyPatch) -> Ended:
    """Copy pack and diary into the current folder, with the passphrase at hand."""
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PASSPHRASE)
    shutil.copytree(made.folder, here / "pack")
    shutil.copy(made.folder.parent / "diary.csv", here / "diary.csv")
    return Ended(Path("pack"), made.key)


@pytest.fixture
def ended(brought: Ended, no_pictures: None, monkeypatch: pytest.MonkeyPatch) -> Ended:  # noqa: ARG001
    """The same without what is slow: opening for real, and drawing."""

    def unsealed(sealed: bytes, passphrase: str, place: str) -> bytes:  # noqa: ARG001
        if passphrase != PASSPHRASE:
            raise SealError(f"{place}: does not open")
        return brought.key.to_bytes()

    monkeypatch.setattr("n1trial.pack.sealed.open_key.unseal", unsealed)
    return brought


def test_the_planned_analysis_comes_first_and_everything_is_written(brought: Ended) -> None:
    ended = brought
    result = call("analyze", "diary.csv", "--key", ended.sealed)
    assert result.exit_code == 0, result.stderr
    trial = ended.key.trial
    folder = Path("results") / f"small-{trial.patient_code}-analysis"
    assert names(folder) == FILES
    assert result.stderr == f"Analysis: {folder} (frozen in {Path('pack/trial.log')})\n"
    lines = result.stdout.splitlines()
    assert lines[0] == "EXAMPLE - NOT FOR A PATIENT"
    assert all(len(line) <= 100 for line in lines)
    assert next(line.split()[:2] for line in lines if line.startswith("mixed  ")) == ["mixed", "primary"]
    found = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    assert next(iter(found["methods"])) == found["primary"] == "mixed"
    assert found["commitment"] == (ended.folder / "commitment.txt").read_text(encoding="utf-8").split("\n")[0]
    for name in FILES:
        if name.endswith((".html", ".txt")) and name != "checksums.txt":
            text = (folder / name).read_text(encoding="utf-8")
            assert "EXAMPLE - NOT FOR A PATIENT" in text
            assert not re.search(r"""(src|href)="(?!#)|@import|url\((?!#)""", text)
            assert "Undefined" not in text
    with (folder / "deviations.csv").open(encoding="utf-8", newline="") as file:
        assert [row["what"] for row in csv.DictReader(file)] == [each["what"] for each in found["deviations"]]


def test_json_is_the_evaluated_analysis(ended: Ended) -> None:
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--method", "paired", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert list(found["methods"]) == ["mixed", "paired"]
    life = live_through(ended.key, 4, -3.0)
    for method, figures in found["methods"].items():
        expected = analyze(life.diary, method)
        for name in ("estimate", "ci_low", "ci_high", "p_value", "p_benefit"):
            assert figures[name] == float(getattr(expected, name)[0]), (method, name)
    assert found["planned"]["entries"] == 56
    assert found["is_rehearsal"] is True


def test_the_diary_is_frozen_before_the_key_opens(brought: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = brought
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", "a guess of mine")
    result = call("analyze", "diary.csv", "--key", ended.sealed)
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr == (
        "pack/key.age: does not open: the passphrase is not the right one, or the file is damaged\n"
    )
    assert not Path("results").exists()
    frozen, failure = ended.log
    assert (failure.event, failure.facts["what"], failure.facts["why"]) == ("failure", "analyze", "phrase")
    digest = hashlib.sha256(Path("diary.csv").read_bytes()).hexdigest()
    facts = frozen.facts
    assert (frozen.event, facts["sha256"], facts["diary"]) == ("freeze", digest, "diary.csv")
    assert (facts["primary"], facts["excluded_days"]) == ("mixed", [])
    assert facts["settings"]["alpha"] == 0.05
    assert ended.key.trial.scenario.treatment.name not in frozen.text
    assert "order" not in facts


def test_a_diary_changed_after_the_key_had_been_opened_is_told_loudly(ended: Ended) -> None:
    first = call("analyze", "diary.csv", "--key", ended.sealed)
    again = call("analyze", "diary.csv", "--key", ended.sealed)
    assert first.stdout == again.stdout
    assert ended.events == ["freeze", "open"] * 2
    path = Path("diary.csv")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},odd", *(f"{row}," for row in rows)]), encoding="utf-8")
    resaved = call("analyze", "diary.csv", "--key", ended.sealed)
    assert "WAS CHANGED" not in resaved.stdout
    changed_row = rows[30].split(",")
    changed_row[header.split(",").index("score")] = "3"
    path.write_text("\n".join([header, *rows[:30], ",".join(changed_row), *rows[31:]]), encoding="utf-8")
    changed = call("analyze", "diary.csv", "--key", ended.sealed)
    assert changed.exit_code == 0
    told = " ".join(changed.stdout.split())
    assert "WARNING THE DIARY WAS CHANGED AFTER THE KEY HAD BEEN OPENED" in told
    assert "is now 3. Nobody entered who and why." in told
    assert len(ended.log) == 8
    (folder,) = Path("results").iterdir()
    for name in ("analysis.html", "letter-physician.html"):
        assert "THE DIARY WAS CHANGED AFTER THE KEY HAD BEEN OPENED" in (folder / name).read_text(encoding="utf-8")
    assert "frozen before the key was opened" not in (folder / "letter-physician.txt").read_text(encoding="utf-8")
    assert "Something was known before" in (folder / "letter-patient.txt").read_text(encoding="utf-8")


def test_what_was_revealed_before_is_told(ended: Ended) -> None:
    log = ended.folder / "reveals.log"
    log.write_text("2027-03-01T10:00:00+00:00  kit ABC by its slip. Reason: all\n", encoding="utf-8")
    told = " ".join(call("analyze", "diary.csv", "--key", ended.sealed).stdout.split())
    assert "Kit ABC was opened on 2027-03-01 at 10:00 with its slip. Reason: all." in told
    assert "THE WHOLE KEY" not in told
    (ended.folder / "trial.log").unlink()
    log.write_text("2027-03-01T10:00:00+00:00  all\n", encoding="utf-8")
    told = " ".join(call("analyze", "diary.csv", "--key", ended.sealed).stdout.split())
    assert "THE WHOLE KEY HAD BEEN SHOWN BEFORE THIS DIARY WAS FROZEN" in told


def test_a_log_that_was_taken_away_is_an_alarm(ended: Ended) -> None:
    alarm = "THE LOG OF THE TRIAL DOES NOT BEGIN WITH ITS PACK"
    told = " ".join(call("analyze", "diary.csv", "--key", ended.sealed).stdout.split())
    assert f"WARNING {alarm}" in told
    folder = next(Path("results").iterdir())
    assert alarm in (folder / "analysis.html").read_text(encoding="utf-8")
    assert alarm in (folder / "letter-physician.txt").read_text(encoding="utf-8").replace("\n", " ")
    assert alarm not in (folder / "letter-patient.txt").read_text(encoding="utf-8").replace("\n", " ")
    (ended.folder / LOG).write_bytes(first_line("pack", commitment=stated_commitment(ended.folder)))
    assert alarm not in " ".join(call("analyze", "diary.csv", "--key", ended.sealed).stdout.split())


def test_a_key_of_another_pack_is_refused(ended: Ended) -> None:
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--commitment", "ab" * 32)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "opens, but is not the key of this pack" in result.stderr
    assert not Path("results").exists()
    assert ended.events == ["freeze", "failure"]
    assert ended.log[1].facts["why"] == "commitment"


def test_a_pack_changed_after_sealing_is_told(ended: Ended) -> None:
    path = ended.folder / "clinician/protocol.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", "<p>more</p></body>"), encoding="utf-8")
    told = " ".join(call("analyze", "diary.csv", "--key", ended.sealed).stdout.split())
    assert "WARNING Papers of the pack were CHANGED after the key was sealed: clinician/protocol.html." in told


def test_a_key_without_its_pack_needs_the_commitment(ended: Ended) -> None:
    commitment = (ended.folder / "commitment.txt").read_text(encoding="utf-8").split("\n")[0]
    Path("safe").mkdir()
    (ended.folder / "key.age").rename("safe/key.age")
    result = call("analyze", "diary.csv", "--key", "safe/key.age")
    assert result.exit_code == 2
    assert "take the commitment from any blinded paper: --commitment" in result.stderr
    by_paper = call("analyze", "diary.csv", "--key", "safe/key.age", "--commitment", commitment)
    assert by_paper.exit_code == 0, by_paper.stderr
    assert "Undefined" not in by_paper.stdout
    assert "No blinded papers were at hand" in by_paper.stdout
    by_pack = call("analyze", "diary.csv", "--key", "safe/key.age", "--pack", "pack")
    heading = "Deviations from the plan"
    differ = set(by_paper.stdout.splitlines()) ^ set(by_pack.stdout.splitlines())
    assert {line.split("  ")[0] for line in differ} == {
        "WARNING", heading, f"{heading}, frozen before the key was opened",
    }  # fmt: skip
    (page,) = Path("results").glob("*/analysis.html")
    assert "Known and logged before the key was opened." in page.read_text(encoding="utf-8")
    assert read_log(Path("safe")).lines[0].facts["primary"] is None
    assert [line.event for line in read_log(Path("pack")).lines] == ["freeze", "open"]


def test_faults_of_the_diary_are_told_before_anything_is_opened(ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("N1TRIAL_PASSPHRASE")
    path = Path("diary.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[20].split(",")
    cells[3], cells[4] = "H7K-3M0", "11"
    path.write_text("\n".join([*lines[:20], ",".join(cells), *lines[21:]]), encoding="utf-8")
    result = call("analyze", "diary.csv", "--key", ended.sealed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert [fault.split(" ", 4)[:4] for fault in result.stderr.splitlines()] == [
        ["diary.csv:", "line", "21:", "score:"], ["diary.csv:", "line", "21:", "kit:"],
    ]  # fmt: skip
    assert not (ended.folder / "trial.log").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--set", "analysis.alpha=0.1"], "with --key the sealed plan holds as it is, so --set cannot be given"),
        (["--discard-days", "3"], "so --discard-days cannot be given"),
        (["--method", "pared"], "'pared' does not exist (did you mean paired?)"),
        (["--pack", "nowhere"], "nowhere"),
        (["--commitment", "abc"], "--commitment: must be 64 of the characters"),
        (["--out", "pack"], "pack: holds files but no earlier results"),
        (["--plan", "nothing-of-that-name"], "nothing-of-that-name"),
    ],
)
def test_faults_of_the_command_line(ended: Ended, args: list[str], told: str) -> None:
    result = call("analyze", "diary.csv", "--key", ended.sealed, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert not Path("results").exists()
    assert not (ended.folder / "trial.log").exists()


def test_another_plan_is_refused_and_the_sealed_one_is_not(ended: Ended) -> None:
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--plan", "b12-8-week")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--plan: b12-8-week is not the scenario that was sealed (small)" in result.stderr
    assert not (ended.folder / "trial.log").exists()
    same = str(ended.folder / "clinician/scenario.toml")
    assert call("analyze", "diary.csv", "--key", ended.sealed, "--plan", same).exit_code == 0


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("option", ["--pack", "--commitment", "--out"])
def test_what_belongs_to_a_key_needs_one(option: str) -> None:
    result = call("analyze", "diary.csv", option, "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{option} belongs to --key" in result.stderr


def test_a_log_that_cannot_be_written_keeps_the_key_shut(ended: Ended) -> None:
    (ended.folder / "trial.log").mkdir()
    result = call("analyze", "diary.csv", "--key", ended.sealed)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "cannot be written" in result.stderr
    assert not Path("results").exists()


def test_letters_that_were_edited_are_not_replaced(ended: Ended) -> None:
    assert call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end").exit_code == 0
    assert call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end").exit_code == 0
    letter = Path("end/letter-patient.html")
    letter.write_text(letter.read_text(encoding="utf-8").replace("____", "Go on for now."), encoding="utf-8")
    before = letter.read_bytes()
    frozen = len(ended.log)
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "end: letter-patient.html was edited, and would be replaced; put it elsewhere, and try again\n"
    )
    assert letter.read_bytes() == before
    assert len(ended.log) == frozen


def test_code_that_gives_the_same_figures_is_a_line_in_the_footer(ended: Ended) -> None:
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end")
    same = "A check diary in the key gives the same figures"
    assert same in " ".join(result.stdout.split()[-60:])
    found = json.loads(Path("end/analysis.json").read_text(encoding="utf-8"))
    assert found["check_diary"]["figures"] == "same"
    assert found["provenance"] == found["check_diary"]["pack_provenance"] == provenance()
    assert same in Path("end/analysis.html").read_text(encoding="utf-8")


def test_code_that_gives_other_figures_is_said_first_and_never_to_the_patient(
    ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    paired = ANALYSES["paired"]

    def larger(diary: Diary, request: AnalysisRequest) -> Estimates:
        found = paired(diary, request)
        return replace(found, estimate=found.estimate * 1.001)

    monkeypatch.setitem(ANALYSES, "paired", larger)
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[1].split()[:5] == ["WARNING", "TODAY'S", "CODE", "AND", "LIBRARIES"]
    loud = "CODE AND LIBRARIES GIVE OTHER FIGURES"
    files = {path.name: path.read_text(encoding="utf-8") for path in Path("end").glob("*.*")}
    assert {name for name, text in files.items() if loud in text} == {
        "analysis.html", "analysis.json", "letter-physician.html", "letter-physician.txt",
    }  # fmt: skip
    assert "n1trial" not in files["letter-patient.txt"]
    assert files["letter-physician.txt"].index(loud) < files["letter-physician.txt"].index("Dear colleague")
    (difference,) = json.loads(files["analysis.json"])["check_diary"]["differences"]
    assert (difference["method"], difference["figure"]) == ("paired", "estimate")
    assert difference["now"] == pytest.approx(difference["then"] * 1.001)


def fail(*_: object, **__: object) -> NoReturn:
    raise ZeroDivisionError("by nought")


@pytest.mark.parametrize("place", ["n1trial.pack.conclusion.finish.conclude", "n1trial.pack.conclusion.folder.pages"])
def test_an_analysis_that_fails_after_the_key_opened_is_told_in_words(
    ended: Ended, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(place, fail)
        result = call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end")
    assert (result.exit_code, result.stdout) == (3, "")
    first, second, *_, last = result.stderr.splitlines()
    assert first == "The key has opened, and then the analysis failed: ZeroDivisionError: by nought"
    assert "Nothing is lost." in second
    assert "Report this to the developers" in last
    assert ended.events[-2:] == ["freeze", "open"]
    assert not Path("end").exists()
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []
    again = call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end")
    assert again.exit_code == 0, again.stderr
    assert "CHANGED" not in again.stdout


def test_an_analysis_that_fails_for_other_code_says_how_to_get_the_sealed_one_back(
    ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANALYSES, "paired", fail)
    result = call("analyze", "diary.csv", "--key", ended.sealed, "--out", "end")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "impossible to calculate (ZeroDivisionError) today" in result.stderr
    assert "Find another copy of the pack, or install n1trial" in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr
