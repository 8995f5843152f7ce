"""A result made again of its folder: its document and the scenario beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from n1trial.errors import InputError
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.stress import Departure, Stress
from n1trial.evaluation.value import Value
from n1trial.evaluation.verdict import verdict_on
from n1trial.files.folders import holds_results
from n1trial.files.read import read_file
from n1trial.report.run.document import MARK, SCENARIO
from n1trial.report.run.shape import faults_of_shape
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.bounds import time_courses
from n1trial.study.run.burden import burden
from n1trial.study.run.findings import facts_of
from n1trial.study.run.result import Blinding, Burden, Improvement, Result, SensitivityRow, UnsettledEnds

MOST_FAULTS = 20
"""Faults of a document that are told one by one."""


def read_run(folder: Path) -> Result:
    """Read the results folder of a run.

    Returns
    -------
    Result
        As it was when saved, but for the estimates of single trials.

    Raises
    ------
    InputError
        If the folder holds no run, or one of a version that found other things.
    """
    mark = folder / MARK
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; n1trial run SCENARIO writes one")
    if not holds_results(mark):
        raise InputError(f"{folder}: holds no results of n1trial run (no {MARK} of its making)")
    try:
        found = json.loads(read_file(mark, wanted="the document of a run"))
        if faults := faults_of_shape(found):
            raise InputError([*_some(mark, faults), f"{mark}: was written by another version of n1trial, or changed"])
        result = result_of(load_scenario(str(folder / SCENARIO), context=AS_MADE), found)
        _check_one_run(folder, result, found)
        return result
    except InputError as error:
        raise InputError([*error.faults, _again(folder)]) from None
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise InputError(f"{mark}: was written by another version of n1trial, or changed; {_again(folder)}") from None
    except OSError as error:
        raise InputError(f"{mark}: cannot be read ({error.strerror})") from None


def _check_one_run(folder: Path, result: Result, found: Mapping[str, Any]) -> None:
    """Refuse figures that are not those of the scenario beside them."""
    scenario, sign = result.scenario, result.scenario.plan().benefit_sign
    courses = [(name, onset, offset) for name, onset, offset, _ in time_courses(scenario)]
    told = (found["scenario"], found["seed"], found["replicates"], found["primary"])
    is_one = (
        found["methods"].keys() >= {scenario.analysis.primary, *scenario.analysis.methods}
        and len({frozenset(found[name]) for name in ("relief", "relief_mcse", "relief_detect", "relief_weeks")}) == 1
        and (result.verdict.limit is None or result.verdict.limit in result.improvements)
        and told == (scenario.name, scenario.simulation.seed, scenario.simulation.replicates, result.primary)
        and result.burden == burden(scenario, result.burden.expected_finished)
        and {0.0, scenario.outcome.mcid, sign * scenario.treatment.effect} <= result.curve.keys()
        and [(row.name, row.onset_days, row.offset_days) for row in result.sensitivity] == courses
    )
    if not is_one:
        raise InputError(f"{folder}: {MARK} is not of the scenario.toml beside it")


def _some(mark: Path, faults: list[str]) -> list[str]:
    """Faults of a document, the first ones told and the others counted."""
    more = len(faults) - MOST_FAULTS
    return [f"{mark}: {fault}" for fault in faults[:MOST_FAULTS]] + ([f"{mark}: and {more} more"] if more > 0 else [])


def _again(folder: Path) -> str:
    return f"n1trial run SCENARIO --out {folder} makes it anew"


def result_of(scenario: Scenario, found: Mapping[str, Any]) -> Result:
    """Make a result again of its scenario and its document.

    Parameters
    ----------
    scenario : Scenario
        As run.
    found : mapping of str to object
        Of `document`.

    Raises
    ------
    KeyError, TypeError, AttributeError
        If the document is not one of this version.
    """
    methods, primary = found["methods"], scenario.analysis.primary
    figures = {
        method: {truth: {name: _figure(figure) for name, figure in metrics.items()} for truth, metrics in of.items()}
        for method, of in methods.items()
    }
    rows = tuple(map(_read_row, found["sensitivity"]))
    unsettled = tuple(map(_read_ends, found["unsettled"]))
    improved, verdict = _read_improvements(found), found["verdict"]
    facts = facts_of(scenario, figures[primary], found["attenuation"], rows, unsettled, improved)
    return Result(
        scenario=scenario,
        version=found["version"],
        provenance=found.get("provenance", {}),
        burden=Burden(**found["design"] | {"weeks_on_placebo": tuple(found["design"]["weeks_on_placebo"])}),
        attenuation=found["attenuation"],
        figures=figures,
        reasons={
            method: {truth: metrics["not_estimable"]["reasons"] for truth, metrics in of.items()}
            for method, of in methods.items()
        },
        smallest_detectable={
            method: {float(power): benefit for power, benefit in reached.items()}
            for method, reached in found["smallest_detectable"].items()
        },
        effects={row["effect"]: _read_figures(row, "effect") for row in found["effects"]},
        curve={row["benefit"]: _read_figures(row, "benefit") for row in found["curve"]},
        improvements=improved,
        sensitivity=rows,
        unsettled=unsettled,
        blinding={truth: Blinding(**indices) for truth, indices in found["blinding"].items()},
        value=_read_value(found["value"]),
        skeptical=None if found["skeptical"] is None else _read_value(found["skeptical"]),
        verdict=verdict_on(facts, verdict["answer"], verdict["depends"], verdict["limit"]),
        stress=tuple(
            Stress(Departure(row["departure"]), row["method"], _figure(row["type_1"]), _figure(row["detect"]))
            for row in found["stress"]
        ),
        assumed=tuple(found["assumed"]),
        # A run of release 0.1.0 has no word on it.
        stopped=_figure(found["stopping"]["null"]) if found.get("stopping") else None,
    )  # fmt: skip


def _read_row(told: Mapping[str, Any]) -> SensitivityRow:
    days = told["onset_days"], told["offset_days"]
    return SensitivityRow(
        told["name"], *days, Figure(told["detect"], told["mcse"]), told["attenuation"], told["is_end"]
    )


def _read_ends(told: Mapping[str, Any]) -> UnsettledEnds:
    return UnsettledEnds(told["key"], _read_end(told["low"]), _read_end(told["high"]), told["decisive"])


def _read_improvements(found: Mapping[str, Any]) -> dict[str, Improvement]:
    detects, errors, weeks = found["relief_detect"], found["relief_mcse"], found["relief_weeks"]
    return {
        name: Improvement(_figure(detects[name]), Figure(gain, errors[name]), weeks[name])
        for name, gain in found["relief"].items()
    }


def _figure(told: Mapping[str, float | None]) -> Figure:
    return Figure(told["value"], told["mcse"])


def _read_figures(row: Mapping[str, Any], key: str) -> dict[str, Figure]:
    return {metric: _figure(figure) for metric, figure in row.items() if metric != key}


def _read_end(told: Mapping[str, float]) -> tuple[float, Figure]:
    return told["value"], Figure(told["detect"], told["mcse"])


def _read_value(told: Mapping[str, Any]) -> Value:
    return Value(**{name: Figure(value, told["mcse"].get(name)) for name, value in told.items() if name != "mcse"})
