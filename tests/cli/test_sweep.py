from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from n1trial.cli.sweep import _duration
from n1trial.errors import RunError
from n1trial.study.sweep.sweep import SweepWork
from tests.cli.files import call, names

FILES = ["checksums.txt", "scenario.toml", "sweep.csv", "sweep.json", "sweep.png", "sweep.sqlite", "sweep.svg"]
VARY = ("--vary", "design.cycles=2,3")


def sweep_small(small: str, *args: str) -> Any:
    return call("sweep", small, "--replicates", "60", "--workers", "1", "--set", "analysis.methods=[]", *args)


def test_the_answer_and_the_results_folder(small: str, here: Path) -> None:
    result = sweep_small(small, *VARY)
    assert result.exit_code == 0
    assert result.stdout.startswith("Drug or Placebo: rounds (design.cycles) 2, 3\n2 combinations, 60 simulated trials")
    assert result.stderr == f"Results: {Path('results', 'small-sweep')}\n"
    assert names(here / "results") == ["small-sweep"]
    assert names(here / "results" / "small-sweep") == FILES


def test_json_is_one_document_and_nothing_else_is_printed(small: str, here: Path) -> None:
    done = sweep_small(small, *VARY, "--seed", "7", "--json", "--out", "there")
    assert (done.exit_code, done.stderr) == (0, "Results: there\n")
    document = json.loads(done.stdout)
    assert (document["scenario"], document["replicates"], document["seed"]) == ("small", 60, 7)
    assert done.stdout == (here / "there" / "sweep.json").read_text(encoding="utf-8")


def test_the_same_command_writes_the_same_bytes_without_simulating(
    small: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep_small(small, *VARY, "--out", "there")
    written = [name for name in FILES if name != "sweep.sqlite"]
    before = {name: (here / "there" / name).read_bytes() for name in written}
    for name in written:
        (here / "there" / name).unlink()
    monkeypatch.setattr("n1trial.study.sweep.sweep.measure_batch", lambda _: pytest.fail("simulated"))
    result = sweep_small(small, *VARY, "--out", "there")
    assert (result.exit_code, result.stderr) == (0, "4 of 4 batches are there already\nResults: there\n")
    assert {name: (here / "there" / name).read_bytes() for name in written} == before


def test_another_sweep_in_the_same_folder_is_said_and_both_stay(small: str, here: Path) -> None:
    sweep_small(small, *VARY, "--out", "there")
    first = (here / "there" / "sweep.csv").read_bytes()
    other = sweep_small(small, "--vary", "patient.daily_sd=1,2", "--vary", "conduct.missing=0,.1", "--vary",
                        "design.cycles=2,3", "--out", "there")  # fmt: skip
    assert other.exit_code == 0
    assert other.stderr.startswith("there holds another sweep as well. What it finished stays there,\n")
    assert "sweep.svg" not in names(here / "there")
    assert "sweep-power.svg" in names(here / "there")
    (here / "there" / "mine.txt").touch()
    again = sweep_small(small, *VARY, "--out", "there")
    assert again.stderr == "4 of 4 batches are there already\nResults: there\n"
    assert (here / "there" / "sweep.csv").read_bytes() == first
    assert names(here / "there") == sorted(["mine.txt", *FILES])


def test_combinations_that_break_a_rule_are_refused_or_left_out(small: str, here: Path) -> None:
    args = ("--vary", "analysis.discard_days=0,9", *VARY)
    refused = sweep_small(small, *args)
    assert (refused.exit_code, refused.stdout, names(here)) == (2, "", [])
    assert refused.stderr.splitlines()[-1].endswith("to leave them out and go on: --skip-invalid")
    skipped = sweep_small(small, *args, "--skip-invalid", "--json")
    assert skipped.exit_code == 0
    document = json.loads(skipped.stdout)
    assert [cell["set"]["analysis.discard_days"] for cell in document["cells"]] == [0, 0]
    assert [one["set"]["analysis.discard_days"] for one in document["left_out"]] == [9, 9]
    assert "must be" in document["left_out"][0]["faults"][0]


@pytest.fixture
def no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as anything is simulated."""

    def must_not_run(*args: object, **kwargs: object) -> NoReturn:
        pytest.fail(f"simulated with {args} {kwargs}")

    monkeypatch.setattr("n1trial.study.sweep.sweep.complete", must_not_run)


@pytest.mark.usefixtures("no_sweep")
@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "Missing option '--vary'"),
        (["--vary", "design.cycles"], "'design.cycles' is not of the form KEY=VALUES, as in design.cycles=2,3,4"),
        (["--vary", "design.cycles="], "--vary design.cycles=: a value is missing"),
        (["--vary", "design.cycels=2,3"], "--vary design.cycels: unknown key (did you mean cycles?)"),
        ([*VARY, "--replicates", "0"], "--replicates 0: must be a whole number from 1 to 10000000, but is 0"),
        ([*VARY, "--seed", "x"], '--seed x: must be a whole number from 0 to 9223372036854775807, but is "x"'),
        ([*VARY, "--set", "design.cycles=4"], "--vary design.cycles=2,3: the key is also set to 4; do one of both"),
        (["--vary", "simulation.seed=1,2", "--seed", "3"], "--vary simulation.seed=1,2: the key is also set to 3"),
        ([*VARY, "--workers", "0"], "--workers 0: must be a whole number, 1 or more"),
        (
            [*VARY, "--workers", "2", "--cluster", "tcp://a:1"],
            "--workers is for this machine, and --cluster for others",
        ),
        ([*VARY, "--cluster", "here"], "--cluster here: must be an address such as tcp://10.0.0.5:8786"),
    ],
)
def test_faults_of_the_command_line(small: str, here: Path, args: list[str], told: str) -> None:
    result = call("sweep", small, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    if "here" not in args:
        assert names(here) == []


@pytest.mark.usefixtures("no_sweep")
def test_faults_of_all_options_are_told_together(small: str) -> None:
    result = call(
        "sweep", small, "--replicates", "0", "--set", "outcome.mcid=-1", "--vary", "design.cycles=0,2", "--vary",
        "conduct.missing=1:0:.1",
    )  # fmt: skip
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "--set outcome.mcid=-1", "--replicates 0", "--vary conduct.missing=1", "--vary design.cycles=0"
    ]  # fmt: skip


@pytest.mark.usefixtures("no_sweep")
def test_a_folder_with_something_else_is_refused(small: str, here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("precious", encoding="utf-8")
    result = call("sweep", small, *VARY, "--out", "mine")
    assert result.exit_code == 2
    assert result.stderr.startswith("mine: holds files but no earlier results of n1trial")
    assert names(here / "mine") == ["thesis.txt"]


def test_a_full_disk_when_the_table_is_written_is_told(small: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("n1trial.report.sweep.folder.save", fail)
    result = sweep_small(small, *VARY, "--out", "there")
    assert result.exit_code == 3
    assert result.stderr == (
        "there: table and pictures cannot be written (No space left on device); all batches are kept, and the same"
        " command writes them\n"
    )
    assert names(here / "there") == ["sweep.sqlite"]


def test_interrupted_it_says_how_to_go_on(small: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("n1trial.study.sweep.sweep.measure_batch", interrupt)
    result = sweep_small(small, *VARY, "--out", "there")
    assert (result.exit_code, result.stderr) == (
        130, "interrupted; what was finished is kept in there; the same command goes on from there\n"
    )  # fmt: skip
    assert names(here / "there") == ["sweep.sqlite"]


@pytest.mark.parametrize(
    ("seconds", "workers", "told"),
    [(40.0, 2, ""), (80.0, 2, "about a minute with 2 workers"), (400.0, 1, "about 7 minutes with 1 worker."),
     (40_000.0, 2, "about 6 hours"), (400_000.0, 1, "about 5 days")],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_a_long_sweep_is_said_to_be_long(
    small: str, monkeypatch: pytest.MonkeyPatch, seconds: float, workers: int, told: str
) -> None:
    def announce(*given: Any) -> NoReturn:
        given[-1](SweepWork(600, 100, 1_250_000, seconds))
        raise RunError("enough")

    monkeypatch.setattr("n1trial.study.sweep.sweep.complete", announce)
    result = call("sweep", small, *VARY, "--workers", str(workers))
    lines = result.stderr.splitlines()
    assert lines[0] == "100 of 600 batches are there already"
    assert lines[-1] == "enough"
    if told:
        assert lines[1].startswith("2 combinations, 1,250,000 simulated trials to go: about")
        assert told in lines[1]
    else:
        assert len(lines) == 2


def test_lengths_of_time_in_words() -> None:
    assert [_duration(seconds) for seconds in (30, 89, 90, 3600, 5400, 200_000)] == [
        "a minute", "a minute", "2 minutes", "60 minutes", "2 hours", "3 days"
    ]  # fmt: skip


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("here")
def test_progress_is_shown_on_a_terminal(small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from n1trial.cli.sweep import command

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    command.main([small, *VARY, "--replicates", "60", "--workers", "1"], standalone_mode=False)
    assert "simulating" in terminal.getvalue()


def test_the_table_reads_as_a_table(small: str, here: Path) -> None:
    sweep_small(small, *VARY, "--vary", "analysis.primary=paired,ols", "--out", "there")
    text = (here / "there" / "sweep.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["design.cycles"], row["analysis.primary"], row["method"]) for row in rows] == [
        ("2", "paired", "paired"), ("2", "ols", "ols"), ("3", "paired", "paired"), ("3", "ols", "ols")
    ]  # fmt: skip
    assert {row["is_primary"] for row in rows} == {"TRUE"}
    for row in rows:
        assert None not in row.values()
        assert 0 <= float(row["detect_mcid"]) <= 1
        assert 0 < float(row["type_1_mcse"]) < 0.1
