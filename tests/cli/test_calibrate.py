from __future__ import annotations

import json
from pathlib import Path

import pytest

from n1trial.scenario.file.load import load_scenario
from tests.cli.files import call, call_apart, names

SCORES = "5 6 4 . 7 5 6 8 5 4 6 7 5 6".replace(".", "").split(" ")
ROWS = [f"2026-03-{day:02},{score}" for day, score in enumerate(SCORES, start=1)]


@pytest.fixture
def diary(here: Path) -> str:
    (here / "run-in.csv").write_text("\n".join(["date,score", *ROWS]) + "\n", encoding="utf-8")
    return "run-in.csv"


def test_the_scenario_goes_to_standard_output_and_what_was_found_beside_it(here: Path, diary: str) -> None:
    done = call_apart("calibrate", diary, cwd=here)
    assert done.returncode == 0
    assert done.stdout.startswith("# Made from a patient's own diary")
    assert done.stderr.startswith("13 entries on 14 days: a run-in, before any capsule")
    (here / "made.toml").write_text(done.stdout, encoding="utf-8")
    made = load_scenario("made.toml")
    assert made.name == "minimal-calibrated"
    assert made.unsettled
    checked = call("check", "made.toml")
    assert checked.exit_code == 0
    assert "Not known: a run tells the answer at both ends" in checked.output


def test_a_new_file_is_written_whole_and_never_over_one(here: Path, diary: str, small: str) -> None:
    done = call("calibrate", diary, "--from", small, "--out", "mine.toml")
    assert done.exit_code == 0
    assert done.stdout.startswith("13 entries on 14 days")
    assert "mine.toml written; n1trial run mine.toml says whether" in done.stderr
    text = (here / "mine.toml").read_text(encoding="utf-8")
    assert load_scenario("mine.toml").treatment.name == "Drug"
    again = call("calibrate", diary, "--out", "mine.toml")
    assert again.exit_code == 2
    assert again.stderr == "mine.toml: exists already and is left as it is; choose another name\n"
    assert (here / "mine.toml").read_text(encoding="utf-8") == text
    assert names(here) == ["mine.toml", "run-in.csv"]


def test_a_folder_that_is_not_there_is_told(here: Path, diary: str) -> None:
    done = call("calibrate", diary, "--out", "nowhere/mine.toml")
    assert done.exit_code == 2
    assert done.stderr == "nowhere/mine.toml: cannot be written (No such file or directory)\n"
    assert names(here) == ["run-in.csv"]


def test_one_document_of_json(here: Path, diary: str) -> None:
    done = call("calibrate", diary, "--json", "--out", "mine.toml")
    document = json.loads(done.stdout)
    assert set(document) == {"scenario", "kind", "entries", "days", "findings", "remarks"}
    assert (document["kind"], document["entries"], document["days"]) == ("run-in", 13, 14)
    alike = document["findings"]["patient.autocorrelation"]
    assert set(alike) == {"value", "estimate", "interval", "state", "range", "note"}
    assert alike["state"] == "unsettled"
    assert load_scenario("mine.toml").patient.autocorrelation == alike["value"]
    assert document["findings"]["patient.period_sd"]["interval"] is None
    assert names(here) == ["mine.toml", "run-in.csv"]


@pytest.mark.usefixtures("one_look", "no_pictures")
def test_a_run_shows_the_answer_at_both_ends(here: Path, diary: str, small: str) -> None:  # noqa: ARG001
    call("calibrate", diary, "--from", small, "--out", "mine.toml")
    done = call("run", "mine.toml", "--replicates", "100", "--workers", "1", "--long")
    assert done.exit_code == 0
    assert "Not known     " in done.stdout
    assert "Source        The patient's own run-in, 13 entries on 14 days." in done.stdout


def test_values_of_the_command_line_hold(here: Path, diary: str) -> None:  # noqa: ARG001
    call("calibrate", diary, "--set", "treatment.effect=-2", "--out", "mine.toml")
    assert load_scenario("mine.toml").treatment.effect == -2


def test_faults_of_the_file_are_told_with_their_lines(here: Path) -> None:
    (here / "bad.csv").write_text("date,score\n2026-03-01,55\n2026-03-01,five\n", encoding="utf-8")
    done = call("calibrate", "bad.csv", "--out", "mine.toml")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "bad.csv: line 2: score: must be from 0 to 10, and is 55",
        'bad.csv: line 3: score: must be a number, or empty where it is missing, and is "five"',
        "bad.csv: line 3: date: 2026-03-01 is there twice (first in line 2)",
    ]
    assert names(here) == ["bad.csv"]


def test_what_nothing_can_be_learned_from_is_refused(here: Path) -> None:
    (here / "few.csv").write_text("day,score\n1,5\n2,6\n", encoding="utf-8")
    done = call("calibrate", "few.csv")
    assert done.exit_code == 2
    assert done.stderr == "few.csv: the diary has 2 entries, and at least 7 are needed to say anything\n"
    assert done.stdout == ""
