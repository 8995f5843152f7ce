from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from n1trial.cli import main
from n1trial.errors import InputError
from n1trial.files.source import MemoryFile
from n1trial.scenario.file import library
from n1trial.scenario.file.load import as_typed, load_scenario, parse_value
from n1trial.scenario.file.write import starter
from n1trial.scenario.model.entries import entries
from n1trial.web.shared.plan.draft import Draft
from tests.strategies import scenarios


@pytest.mark.parametrize("name", library.paths())
def test_a_shipped_scenario_is_a_draft_without_fault(name: str) -> None:
    draft = Draft.begin(name)
    assert draft.faults == ()
    assert draft.scenario == load_scenario(name)
    assert draft.is_shipped
    assert draft.command == f"n1trial run {name}"


def test_what_is_edited_is_what_the_command_line_would_make_of_it() -> None:
    typed = {"design.cycles": "5", "trigger.short sleep.effect": "0.75", "treatment.name": "B12 depot"}
    draft = Draft.begin("b12-8-week").edit(typed)
    assert draft.scenario == load_scenario("b12-8-week", typed)
    asked = shlex.split(draft.command)
    assert asked[:3] == ["n1trial", "run", "b12-8-week"]
    changes = dict(each.split("=", 1) for each in asked[4::2])
    assert set(asked[3::2]) == {"--set"}
    assert load_scenario("b12-8-week", changes) == draft.scenario


def test_back_as_it_was_is_no_change() -> None:
    draft = Draft.begin("b12-8-week").edit({"design.cycles": "5"})
    assert draft.edit({"design.cycles": "3"}).changes == {}
    assert draft.edit({"design.cycles": "3.0"}).scenario == load_scenario("b12-8-week")


def test_faults_are_those_of_the_command_line() -> None:
    draft = Draft.begin("b12-8-week").edit({"design.cycles": "many", "conduct.missing": "1,5", "outcome.mcid": ""})
    assert draft.scenario is None
    changes = [part for key, text in draft.changes.items() for part in ("--set", f"{key}={text}")]
    told = CliRunner().invoke(main, ["check", "b12-8-week", *changes]).stderr.splitlines()
    for fault in draft.faults:
        assert any(line.endswith(fault.rule) for line in told), fault
    assert len(told) == len(draft.faults) == 3


def test_answers_before_planning_go_into_the_file(tmp_path: Path) -> None:
    draft = Draft.begin("b12-8-week").answer("Is it so?", " yes,\n it is ").answer("And this?", "no")
    assert dict(draft.considered) == {"Is it so?": "yes, it is", "And this?": "no"}
    assert draft.answer("And this?", "").considered == {"Is it so?": "yes, it is"}
    scenario = draft.scenario
    assert scenario is not None
    assert [(each.question, each.answer) for each in scenario.considered] == [*draft.considered.items()]
    file = tmp_path / "mine.toml"
    file.write_text(starter("mine", scenario), encoding="utf-8")
    again = Draft.begin(MemoryFile("mine.toml", file.read_bytes()))
    assert again.considered == draft.considered
    assert again.scenario == scenario.replace(name="mine")
    assert not again.is_shipped
    assert again.command == "n1trial run mine.toml"


@pytest.mark.parametrize(
    "considered", ["considered = 5", "[considered]\nquestion = 1", '[[considered]]\nquestion = ["q"]\nanswer = "x"']
)
def test_answers_that_are_none_are_told_as_the_command_line_does(considered: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    own = "" if considered.startswith("[") else f"{considered}\n"
    text = own + starter("odd", load_scenario("minimal")) + ("" if own else f"\n{considered}\n")
    file.write_text(text, encoding="utf-8")
    draft = Draft.begin(MemoryFile("odd.toml", file.read_bytes()))
    assert draft.faults
    assert draft.considered == {}
    with pytest.raises(InputError) as refused:
        load_scenario(str(file))
    assert len(refused.value.faults) == len(draft.faults)


def test_a_change_that_has_no_place_is_a_fault() -> None:
    draft = Draft.begin("b12-8-week").edit({"trigger.nope.effect": "1"})
    assert [fault.place for fault in draft.faults] == ["trigger.nope.effect"]
    assert draft.scenario is None


def test_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text('name = "x"\n[design]\ncycles = \n', encoding="utf-8")
    with pytest.raises(InputError, match="line 3"):
        Draft.begin(MemoryFile("broken.toml", file.read_bytes()))


@given(scenarios())
def test_what_is_typed_is_read_as_it_was_meant(scenario: object) -> None:
    from n1trial.scenario.scenario import Scenario

    assert isinstance(scenario, Scenario)
    for entry in entries(scenario):
        value = list(entry.value) if isinstance(entry.value, tuple) else entry.value
        if value != "":
            assert parse_value(as_typed(entry.value)) == value, entry.path


@given(st.text())
def test_any_text_can_be_typed(text: str) -> None:
    if text:
        assert parse_value(as_typed(text)) == text


def test_what_is_said_of_a_number_goes_when_the_number_is_changed() -> None:
    said = Draft.begin("minimal").edit({"patient.daily_sd": "2", "evidence.patient.daily_sd.note": "own run-in"})
    assert said.scenario is not None
    assert {each.key: each.note for each in said.scenario.evidence} == {"patient.daily_sd": "own run-in"}
    assert said.edit({"patient.baseline": "5"}).changes["evidence.patient.daily_sd.note"] == "own run-in"
    changed = said.edit({"patient.daily_sd": "3"})
    assert changed.scenario is not None
    assert changed.scenario.evidence == ()
