"""Scenario files, values of the command line and diaries, damaged: refused in words, or read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.report.check import account
from n1trial.scenario.file.grid import read_grid
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.scenario.model.entries import entries
from n1trial.scenario.scenario import Scenario
from n1trial.texts import refused_characters
from tests.fuzz.mutants import TEXTS, changed, damaged, draws, safe, table_changed

CASES = Path(__file__).parents[1] / "cases"
SCENARIOS = [*sorted((CASES / "valid").glob("*.toml")), *(each.path for each in shipped_scenarios())]
DIARIES = [path for kind in ("valid", "returned/valid") for path in sorted((CASES / "diaries" / kind).glob("*.csv"))]
KEYS = [entry.path for entry in entries(load_scenario(CASES / "valid" / "everything.toml"))]


def check_words(error: InputError) -> None:
    """Nothing raw is in the words of a refusal."""
    assert refused_characters(str(error), allow="\n") == ()


def test_scenario_files(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    for draw in draws("scenario file", 60):
        path.write_bytes(damaged(draw, draw.choice(SCENARIOS).read_bytes()))
        safe("check", str(path), within=tmp_path)


def test_scenario_values() -> None:
    read = 0
    for draw in draws("scenario values", 250):
        values = changed(draw, tomllib.loads(draw.choice(SCENARIOS).read_text(encoding="utf-8")))
        try:
            scenario = Scenario.of(values)
        except InputError as error:
            check_words(error)
            continue
        read += 1
        assert Scenario.of(tomllib.loads(write_resolved(scenario))) == scenario
        assert refused_characters(account(scenario), allow="\n") == ()
    assert read > 0


def test_values_of_the_command_line(tmp_path: Path) -> None:
    for draw in draws("set", 60):
        pairs = [f"{draw.choice((*KEYS, *TEXTS))}={draw.choice(TEXTS)}" for _ in range(draw.randint(1, 3))]
        safe("check", "minimal", *(part for pair in pairs for part in ("--set", pair)), within=tmp_path)


def test_varied_values() -> None:
    for draw in draws("vary", 60):
        values = [",".join(draw.choice(TEXTS) for _ in range(draw.randint(1, 3))) for _ in range(2)]
        pairs = [(draw.choice((*KEYS, *TEXTS)), text) for text in values]
        try:
            grid = read_grid("minimal", pairs, {draw.choice(KEYS): draw.choice(TEXTS)}, skip_invalid=True)
        except InputError as error:
            check_words(error)
        else:
            assert len(list(grid)) == len(grid)


@pytest.mark.parametrize("command", ["check-diary", "analyze", "calibrate"])
def test_diaries(command: str, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    for draw in draws(f"diary {command}", 40):
        content = draw.choice(DIARIES).read_bytes()
        if draw.random() < 0.6:
            content = table_changed(draw, content.decode()).encode("utf-8", "surrogatepass")
        path.write_bytes(content if draw.random() < 0.3 else damaged(draw, content))
        safe(command, str(path), within=tmp_path)
