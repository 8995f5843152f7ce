"""Files that must load, and files that must not, each with the exact words that it must give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from n1trial.errors import InputError
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.scenario.scenario import Scenario

CASES = Path(__file__).parents[1] / "cases"
VALID = sorted((CASES / "valid").glob("*.toml"))
INVALID = sorted((CASES / "invalid").glob("*.toml"))


def words_of_pydantic(text: str) -> list[str]:
    return re.findall(r"Input should|pydantic|validation error|type=|Field required|Extra inputs|List should", text)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_file_loads_and_so_does_its_resolved_text(path: Path, tmp_path: Path) -> None:
    scenario = load_scenario(path)
    copy = tmp_path / "resolved.toml"
    copy.write_text(write_resolved(scenario), encoding="utf-8")
    again = load_scenario(copy)
    assert again == scenario
    assert again.assumed == ()
    assert write_resolved(again) == write_resolved(scenario)
    assert again.plan() == scenario.plan()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_gives_its_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(InputError) as caught:
        load_scenario(path.name)
    assert "\n".join(caught.value.faults) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert words_of_pydantic(str(caught.value)) == []


def test_every_invalid_case_has_its_words() -> None:
    assert {path.stem for path in INVALID} == {path.stem for path in (CASES / "invalid").glob("*.txt")}
    assert len(INVALID) >= 25


def test_every_case_is_about_scenarios_of_their_own() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*VALID, *INVALID)]
    assert len(set(texts)) == len(texts)


def test_resolved_text_of_the_least_file() -> None:
    """Pins every default: a change of one changes what other people's files mean."""
    scenario = load_scenario(CASES / "valid" / "minimal.toml")
    assert write_resolved(scenario) == (Path(__file__).parent / "minimal-resolved.toml").read_text(encoding="utf-8")
    assert isinstance(scenario, Scenario)


@pytest.mark.parametrize("made", ["packs/0.1.0/pack/clinician", "results/0.1.0"])
def test_what_was_made_when_shifts_followed_the_calendar_still_does(made: str) -> None:
    """Packs and results hold every value in full: a default that has changed since changes none of theirs."""
    assert load_scenario(CASES / made / "scenario.toml").patient.period_shift_follows == "calendar"
