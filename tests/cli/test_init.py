from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from tests.cli.files import call, names


def test_a_file_to_edit_that_loads_and_assumes_what_its_model_does(here: Path) -> None:
    result = call("init", "my-trial")
    assert result.exit_code == 0
    assert names(here) == ["my-trial.toml"]
    assert "n1trial check my-trial.toml" in result.stdout
    assert "n1trial run my-trial.toml" in result.stdout
    written, minimal = load_scenario("my-trial.toml"), load_scenario("minimal")
    assert written == minimal.replace(name="my-trial")
    assert written.assumed == minimal.assumed


@pytest.mark.parametrize("source", ["b12-6-to-8-week", "other.toml"])
def test_the_values_of_another_scenario(here: Path, source: str) -> None:
    base = load_scenario("b12-6-to-8-week")
    (here / "other.toml").write_text(write_resolved(base), encoding="utf-8")
    assert call("init", "my-trial", "--from", source).exit_code == 0
    assert load_scenario("my-trial.toml") == base.replace(name="my-trial")


def test_a_file_is_never_overwritten(here: Path) -> None:
    (here / "mine.toml").write_text("precious", encoding="utf-8")
    result = call("init", "mine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mine.toml: exists already and is left as it is; choose another name\n"
    assert (here / "mine.toml").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["my.trial", "../mine", "", "-", "a b", "é"])
def test_a_name_is_letters_digits_and_hyphens(here: Path, name: str) -> None:
    result = call("init", "--", name)
    assert result.exit_code == 2
    assert result.stderr.startswith("name: must be letters, digits and hyphens")
    assert names(here) == []


def test_an_unknown_scenario_to_begin_with(here: Path) -> None:
    result = call("init", "mine", "--from", "b12-8-weeks")
    assert result.exit_code == 2
    assert "no such file, and no shipped scenario of that name (did you mean b12-8-week?)" in result.stderr
    assert names(here) == []


def test_a_place_that_cannot_be_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", read_only)
    result = call("init", "mine")
    assert (result.exit_code, names(here)) == (2, [])
    assert result.stderr == "mine.toml: cannot be written (Permission denied)\n"
