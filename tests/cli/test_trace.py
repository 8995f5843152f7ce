from __future__ import annotations

import json
from pathlib import Path

import pytest

from n1trial.scenario.file.load import load_scenario
from tests.cli.files import call, names

FILES = ["checksums.txt", "diary.csv", "diary.png", "diary.svg", "events.csv", "scenario.toml", "trace.json"]


def test_the_story_and_its_folder(small: str, here: Path) -> None:
    result = call("trace", small, "--replicate", "3")
    assert (result.exit_code, result.stderr) == (0, f"Trace: {Path('results', 'small-trace-3')}\n")
    assert result.stdout.startswith("Simulated patient 3 of small, seed 20261122\n")
    assert names(here / "results" / "small-trace-3") == FILES


def test_the_same_again_is_the_same_bytes(small: str, here: Path) -> None:
    told = call("trace", small, "--out", "one").stdout
    assert call("trace", small, "--out", "two").stdout == told
    for name in FILES:
        assert (here / "one" / name).read_bytes() == (here / "two" / name).read_bytes()


def test_seed_and_values_of_the_command_line(small: str, here: Path) -> None:
    result = call("trace", small, "--seed", "5", "--set", "design.cycles=3", "--out", "there")
    assert result.exit_code == 0
    assert result.stdout.startswith("Simulated patient 0 of small, seed 5\n")
    provenance = json.loads((here / "there" / "trace.json").read_text(encoding="utf-8"))
    assert (provenance["seed"], provenance["replicate"], provenance["effect"]) == (5, 0, -1.0)
    expected = load_scenario(small, {"design.cycles": "3", "simulation.seed": "5"})
    assert load_scenario(here / "there" / "scenario.toml") == expected


def test_an_earlier_trace_is_replaced_and_a_run_is_not(small: str, here: Path) -> None:
    assert call("trace", small, "--out", "there").exit_code == 0
    assert call("trace", small, "--out", "there", "--replicate", "1").exit_code == 0
    assert json.loads((here / "there" / "trace.json").read_text(encoding="utf-8"))["replicate"] == 1
    (here / "run").mkdir()
    (here / "run" / "run.json").write_text('{"scenario": "small", "version": "0"}', encoding="utf-8")
    result = call("trace", small, "--out", "run")
    assert (result.exit_code, result.stdout) == (2, "")
    assert names(here / "run") == ["run.json"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--replicate", "-1"], "--replicate -1: must be a whole number from 0 to "),
        (["--replicate", "x"], "--replicate x: must be a whole number from 0 to "),
        (["--seed", "-1"], "--seed -1: must be a whole number from 0 to"),
        (["--set", "design.cycles=0"], "--set design.cycles=0: must be a whole number from 1 to 26, but is 0"),
    ],
)
def test_faults_write_nothing(small: str, here: Path, args: list[str], told: str) -> None:
    result = call("trace", small, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert names(here) == []
