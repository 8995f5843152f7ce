from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from n1trial.errors import RunError
from tests.cli.files import call, call_and_interrupt, call_apart, names

pytestmark = pytest.mark.usefixtures("one_run", "no_pictures")

FILES = ["characteristics.csv", "checksums.txt", "report.html", "run.json", "scenario.toml"]


def run_small(small: str, *args: str) -> Any:
    return call("run", small, "--replicates", "50", "--workers", "1", *args)


def test_the_answer_and_the_results_folder(small: str, here: Path) -> None:
    result = run_small(small)
    assert result.exit_code == 0
    assert result.stdout.startswith("Does Drug lower “Complaints” in this patient?\nPlan: Drug or Placebo, 2 rounds")
    assert result.stderr == f"Results: {Path('results', 'small')}\n"
    assert names(here / "results") == ["small"]
    assert names(here / "results" / "small") == FILES


def test_all_that_there_is_to_say_is_printed_where_it_is_asked_for(small: str, here: Path) -> None:
    long = run_small(small, "--long").stdout
    assert long.startswith("Drug or Placebo, 2 rounds, periods of 1 week")
    assert "Analyzed by" in long
    refused = call("run", small, "--long", "--json", "--out", "there")
    assert (refused.exit_code, refused.stderr) == (2, "--long: not with --json, which prints all that there is\n")
    assert not (here / "there").exists()


def test_estimates_are_written_where_they_are_asked_for(small: str, here: Path) -> None:
    assert run_small(small, "--estimates").exit_code == 0
    assert names(here / "results" / "small") == sorted([*FILES, "estimates.csv.gz"])


def test_the_answer_is_there_before_any_file_is_written(
    small: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise RunError("no space")

    monkeypatch.setattr("n1trial.report.run.result.save_run", fail)
    result = run_small(small)
    assert (result.exit_code, result.stderr) == (3, "no space\n")
    assert result.stdout.startswith("Does Drug lower “Complaints” in this patient?\nPlan: Drug or Placebo, 2 rounds")
    assert not (here / "results").exists()


@pytest.mark.usefixtures("here")
def test_the_first_answer_stands_on_standard_error(small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run_small(small)
    monkeypatch.setattr("n1trial.study.run.headline.BATCH_WIDTH", 10)
    early = run_small(small)
    assert early.stderr.startswith("First answer, from all 50 trials, give or take ")
    assert early.stderr.endswith(plain.stderr)
    assert early.stdout == plain.stdout


def test_results_are_written_although_nobody_reads_the_answer(
    small: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("n1trial.cli.run.say", fail)
    result = run_small(small)
    assert result.exit_code == 130
    assert result.stderr == f"interrupted; the results are in {Path('results', 'small')}\n"
    assert names(here / "results" / "small") == FILES


def test_what_is_uncertain_is_drawn_where_a_range_is_stated(small: str, here: Path) -> None:
    refused = run_small(small, "--overall")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("--overall: needs a range of a number of the patient")
    assert not (here / "results").exists()
    unsettled = 'unsettled=[{key = "patient.autocorrelation", range = [0.0, 0.6]}]'
    done = call("run", small, "--replicates", "20", "--workers", "1", "--overall", "--set", unsettled)
    assert done.exit_code == 0
    assert "Unsure    Over everything that is uncertain: shown in " in done.stdout
    long = call("run", small, "--replicates", "20", "--workers", "1", "--overall", "--long", "--set", unsettled)
    assert "1 number was drawn from its range, 20 times" in " ".join(long.stdout.split())


def test_json_is_one_document_and_nothing_else_is_printed(small: str, here: Path) -> None:
    args = ("--json", "--replicates", "50", "--seed", "7", "--out", "there", "--set", "analysis.methods=[]")
    done = call_apart("run", small, *args, cwd=here)
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert (document["scenario"], document["replicates"], document["seed"]) == ("small", 50, 7)
    assert done.stdout == (here / "there" / "run.json").read_text(encoding="utf-8")
    assert done.stderr == "Results: there\n"
    assert names(here) == ["there"]


def test_an_earlier_run_is_replaced(small: str, here: Path) -> None:
    run_small(small)
    (here / "results" / "small" / "added.txt").write_text("added", encoding="utf-8")
    assert run_small(small, "--seed", "7").exit_code == 0
    assert names(here / "results" / "small") == FILES
    assert json.loads((here / "results" / "small" / "run.json").read_text(encoding="utf-8"))["seed"] == 7


def must_not_run(*args: object, **kwargs: object) -> NoReturn:
    pytest.fail(f"simulated with {args} {kwargs}")


@pytest.fixture
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as anything is simulated."""
    monkeypatch.setattr("n1trial.report.run.result.run", must_not_run)


@pytest.mark.usefixtures("no_run")
def test_a_folder_with_something_else_is_refused_before_simulating(small: str, here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("precious", encoding="utf-8")
    result = run_small(small, "--out", "mine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("mine: holds files but no earlier results of n1trial")
    assert names(here / "mine") == ["thesis.txt"]


@pytest.mark.usefixtures("no_run")
def test_a_place_that_cannot_be_is_refused_before_simulating(small: str, here: Path) -> None:
    (here / "file").write_text("", encoding="utf-8")
    for out, told in {
        "file": "but this is a file",
        "file/below": "is a file and no folder",
        "a" * 300: "cannot be",
    }.items():
        result = run_small(small, "--out", out)
        assert (result.exit_code, result.stdout) == (2, "")
        assert told in result.stderr
        assert result.stderr.count("\n") == 1
    assert names(here) == ["file"]


@pytest.mark.usefixtures("no_run")
@pytest.mark.parametrize("out", [".", "", "..", "/"])
def test_the_folder_one_is_in_is_not_replaced(small: str, here: Path, out: str) -> None:
    result = run_small(small, "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(": is the folder you are in, or holds it; choose another with --out\n")
    assert names(here) == []


@pytest.mark.usefixtures("no_run")
def test_a_folder_without_permission_is_refused_before_simulating(
    small: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = run_small(small, "--out", "below/there")
    assert result.exit_code == 2
    assert result.stderr == f"below/there: nothing may be written to {here}; choose another with --out\n"


@pytest.mark.usefixtures("no_run")
@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--replicates", "0"], "--replicates 0: must be a whole number from 1 to 10000000, but is 0"),
        (["--replicates", "ten"], '--replicates ten: must be a whole number from 1 to 10000000, but is "ten"'),
        (["--seed", "-1"], "--seed -1: must be a whole number from 0 to 9223372036854775807, but is -1"),
        (["--seed", "1.5"], "--seed 1.5: must be a whole number from 0 to 9223372036854775807, but is 1.5"),
        (["--set", "simulation.seed=-1"], "--set simulation.seed=-1: must be a whole number from 0 to"),
        (["--workers", "0"], "--workers 0: must be a whole number, 1 or more"),
        (["--workers", "two"], "--workers two: must be a whole number, 1 or more"),
        (["--set", "design.cycels=3"], "--set design.cycels=3: unknown key (did you mean cycles?)"),
    ],
)
def test_faults_of_the_command_line_write_nothing(small: str, here: Path, args: list[str], told: str) -> None:
    result = call("run", small, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert names(here) == []


@pytest.mark.usefixtures("no_run")
def test_faults_of_options_and_of_values_are_told_together(small: str) -> None:
    result = call("run", small, "--replicates", "0", "--seed", "x", "--set", "outcome.mcid=-1")
    assert result.exit_code == 2
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "--set outcome.mcid=-1", "--replicates 0", "--seed x"
    ]  # fmt: skip


def test_an_option_takes_the_place_of_the_scenarios_value(
    small: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def note(scenario: Any, **kwargs: Any) -> NoReturn:
        seen.update(kwargs, simulation=scenario.simulation)
        raise RunError("enough")

    monkeypatch.setattr("n1trial.report.run.result.run", note)
    monkeypatch.setattr("n1trial.study.batches.workers.available", lambda: 5)
    result = call("run", small, "--set", "simulation.seed=3", "--seed", "4", "--replicates", "20")
    assert (result.exit_code, result.stderr) == (3, "enough\n")
    assert (seen["simulation"].seed, seen["simulation"].replicates, seen["workers"]) == (4, 20, 5)
    call("run", small, "--workers", "2")
    assert (seen["simulation"].seed, seen["simulation"].replicates, seen["workers"]) == (20261122, 10_000, 2)
    assert names(here) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals work otherwise there")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_interrupted_it_ends_soon_and_leaves_nothing(small: str, here: Path, workers: str) -> None:
    args = ("run", small, "--replicates", "5000000", "--workers", workers)
    # so many trials would take longer than anybody waits
    code, printed, told = call_and_interrupt(*args, cwd=here, bar="simulating")
    assert (code, printed, told) == (130, "", "interrupted; nothing was written")
    assert names(here) == []


def test_interrupted_after_saving_it_says_where_the_results_are(
    small: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("n1trial.report.run.terminal.brief.brief_answer", interrupt)
    result = run_small(small, "--out", "there")
    assert (result.exit_code, result.stderr) == (130, "interrupted; the results are in there\n")
    assert names(here / "there") == FILES
