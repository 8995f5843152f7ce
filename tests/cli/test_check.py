from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.file.load import load_scenario
from tests.cli.files import SMALL, call, names

SHIPPED = [scenario.name for scenario in shipped_scenarios()]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_is_valid(here: Path, name: str) -> None:
    result = call("check", name)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{name}: valid\n")
    assert names(here) == []


def test_a_file_and_values_of_the_command_line(small: str) -> None:
    result = call("check", small, "--set", "design.cycles=4", "--set", "title=A small trial")
    assert result.exit_code == 0
    assert "A small trial" in result.stdout
    assert "4 rounds" in result.stdout


def test_resolved_is_a_file_that_loads_again(small: str, here: Path) -> None:
    result = call("check", small, "--resolved", "--set", "design.cycles=4")
    assert (result.exit_code, result.stderr) == (0, "")
    (here / "again.toml").write_text(result.stdout, encoding="utf-8")
    again = load_scenario("again.toml")
    assert again == load_scenario(small, {"design.cycles": "4"})
    assert again.assumed == ()


@cache
def check_shipped(schema: str) -> None:
    """Hold all shipped scenarios against a schema, once for each that is printed."""
    for scenario in shipped_scenarios():
        jsonschema.validate(tomllib.loads(scenario.path.read_text(encoding="utf-8")), json.loads(schema))


@pytest.mark.parametrize("args", [["--schema"], ["minimal", "--schema"]])
def test_the_schema_alone_is_printed_and_holds_for_shipped_scenarios(args: list[str]) -> None:
    result = call("check", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    check_shipped(result.stdout)


def test_all_faults_at_once_and_without_a_traceback(here: Path) -> None:
    text = SMALL
    (here / "bad.toml").write_text(
        text.replace("cycles = 2", "cycels = 2").replace("mcid = 1.0", "mcid = -1"), encoding="utf-8"
    )
    result = call("check", "bad.toml", "--set", "patient.daily_sd=much")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "bad.toml: outcome.mcid: must be a number above 0, but is -1",
        '--set patient.daily_sd=much: must be a number of at least 0, but is "much"',
        "bad.toml: design.cycels: unknown key (did you mean cycles?)",
    ]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "Missing argument 'SCENARIO'."),
        (["--schema", "--resolved"], "choose one of --resolved and --schema"),
        (["minimal", "--set", "design.cycles"], "'design.cycles' is not of the form KEY=VALUE"),
        (["minimal", "--nosuch"], "No such option"),
    ],
)
def test_what_is_wrong_with_the_command_line(args: list[str], told: str) -> None:
    result = call("check", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_of_a_key_given_twice_the_last_value_counts() -> None:
    result = call("check", "minimal", "--resolved", "--set", "design.cycles=4", "--set", "design.cycles=5")
    assert tomllib.loads(result.stdout)["design"]["cycles"] == 5


def test_a_value_may_hold_an_equals_sign() -> None:
    result = call("check", "minimal", "--resolved", "--set", "title=E=x")
    assert tomllib.loads(result.stdout)["title"] == "E=x"
