from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.files import call
from tests.pack.kept import filled, lived, scenario_of, text_of, trial_of, write_pack


@pytest.fixture
def brought(here: Path) -> tuple[Path, Path]:
    """A diary, and the blinded files of its pack."""
    diaries, key = lived(scenario_of(), 3)
    (here / "diary.csv").write_text(text_of(filled(diaries, key.trial)), encoding="utf-8")
    return Path("diary.csv"), write_pack(key.trial, here / "pack")


def test_a_diary_is_looked_at_without_a_key(brought: tuple[Path, Path]) -> None:
    diary, pack = brought
    result = call("check-diary", str(diary), "--pack", str(pack))
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "diary.csv: no fault in the file"
    assert lines[1].startswith("Trial           small, patient code ")
    assert all(len(line) <= 100 for line in lines)
    alone = call("check-diary", str(diary))
    assert alone.exit_code == 0
    assert "No pack         The file alone was looked at" in alone.stdout


def test_means_are_shown_where_they_are_asked_for_alone(brought: tuple[Path, Path]) -> None:
    diary, pack = brought
    told = call("check-diary", str(diary), "--pack", str(pack)).stdout
    assert "mean score  " not in told
    assert "Run-in" not in told
    means = call("check-diary", str(diary), "--pack", str(pack), "--means").stdout.splitlines()
    assert any(line.endswith("written later  mean score  dose taken  missed  not said") for line in means)
    rows = csv.DictReader(diary.read_text(encoding="utf-8").splitlines())
    scores = [float(row["score"]) for row in rows if row["week"] == "1" and row["score"]]
    week = next(line for line in means if line.startswith("   1  "))
    assert f"{sum(scores) / len(scores):.1f}" in week.split()
    assert any(line.startswith("Run-in          The mean of the run-in is ") for line in means)


def test_only_blinded_files_are_read(brought: tuple[Path, Path]) -> None:
    diary, pack = brought
    before = call("check-diary", str(diary), "--pack", str(pack)).stdout
    for name in ("key.age", "pharmacy.age", "code-break.age"):
        (pack / name).mkdir()  # whoever opens these fails
    assert call("check-diary", str(diary), "--pack", str(pack)).stdout == before
    assert sorted(path.name for path in pack.iterdir() if path.suffix == ".log") == []


def test_a_rehearsal_says_so(here: Path) -> None:
    diaries, key = lived(scenario_of(), 3)
    (here / "diary.csv").write_text(text_of(filled(diaries, key.trial)), encoding="utf-8")
    write_pack(trial_of(scenario_of(), is_rehearsal=True), here / "pack")
    assert call("check-diary", "diary.csv", "--pack", "pack").stdout.startswith("EXAMPLE - NOT FOR A PATIENT\n")


def test_all_faults_at_once_and_nothing_else(brought: tuple[Path, Path]) -> None:
    diary, pack = brought
    lines = diary.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace("2027-01-06", "2027-01-07")
    lines[30] = lines[30].replace(lines[30].split(",")[3], "H7K-3M0")
    diary.write_text("\n".join(lines), encoding="utf-8")
    result = call("check-diary", str(diary), "--pack", str(pack))
    assert (result.exit_code, result.stdout) == (2, "")
    told = result.stderr.splitlines()
    assert told[0] == "diary.csv: line 4: date: 2027-01-07 does not agree with day -12: by the other rows it is day -11"
    assert told[1].startswith("diary.csv: line 31: kit: must be the code of a kit")
    assert len(told) == 2


def test_faults_of_diary_and_pack_are_told_together(here: Path) -> None:
    (here / "diary.csv").write_text("day,score\n0,many\n", encoding="utf-8")
    result = call("check-diary", "diary.csv", "--pack", "none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "none: no such folder; name that of the pack, which holds patient and clinician",
        'diary.csv: line 2: score: must be a number, or empty where it is missing, and is "many"',
    ]
