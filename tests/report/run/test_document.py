"""A run's document is written and read by its types; one that is at fault is refused in words, every fault at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import n1trial
from n1trial.errors import InputError
from n1trial.evaluation.ceiling.chance import Ceiling
from n1trial.evaluation.characteristics import METRICS, Figure
from n1trial.evaluation.secondary.figures import SecondaryCharacteristics, SecondaryFigures
from n1trial.evaluation.stress import Departure, Stress
from n1trial.evaluation.value.finished import Finished
from n1trial.evaluation.value.meaning import GroupShare, Meaning
from n1trial.evaluation.value.worth import TrialValue
from n1trial.evaluation.verdict import judge
from n1trial.report.run.document import to_json
from n1trial.report.run.parts import CAUSES, IMPROVEMENTS, RUN
from n1trial.report.run.read import read_run, result_of
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.study.run.endings.without_result import WithoutResult, without_cause
from n1trial.study.run.findings import facts_of
from n1trial.study.run.improvements import improvements
from n1trial.study.run.result import TRUTHS, BlindingResult, Improvement, Result, UnsettledEnds

ROOT = Path(__file__).parents[3]
EVERY = sorted((ROOT / "results" / "reference").glob("*/run.json"))
ONE = ROOT / "results" / "reference" / "b12-8-week" / "run.json"
FIRST_RELEASE = ROOT / "tests" / "cases" / "results" / "0.1.0" / "run.json"


def document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def faults_of(found: object) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        RUN.read(json.dumps(found))
    return caught.value.faults


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.parent.name)
def test_a_document_is_written_as_it_was_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert to_json(result_of(load_scenario(path.parent.name), RUN.read(text))) == text


SHARES = st.floats(0, 1)
NUMBERS = st.floats(-1e15, 1e15)
ERRORS = st.floats(0, 1e15)
RATES = st.builds(Figure, SHARES, ERRORS)
MAYBE_RATES = st.builds(Figure, st.none() | SHARES, st.none() | ERRORS)
FIGURES = st.builds(Figure, st.none() | NUMBERS, st.none() | ERRORS)
CHARACTERISTICS = st.fixed_dictionaries(
    {
        metric: RATES if metric in ("detect", "adopt", "right_decision", "not_estimable") else FIGURES
        for metric in METRICS
    }
)
DETECTED = st.fixed_dictionaries({"detect": RATES, "detect_right": MAYBE_RATES, "adopt": RATES})
GAINS = st.floats(-1, 1)
INDICES = st.none() | GAINS


def tables(names: tuple[str, ...], each: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), each, max_size=len(names))


def values() -> st.SearchStrategy[TrialValue]:
    """Draw what a trial is worth: a figure that does not exist has no error either."""
    share = st.just(Figure()) | st.builds(Figure, SHARES, st.none() | ERRORS)
    size = st.just(Figure()) | st.builds(Figure, NUMBERS, st.none() | ERRORS)
    return st.builds(TrialValue, share, size, size, size, st.sampled_from((None, "certain", "no_harm")))


GROUPS = st.none() | st.builds(GroupShare, st.none() | SHARES, st.none() | ERRORS, SHARES, SHARES, st.integers(0, 9))
MEANS = st.builds(Meaning, *[GROUPS] * 7, st.sampled_from((None, "certain")))


OUTCOMES = st.fixed_dictionaries(
    dict.fromkeys(("planned", "null"), st.builds(SecondaryCharacteristics, FIGURES, FIGURES, MAYBE_RATES, RATES, RATES))
)
SECONDARY = st.builds(
    SecondaryFigures,
    st.dictionaries(st.text(), OUTCOMES, max_size=2),
    st.fixed_dictionaries({"planned": RATES, "null": RATES}),
)
REASONS = tables(("one_treatment", "no_variation"), SHARES)


@st.composite
def results(draw: st.DrawFn) -> Result:
    """Draw a result of the scenario of `ONE` with other figures, and perhaps an analysis of one's own."""
    scenario = load_scenario("b12-8-week")
    known = result_of(scenario, RUN.read(ONE.read_bytes()))
    own = draw(st.lists(st.sampled_from(("mine", "yours")), unique=True, max_size=1))
    methods = [*known.figures, *own]
    figures = {**known.figures} | {
        method: {truth: draw(CHARACTERISTICS) for truth in TRUTHS} for method in (known.primary, *own)
    }
    rows = tuple(
        replace(row, detect=draw(RATES), attenuation=draw(st.none() | NUMBERS), detect_if_known=draw(st.none() | RATES))
        for row in known.sensitivity
    )
    end = st.tuples(NUMBERS, RATES)
    unsettled = tuple(draw(st.lists(st.builds(UnsettledEnds, st.text(), end, end, st.booleans()), max_size=2)))
    improved = draw(tables(IMPROVEMENTS, st.builds(Improvement, RATES, st.builds(Figure, GAINS, ERRORS), NUMBERS)))
    attenuation = draw(st.none() | NUMBERS)
    drawn = replace(
        known,
        version=draw(st.text()),
        provenance=draw(st.dictionaries(st.text(), st.none() | st.text(), max_size=2)),
        burden=replace(known.burden, expected_finished=draw(SHARES), expected_finished_mcse=draw(ERRORS)),
        attenuation=attenuation,
        figures=figures,
        reasons={method: dict.fromkeys(TRUTHS, draw(REASONS)) for method in methods},
        smallest_detectable={
            method: dict.fromkeys((0.8, 0.9), draw(st.just(Figure()) | st.builds(Figure, NUMBERS, ERRORS)))
            for method in methods
        },
        effects=draw(st.dictionaries(NUMBERS, DETECTED, max_size=2)),
        curve=draw(st.dictionaries(NUMBERS, DETECTED, max_size=2)),
        improvements=improved,
        sensitivity=rows,
        unsettled=unsettled,
        blinding=draw(tables(TRUTHS, st.builds(BlindingResult, *[INDICES] * 4, *[st.none() | ERRORS] * 4))),
        value=draw(values()),
        skeptical=draw(st.none() | values()),
        stress=tuple(
            draw(
                st.lists(
                    st.builds(Stress, st.sampled_from(Departure), st.sampled_from(methods), RATES, RATES), max_size=2
                )
            )
        ),
        assumed=tuple(draw(st.lists(st.text(), max_size=2))),
        stopped=draw(st.none() | RATES),
        ceiling=draw(st.none() | st.builds(Ceiling, MAYBE_RATES, MAYBE_RATES, st.none() | st.just("no_control"))),
        means=draw(st.none() | MEANS),
        skeptical_means=draw(st.none() | MEANS),
        adopt_at=draw(tables(("paired", "mine"), tables(("0.8", "0.975"), tables(("null", "mcid"), RATES)))),
        blind=draw(tables(("planned", "mcid"), MAYBE_RATES)),
        finished=draw(st.none() | st.builds(Finished, RATES, *[MAYBE_RATES] * 6, MEANS)),
        prior_conflict=draw(tables(("bayes", "mine"), tables(("planned", "null"), RATES))),
        without_result=draw(
            st.none() | st.builds(WithoutResult, st.integers(0, 9), st.integers(0, 9), tables(CAUSES, RATES))
        ),
        secondary=draw(st.none() | SECONDARY),
    )
    facts = facts_of(scenario, figures[drawn.primary], attenuation, rows, unsettled, improved)
    return replace(drawn, verdict=judge(facts))


@settings(max_examples=20)
@given(results())
def test_a_result_is_read_as_it_was_written(result: Result) -> None:
    read = result_of(result.scenario, RUN.read(to_json(result)))
    assert vars(read) == vars(result)
    assert read.own == tuple(name for name in result.figures if name in ("mine", "yours"))
    Draft202012Validator(RUN.schema).validate(json.loads(to_json(result)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda found: found["methods"]["paired"]["null"].pop("detect_right"),
         "methods.paired.null.detect_right is missing"),
        (lambda found: found["methods"]["paired"]["mcid"]["detect"].update(value="x"),
         'methods.paired.mcid.detect.value must be a number from 0 to 1, but is "x"'),
        (lambda found: found["relief"].update(other=0.1), "relief.other is no name that is known"),
        (lambda found: found.update(curve={}), "curve must be a list, but is a table"),
        (lambda found: found.update(skeptical=[]), "skeptical must be a table, or null, but is []"),
        (lambda found: found["verdict"].update(answer="perhaps"),
         'verdict.answer must be "likely", "may", "unlikely" or "misleading", but is "perhaps"'),
        (lambda found: found["design"].update(weeks_on_placebo=[1]), "design.weeks_on_placebo[1] is missing"),
        (lambda found: found["design"].update(weeks_on_placebo=[1, 2, 3]),
         "design.weeks_on_placebo must be a list of 2, but is [1, 2, 3]"),
        (lambda found: found["smallest_detectable"]["paired"].pop("0.9"), "smallest_detectable.paired.0.9 is missing"),
        (lambda found: found.update(attenuation=10**400),
         "attenuation must be a number, or null, but is a very large number"),
        (lambda found: found.update(attenuation=float("nan")), "attenuation must be a number, or null, but is nan"),
        (lambda found: found.update(attenuation=True), "attenuation must be a number, or null, but is true"),
        (lambda found: found.update(seed=1.0), "seed must be a whole number of at least 0, but is 1.0"),
        (lambda found: found.update(seed=None), "seed must be a whole number of at least 0, but is null"),
        (lambda found: found["assumed"].append(["deep"]), '] must be text, but is ["deep"]'),
    ],
    ids=["missing", "kind", "name", "list", "table", "answer", "short", "long", "power", "huge", "nan", "true", "whole",
         "null", "nested"],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_the_rule_and_the_value(change: Callable[[Any], object], told: str) -> None:
    found = document(ONE)
    change(found)
    (fault,) = faults_of(found)
    assert fault.endswith(told)
    is_seen_by_the_schema = not Draft202012Validator(RUN.schema).is_valid(found)
    assert is_seen_by_the_schema or "nan" in told or "1.0" in told, "JSON has no NaN, and 1.0 is whole there"


def test_every_fault_is_told_at_once() -> None:
    found = document(ONE) | {"seed": -1, "curve": {}}
    del found["relief"]
    assert [fault.partition(" ")[0] for fault in faults_of(found)] == ["seed", "curve", "relief"]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"scenario": "\\ud800"}'], ids=["cut", "deep", "half"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="the document is no JSON text"):
        RUN.read(text)


def test_what_a_later_version_adds_is_left_out() -> None:
    assert RUN.read(json.dumps(document(ONE) | {"later": 1})) == RUN.read(ONE.read_bytes())


def folder_of(found: object, folder: Path) -> Path:
    (folder / "scenario.toml").write_text(write_resolved(load_scenario("b12-8-week")), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(found), encoding="utf-8")
    return folder


def test_a_changed_document_is_refused_with_the_command_that_makes_another(tmp_path: Path) -> None:
    found = document(ONE)
    del found["methods"]["paired"]["null"]["detect_right"]
    with pytest.raises(InputError, match=r"null\.detect_right is missing") as caught:
        read_run(folder_of(found, tmp_path))
    assert "n1trial run SCENARIO" in caught.value.faults[-1]


def test_an_analysis_of_no_scenario_is_refused_unless_it_is_named_as_ones_own(tmp_path: Path) -> None:
    found = document(ONE)
    for place in ("methods", "smallest_detectable"):
        found[place]["pared"] = found[place].pop("paired")
    with pytest.raises(InputError) as caught:
        read_run(folder_of(found, tmp_path))
    stray = "is no analysis of the scenario.toml beside it, nor named under own (did you mean paired?)"
    assert [fault.removeprefix(f"{tmp_path / 'run.json'}: ") for fault in caught.value.faults[:4]] == [
        "methods.paired is missing",
        f"methods.pared {stray}",
        "smallest_detectable.paired is missing",
        f"smallest_detectable.pared {stray}",
    ]
    found = document(ONE) | {"own": ["mine"]}
    for place in ("methods", "smallest_detectable"):
        found[place]["mine"] = found[place]["paired"]
    assert read_run(folder_of(found, tmp_path)).own == ("mine",)


def test_a_secondary_outcome_of_no_scenario_is_refused(tmp_path: Path) -> None:
    figure, rate = {"value": 1.0, "mcse": 0.1}, {"value": 0.5, "mcse": 0.1}
    one = {"estimate": figure, "half_width": figure, "coverage": rate, "detect": rate, "not_estimable": rate}
    both = {"planned": one, "null": one}
    found = document(ONE) | {"secondary": {"outcomes": {"Sleep": both}, "any_detect": {"planned": rate, "null": rate}}}
    with pytest.raises(InputError) as caught:
        read_run(folder_of(found, tmp_path))
    assert [fault.removeprefix(f"{tmp_path / 'run.json'}: ") for fault in caught.value.faults[:2]] == [
        "secondary.outcomes.IRLS total is missing",
        'secondary.outcomes holds "Sleep", which is no outcome of the scenario.toml beside it',
    ]
    found["secondary"]["outcomes"] = {"IRLS total": both}
    assert read_run(folder_of(found, tmp_path)).secondary is not None
    del found["secondary"]["any_detect"]["null"]
    assert faults_of(found) == ("secondary.any_detect.null is missing",)


def test_an_analysis_of_ones_own_is_saved_and_read(tmp_path: Path) -> None:
    result = n1trial.run(
        "minimal", replicates=20, methods={"mine": lambda diary: n1trial.analyze(diary, method="paired")}
    )
    assert result.to_dict()["own"] == ("mine",)
    read = n1trial.load_result(result.save(tmp_path / "run"))
    assert read.own == ("mine",)
    assert read.to_json() == result.to_json()


def test_the_reliefs_are_those_that_a_run_tries() -> None:
    assert {name for path in EVERY for name in improvements(load_scenario(path.parent.name))} == set(IMPROVEMENTS)


def test_the_causes_are_those_that_a_run_takes_away() -> None:
    scenario = load_scenario("b12-6-to-8-week").replace(**{"analysis.primary": "paired"})
    assert tuple(without_cause(scenario)) == CAUSES


def test_the_schema_describes_every_document_that_was_made() -> None:
    Draft202012Validator.check_schema(RUN.schema)
    assert RUN.schema["title"] == "n1trial run"
    for path in (*EVERY, FIRST_RELEASE):
        Draft202012Validator(RUN.schema).validate(document(path))
