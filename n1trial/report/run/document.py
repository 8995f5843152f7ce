"""A result as the document that programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.value import Value
from n1trial.evaluation.verdict import FLAG_FACTOR, is_inflated
from n1trial.report import verdict as words
from n1trial.report.run.stress import reason
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.check.stopping import stop_rule
from n1trial.study.run.result import Result, SensitivityRow, UnsettledEnds

if TYPE_CHECKING:
    pass

MARK = "run.json"
"""File by which the results folder of a run is known."""
SCENARIO = "scenario.toml"


def document(result: Result) -> dict[str, Any]:
    """Everything that a run found, as plain Python values."""
    settings = result.scenario.simulation
    return {
        "scenario": result.scenario.name,
        "seed": settings.seed,
        "replicates": settings.replicates,
        "version": result.version,
        "provenance": dict(result.provenance),
        "design": asdict(result.burden),
        "attenuation": result.attenuation,
        "primary": result.primary,
        "methods": {method: _truths(result, method) for method in result.figures},
        "smallest_detectable": {
            method: {str(power): benefit for power, benefit in found.items()}
            for method, found in result.smallest_detectable.items()
        },
        "effects": [{"effect": effect, **_figures(figures)} for effect, figures in result.effects.items()],
        "curve": [{"benefit": benefit, **_figures(figures)} for benefit, figures in result.curve.items()],
        "relief": {name: one.gain.value for name, one in result.improvements.items()},
        "relief_mcse": {name: one.gain.mcse for name, one in result.improvements.items()},
        "relief_detect": {name: asdict(one.detect) for name, one in result.improvements.items()},
        "relief_weeks": {name: one.more_weeks for name, one in result.improvements.items()},
        "sensitivity": [_row(row) for row in result.sensitivity],
        "unsettled": [_ends(row) for row in result.unsettled],
        "blinding": {truth: asdict(indices) for truth, indices in result.blinding.items()},
        "value": _value(result.value),
        "skeptical": None if result.skeptical is None else _value(result.skeptical),
        "assumed": list(result.assumed),
        "verdict": words.document(result.verdict, tuple(map(str, remarks(result.scenario)))),
        "stress": [asdict(row) for row in result.stress],
        "recommended": _recommended(result),
        "stopping": _stopping(result),
    }


def to_json(result: Result) -> str:
    """Return the text of ``n1trial run --json``."""
    return json.dumps(document(result), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _recommended(result: Result) -> dict[str, str] | None:
    found = result.recommended
    return None if found is None else {"method": found.method, "reason": reason(found)}


def _stopping(result: Result) -> dict[str, Any] | None:
    """Stop rule, and how often it stops a patient to whom the drug does nothing; None where it cannot be judged."""
    if result.stopped is None:
        return None
    rule = stop_rule(result.scenario)
    return {"worse_by": rule.worse_by, "days": rule.days, "null": asdict(result.stopped)}


def _truths(result: Result, method: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for truth, metrics in result.figures[method].items():
        told[truth] = _figures(metrics)
        if truth == "null":
            told[truth]["detect"]["inflated"] = is_inflated(
                metrics["detect"], result.scenario.analysis.alpha, FLAG_FACTOR
            )
        told[truth]["not_estimable"]["reasons"] = dict(result.reasons[method][truth])
    return told


def _figures(figures: Mapping[str, Figure]) -> dict[str, dict[str, Any]]:
    return {metric: asdict(figure) for metric, figure in figures.items()}


def _rate(figure: Figure) -> dict[str, float | None]:
    return {"detect": figure.value, "mcse": figure.mcse}


def _row(row: SensitivityRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "onset_days": row.onset_days,
        "offset_days": row.offset_days,
        **_rate(row.detect),
        "attenuation": row.attenuation,
        "is_end": row.is_end,
    }


def _ends(row: UnsettledEnds) -> dict[str, Any]:
    ends = {name: {"value": value, **_rate(figure)} for name, (value, figure) in (("low", row.low), ("high", row.high))}
    return {"key": row.key, **ends, "decisive": row.is_decisive}


def _value(value: Value) -> dict[str, Any]:
    figures = vars(value)
    told: dict[str, Any] = {name: figure.value for name, figure in figures.items()}
    told["mcse"] = {name: figure.mcse for name, figure in figures.items() if figure.mcse is not None}
    return told
