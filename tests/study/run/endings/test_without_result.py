"""Trials without a result: the cause that is named is the one that was put in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from n1trial.evaluation.characteristics import Figure
from n1trial.report.run.what_if import what_if
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.endings.without_result import WORTH_ASKING, WithoutResult, why_without_result, without_cause
from tests.report.pages import result_of
from tests.study.run.test_run import small

PERFECT: dict[str, object] = {
    "conduct.dropout_per_week": 0.0, "conduct.missing": 0.0, "conduct.gaps_per_month": 0.0, "conduct.adherence": 1.0,
    "analysis.methods": [], "analysis.primary": "paired", "simulation.replicates": 200,
}  # fmt: skip


def trial(**changes: object) -> Scenario:
    return small().replace(**PERFECT | {key.replace("__", "."): value for key, value in changes.items()})


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"conduct__dropout_per_week": 0.05}, "early_stopping"),
        ({"conduct__missing": 0.5, "analysis__minimum_days": 21, "analysis__discard_days": 0}, "minimum_days"),
        ({"conduct__missing": 0.6, "analysis__minimum_days": 1, "analysis__discard_days": 26}, "discard_days"),
        ({"conduct__missing": 0.98, "analysis__minimum_days": 1, "analysis__discard_days": 0}, "missing_entries"),
        ({"conduct__adherence": 0.0, "analysis__primary": "exposure"}, "missed_doses"),
    ],
)
def test_the_cause_that_was_put_in_is_named(changes: dict[str, object], cause: str) -> None:
    found = why_without_result(trial(**changes), 1.0)
    assert found is not None
    assert found.trials == 200
    assert found.cases > 20
    assert found.main == cause
    assert (found.causes[cause].value or 0.0) > 0.8
    assert (found.causes[cause].mcse or 0.0) > 0


def test_causes_that_are_not_there_are_not_tried() -> None:
    assert set(without_cause(trial())) == {"guessing", "discard_days", "minimum_days", "few_rounds"}


def test_nothing_is_asked_where_few_trials_have_no_result() -> None:
    assert why_without_result(trial(), 0.9 * WORTH_ASKING) is None


def test_without_a_case_no_cause_is_named() -> None:
    found = why_without_result(trial(outcome__step=0.0), WORTH_ASKING)
    assert found is not None
    assert (found.cases, found.main, found.causes) == (0, None, {})


@pytest.mark.parametrize(
    ("causes", "words"),
    [
        ({"early_stopping": 0.98, "discard_days": 0.1},
         "result. 98 of 100 of them would have one if nobody stopped early."),
        ({"minimum_days": 0.98, "discard_days": 0.7},
         "result. 98 of 100 of them would have one if a period needed one entry only (minimum_days); 70 if no"
         " settling-in days were left out (discard_days)."),
        ({"early_stopping": 1.0}, "result. All of them would have one if nobody stopped early."),
        ({"few_rounds": 0.3, "discard_days": 0.0}, "result. 30 of 100 of them would have one with a fourth round."),
        ({"early_stopping": 0.0}, "result. Fewer than two rounds have enough entries"),
    ],
)  # fmt: skip
def test_the_cause_is_said_and_not_guessed_from_the_reason(causes: dict[str, float], words: str) -> None:
    found = WithoutResult(1000, 250, {cause: Figure(share, 0.01) for cause, share in causes.items()})
    assert words in " ".join(what_if(replace(result_of("minimal"), without_result=found)))
