"""A search as the document that programs read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from n1trial.design.layout import Layout
from n1trial.evaluation.verdict import MISLEADING_FACTOR
from n1trial.provenance import provenance
from n1trial.report import verdict as words
from n1trial.report.search.rationale import reason
from n1trial.study.search.candidates import changes
from n1trial.study.search.result import FinalDesign, SearchResult
from n1trial.study.search.stress import REPLICATES, FailingRow

FIGURES = ("detect", "type_1", "right_decision", "right_decision_null", "not_estimable", "ceiling", "blind")


def to_json(result: SearchResult) -> str:
    """Return the text of ``n1trial search --json``."""
    return json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def document(result: SearchResult) -> dict[str, Any]:
    """Return the document of a search, as plain Python values."""
    settings = result.scenario.simulation
    return {
        "scenario": result.scenario.name,
        "seed": settings.seed,
        "replicates": settings.replicates,
        "version": result.version,
        "provenance": provenance(),
        "limits": asdict(result.limits),
        "screened": result.counts.screened,
        "simulated": result.counts.simulated,
        "false_alarms": {"designs": result.counts.inflated, "strongest": _strongest_inflated(result)},
        "stress": {"replicates": REPLICATES, "bound": row_limit(result), "left_out": _strongest_unsafe(result)},
        "designs": [of_a_design(design) for design in result.designs],
        "present": of_a_design(result.present)
        | {"within_limits": result.limits.admit(result.present.candidate.layout)},
        "recommended": result.recommended,
        "reason": reason(result),
        "needs": [asdict(way) for way in result.needs],
    }


def of_a_design(design: FinalDesign) -> dict[str, Any]:
    """Return what the document of a search says of one design."""
    figures = {name: getattr(design, name) for name in FIGURES}
    return {
        "set": dict(design.set),
        "weeks": design.weeks,
        "run_in": {"kind": run_in_kind(design.candidate.layout), "days": design.candidate.layout.run_in_days},
        "analysis": design.candidate.method,
        **{name: figure.value for name, figure in figures.items()},
        "mcse": {name: figure.mcse for name, figure in figures.items()},
        "weeks_on_placebo": list(design.weeks_on_placebo),
        "diary_entries": design.diary_entries,
        "failures": _rows(design.failures),
        "verdict": asdict(words.document(design.verdict)),
        "depends_on": list(design.depends_on),
        "screened": design.screened_power,
    }


def run_in_kind(layout: Layout) -> str:
    """Name the kind of a layout's run-in: "none", "open" or "placebo"."""
    return layout.run_in if layout.run_in_days else "none"


def row_limit(result: SearchResult) -> float:
    """Return the false alarms that an analysis may raise under a departure from the plan."""
    return float(f"{MISLEADING_FACTOR * result.scenario.analysis.alpha:.10g}")


def _rows(failures: Sequence[FailingRow]) -> list[dict[str, Any]]:
    return [{"departure": row.departure.value, "type_1": row.type_1.value, "mcse": row.type_1.mcse} for row in failures]


def _strongest_unsafe(result: SearchResult) -> dict[str, Any] | None:
    unsafe = result.unsafe
    if unsafe is None:
        return None
    return {
        "set": changes(result.scenario, unsafe.candidate),
        "weeks": unsafe.candidate.layout.weeks,
        "analysis": unsafe.candidate.method,
        "detect": unsafe.detect,
        "failures": _rows(unsafe.failures),
    }


def _strongest_inflated(result: SearchResult) -> dict[str, Any] | None:
    inflated = result.inflated
    if inflated is None:
        return None
    return {"set": changes(result.scenario, inflated.candidate), "detect": inflated.detect, "type_1": inflated.type_1}
