"""What is opened, by whatever command: refused in words where it is not what it should be, and nothing is written."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from n1trial.pack.sealed.archive import archive
from n1trial.pack.sealed.seal import seal
from tests.cli.files import call, names
from tests.cli.test_pack import KEY, PHARMACY, SMALL
from tests.cli.test_pack import _nobody_to_ask as _nobody_to_ask  # the fixture
from tests.cli.test_pack import packed as packed  # the fixture
from tests.pack.conftest import quick as quick  # the fixture

pytestmark = pytest.mark.usefixtures("quick")


@pytest.mark.parametrize(
    "content", [b"", b"x\n", b"day,score\n99999,\n", b"day,score\n0,,,\n", b"\xff\xfe\x00", b'day\n"0']
)
def test_a_blank_diary_that_was_damaged(
    packed: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    for name in ("key.age", "commitment.txt"):
        (tmp_path / name).write_bytes((packed[0] / name).read_bytes())
    (tmp_path / "patient").mkdir()
    (tmp_path / "patient/diary.csv").write_bytes(content)
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    result = call("rehearse", str(tmp_path / "key.age"), "--out", str(tmp_path / "d.csv"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("patient/diary.csv: is not as the pack has it")
    assert not (tmp_path / "d.csv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are otherwise there")
@pytest.mark.parametrize(
    "command",
    [
        ("reveal", "PIPE", "--all"), ("reveal", "ITSELF", "--check"), ("open-pharmacy", "PIPE", "--out", "new"),
        ("open-pharmacy", "ITSELF", "--out", "new"), ("analyze", "PIPE"), ("analyze", "ITSELF"),
        ("analyze", "PIPE", "--key", "KEY"),
        ("analyze", "DIARY", "--key", "PIPE"), ("analyze", "DIARY", "--plan", "PIPE"), ("check-diary", "PIPE"),
        ("check-diary", "ITSELF"), ("check-diary", "DIARY", "--pack", "PIPE"), ("calibrate", "PIPE"),
        ("calibrate", "DIARY", "--from", "PIPE"), ("rehearse", "PIPE", "--out", "new"),
        ("rehearse", "ITSELF", "--out", "new"),
    ],
)  # fmt: skip
def test_a_pipe_or_a_link_to_itself_is_refused_and_not_waited_for(
    packed: tuple[Path, str], here: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    os.mkfifo(here / "pipe")
    (here / "itself").symlink_to("itself")
    (here / "diary.csv").write_text("day,score\n0,1\n1,2\n")
    known = {"PIPE": "pipe", "ITSELF": "itself", "DIARY": "diary.csv", "KEY": str(packed[0] / "key.age")}
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    result = call(*(known.get(part, part) for part in command))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "fault of n1trial" not in result.stderr
    assert names(here) == ["diary.csv", "itself", "pipe"]


def test_standard_input_that_is_closed(packed: tuple[Path, str], here: Path) -> None:
    key = str(packed[0] / "key.age")
    for command in (
        ["reveal", key, "--check"], ["open-pharmacy", str(packed[0] / "pharmacy.age"), "--out", "new"],
        ["pack", "b12-8-week", "--start-date", "2199-01-07", "--out", "new"], ["rehearse", key, "--out", "new"],
    ):  # fmt: skip
        line = shlex.join([sys.executable, "-m", "n1trial", *command]) + " <&-"
        ended = subprocess.run(["sh", "-c", line], cwd=here, capture_output=True, text=True)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "is asked for on a terminal, or taken from N1TRIAL_" in ended.stderr
        assert "Traceback" not in ended.stderr
    assert names(here) == []


def test_the_pharmacist_s_own_variable_comes_first(
    packed: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", KEY)
    sealed = str(packed[0] / "pharmacy.age")
    result = call("open-pharmacy", sealed, "--out", str(tmp_path / "none"))
    assert (result.exit_code, names(tmp_path)) == (4, [])
    monkeypatch.setenv("N1TRIAL_PHARMACY_PASSPHRASE", PHARMACY)
    assert call("open-pharmacy", sealed, "--out", str(tmp_path / "opened")).exit_code == 0


def test_a_hostile_archive_writes_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", PHARMACY)
    for number, name in enumerate(("../../evil.html", str(here / "evil.html"), "a/b.html", "run.sh")):
        (here / f"{number}.age").write_bytes(seal(archive({"stock.html": b"x", name: b"x"}), PHARMACY))
        result = call("open-pharmacy", f"{number}.age", "--out", "deep/opened")
        assert (result.exit_code, result.stdout) == (4, "")
        assert "which no pack has. Nothing was unpacked." in result.stderr
    assert names(here) == ["0.age", "1.age", "2.age", "3.age", "trial.log"]  # what did not open is logged


@pytest.mark.usefixtures("one_process")
def test_a_rehearsal_takes_any_passphrase_and_a_patient_s_pack_does_not(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", "short")
    made = ("pack", "b12-6-to-8-week", "--start-date", "2199-01-07", "--out", str(here / "new"), *SMALL)
    assert call(*made).exit_code == 2
    assert call(*made, "--seed", "1").exit_code == 0
