from __future__ import annotations

import pytest

from n1trial.evaluation.characteristics import Figure
from n1trial.pack.trial.characteristics import EXPLORED, evaluate, trials_to_evaluate
from n1trial.report.run.result import run
from n1trial.report.verdict import words
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.endings.stopping import trials_to_stop

pytestmark = pytest.mark.usefixtures("one_look")

UNSETTLED = [{"key": "patient.daily_sd", "range": [0.2, 6.0], "note": "a run-in was too short to tell"}]


def fast(**changes: object) -> Scenario:
    """The fast drug, with few simulated trials."""
    return load_scenario("fast-drug-2-week").replace(
        **{"simulation.replicates": 200, "analysis.methods": [], **changes}
    )


def test_what_is_sealed_is_what_a_run_says() -> None:
    scenario = fast()
    planned, result = evaluate(scenario), run(scenario)
    figures = result.figures[result.primary]
    assert planned.replicates == 200
    assert planned.detect_planned == figures["planned"]["detect"].value
    assert planned.detect_worthwhile == figures["mcid"]["detect"].value
    assert planned.false_alarms == figures["null"]["detect"].value
    assert planned.adopt_null == figures["null"]["adopt"].value
    assert (planned.answer, planned.words, planned.depends) == (
        result.verdict.answer, words(result.verdict), result.verdict.depends,
    )  # fmt: skip
    assert planned.least == planned.most == planned.detect_worthwhile
    assert result.stopped == Figure(planned.stopped, planned.stopped_mcse)


def test_a_plan_that_can_never_show_an_effect_is_sealed_as_one() -> None:
    planned = evaluate(fast(**{"analysis.primary": "randomization", "design.cycles": 1, "simulation.replicates": 20}))
    assert (planned.words, planned.depends) == ("This plan can never show an effect", False)


def test_what_is_not_known_is_sealed_too() -> None:
    scenario = fast(unsettled=UNSETTLED)
    planned, result = evaluate(scenario), run(scenario)
    assert planned.depends
    assert result.verdict.depends
    assert planned.words == words(result.verdict)
    (row,) = result.unsettled
    shown = [planned.detect_worthwhile, *(figure.value or 0.0 for _, figure in (row.low, row.high))]
    assert (planned.least, planned.most) == (min(shown), max(shown))
    assert planned.most - planned.least > 0.3


def test_the_ends_of_the_time_course_are_looked_at() -> None:
    scenario = load_scenario("b12-8-week").replace(**{"simulation.replicates": 200, "analysis.primary": "paired"})
    planned = evaluate(scenario)
    assert planned.least < planned.detect_worthwhile <= planned.most


@pytest.mark.parametrize("replicates", [100, 10_000])
def test_as_many_trials_are_told_as_are_simulated(replicates: int) -> None:
    scenario = fast(**{"simulation.replicates": replicates, "unsettled": UNSETTLED})
    assert trials_to_evaluate(scenario) == 3 * replicates + 2 * min(replicates, EXPLORED) + trials_to_stop(scenario)
