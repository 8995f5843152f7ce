"""What must be said beside the numbers that a diary tells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from n1trial.diary.file.scores import Scores
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.finding import NumberFinding
from n1trial.study.calibration.wording import word

MANY_AT_AN_END = 0.1
"""Share of entries at an end of the scale from which on it is said."""
FAR_LEVEL_SDS = 2.0
"""Daily SDs between the diary's level and the scenario's from which on another outcome is suspected."""


def remarks(
    scores: Scores, scenario: Scenario, kind: str, notes: tuple[str, ...], findings: tuple[NumberFinding, ...]
) -> Iterator[str]:
    """Say what must be said beside the numbers."""
    yield from (*scores.notes, *notes)
    yield from _of_the_scores(scores, scenario, findings)
    yield word(kind)
    if scenario.trigger:
        yield word("triggers", names=[trigger.name for trigger in scenario.trigger])


def _of_the_scores(scores: Scores, scenario: Scenario, findings: tuple[NumberFinding, ...]) -> Iterator[str]:
    """Say what is odd about the written scores."""
    written, outcome = scores.score[scores.is_entry], scenario.outcome
    for end in outcome.scale:
        share = float((written == end).mean())
        if share > MANY_AT_AN_END:
            yield word("at_an_end", share=share, end=end)
    if outcome.step and (off := int((np.abs((written - outcome.scale[0]) / outcome.step % 1 - 0.5) < 0.499).sum())):
        yield word("off_steps", step=outcome.step, scenario=scenario.name, count=off)
    found = {finding.key: finding for finding in findings}
    level, stated = found["patient.baseline"].value, scenario.patient.baseline
    if abs(level - stated) > FAR_LEVEL_SDS * max(found["patient.daily_sd"].value, scenario.patient.daily_sd):
        yield word("another_level", level=level, scenario=scenario.name, stated=stated)
