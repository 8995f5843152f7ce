"""A search as the document that programs read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from n1trial.provenance import provenance
from n1trial.report import verdict as words
from n1trial.report.search.rationale import reason
from n1trial.study.search.candidates import changes
from n1trial.study.search.result import FinalDesign, SearchResult

FIGURES = ("detect", "type_1", "right_decision", "right_decision_null", "not_estimable", "ceiling", "blind")


def to_json(found: SearchResult) -> str:
    """Return the text of ``n1trial search --json``."""
    return json.dumps(document(found), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def document(found: SearchResult) -> dict[str, Any]:
    """Return the document of a search, as plain Python values."""
    settings = found.scenario.simulation
    return {
        "scenario": found.scenario.name,
        "seed": settings.seed,
        "replicates": settings.replicates,
        "version": found.version,
        "provenance": provenance(),
        "limits": asdict(found.limits),
        "screened": found.counts.screened,
        "simulated": found.counts.simulated,
        "false_alarms": {"designs": found.counts.inflated, "strongest": _strongest_inflated(found)},
        "designs": [of_a_design(design) for design in found.designs],
        "present": of_a_design(found.present) | {"within_limits": found.limits.admit(found.present.candidate.layout)},
        "recommended": found.recommended,
        "reason": reason(found),
        "needs": [asdict(way) for way in found.needs],
    }


def of_a_design(design: FinalDesign) -> dict[str, Any]:
    """Return what the document of a search says of one design."""
    figures = {name: getattr(design, name) for name in FIGURES}
    return {
        "set": dict(design.set),
        "weeks": design.weeks,
        **{name: figure.value for name, figure in figures.items()},
        "mcse": {name: figure.mcse for name, figure in figures.items()},
        "weeks_on_placebo": list(design.weeks_on_placebo),
        "diary_entries": design.diary_entries,
        "verdict": asdict(words.document(design.verdict)),
        "depends_on": list(design.depends_on),
        "screened": design.screened,
    }


def _strongest_inflated(found: SearchResult) -> dict[str, Any] | None:
    inflated = found.inflated
    if inflated is None:
        return None
    return {"set": changes(found.scenario, inflated.candidate), "detect": inflated.detect, "type_1": inflated.type_1}
