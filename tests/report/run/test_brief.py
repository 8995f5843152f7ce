"""The answer in few lines: its order, its length, and that each of its numbers says what it counts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import n1trial
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.stress import Departure, Stress
from n1trial.evaluation.verdict import Answer
from n1trial.report.run.terminal.brief import brief_answer
from n1trial.scenario.check.matters import why_idle
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.study.run.result import Result
from tests.report.pages import result_of

NAMES = [scenario.name for scenario in shipped_scenarios()]
MOST_LINES = 18
LABELS = ["First", "Shown", "Unsure", "Assumed", "Asks", "A result", "Why", "Better", "Mind", "More"]


@cache
def reference(name: str) -> str:
    return brief_answer(result_of(name))


def words(text: str) -> str:
    return " ".join(text.split())


def labels(text: str) -> list[str]:
    return [
        line[:10].strip()
        for line in text.splitlines()[1:]
        if line[10:11].strip() and line[9:10] == " " and line[0] != " "
    ]


def result_with(changes: dict[str, Any], name: str = "minimal", replicates: int = 200) -> Result:
    scenario = n1trial.load_scenario(name).replace(**{"analysis.methods": [], **changes})
    return n1trial.run(scenario, replicates=replicates)


@pytest.mark.parametrize("name", NAMES)
def test_the_question_comes_first_and_the_answer_by_line_four(name: str) -> None:
    lines = reference(name).splitlines()
    assert lines[0].startswith("Does ")
    assert lines[0].endswith("in this patient?")
    assert lines[1].startswith("Plan: ")
    assert any(line[:20].isupper() for line in lines[2:4])


@pytest.mark.parametrize("name", NAMES)
def test_it_is_short_and_in_one_order(name: str) -> None:
    lines = reference(name).splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 100
    found = [label for label in labels(reference(name)) if label in LABELS]
    assert found == [label for label in LABELS if label in found]
    assert {"First", "Shown", "Assumed", "Asks", "More"} <= set(found)
    for nothing in ("NaN", "None", "nan", "built-in", "{{"):
        assert nothing not in reference(name)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_are_as_wide_as_the_terminal(width: int) -> None:
    text = brief_answer(result_of("b12-6-to-8-week"), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert words(text) == words(reference("b12-6-to-8-week"))


def test_false_alarms_of_either_direction_are_those_that_are_counted() -> None:
    read = result_of("b12-6-to-8-week")
    null = {**read.figures[read.primary]["null"], "detect": Figure(0.054, 0.002), "adopt": Figure(0.036, 0.002)}
    figures = {**read.figures, read.primary: {**read.figures[read.primary], "null": null}}
    said = words(brief_answer(replace(read, figures=figures)))
    assert "If it did nothing, 4 of 100 trials would wrongly show a benefit and 2 a harm." in said


def test_a_single_direction_has_no_harm_to_show() -> None:
    said = words(brief_answer(result_with({"analysis.sides": 1})))
    assert "of 100 trials would wrongly show a benefit. " in said


def test_a_rule_that_goes_by_a_probability_is_told_by_what_it_decides() -> None:
    said = words(brief_answer(result_with({"decision.rule": "probability", "decision.threshold": 0.9})))
    assert "If Example drug lowered the score by 1 point, it would be continued after " in said
    assert "If it did nothing, it would be continued after " in said


def test_a_harmful_plan_is_called_worse() -> None:
    assert "If it raised the score by 0.5 points, which is worse, as planned: " in words(
        brief_answer(result_with({"treatment.effect": 0.5}))
    )


def test_the_unit_of_the_score_is_used_throughout() -> None:
    said = words(brief_answer(result_with({"outcome.unit": "minutes"})))
    assert "point" not in said
    assert "lowered the score by 1 minute" in said


def test_a_plan_that_can_never_show_an_effect_says_so_and_why() -> None:
    said = words(brief_answer(result_with({"analysis.primary": "randomization", "design.cycles": 2})))
    assert "THIS PLAN CAN NEVER SHOW AN EFFECT: with 4 possible orders the smallest p is 0.5, above 0.05." in said


def test_what_cannot_be_analyzed_is_said_so() -> None:
    said = words(brief_answer(result_with({"design.cycles": 1})))
    assert "No trial can be analyzed. Fewer than two rounds" in said
    assert "would show it" not in said.partition("Assumed")[0]


@pytest.mark.parametrize(("shown", "answer"), [(0.83, "likely"), (0.6, "may"), (0.3, "unlikely")])
def test_a_headline_says_what_its_figure_says(shown: float, answer: Answer) -> None:
    read = result_of("minimal")
    mcid = {**read.figures["paired"]["mcid"], "detect_right": Figure(shown, 0.005)}
    figures = {**read.figures, "paired": {**read.figures["paired"], "mcid": mcid}}
    said = words(brief_answer(replace(read, figures=figures, verdict=replace(read.verdict, answer=answer))))
    headline = {
        0.83: "GOOD CHANCE OF A CLEAR ANSWER: 50 weeks would most likely show a benefit of 1 point, if there is one.",
        0.6: "MAY WELL MISS A WORTHWHILE BENEFIT: 40 of 100 trials of 50 weeks miss a benefit of 1 point.",
        0.3: "PROBABLY NO CLEAR ANSWER: 50 weeks would most likely leave the question open.",
    }[shown]
    assert headline in said
    assert f"{100 * shown:.0f} of 100 trials would show it" in said


def test_what_was_changed_and_what_was_counted_under_stress_is_said() -> None:
    read = result_of("b12-6-to-8-week")
    alarms = {Departure.AS_PLANNED: 0.05, Departure.LARGE_LEAK: 0.1}
    rows = tuple(
        Stress(name, method, Figure(size, 0.002), Figure(0.3, 0.004))
        for name, size in alarms.items()
        for method in read.figures
    )
    text = brief_answer(replace(read, stress=rows), {"design.cycles": "3"})
    assert "Changed: design.cycles = 3." in words(text)
    assert "The planned analysis, course, gives too many false alarms under: leak of 0.5 (10 of 100)." in words(text)
    assert "Under stress" in text
    assert "In some patients" not in words(text)


def test_few_trials_are_called_too_few() -> None:
    assert "200 simulated trials (too few): " in words(brief_answer(result_with({})))


def test_a_change_that_does_nothing_is_said_to_do_nothing() -> None:
    read = result_of("b12-6-to-8-week")
    said = words(brief_answer(read, {"analysis.prior_sd": "3"}))
    idle = why_idle(read.scenario, "analysis.prior_sd")
    assert idle is not None
    assert f"Changed: analysis.prior_sd = 3. {idle.place} {idle.rule}." in said
    assert str(idle.rule) not in words(brief_answer(read, {"design.cycles": "3"}))


def test_a_benefit_over_an_active_control_is_named_so() -> None:
    control = {"control.name": "Drug X", "control.kind": "active"}
    said = words(brief_answer(result_with(control)))
    assert "Does Example drug lower “Complaints” more than Drug X does in this patient?" in said
    assert "would wrongly show a benefit over Drug X" in said
    assert "A benefit of 1 point over Drug X" in said


def test_a_plan_not_to_rely_on_has_no_range_and_says_that_it_is_no_advice() -> None:
    said = words(reference("iron-12-week"))
    assert "if it acts more slowly or faster" not in said
    for name in NAMES:
        assert "This is no advice." in words(reference(name))


def test_many_trials_without_a_result_are_counted() -> None:
    assert "25 of 100 trials end without a result." in words(reference("minimal"))
    assert "without a result" not in words(reference("fast-drug-2-week"))


def test_a_decision_by_probability_does_not_promise_what_its_test_would_show() -> None:
    read = result_of("minimal")
    scenario = read.scenario.replace(**{"decision.rule": "probability", "decision.threshold": 0.9})
    verdict = replace(read.verdict, answer="likely")
    said = words(brief_answer(replace(read, scenario=scenario, verdict=verdict)))
    assert (
        "GOOD CHANCE OF A CLEAR ANSWER: its test would show a benefit of 1 point in 34 of 100 trials of 50 weeks."
        in said
    )
