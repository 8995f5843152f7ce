"""Scenarios as files: resolved for machines, commented for people; both load again to what they came from."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.errors import InputError
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import starter, write_resolved
from n1trial.scenario.model.entries import entries
from n1trial.scenario.model.keys import properties, section_type
from n1trial.scenario.scenario import Scenario
from n1trial.texts import begins_like_a_formula

CASES = sorted((Path(__file__).parents[2] / "cases" / "valid").glob("*.toml"))
FILES = [*CASES, *(scenario.path for scenario in shipped_scenarios())]
ALLOWED = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp"], include_characters="\u200f\u200d")
TEXT = st.text(ALLOWED, max_size=12)
LABEL = st.from_regex(r"\A[^\s](.{0,8}[^\s])?\Z", alphabet=ALLOWED).filter(lambda text: not begins_like_a_formula(text))


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Draw a value that a key allows."""
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    high = schema.get("exclusiveMaximum", high)
    match schema:
        case {"enum": choices}:
            return st.sampled_from(choices)
        case {"type": "integer"}:
            return st.integers(low, high)
        case {"type": "number"}:
            low, high = (-50.0 if low is None else low), (50.0 if high is None else min(high, 1e4))
            above, below = "exclusiveMinimum" in schema, "exclusiveMaximum" in schema
            return st.floats(low, high, exclude_min=above, exclude_max=below)
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "array", "prefixItems": _}:
            return st.tuples(st.floats(-50, 0), st.floats(0, 50)).map(list)
        case {"type": "array", "items": {"enum": choices}}:
            return st.lists(st.sampled_from(choices), unique=True, min_size=schema.get("minItems", 0))
        case {"type": "array"}:
            return st.lists(LABEL, unique=True, min_size=schema.get("minItems", 0), max_size=3)
        case {"pattern": pattern} if "\\d{4}" in pattern:
            return st.dates().map(str) | st.just("")
    return LABEL if "pattern" in schema else TEXT


def tables_of(section: str) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a section, each key given or not."""
    kind = section_type(Scenario, section)
    assert kind is not None
    schemas = properties(kind)
    required = {key: values_of(schema) for key, schema in schemas.items() if kind.model_fields[key].is_required()}
    optional = {key: values_of(schema) for key, schema in schemas.items() if key not in required}
    return st.fixed_dictionaries(required, optional=optional)


def lists_of(section: str, name: str, names: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Draw tables of an array, each of another name."""
    named = st.tuples(tables_of(section), names).map(lambda drawn: {**drawn[0], name: drawn[1]})
    return st.lists(named, max_size=3, unique_by=lambda table: str(table[name]))


NUMBERS = st.sampled_from(["patient.daily_sd", "conduct.missing", "design.cycles", "treatment.onset_days"])
NAME = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9-]{0,9}\Z")
UNSETTLED = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(["patient.daily_sd", "conduct.missing", "placebo.response"]),
            "range": st.tuples(st.floats(0.1, 0.4), st.floats(0.5, 0.9)).map(list),
        },
        optional={"note": st.lists(TEXT).map("\n".join)},
    ),
    max_size=3,
    unique_by=lambda table: str(table["key"]),
)
DRAWN = {
    "title": TEXT,
    "source": tables_of("source"),
    "cautions": tables_of("cautions").map(lambda table: {**table, "block": ""}),
    "placebo": tables_of("placebo"),
    "blinding": tables_of("blinding"),
    "conduct": tables_of("conduct").map(lambda table: {**table, "adherence_weekend_drop": 0.0}),
    "decision": tables_of("decision").map(lambda table: {**table, "benefit": 0.5}),
    "pack": tables_of("pack"),
    "simulation": tables_of("simulation"),
    "evidence": lists_of("evidence", "key", NUMBERS),
    "unsettled": UNSETTLED,
    "theory": lists_of("theory", "name", LABEL),
    "trigger": lists_of("trigger", "name", LABEL),
    "design": st.fixed_dictionaries({}, optional={"cycles": st.integers(1, 6), "layout": values_of(
        {"enum": ["crossover", "open-label"]})}),
}  # fmt: skip


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    drawn = draw(st.fixed_dictionaries({"name": NAME}, optional=DRAWN))
    return Scenario.of(
        {
            "treatment": {"name": draw(LABEL), "effect": -1.0, "onset_days": 2.0, "offset_days": 3.0},
            "outcome": {"name": "Complaint", "scale": [0, 10], "better": "lower", "mcid": 1.0},
            "patient": {"baseline": 6.0, "daily_sd": 1.4, "autocorrelation": 0.3},
            **drawn,
        }
    )


@settings(deadline=None, max_examples=100)
@given(scenarios())
def test_resolved_text_loads_to_an_equal_scenario(scenario: Scenario) -> None:
    again = Scenario.of(tomllib.loads(write_resolved(scenario)))
    assert again == scenario
    assert again.assumed == ()
    assert write_resolved(again) == write_resolved(scenario)


@settings(deadline=None, max_examples=100)
@given(scenarios())
def test_what_was_given_makes_the_same_scenario(scenario: Scenario) -> None:
    again = Scenario.of(scenario.own_values())
    assert again == scenario
    assert again.assumed == scenario.assumed


@settings(deadline=None, max_examples=50)
@given(scenarios())
def test_starter_loads_to_its_base_but_for_the_name(base: Scenario) -> None:
    again = Scenario.of(tomllib.loads(starter("other", base)))
    assert again == base.replace(name="other")
    assert again.assumed == base.assumed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_starter_from_a_file(path: Path) -> None:
    base = load_scenario(path)
    text = starter("other", base)
    again = Scenario.of(tomllib.loads(text))
    assert again == base.replace(name="other")
    assert again.assumed == base.assumed


def test_starter_shows_and_explains_every_key() -> None:
    base = load_scenario("minimal")
    lines = starter("other", base).splitlines()
    for entry in entries(base):
        mark = "" if entry.is_given else "# "
        found = [line for line in lines if line.startswith(f"{mark}{entry.field} = ")]
        assert any(str(entry.info.description) in line for line in found), entry.path


def test_what_a_starter_holds_back_can_be_given_by_taking_the_mark_away() -> None:
    lines = starter("other", load_scenario("minimal")).splitlines()
    keys = [line.removeprefix("# ") if " = " in line and line.startswith("# ") else line for line in lines]
    needing_others = ("block_cycles", "max_run", "sequence", "block =", "onset_range", "offset_range")
    example = [line for line in keys if not line.startswith(needing_others)]
    scenario = Scenario.of(tomllib.loads("\n".join(_headers_too(example))))
    assert scenario.trigger[0].name == "caffeine"
    assert scenario.secondary[0].baseline == 24.0
    assert [key for key, _ in scenario.assumed] == []


def _headers_too(lines: list[str]) -> list[str]:
    return [line.removeprefix("# ") if line.startswith("# [[") else line for line in lines]


def test_starter_refuses_a_bad_name() -> None:
    with pytest.raises(InputError, match=r'^name: must be letters, digits and hyphens, .* but is "a b"$'):
        starter("a b", load_scenario("minimal"))


def test_resolved_text_is_the_same_for_equal_scenarios() -> None:
    base = load_scenario("minimal")
    values = base.own_values()
    values["conduct"] = {"missing": 0.15}
    assert write_resolved(Scenario.of(values)) == write_resolved(base)


def test_resolved_text_keeps_what_has_no_meaning_only_where_it_was_given() -> None:
    base = load_scenario("minimal")
    assert "displacement" not in write_resolved(base)
    kept = base.replace(**{"placebo.displacement": 4.0})
    assert "displacement = 4.0" in write_resolved(kept)
    assert Scenario.of(tomllib.loads(write_resolved(kept))) == kept
