"""What a calibration found, in a clinician's words: what the diary tells, what it does not, and what to mind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from n1trial.report.lines import wrap
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.calibrate import Calibration
from n1trial.study.calibration.finding import NumberFinding

KEY_WIDTH, FIGURE_WIDTH = 31, 20
KINDS = {
    "run-in": "run-in, before any capsule",
    "blinded": "blinded diary, treatments not known",
    "finished": "diary of a trial, with its treatments",
}
GROUPS = {
    "told": "Told by the diary (in brackets: 9 in 10 sure)",
    "doubt": "Doubt about what it tells: put in to plan with, and no estimate",
    "unsettled": "Not known: a run tells the answer at both ends",
    "kept": "Not told apart, and kept as it was",
}
"""Title of the numbers of each state, in the order in which they are told."""
REMARKS = "Mind"
ASSUMED = "All else, the effect planned for above all, is no data of this diary and stays assumed."


@dataclass(frozen=True)
class NumberRow:
    """A number of the scenario as the diary leaves it.

    Attributes
    ----------
    key : str
        Dotted key.
    figure : str
        What it is, or its range where that is not known.
    interval : str
        What the diary alone goes with, in brackets; empty where it tells none, or where `figure` is the range.
    words : str
        What is counted, and what is planned with where that is not known; of a doubt what it is about.
    """

    key: str
    figure: str
    interval: str
    words: str


@dataclass(frozen=True)
class PatientSummary:
    """Report of a calibration.

    Attributes
    ----------
    diary : str
        What was read.
    groups : tuple of (str, tuple of NumberRow)
        Numbers each with how well they are known; none is empty.
    remarks : tuple of str
        What is to be minded, a text each.
    """

    diary: str
    groups: tuple[tuple[str, tuple[NumberRow, ...]], ...]
    remarks: tuple[str, ...]


def patient_of(calibration: Calibration) -> PatientSummary:
    """Say what a diary tells of its patient."""
    scenario = calibration.scenario
    groups = [
        (title, tuple(_number(each, scenario) for each in calibration.findings if each.state == state))
        for state, title in GROUPS.items()
    ]
    return PatientSummary(
        f"{calibration.entries} entries on {calibration.days} days: a {KINDS[calibration.kind]}",
        tuple(group for group in groups if group[1]),
        calibration.remarks,
    )


def calibration_in_words(calibration: Calibration) -> str:
    """Tell on the terminal what a diary says of its patient.

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer, ending with a newline.
    """
    patient = patient_of(calibration)
    lines = [patient.diary]
    for title, numbers in patient.groups:
        lines += ["", title, *(line for number in numbers for line in _row(number))]
    if patient.remarks:
        lines += ["", REMARKS]
        for remark in patient.remarks:
            lines += wrap(remark, "  - ", "    ")
    lines += ["", *wrap(ASSUMED)]
    return "\n".join(lines) + "\n"


def _number(finding: NumberFinding, scenario: Scenario) -> NumberRow:
    words = finding.note if finding.state == "doubt" else scenario.label(finding.key)
    if finding.state == "unsettled":
        words = f"{words}; {finding.value:g} is planned with"
    if finding.state == "unsettled" and finding.range is not None:
        return NumberRow(finding.key, f"{finding.range[0]:g} to {finding.range[1]:g}", "", words)
    has_interval = finding.low is not None and finding.high is not None
    interval = f"[{finding.low:g}, {finding.high:g}]" if has_interval else ""
    return NumberRow(finding.key, f"{finding.value:g}", interval, words)


def _row(number: NumberRow) -> Iterator[str]:
    """Write a number with its interval, or its range, and what it is."""
    figure = f"{number.figure} {number.interval}".rstrip()
    yield from wrap(number.words, f"  {number.key:<{KEY_WIDTH}} {figure:<{FIGURE_WIDTH}} ")
