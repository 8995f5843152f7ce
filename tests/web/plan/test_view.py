from __future__ import annotations

import re
from functools import cache

import pytest

from n1trial.evaluation.characteristics import Figure
from n1trial.report.rates import count, in_100
from n1trial.report.run.context import view
from n1trial.report.run.tiles import planned_tile, tiles
from n1trial.scenario.file.load import load_scenario
from n1trial.study.run.result import Result
from n1trial.web.compare.rows import TOLD, DesignResult, curve_rows, rows, share_in_words
from n1trial.web.plan import view as plan_view
from n1trial.web.shared.plan.closed_form import expect
from n1trial.web.shared.state import FIRST
from tests.report.pages import FEW, fresh

BY_PROBABILITY = {"decision.rule": "probability", "decision.benefit": 0.1, "analysis.primary": "bayes"}
RULES = [{}, BY_PROBABILITY]


@cache
def result_of(place: int) -> Result:
    """A run by each of the rules, in which they come to numbers that differ."""
    return fresh("minimal", FEW, RULES[place])


def figure(html: str, name: str) -> str:
    found = re.search(rf'data-figure="{name}" data-value="([^"]*)"', html)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("place", [0, 1], ids=["detected", "probability"])
def test_shown_and_false_alarms_are_one_number_each_wherever_they_stand(place: int) -> None:
    result = result_of(place)
    primary = result.figures[result.primary]
    shown, alarms = (
        (primary["mcid"]["adopt"], primary["null"]["adopt"]) if place
        else (primary["mcid"]["detect_right"], primary["null"]["detect"])
    )  # fmt: skip
    strip, curve = str(plan_view.verdict(result)), str(plan_view.power_curve(result))
    assert figure(strip, "shown") == repr(shown.value)
    assert figure(strip, "alarms") == repr(alarms.value)
    assert f"{count(alarms)} ({'false alarms' if place else 'false alarms for better or worse'})" in curve
    assert f"Without an effect: {count(alarms)} of 100 false alarms." in curve
    assert view(result)["alarms"] == alarms
    compared = {row.label.split(",")[0]: row.values for row in rows([DesignResult("A", result)])}
    assert compared["Shown"] == (share_in_words(shown, True),)
    assert compared["False alarms"] == (share_in_words(alarms, True),)
    drawn = {row.label: row.values for row in curve_rows([DesignResult("A", result)])}
    assert drawn["0 points: false alarms"] == compared["False alarms"]
    assert drawn["1 point"] == compared["Shown"]
    assert [tile.figure for tile in tiles(result)] == [shown, primary["null"]["adopt"]]


@pytest.mark.parametrize("place", [0, 1], ids=["detected", "probability"])
def test_what_is_planned_has_a_tile_where_it_is_another_effect(place: int) -> None:
    same = result_of(place)
    assert same.scenario.treatment.effect == -same.scenario.outcome.mcid
    assert str(plan_view.shown_tiles(same)).count("<h4>") == 2
    other = fresh("minimal", FEW, {**RULES[place], "treatment.effect": -0.4})
    tile = planned_tile(other)
    assert tile is not None
    assert tile.figure == other.figures[other.primary]["planned"]["adopt" if place else "detect_right"]
    assert tile.figure not in [each.figure for each in tiles(other)]
    shown = str(plan_view.shown_tiles(other))
    assert "<h4>If it lowered the score by 1 point, the smallest worthwhile</h4>" in shown
    assert "<h4>If it lowered the score by 0.4 points, as planned</h4>" in shown
    assert shown.index("by 1 point,") < shown.index("as planned") < shown.index("did nothing")


def test_a_picture_by_formula_does_not_call_itself_simulated() -> None:
    by_formula = expect(load_scenario("minimal"))
    assert by_formula is not None
    drawn = str(plan_view.power_curve(by_formula))
    assert "A first estimate by formula; the simulation follows." in drawn
    assert "simulated" not in drawn
    simulated = str(plan_view.power_curve(result_of(0)))
    assert "Of 100 simulated trials with each effect" in simulated
    assert "by formula" not in simulated


DEFICIENT = "Is B12 deficient, ferritin at or below 75 ng/mL, or transferrin saturation below 20%?"
NIGHTLY = "Do complaints come on most nights, about five a week or more?"


def test_a_plan_that_can_never_show_an_effect_says_so_first() -> None:
    changes = {"analysis.primary": "randomization", "design.cycles": 2}
    reason = "with 4 possible orders the smallest p is 0.5, above 0.05."
    simulated = fresh("minimal", FEW, changes)
    by_formula = expect(load_scenario("minimal").replace(**{"design.cycles": 1}))
    assert by_formula is not None
    for seen, why in ((simulated, reason), (by_formula, "one round gives a single difference")):
        strip = re.sub(r"<[^>]*>", "", str(plan_view.verdict(seen)))
        assert f"This plan can never show an effect: {why}" in " ".join(strip.split())
        assert "Probably no clear answer" not in strip
    assert TOLD["Could it give an answer?"](simulated) == "This plan can never show an effect"
    probable = fresh("minimal", FEW, {**changes, "decision.rule": "probability"})
    strip = re.sub(r"<[^>]*>", "", str(plan_view.verdict(probable)))
    assert "never" not in strip
    assert "slower or faster than the analysis assumes" not in strip
    shown = view(simulated)
    assert (shown["headline"], shown["reason"]) == ("This plan can never show an effect", f"W{reason[1:]}")


def test_what_forbids_the_trial_or_speaks_against_it_stands_before_its_figures() -> None:
    plain = result_of(0)
    assert plan_view.against(plain.scenario) is None
    assert "Not in this patient" not in str(plan_view.verdict(plain))

    answers = [{"question": NIGHTLY, "answer": "no"}]
    considered = {"cautions": {"block": load_scenario(FIRST).cautions.block}, "considered": answers}
    doubted = fresh("minimal", FEW, considered)
    told = str(plan_view.against(doubted.scenario))
    assert told.index("Answers before planning speak against it.") < told.index("these figures are wrong")
    assert "Not in this patient" not in told + str(plan_view.verdict(doubted))

    answers.append({"question": DEFICIENT, "answer": "yes"})
    forbidden = fresh("minimal", FEW, considered)
    told, strip = str(plan_view.against(forbidden.scenario)), str(plan_view.verdict(forbidden))
    assert told.index("Not in this patient now.") < told.index("no trial now") < told.index("these figures are wrong")
    assert told.count("no trial now") == 1
    assert 'class="verdict misleading"' in strip
    assert strip.index("Not in this patient now.") < strip.index('id="verdict"')


def test_figures_of_the_plan_before_a_fault_say_in_what_it_is() -> None:
    told = "These figures are of the plan before the fault in: Rounds."
    assert told in str(plan_view.verdict(result_of(0), ["Rounds"]))
    assert "before the fault" not in str(plan_view.verdict(result_of(0)))
    assert plan_view.of_the_plan_before(["Rounds", "Run-in"]).endswith("before the faults in: Rounds; Run-in.")


def test_the_ends_of_what_is_believed_are_told_always() -> None:
    believed = fresh("minimal", FEW, {"treatment.onset_range": [0.0, 60.0]})
    ends = [round(100 * (row.detect.value or 0)) for row in believed.sensitivity if row.is_end]
    assert min(ends) < max(ends)
    told = (
        f" trials ({min(ends)} to {max(ends)} if it acts slower or faster than the analysis assumes). If it did nothing"
    )
    assert told in str(plan_view.verdict(believed))
    assert "slower or faster" not in str(plan_view.verdict(result_of(0)))


def test_nothing_is_drawn_where_the_drug_is_given_openly() -> None:
    openly = fresh("b12-6-month-open-label", FEW, {})
    assert "given openly" in str(plan_view.calendar(openly))
    assert "Which treatment comes when" not in str(plan_view.calendar(openly))
    assert "Which treatment comes when" in str(plan_view.calendar(result_of(0)))


def test_the_rules_are_told_apart_by_these_trials() -> None:
    primary = result_of(1).figures["bayes"]

    def words(seen: Figure) -> str:
        return in_100(seen.value)

    assert words(primary["mcid"]["adopt"]) != words(primary["mcid"]["detect"])
    assert words(primary["null"]["adopt"]) != words(primary["null"]["detect"])


@pytest.mark.parametrize(("sides", "named"), [(1, "one_sided"), (2, "two_sided")])
def test_the_smallest_p_value_is_of_as_many_sides_as_the_analysis(sides: int, named: str) -> None:
    mirrored = {"treatment.onset_days": 0.0, "treatment.offset_days": 0.0, "design.washout_days": 0}
    seen = expect(load_scenario("minimal").replace(**mirrored, **{"analysis.sides": sides}))
    assert seen is not None
    told = f"the smallest p-value an exact test can reach is {seen.burden.smallest_p[named]:.2g}."
    assert told in str(plan_view.calendar(seen))
    assert len(set(seen.burden.smallest_p.values())) == 2
