"""A result as the document that programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.value.worth import TrialValue
from n1trial.evaluation.verdict import FLAG_FACTOR, is_inflated
from n1trial.report import verdict as words
from n1trial.report.run.parts import (
    WORTHS,
    AtBenefit,
    AtEffect,
    AtNull,
    AtTruth,
    Document,
    End,
    FalseAlarms,
    NotEstimable,
    Recommended,
    Stopping,
    TimeCourse,
    Truths,
    Unsettled,
    Worth,
)  # fmt: skip
from n1trial.report.run.stress import reason
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.check.stopping import stop_rule
from n1trial.study.run.result import TRUTHS, Result

MARK = "run.json"
"""File by which the results folder of a run is known."""
SCENARIO = "scenario.toml"


def document(result: Result) -> Document:
    """Return everything that a run found, as its document holds it."""
    settings, improved = result.scenario.simulation, result.improvements
    gains: Mapping[str, Any] = {name: vars(one.gain) for name, one in improved.items()}
    return Document(
        scenario=result.scenario.name,
        seed=settings.seed,
        replicates=settings.replicates,
        version=result.version,
        provenance=dict(result.provenance),
        design=result.burden,
        attenuation=result.attenuation,
        primary=result.primary,
        own=result.own,
        methods={method: _truths(result, method) for method in result.figures},
        smallest_detectable={
            method: {str(power): benefit.value for power, benefit in found.items()}
            for method, found in result.smallest_detectable.items()
        },
        smallest_detectable_mcse={
            method: {str(power): benefit.mcse for power, benefit in found.items()}
            for method, found in result.smallest_detectable.items()
        },
        effects=tuple(AtEffect(effect, **figures) for effect, figures in result.effects.items()),
        curve=tuple(AtBenefit(benefit, **figures) for benefit, figures in result.curve.items()),
        relief={name: gain["value"] for name, gain in gains.items()},
        relief_mcse={name: gain["mcse"] for name, gain in gains.items()},
        relief_detect={name: one.detect for name, one in improved.items()},
        relief_weeks={name: one.more_weeks for name, one in improved.items()},
        sensitivity=tuple(TimeCourse(**vars(row) | _rate(row.detect)) for row in result.sensitivity),
        unsettled=tuple(
            Unsettled(row.key, _end(*row.low), _end(*row.high), row.is_decisive) for row in result.unsettled
        ),
        blinding=result.blinding,
        value=_worth(result.value),
        skeptical=None if result.skeptical is None else _worth(result.skeptical),
        assumed=result.assumed,
        verdict=words.document(result.verdict, tuple(map(str, remarks(result.scenario)))),
        stress=result.stress,
        recommended=None if (best := result.recommended) is None else Recommended(best.method, reason(best)),
        stopping=_stop_rule(result),
        ceiling=result.ceiling,
        blind=dict(result.blind),
        means=result.means,
        skeptical_means=result.skeptical_means,
        adopt_at=result.adopt_at,
        overall=result.overall,
        secondary=result.secondary,
        finished=result.finished,
        prior_conflict=result.prior_conflict,
        without_result=result.without_result,
    )


def to_dict(result: Result) -> dict[str, Any]:
    """Return the document of a result as plain Python values."""
    return asdict(document(result))


def to_json(result: Result) -> str:
    """Return the text of ``n1trial run --json``."""
    return json.dumps(to_dict(result), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _truths(result: Result, method: str) -> Truths:
    at = {truth: _at_truth(result, method, truth) for truth in TRUTHS}
    alarms, alpha = result.figures[method]["null"]["detect"], result.scenario.analysis.alpha
    detect = FalseAlarms(**vars(alarms), inflated=is_inflated(alarms, alpha, FLAG_FACTOR))
    null = AtNull(**at.pop("null") | {"detect": detect})
    return Truths(null=null, **{truth: AtTruth(**metrics) for truth, metrics in at.items()})


def _at_truth(result: Result, method: str, truth: str) -> dict[str, Any]:
    metrics = result.figures[method][truth]
    missing = NotEstimable(
        **vars(metrics["not_estimable"]),
        reasons=dict(result.reasons[method][truth]),
        reasons_mcse=_errors(result, method, truth),
    )
    return {**metrics, "not_estimable": missing}


def _errors(result: Result, method: str, truth: str) -> dict[str, float]:
    """Return the Monte Carlo standard error of each reason's share of all trials."""
    trials = result.scenario.simulation.replicates
    shares = result.reasons[method][truth]
    return {reason: rate(round(share * trials), trials).mcse or 0.0 for reason, share in shares.items()}


def _stop_rule(result: Result) -> Stopping | None:
    """Return stop rule, and how often it stops a patient to whom the drug does nothing; None where nobody can judge."""
    if result.stopped is None:
        return None
    rule = stop_rule(result.scenario)
    return Stopping(rule.worse_by, rule.days, result.stopped)


def _end(value: float, detect: Figure) -> End:
    return End(value, **_rate(detect))


def _rate(figure: Figure) -> dict[str, Any]:
    return {"detect": figure.value, "mcse": figure.mcse}


def _worth(value: TrialValue) -> Worth:
    figures = {name: getattr(value, name) for name in WORTHS}
    errors = {name: figure.mcse for name, figure in figures.items() if figure.mcse is not None}
    return Worth(**{name: figure.value for name, figure in figures.items()}, mcse=errors, reason=value.reason)
