"""What a diary file tells on the page of its patient, and with its treatments at the end."""

from __future__ import annotations

from dataclasses import dataclass

from n1trial.analysis.analyze import analyze
from n1trial.diary.file.read import read_diary
from n1trial.diary.file.scores import read_scores
from n1trial.errors import InputError
from n1trial.evaluation.secondary.result import describe_all, scales_of
from n1trial.files.source import MemoryFile
from n1trial.report.diary.calibration import PatientSummary, patient_of
from n1trial.report.diary.parts import Conclusions
from n1trial.report.diary.words import conclude
from n1trial.scenario.file.write import write_calibrated
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.calibrate import calibrate


@dataclass(frozen=True)
class CalibratedPlan:
    """A scenario whose patient behaves like the diary."""

    patient: PatientSummary
    name: str
    text: str
    plan: Scenario


@dataclass(frozen=True)
class DiaryConclusion:
    """Conclusion from a diary with its treatments."""

    conclusions: Conclusions
    plan: Scenario


def calibrate_diary(file: MemoryFile, scenario: Scenario) -> CalibratedPlan:
    """Make a scenario whose patient behaves like a diary, as `n1trial calibrate` does.

    Raises
    ------
    InputError
        With everything that is wrong with the file, or why it tells too little.
    """
    return _calibrate(file, scenario)


def _calibrate(file: MemoryFile, scenario: Scenario) -> CalibratedPlan:
    scores = read_scores(file, scenario.plan(), (scenario.treatment.name, scenario.control.name))
    try:
        found = calibrate(scores, scenario)
    except InputError as error:
        raise InputError(f"{file.name}: {fault}" for fault in error.faults) from None
    return CalibratedPlan(patient_of(found), found.scenario.name, write_calibrated(found.scenario), scenario)


def analyze_diary(file: MemoryFile, scenario: Scenario) -> DiaryConclusion:
    """Tell what a diary with its treatments concludes, as `n1trial analyze --plan` does.

    Raises
    ------
    InputError
        With everything that is wrong with the file.
    """
    plan, names = scenario.plan(), (scenario.treatment.name, scenario.control.name)
    diary = read_diary(file, plan, names, scales_of(scenario.secondary))
    found = {method: analyze(diary, method) for method in dict.fromkeys((plan.primary, *plan.methods))}
    said = conclude(
        diary, found, names, has_plan=True, unit=scenario.outcome.unit, is_control_active=scenario.control.is_active,
        secondary=describe_all(diary, scenario.secondary),
    )  # fmt: skip
    return DiaryConclusion(said, scenario)
