"""What is particular to a method stands in one place: its name nowhere else, and a new one needs nothing more."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import n1trial
from n1trial.analysis.analyze import ANALYSES, analyze
from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates
from n1trial.diary.diary import Diary
from n1trial.diary.methods import METHODS, Method
from n1trial.pack.conclusion import pages as pages_of
from n1trial.pack.papers.papers import blinded_papers
from n1trial.report.diary.terminal import conclusions
from n1trial.report.run.terminal.full import answer
from n1trial.scenario.file.load import load_scenario
from tests.imports import paths
from tests.pack.conclusion.test_pages import MADE, final_of
from tests.pack.kept import scenario_of, trial_of
from tests.pack.packable import PLANNED

pytestmark = pytest.mark.usefixtures("one_look")

NAMES_OF_OTHER_THINGS = {
    "exposure": {
        "n1trial.analysis.overrides",  # a statistic of the randomization test
        "n1trial.diary.plan",
        "n1trial.evaluation.screen",  # a closed form
        "n1trial.pack.papers.protocol_context",
        "n1trial.scenario.model.trial",
        "n1trial.simulation.life",  # a state of the patient
        "n1trial.simulation.trace",
        "n1trial.pack.conclusion.course_plot",  # a word on a picture
    },
    "course": {
        "n1trial.evaluation.screen",  # a closed form
        "n1trial.pack.conclusion.pages",  # a picture
        "n1trial.study.run.cells",  # a drug's course under other constants
    },
    "randomization": {
        "n1trial.design.layout",  # an argument
        "n1trial.report.search.folder",  # a column, after the key of the scheme
        "n1trial.scenario.check.rules.design",  # a fact of a fault, after the key of the scheme
    },
}
HOME = "n1trial.diary.methods"
TEMPLATES = sorted(Path(n1trial.__file__).parent.rglob("*.jinja"))


def literals(source: str) -> set[str]:
    """Texts of a module that are values, its docstrings apart."""
    values = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {value for value in values if isinstance(value, str) and value in METHODS}


def test_the_name_of_a_method_is_a_literal_in_one_file() -> None:
    found = {
        (name, module)
        for module, path in paths().items()
        for name in literals(path.read_text(encoding="utf-8"))
        if module != HOME and module not in NAMES_OF_OTHER_THINGS.get(name, set())
    }
    assert found == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_knows_a_method(path: Path) -> None:
    names = set(re.findall(r"[\"'](\w+)[\"']", path.read_text(encoding="utf-8"))) & METHODS.keys()
    assert names <= {"exposure", "course"} if path.name == "analysis.en.jinja" else names == set()  # words of pictures


def middle(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Analyze like the paired test, under a name of its own."""
    return replace(analyze(diary, "paired", request=request), method="middle")


@pytest.fixture
def new_method(monkeypatch: pytest.MonkeyPatch) -> Method:
    """Register a method that n1trial does not have."""
    method = Method("middle", "a test made in a test", "Test of what a new method needs.", has_posterior=True)
    monkeypatch.setitem(METHODS, method.name, method)
    monkeypatch.setitem(ANALYSES, method.name, middle)
    return method


def test_a_new_method_is_run_reported_and_worded(new_method: Method, tmp_path: Path) -> None:
    scenario = load_scenario("minimal").replace(
        **{"analysis.primary": "middle", "analysis.methods": ("paired", "middle"), "simulation.replicates": 20}
    )
    result = n1trial.run(scenario, workers=1)
    assert set(result.figures) == {"paired", "middle"}
    for truth, figures in result.figures["middle"].items():
        assert figures == result.figures["paired"][truth]
    folder = result.save(tmp_path / "run")
    assert new_method.words in (folder / "report.html").read_text(encoding="utf-8")
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["primary"] == "middle"
    assert new_method.words in " ".join(answer(result).split())


def test_a_new_method_is_named_where_a_diary_is_concluded(new_method: Method) -> None:
    diary = n1trial.simulate(load_scenario("minimal"), replicates=1).observed
    told = " ".join(
        conclusions(diary, {name: analyze(diary, name) for name in ("middle", "paired")}, has_plan=True).split()
    )
    assert new_method.description in told
    assert "Probability of a benefit, by middle" in told


@pytest.mark.usefixtures("no_pictures")
def test_a_new_method_is_worded_at_the_end_of_a_trial(new_method: Method, tmp_path: Path) -> None:
    scenario = scenario_of(
        conduct__dropout_per_week=0.0, analysis__primary="middle", analysis__methods=("middle", "paired")
    )
    files = pages_of.pages(final_of(tmp_path, scenario), MADE)
    assert f"Planned analysis: middle, {new_method.words}." in files["analysis.html"]
    trial = trial_of(scenario)
    protocol = blinded_papers(trial, PLANNED, "c" * 64)["clinician/protocol.html"].decode()
    assert f"Primary: middle, {new_method.words}" in protocol
