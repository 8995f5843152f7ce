"""What a calibration found, in a clinician's words: what the diary tells, what it does not, and what to mind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from n1trial.report.lines import wrapped
from n1trial.scenario.entries import key_in_words

if TYPE_CHECKING:
    from n1trial.scenario.model import Scenario
    from n1trial.study.calibrate import Calibration
    from n1trial.study.calibration.finding import Finding

KEY_WIDTH, FIGURE_WIDTH = 31, 20
KINDS = {
    "run-in": "run-in, before any capsule",
    "blinded": "blinded diary, treatments not known",
    "finished": "diary of a trial, with its treatments",
}


def calibration_in_words(calibration: Calibration) -> str:
    """Tell what a diary says of its patient.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    str
        Lines of at most 100 characters where no word is longer, ending with a newline.
    """
    findings, scenario = calibration.findings, calibration.scenario
    groups = {
        "Told by the diary (in brackets: 9 in 10 sure)": [each for each in findings if each.state == "told"],
        "Doubt about what it tells: put in to plan with, and no estimate": [
            each for each in findings if each.state == "doubt"
        ],
        "Not known: n1trial run tells the answer at both ends": [
            each for each in findings if each.state == "unsettled"
        ],
        "Not told apart, and kept as it was": [each for each in findings if each.state == "kept"],
    }
    lines = [f"{calibration.entries} entries on {calibration.days} days: a {KINDS[calibration.kind]}"]
    for title, held in groups.items():
        if held:
            lines += ["", title, *(line for each in held for line in _row(each, scenario))]
    if calibration.remarks:
        lines += ["", "Mind"]
        for remark in calibration.remarks:
            lines += wrapped(remark, "  - ", "    ")
    lines += ["", *wrapped("All else, the effect planned for above all, is no data of this diary and stays assumed.")]
    return "\n".join(lines) + "\n"


def _row(finding: Finding, scenario: Scenario) -> Iterator[str]:
    """A number with its interval, or its range, and what it is."""
    figure = f"{finding.value:g}"
    if finding.state == "unsettled" and finding.range is not None:
        figure = f"{finding.range[0]:g} to {finding.range[1]:g}"
    elif finding.low is not None and finding.high is not None:
        figure = f"{figure} [{finding.low:g}, {finding.high:g}]"
    words = finding.note if finding.state == "doubt" else key_in_words(scenario, finding.key)
    if finding.state == "unsettled":
        words = f"{words}; {finding.value:g} is planned with"
    head = f"  {finding.key:<{KEY_WIDTH}} {figure:<{FIGURE_WIDTH}} "
    yield from wrapped(words, head)
