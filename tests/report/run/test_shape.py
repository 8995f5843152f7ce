"""A run's document that lacks something, or holds another kind of value, is refused in words."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from n1trial.errors import InputError
from n1trial.report.run.read import read_run
from n1trial.report.run.shape import IMPROVEMENTS, faults_of_shape
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import resolved

REFERENCE = Path(__file__).parents[3] / "results" / "reference"
EVERY = sorted(REFERENCE.glob("*/run.json"))
ONE = REFERENCE / "b12-8-week" / "run.json"


def document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.parent.name)
def test_the_reference_results_have_the_shape(path: Path) -> None:
    assert faults_of_shape(document(path)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda found: found["methods"]["paired"]["null"].pop("detect_right"),
         "methods.paired.null.detect_right is missing"),
        (lambda found: found["methods"]["paired"]["mcid"]["detect"].update(value="x"),
         'methods.paired.mcid.detect.value must be a number from 0 to 1, but is "x"'),
        (lambda found: found["relief"].update(other=0.1), "relief.other is no name that is known"),
        (lambda found: found.update(curve={}), "curve must be a list, but is {}"),
        (lambda found: found["verdict"].update(answer="perhaps"), "verdict.answer must be one of likely, may"),
        (lambda found: found["design"].update(weeks_on_placebo=[1]), "design.weeks_on_placebo must be a list of 2"),
        (lambda found: found.update(attenuation=10**400), "attenuation must be a number, or null"),
        (lambda found: found.update(attenuation=float("nan")), "attenuation must be a number, or null"),
    ],
    ids=["missing", "kind", "name", "list", "answer", "count", "huge", "nan"],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(change: Callable[[Any], object], told: str) -> None:
    found = copy.deepcopy(document(ONE))
    change(found)
    (fault,) = faults_of_shape(found)
    assert fault.startswith(told)


def test_a_changed_document_is_refused_with_the_command_that_makes_another(tmp_path: Path) -> None:
    found = document(ONE)
    del found["methods"]["paired"]["null"]["detect_right"]
    (tmp_path / "scenario.toml").write_text(resolved(load_scenario("b12-8-week")), encoding="utf-8")
    (tmp_path / "run.json").write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(InputError, match=r"null\.detect_right is missing") as caught:
        read_run(tmp_path)
    assert "n1trial run SCENARIO" in caught.value.faults[-1]


def test_the_reliefs_are_those_that_a_run_finds() -> None:
    assert {name for path in EVERY for name in document(path)["relief"]} == set(IMPROVEMENTS)
