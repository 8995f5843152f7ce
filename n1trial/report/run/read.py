"""A result made again of its folder: its document and the scenario beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from n1trial.errors import InputError
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.value.worth import TrialValue
from n1trial.evaluation.verdict import verdict_on
from n1trial.files.folders import holds_results
from n1trial.files.read import read_file
from n1trial.report.run.document import MARK, SCENARIO
from n1trial.report.run.parts import RUN, WORTHS, AtTruth, Document, End, Worth
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.bounds import time_courses
from n1trial.study.run.burden import burden
from n1trial.study.run.findings import facts_of
from n1trial.study.run.overall.ranges import uncertain
from n1trial.study.run.result import Burden, Improvement, Result, SensitivityRow, UnsettledEnds
from n1trial.wording import near_miss, show

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
        document = _read_document(mark)
        scenario = load_scenario(str(folder / SCENARIO), context=AS_MADE)
        _check_one_run(folder, scenario, document)
        return result_of(scenario, document)
    except InputError as error:
        raise InputError([*error.faults, f"n1trial run SCENARIO --out {folder} makes it again"]) from None


def _read_document(mark: Path) -> Document:
    text = read_file(mark, what="the document of a run")
    try:
        return RUN.read(text)
    except InputError as error:
        told, more = error.faults[:MOST_FAULTS], len(error.faults) - MOST_FAULTS
        rest = [f"and {more} more"] if more > 0 else []
        faults = [*told, *rest, "was written by another version of n1trial, or changed"]
        raise InputError(f"{mark}: {fault}" for fault in faults) from None


def _check_one_run(folder: Path, scenario: Scenario, document: Document) -> None:
    """Refuse figures that are not those of the scenario beside them."""
    if faults := [*_strays(scenario, document)]:
        raise InputError(f"{folder / MARK}: {fault}" for fault in faults)
    sign, reliefs = scenario.plan().benefit_sign, (document.relief_mcse, document.relief_detect, document.relief_weeks)
    courses = [(name, onset, offset) for name, onset, offset, _ in time_courses(scenario)]
    told = (document.scenario, document.seed, document.replicates, document.primary)
    settings = scenario.simulation
    is_one = (
        told == (scenario.name, settings.seed, settings.replicates, scenario.analysis.primary)
        and all(document.relief.keys() == each.keys() for each in reliefs)
        and (document.verdict.limit is None or document.verdict.limit in document.relief)
        and document.design == _burden_of_its_time(scenario, document)
        and {0.0, scenario.outcome.mcid, sign * scenario.treatment.effect} <= {row.benefit for row in document.curve}
        and [(row.name, row.onset_days, row.offset_days) for row in document.sensitivity] == courses
    )
    if not is_one:
        raise InputError(f"{folder}: {MARK} is not of the scenario.toml beside it")


def _burden_of_its_time(scenario: Scenario, document: Document) -> Burden:
    """Return what a trial asks for, with the smallest p of the test as it was when the document was written."""
    held = document.design
    return replace(
        burden(scenario, Figure(held.expected_finished, held.expected_finished_mcse)), smallest_p=held.smallest_p
    )


def _strays(scenario: Scenario, document: Document) -> Iterator[str]:
    """Find analyses that are missing, and those that neither the scenario plans nor the user added."""
    known = {scenario.analysis.primary, *scenario.analysis.methods, *document.own}
    for place, held in (("methods", document.methods), ("smallest_detectable", document.smallest_detectable)):
        yield from (f"{place}.{method} is missing" for method in sorted(known - held.keys()))
        yield from (f"{place}.{method} {_no_analysis(method, known)}" for method in held if method not in known)
    beliefs = {belief.key for belief in uncertain(scenario)}
    for key in document.overall.keys if document.overall is not None else ():
        if key not in beliefs:
            yield f"overall.keys holds {show(key)}, which has no range in the {SCENARIO} beside it"
    if document.secondary is not None:
        yield from _stray_outcomes(scenario, document.secondary.outcomes)
    for number, row in enumerate(document.stress):
        if row.method not in known:
            yield f"stress[{number}].method is {show(row.method)}, which {_no_analysis(row.method, known)}"


def _stray_outcomes(scenario: Scenario, names: Iterable[str]) -> Iterator[str]:
    """Find secondary outcomes that are missing, and those that the scenario has not."""
    known, held = {outcome.name for outcome in scenario.secondary}, set(names)
    yield from (f"secondary.outcomes.{name} is missing" for name in sorted(known - held))
    for name in sorted(held - known):
        yield f"secondary.outcomes holds {show(name)}, which is no outcome of the {SCENARIO} beside it"


def _no_analysis(method: str, methods: Iterable[str]) -> str:
    return f"is no analysis of the {SCENARIO} beside it, nor named under own{near_miss(method, methods)}"


def result_of(scenario: Scenario, document: Document) -> Result:
    """Make a result again of its scenario, as run, and its document."""
    figures = {
        method: {truth: _figures(metrics) for truth, metrics in vars(at).items()}
        for method, at in document.methods.items()
    }
    rows, unsettled, improved = _sensitivity(document), _unsettled(document), _improvements(document)
    verdict, skeptical = document.verdict, document.skeptical
    facts = facts_of(scenario, figures[document.primary], document.attenuation, rows, unsettled, improved)
    return Result(
        scenario=scenario,
        version=document.version,
        provenance=document.provenance,
        burden=document.design,
        attenuation=document.attenuation,
        figures=figures,
        reasons={
            method: {truth: metrics.not_estimable.reasons for truth, metrics in vars(at).items()}
            for method, at in document.methods.items()
        },
        smallest_detectable={
            method: {
                float(power): Figure(benefit, document.smallest_detectable_mcse.get(method, {}).get(power))
                for power, benefit in reached.items()
            }
            for method, reached in document.smallest_detectable.items()
        },
        effects={row.effect: _without(row, "effect") for row in document.effects},
        curve={row.benefit: _without(row, "benefit") for row in document.curve},
        improvements=improved,
        sensitivity=rows,
        unsettled=unsettled,
        blinding=document.blinding,
        value=_value(document.value),
        skeptical=None if skeptical is None else _value(skeptical),
        verdict=verdict_on(facts, verdict.answer, verdict.depends, verdict.limit),
        stress=document.stress,
        assumed=document.assumed,
        overall=document.overall,
        stopped=None if document.stopping is None else document.stopping.null,
        ceiling=document.ceiling,
        blind=document.blind,
        means=document.means,
        skeptical_means=document.skeptical_means,
        adopt_at=document.adopt_at,
        secondary=document.secondary,
        finished=document.finished,
        prior_conflict=document.prior_conflict,
        without_result=document.without_result,
    )


def _sensitivity(document: Document) -> tuple[SensitivityRow, ...]:
    return tuple(
        SensitivityRow(**_without(row, "detect", "mcse"), detect=Figure(row.detect, row.mcse))
        for row in document.sensitivity
    )


def _unsettled(document: Document) -> tuple[UnsettledEnds, ...]:
    return tuple(UnsettledEnds(row.key, _end(row.low), _end(row.high), row.decisive) for row in document.unsettled)


def _improvements(document: Document) -> dict[str, Improvement]:
    return {
        name: Improvement(
            document.relief_detect[name], Figure(gain, document.relief_mcse[name]), document.relief_weeks[name]
        )
        for name, gain in document.relief.items()
    }


def _figures(metrics: AtTruth) -> dict[str, Figure]:
    return {name: Figure(one.value, one.mcse) for name, one in vars(metrics).items()}


def _without(row: object, *names: str) -> dict[str, Any]:
    return {name: held for name, held in vars(row).items() if name not in names}


def _end(end: End) -> tuple[float, Figure]:
    return end.value, Figure(end.detect, end.mcse)


def _value(worth: Worth) -> TrialValue:
    figures = {name: Figure(getattr(worth, name), worth.mcse.get(name)) for name in WORTHS}
    return TrialValue(**figures, reason=worth.reason)
