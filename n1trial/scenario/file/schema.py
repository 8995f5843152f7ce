"""The JSON Schema of a scenario file, for editors and other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from n1trial.scenario.model.keys import OwnTitles, without_null
from n1trial.scenario.scenario import Scenario

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file: labels as titles, units, ranges, defaults and more.

    Returns
    -------
    dict
        The rules of single keys; rules across keys are beyond a schema, and `load_scenario` tells them.
    """
    found = Scenario.model_json_schema(schema_generator=OwnTitles)
    sections = {name: _plain(section) for name, section in sorted(found["$defs"].items())}
    return {"$schema": DRAFT, **_plain(found), "title": "n1trial scenario", "$defs": sections}


def _plain(section: Mapping[str, Any]) -> dict[str, Any]:
    """Make a schema as an editor shows it: without null, which TOML does not have."""
    return {**section, "properties": {key: without_null(value) for key, value in section["properties"].items()}}
