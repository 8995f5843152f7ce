"""The JSON Schema says what the model says, as far as a schema can."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.file.schema import schema

CASES = Path(__file__).parents[2] / "cases"
VALID = [*sorted((CASES / "valid").glob("*.toml")), *(scenario.path for scenario in shipped_scenarios())]
SINGLE_KEYS = (
    "misspelled-key", "misspelled-section", "key-in-the-wrong-section", "unknown-key", "missing-keys", "bad-name",
    "several-at-once", "wrong-types", "out-of-range", "no-such-method", "sequence-of-other-letters", "tables-of-arrays",
    "table-for-array", "empty",
)  # fmt: skip
"""Invalid cases with a fault of a single key, which a schema can see."""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def tables(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files_are_valid(validator: Draft202012Validator, path: Path) -> None:
    assert [error.message for error in validator.iter_errors(tables(path))] == []


@pytest.mark.parametrize("name", SINGLE_KEYS)
def test_faults_of_single_keys_are_seen(validator: Draft202012Validator, name: str) -> None:
    assert not validator.is_valid(tables(CASES / "invalid" / f"{name}.toml"))


def test_schema_is_json_and_says_which_draft() -> None:
    assert json.loads(json.dumps(schema())) == schema()
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()["title"] == "n1trial scenario"


def test_every_key_is_described_and_none_takes_null() -> None:
    sections = {"": schema(), **schema()["$defs"]}
    for name, section in sections.items():
        assert section["additionalProperties"] is False
        for key, value in section["properties"].items():
            assert value["description"], f"{name}.{key}"
            assert "null" not in json.dumps(value), f"{name}.{key}"
            assert ("title" in value) == ("$ref" not in str(value)), f"{name}.{key}"


def test_labels_are_words_and_numbers_have_units() -> None:
    sections = {"": schema(), **schema()["$defs"]}
    labels = {
        (name, key): value["title"]
        for name, held in sections.items()
        for key, value in held["properties"].items()
        if "title" in value
    }
    assert all(label[0].isupper() and "_" not in label and len(label) <= 60 for label in labels.values())
    assert labels["Patient", "daily_sd"] == "How much the score swings from day to day"
    patient = schema()["$defs"]["Patient"]["properties"]
    assert [
        patient[key].get("unit")
        for key in ("daily_sd", "trend_per_week", "enrolled_when_worse", "period_shift_follows")
    ] == ["points", "points a week", "standard deviations", None]
    assert schema()["$defs"]["Treatment"]["properties"]["onset_days"]["unit"] == "days"


def test_ranges_and_defaults_are_there() -> None:
    design = schema()["$defs"]["Design"]["properties"]
    assert (design["cycles"]["minimum"], design["cycles"]["maximum"], design["cycles"]["default"]) == (1, 26, 3)
    assert "default" not in design["sequence"]
    assert schema()["$defs"]["Treatment"]["required"] == ["name", "effect", "onset_days", "offset_days"]
