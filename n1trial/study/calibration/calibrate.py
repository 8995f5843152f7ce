"""From a run-in or a finished trial, a scenario whose patient behaves like this diary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from n1trial.diary.diary import Diary
from n1trial.diary.file.scores import Scores
from n1trial.errors import InputError
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.adherence_and_missing import find_keeping
from n1trial.study.calibration.finding import NumberFinding, round_findings
from n1trial.study.calibration.mean_structure import level
from n1trial.study.calibration.remarks import remarks
from n1trial.study.calibration.within_patient_noise import ups_and_downs
from n1trial.study.calibration.wording import word

FEWEST_ENTRIES = 7
BY_THE_DIARY = ("told", "doubt")
"""States of numbers that come from the diary, even where they are as they were."""
MOST_NAME = 100


@dataclass(frozen=True, eq=False)
class Calibration:
    """Numbers that a diary tells of its patient, and the scenario made of it.

    Attributes
    ----------
    scenario : Scenario
        With the diary's patient, and else as it was; what the diary cannot tell is among its `unsettled`.
    findings : tuple of Finding
        By key, in the order of the file.
    entries, days : int
        Entries made, and days from the first row to the last.
    kind : str
        "run-in", "blinded" or "finished": what is known of the days.
    remarks : tuple of str
        What must be said beside it, a sentence each.

    Examples
    --------
    >>> import n1trial
    >>> found = n1trial.calibrate(n1trial.simulate("minimal", replicates=1, seed=1).observed)
    >>> found.scenario.name, found.kind
    ('minimal-calibrated', 'finished')
    """

    scenario: Scenario
    findings: tuple[NumberFinding, ...]
    entries: int
    days: int
    kind: str
    remarks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the document of ``n1trial calibrate --json``, as plain Python values."""
        return {
            "scenario": self.scenario.name,
            "kind": self.kind,
            "entries": self.entries,
            "days": self.days,
            "findings": {finding.key: finding.to_dict() for finding in self.findings},
            "remarks": list(self.remarks),
        }


def calibrate(diary: Diary | Scores, scenario: Scenario | None = None) -> Calibration:
    """Make a scenario whose patient behaves like a diary.

    Parameters
    ----------
    diary : Diary or Scores
        Of one patient: a run-in, a blinded diary (`read_scores`), or a finished trial with its treatments.
    scenario : Scenario, optional
        Drug, design, analysis, and whatever a diary does not tell; by default the shipped scenario ``minimal``.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If the diary is of more than one patient.
    InputError
        If there are fewer than 7 entries, all are alike, or one is beyond the outcome's scale; or if the calibrated
        scenario would break a rule. With all faults.

    Examples
    --------
    >>> import n1trial
    >>> diary = n1trial.simulate("minimal", replicates=1, seed=1).observed
    >>> n1trial.calibrate(diary).days
    350
    """
    if scenario is None:
        from n1trial.scenario.file.load import load_scenario

        scenario = load_scenario("minimal")
    if isinstance(diary, Diary) and diary.replicates != 1:
        raise ValueError(f"a diary of one patient is needed, but it has {diary.replicates}; take one by Scores.of")
    scores = Scores.of(diary) if isinstance(diary, Diary) else diary
    _refuse(scores, scenario)
    kind = "finished" if scores.diary is not None else "blinded" if (scores.day >= 0).any() else "run-in"
    fitted, findings = ups_and_downs(scores, level(scores, scenario), scenario)
    findings += find_keeping(scores, fitted, scenario)
    final = tuple(round_findings(findings, _bounds(scenario), _digits(scenario)))
    entries, days = int(scores.is_entry.sum()), scores.day.size
    said = tuple(remarks(scores, scenario, kind, fitted.level.notes, final))
    return Calibration(_scenario(scenario, final, kind, entries, days), final, entries, days, kind, said)


def _bounds(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest value by key: what the scale leaves room for, and what a share can be."""
    low, high = scenario.outcome.scale
    width = high - low
    return {
        "patient.baseline": (low, high),
        **dict.fromkeys(("patient.daily_sd", "patient.diary_sd", "patient.period_sd"), (0.0, width)),
        **dict.fromkeys(("patient.weekly_amplitude", "placebo.response"), (-width, width)),
        "patient.autocorrelation": (0.0, 0.99),
        "conduct.missing": (0.0, 0.99),
        "conduct.adherence": (0.0, 1.0),
    }


def _digits(scenario: Scenario) -> dict[str, int]:
    """Return decimals by key: in points, thousandths of the width of the scale or so; where it is small, one more."""
    low, high = scenario.outcome.scale
    of_points = max(3 - math.floor(math.log10(high - low)), 0)
    points = (
        "patient.baseline", "patient.daily_sd", "patient.diary_sd", "patient.period_sd", "patient.weekly_amplitude",
        "placebo.response", "placebo.response_sd",
    )  # fmt: skip
    further = {"patient.trend_per_week": of_points + 1, "conduct.missing_growth_per_week": 3, "conduct.missing": 3}
    return {**dict.fromkeys(points, of_points), **further}


def _refuse(scores: Scores, scenario: Scenario) -> None:
    """Refuse what nothing can be learned from."""
    written = scores.score[scores.is_entry]
    low, high = scenario.outcome.scale
    faults = []
    if written.size < FEWEST_ENTRIES:
        faults.append(f"the diary has {written.size} entries, and at least {FEWEST_ENTRIES} are needed to say anything")
    elif np.ptp(written) == 0:
        faults.append(
            f"every entry is {written[0]:g}: a score that never moves says nothing of daily ups and downs, and no trial"
            " can be planned on it; is it the right column?"
        )
    if beyond := int(((written < low) | (written > high)).sum()):
        faults.append(f"entries beyond the scale of {scenario.name}, from {low:g} to {high:g}: {beyond}")
    if faults:
        raise InputError(faults)


def _scenario(scenario: Scenario, findings: tuple[NumberFinding, ...], kind: str, entries: int, days: int) -> Scenario:
    """Return the scenario with the diary's patient."""
    changes: dict[str, object] = {finding.key: finding.value for finding in findings}
    if any(finding.key == "patient.period_sd" and finding.low is not None for finding in findings):
        changes["patient.drift_sd"] = 0.0  # slow wandering is in the shifts
    for trigger in scenario.trigger:
        changes[f"trigger.{trigger.name}.effect"] = 0.0  # what triggers do is in the ups and downs
    changes["name"] = f"{scenario.name[: MOST_NAME - 11]}-calibrated"
    changes["source"] = _source(scenario, kind, entries, days)
    changed = {key for key, value in changes.items() if "." in key and value != scenario.value(key)}
    own = {
        finding.key: _evidence(finding)
        for finding in findings
        if finding.key in changed or finding.state in BY_THE_DIARY
    }
    others = (each for each in scenario.evidence if each.key not in changed | own.keys())
    changes["evidence"] = [*(each.model_dump(exclude_unset=True) for each in others), *own.values()]
    changes["unsettled"] = [
        *(each.model_dump(exclude_unset=True) for each in scenario.unsettled if each.key not in changes),
        *(
            {"key": finding.key, "range": list(finding.range), "note": finding.note}
            for finding in findings
            if finding.range is not None
        ),
    ]
    return scenario.replace(**changes)


def _evidence(finding: NumberFinding) -> dict[str, object]:
    """Say where a number comes from that is not as it was."""
    if finding.state == "doubt":
        return {"key": finding.key, "status": "assumption", "note": finding.note}
    if finding.state != "told":
        return {"key": finding.key, "status": "assumption", "note": word("within_range")}
    assert finding.low is not None
    assert finding.high is not None
    span = [min(finding.low, finding.value), max(finding.high, finding.value)]
    return {"key": finding.key, "range": span, "status": "own-data", "note": finding.note}


def _source(scenario: Scenario, kind: str, entries: int, days: int) -> dict[str, str]:
    """Say where the numbers come from: the patient's from the diary, the drug's from where they came from before."""
    before = scenario.source
    origin = f" ({before.status}: {before.citation})" if before.citation else ""
    return {
        "citation": word(f"citation_{kind}", entries=entries, days=days),
        "reported": word("reported"),
        "status": "own-data",
        "note": word("source_note", scenario=scenario.name, origin=origin),
    }
