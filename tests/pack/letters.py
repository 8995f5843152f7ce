"""Letters of the cases that once contradicted themselves or claimed too much, each with the result it had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from n1trial.evaluation.ending import ending_of
from n1trial.evaluation.tally import adopts
from n1trial.pack.end.conclude import Final, conclude
from n1trial.pack.end.trail import Trail
from n1trial.pack.end.trial_diary import join
from n1trial.pack.freeze.history import History
from n1trial.pack.trial.characteristics import PlanCharacteristics
from tests.pack.kept import filled, lived, read, scenario_of

MADE = Trail("ab" * 32, "cd" * 32, "2027-12-01T10:00:00+01:00", History())
GOOD = PlanCharacteristics(
    1000, 0.9, 0.85, 0.04, 0.02, "likely", "A good chance of a clear answer", False, 0.8, 0.9, exaggeration=1.1
)
MEDIUM = replace(GOOD, detect_planned=0.5, detect_worthwhile=0.45, exaggeration=1.4)
WEAK = PlanCharacteristics(
    1000, 0.3, 0.16, 0.04, 0.02, "unlikely", "Probably no clear answer", False, 0.1, 0.2, exaggeration=1.9
)
MINUTES = {
    "treatment__name": "Valerian", "treatment__dose": "", "treatment__effect": 30.0, "outcome__name": "Sleep",
    "outcome__unit": "minutes", "outcome__scale": (0, 600), "outcome__step": 5, "outcome__better": "higher",
    "outcome__mcid": 30.0, "patient__baseline": 330.0, "patient__daily_sd": 40.0, "placebo__response": 10.0,
    "treatment__further_effects": (), "treatment__established_effect": None, "secondary": (), "theory": (),
    "evidence": (), "cautions__block": "", "trigger": (), "conduct__dropout_per_week": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A result of the planned analysis: estimate, its interval and p, and how good the plan was."""

    result: tuple[float, float, float, float]
    planned: PlanCharacteristics = GOOD
    changes: Mapping[str, Any] = field(default_factory=dict)


CASES = {
    "small": Case((2.8, -15.2, 29.95, 0.58), changes=MINUTES),
    "none": Case((0.59, -0.03, 1.2, 0.06), changes={"conduct__dropout_per_week": 0.0}),
    "harm": Case((-54.0, -102.0, -6.0, 0.04), changes=MINUTES),
    "harm-unclear": Case((-23.0, -102.0, 56.0, 0.45), changes=MINUTES),
    "weak-plan": Case((-3.0, -4.7, 8.1, 0.18), WEAK, {"conduct__dropout_per_week": 0.0}),
    "medium-plan": Case((-0.9, -2.7, 0.9, 0.3), MEDIUM, {"conduct__dropout_per_week": 0.0}),
    "benefit": Case((-1.6, -2.4, -0.8, 0.002), changes={"conduct__dropout_per_week": 0.0}),
    "benefit-of-a-weak-plan": Case((-2.6, -4.4, -0.8, 0.02), WEAK, {"conduct__dropout_per_week": 0.0}),
}
"""By name; the first four and the fifth are of whole trials that were gone through."""


def final_of(case: Case, folder: Path) -> Final:
    """TrialEnd trial whose planned analysis, by `paired`, has the result of a case."""
    scenario = scenario_of(analysis__primary="paired", analysis__assumed_onset_days=0.0,
                           analysis__assumed_offset_days=0.0, **case.changes)  # fmt: skip
    diaries, key = lived(scenario, 2)
    key = replace(key, characteristics=case.planned)
    final = conclude(join(read(filled(diaries, key.trial), key.trial, folder), key))
    estimate, low, high, p = (np.array([figure]) for figure in case.result)
    primary = replace(final.primary, estimate=estimate, ci_low=low, ci_high=high, p_value=p)
    return replace(
        final, estimates={"paired": primary}, ending=ending_of(primary, final.trial_diary.as_randomized),
        is_adopted=bool(adopts(primary, final.plan)[0]),
    )  # fmt: skip
