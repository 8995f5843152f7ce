from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import n1trial
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.stress import Departure, Stress
from n1trial.report import verdict
from n1trial.report.lines import WIDTH
from n1trial.report.run.stress import advice_under_stress
from n1trial.report.run.terminal.brief import brief_answer
from n1trial.report.run.terminal.full import answer
from n1trial.report.sentences import run_in_in_words, warnings_in_words
from n1trial.report.words import days_or_weeks, effect_in_words, layout_in_words, ordinal_rounds, points, weeks
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.study.run.result import Improvement
from tests.report.pages import result_of

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "results" / "reference"
NAMES = [scenario.name for scenario in shipped_scenarios()]


@cache
def answer_to(name: str) -> str:
    return answer(result_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_says_what_a_reader_needs(name: str) -> None:
    said = answer_to(name)
    assert all(len(line) <= WIDTH for line in said.splitlines())
    for words in (
        "If it did nothing, ",
        "It asks for ",
        "How sure ",
        "First ",
        "values rest on published numbers",
        "Analyzed by ",
        f"n1trial check {name}",
    ):
        assert words in said
    assert "NaN" not in said
    assert "None" not in said


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("b12")])
def test_every_answer_on_b12_says_where_the_idea_is_from_and_what_a_skeptic_would_see(name: str) -> None:
    said = " ".join(answer_to(name).split())
    assert "not located, effect size not reported: the effect planned for is an assumption" in said
    assert "by 0.5 points" in said
    assert "Suppose it helps 10 of 100 such patients." in said
    if "no control" not in said:
        assert "By theory serum level (builds up in 7 days, fades in 9): " in said


def told(changes: dict[str, object], name: str = "minimal", replicates: int = 200) -> str:
    """Answer to a changed scenario on one line; it goes by the primary analysis, and no other is made."""
    scenario = n1trial.load_scenario(name).replace(**{"analysis.methods": [], **changes})
    return " ".join(answer(n1trial.run(scenario, replicates=replicates)).split())


def test_a_plan_that_can_never_show_an_effect_says_so_first() -> None:
    said = told({"analysis.primary": "randomization", "design.cycles": 2})
    words = "THIS PLAN CAN NEVER SHOW AN EFFECT: with 4 possible orders the smallest p is 0.5, above 0.05. If it"
    assert f"drawn by lot {words}" in said
    said = told({"design.cycles": 1})
    assert "drawn by lot THIS PLAN CAN NEVER SHOW AN EFFECT: one round gives a single difference" in said
    assert "NEVER SHOW" not in told({"analysis.primary": "randomization", "design.cycles": 6})


def test_what_cannot_be_relied_on_gets_no_advice() -> None:
    said = told({}, "iron-12-week", 1000)
    assert "DO NOT RELY ON THIS PLAN" in said
    for advice in ("Held back by", "Helps most", "A negative result would"):
        assert advice not in said


def test_what_cannot_be_analyzed_is_said_so() -> None:
    said = told({"design.cycles": 1})
    assert "No trial can be analyzed: Fewer than two rounds" in said
    assert "shown in" not in said


def test_a_rule_that_goes_by_a_probability_is_told_by_what_it_decides() -> None:
    said = told({"decision.rule": "probability", "decision.threshold": 0.9, "decision.benefit": 0.5})
    assert "the drug continued in" in said
    assert "the drug is continued where a benefit above 0.5 points is 90% likely" in said


def test_harm_is_called_worse_and_few_trials_too_few() -> None:
    said = told({"treatment.effect": 0.5})
    assert "If it raised the score by 0.5 points, which is worse, as planned" in said
    assert "200 simulated trials (too few to go by)" in said


@pytest.mark.parametrize(
    ("run_in", "gain", "mcse", "words"),
    [
        ("placebo", -0.03, 0.007, "2 weeks of run-in on placebo would shorten the trial to 48 weeks. The benefit"),
        ("placebo", -0.03, 0.007, "in 31 of 100 trials, with them in 34. The stop rule"),
        ("placebo", -0.03, 0.02, "in 31 of 100 trials, with them in 34. Chance alone could make that difference. The"),
        ("open", 0.0, 0.007, "Dropping the 2 weeks of run-in would shorten the trial to 48 weeks."),
        ("open", 0.0, 0.007, "in 31 of 100 trials, as with them. The stop rule would have nothing to compare with."),
    ],
)
def test_what_dropping_a_run_in_saves_and_costs_is_said(run_in: str, gain: float, mcse: float, words: str) -> None:
    read = result_of("minimal")
    improved = {"no_run_in": Improvement(Figure(0.31, 0.005), Figure(gain, mcse), -2.0)}
    scenario = read.scenario.replace(**{"design.run_in": run_in})
    result = replace(read, scenario=scenario, improvements=improved, verdict=replace(read.verdict, limit=None))
    said = run_in_in_words(result)
    assert said is not None
    assert words in said
    assert (f"Run-in {said}" in " ".join(answer(result).split())) == (run_in == "placebo")
    assert run_in_in_words(replace(result, improvements={})) is None


def test_what_raises_false_alarms_stands_beside_the_answer() -> None:
    read = result_of("minimal")
    assert warnings_in_words(read) == verdict.warnings(read.verdict)
    by_course = replace(read, scenario=read.scenario.replace(**{"analysis.primary": "course"}))
    weak = warnings_in_words(by_course)[-1]
    assert weak.startswith(
        "This analysis gives more false alarms than asked for where one day resembles the next strongly"
    )
    held = (Stress(Departure.AS_PLANNED, "course", Figure(0.05, 0.002), Figure(0.3, 0.004)),)
    assert weak not in warnings_in_words(replace(by_course, stress=held))


def test_departures_that_the_planned_analysis_does_not_stand_are_named() -> None:
    read = result_of("minimal")
    alarms = {Departure.AS_PLANNED: 0.05, Departure.AUTOCORRELATION: 0.084, Departure.LARGE_PLACEBO: 0.1}
    rows = tuple(Stress(name, "paired", Figure(size, 0.002), Figure(0.3, 0.004)) for name, size in alarms.items())
    result = replace(read, stress=rows)
    assert advice_under_stress(result).startswith("Recommended: none")
    assert warnings_in_words(result)[-1] == (
        "The planned analysis, paired, gives too many false alarms under: autocorrelation of 0.9 (8 of 100), placebo"
        " response twice as large (10 of 100)."
    )
    assert not any("too many" in warning for warning in warnings_in_words(replace(read, stress=rows[:1])))


def test_changes_are_named_and_can_be_typed_again() -> None:
    result = n1trial.run(n1trial.load_scenario("minimal"), replicates=200)
    said = answer(result, "mine.toml --set design.cycles=3", {"design.cycles": "3"})
    assert "Changed       design.cycles = 3\n" in said
    assert "n1trial check mine.toml --set design.cycles=3" in " ".join(said.split())


def test_a_change_that_changes_nothing_is_said_to() -> None:
    changes = {"analysis.assumed_onset_days": "3", "patient.daily_sd": "1.4"}
    read = result_of("minimal")
    result = replace(read, scenario=read.scenario.replace(**{key: float(text) for key, text in changes.items()}))
    said = " ".join(answer(result, changes=changes).split())
    assert "analysis.assumed_onset_days changes nothing in what paired, the analysis that decides, shows;" in said
    assert "patient.daily_sd changes nothing" not in said


def test_reference_results_are_what_the_program_says() -> None:
    """One of them in full, figures included; all are remade by results/reference/remake.py."""
    result = n1trial.run(n1trial.load_scenario("minimal"), workers=2)
    assert answer(result) == (REFERENCE / "minimal" / "answer-long.txt").read_text(encoding="utf-8")
    assert brief_answer(result) == (REFERENCE / "minimal" / "answer.txt").read_text(encoding="utf-8")
    committed = json.loads((REFERENCE / "minimal" / "run.json").read_text(encoding="utf-8"))
    assert numbers(json.loads(result.to_json())) == pytest.approx(numbers(committed), rel=1e-6, abs=1e-9)


def numbers(document: object) -> list[float]:
    """Every number of a document, in its order."""
    if isinstance(document, dict):
        return [number for value in document.values() for number in numbers(value)]
    if isinstance(document, list):
        return [number for value in document for number in numbers(value)]
    return [float(document)] if isinstance(document, int | float) else []


@pytest.mark.parametrize("name", NAMES)
def test_reference_answer_is_of_the_scenario_as_it_stands(name: str) -> None:
    layout = layout_in_words(n1trial.load_scenario(name))
    long = (REFERENCE / name / "answer-long.txt").read_text(encoding="utf-8")
    assert " ".join(long.split()).startswith(layout)
    assert f"Plan: {layout}" in " ".join((REFERENCE / name / "answer.txt").read_text(encoding="utf-8").split())


def test_readme_shows_the_reference_answer() -> None:
    example = (REFERENCE / "b12-6-to-8-week" / "answer.txt").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\n".join(f"    {line}".rstrip() for line in example.splitlines()) in readme


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Example drug or Placebo, 3 rounds, periods of 8 weeks, the order of each round drawn by lot"),
        ({"design.cycles": 1, "design.period_days": 45}, "1 round, periods of 45 days"),
        ({"design.washout_days": 7}, "1 week of placebo between them"),
        (
            {"design.randomization": "fixed", "design.sequence": "ABBAAB"},
            "in the order ABBAAB (A is Example drug)",
        ),
        (
            {"design.period_days": 49, "design.switch_jitter_days": 7},
            "periods of 6, 7 or 8 weeks, the order of each round drawn by lot, change-over drawn at random",
        ),
        ({"design.switch_jitter_days": 5, "design.switch_jitter_step_days": 1}, "periods of 51 to 61 days"),
    ],
)
def test_layout_in_words(changes: dict[str, object], words: str) -> None:
    assert words in layout_in_words(n1trial.load_scenario("minimal").replace(**changes))


def test_small_words() -> None:
    assert (points(1), points(0.5), weeks(1), weeks(44.5)) == ("1 point", "0.5 points", "1 week", "44.5 weeks")
    assert (days_or_weeks(14), days_or_weeks(15), days_or_weeks(1)) == ("2 weeks", "15 days", "1 day")
    assert effect_in_words(-1) == "lowered the score by 1 point"
    assert effect_in_words(2) == "raised the score by 2 points"
    assert effect_in_words(0) == "did nothing"
    assert (ordinal_rounds(3, 1), ordinal_rounds(4, 2), ordinal_rounds(12, 1)) == (
        "a fourth round", "two more rounds", "one more round",
    )  # fmt: skip


UNKNOWN = {
    "unsettled": [
        {"key": "patient.daily_sd", "range": [0.3, 1.4], "note": "Too short a run-in."},
        {"key": "patient.weekly_amplitude", "range": [0.0, 0.4]},
        {"key": "trigger.stress.effect", "range": [0.0, 0.5]},
    ],
    "trigger": [{"name": "stress"}],
}


def test_what_is_not_known_is_told_at_both_ends() -> None:
    said = told(UNKNOWN, replicates=1000)
    assert "PROBABLY NO CLEAR ANSWER - and it depends on how much the score swings from day to day" in said
    assert "which is not known." in said
    assert "Not known how much the score swings from day to day. If 0.3: " in said
    assert "weekly ups and downs. If 0: " in said
    assert "what it adds (stress). If 0: " in said


def test_what_is_not_known_and_changes_nothing_is_no_reason_to_say_that_it_depends() -> None:
    said = told({"unsettled": [{"key": "patient.weekly_amplitude", "range": [0.0, 0.4]}]}, replicates=1000)
    assert "depends" not in said
    assert "weekly ups and downs. If 0: " in said


def test_numbers_from_the_own_diary_are_counted_and_their_source_is_told() -> None:
    evidence = {"key": "patient.daily_sd", "range": [1.0, 2.0], "status": "own-data"}
    note = "The effect stays an assumption. More."
    source = {"citation": "Own diary, 28 entries", "status": "own-data", "note": note}
    said = told({"evidence": [evidence], "source": source})
    assert "0 of 10 values rest on published numbers, 1 on the own diary." in said
    assert "Source Own diary, 28 entries. The effect stays an assumption." in said
