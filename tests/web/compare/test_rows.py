from __future__ import annotations

import re

import pytest

from n1trial.errors import InputError, RunError
from n1trial.evaluation.characteristics import Figure
from n1trial.report.run.result import run
from n1trial.report.verdict import words
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import measure
from n1trial.study.run.cells import cells_of_a_curve, cells_of_a_verdict
from n1trial.study.run.findings import Findings
from n1trial.study.run.result import PartialResult
from n1trial.web.compare.rows import (
    NOT_YET,
    OTHER_PATIENTS,
    OTHER_SEEDS,
    SAME_SEED,
    DesignResult,
    Simulations,
    curve_rows,
    how_sure_differences_are,
    picture,
    rows,
    share_in_words,
)
from n1trial.web.shared.job import UNFORESEEN, faults_in
from n1trial.web.shared.plan.closed_form import expect
from n1trial.web.shared.plan.designs import trial_of

pytestmark = pytest.mark.usefixtures("one_look")

NAME = "b12-8-week"
TRIALS = 100


def simulated(scenario: Scenario) -> PartialResult:
    cells = cells_of_a_verdict(scenario) | cells_of_a_curve(scenario)
    seed = scenario.simulation.seed
    return Findings(scenario, dict(zip(cells, measure([*cells.values()], seed), strict=True))).partial_result()


@pytest.fixture(scope="module")
def partial() -> PartialResult:
    return simulated(trial_of(load_scenario(NAME)).replace(**{"simulation.replicates": TRIALS}))


def test_figures_are_those_of_a_run_to_the_last_digit(partial: PartialResult) -> None:
    whole = run(load_scenario(NAME), TRIALS)
    for truth in ("mcid", "null"):
        assert partial.figures[whole.primary][truth]["detect"] == whole.figures[whole.primary][truth]["detect"]
    assert partial.curve == whole.curve
    assert partial.burden == whole.burden
    assert (partial.verdict.answer, partial.verdict.depends) == (whole.verdict.answer, whole.verdict.depends)


def test_what_each_shows_and_asks_for(partial: PartialResult) -> None:
    found = {row.label: row.values for row in rows([DesignResult("A", partial), DesignResult("B", None)])}
    shown = partial.figures[partial.primary]["mcid"]["detect_right"]
    assert found["Shown, where the effect is the smallest worthwhile one"] == (share_in_words(shown, True), NOT_YET)
    assert found["Weeks"] == ("50", NOT_YET)
    assert found["Diary entries"][0] == "350"
    assert found["Weeks on placebo"][0] == "24"
    assert found["Possible orders and change-overs"][0] == "8"
    assert found["Share of the effect that a plain comparison sees"][0] == "63%"
    assert found["Could it give an answer?"][0] == words(partial.verdict)


def test_an_open_label_plan_has_no_plain_comparison() -> None:
    scenario = load_scenario("b12-6-month-open-label").replace(**{"simulation.replicates": 20})
    found = {row.label: row.values[0] for row in rows([DesignResult("A", simulated(scenario))])}
    assert found["Share of the effect that a plain comparison sees"] == "cannot be told"
    assert found["Possible orders and change-overs"] == "1"


def test_a_share_says_what_it_rests_on() -> None:
    assert share_in_words(Figure(0.16, 0.008), True) == "16 of 100, give or take 2"
    assert share_in_words(Figure(0.16), False) == "about 16 of 100"
    assert share_in_words(Figure(None), True) == "not known"


def test_the_table_holds_the_figures_of_the_picture(partial: PartialResult) -> None:
    designs = [DesignResult("A", partial), DesignResult("B", expect(load_scenario("fast-drug-2-week")))]
    told = curve_rows([*designs, DesignResult("C", None)])
    assert told[0].label == "0 points: false alarms"
    benefits = {benefit for one in designs if one.partial is not None for benefit in one.partial.curve if benefit >= 0}
    assert len(told) == len(benefits)
    assert all(len(row.values) == 2 for row in told)
    at_one = next(row for row in told if row.label == "1 point")
    assert "give or take" in at_one.values[0]
    drawn = picture(designs)
    assert drawn.startswith("<svg")
    assert "smallest worthwhile" in drawn
    assert "A: 0 points, " in drawn
    assert picture([DesignResult("C", None)]) == ""


def test_worthwhile_effects_that_differ_are_marked_each(partial: PartialResult) -> None:
    other = expect(load_scenario(NAME).replace(**{"outcome.mcid": 1.5}))
    drawn = picture([DesignResult("A", partial), DesignResult("B", other)])
    words = re.sub(r"\s+", " ", " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn)))
    assert "A; smallest worthwhile: 1 point" in words
    assert "B; smallest worthwhile: 1.5 points" in words


def test_differences_are_surer_with_one_seed() -> None:
    scenario = load_scenario(NAME)
    assert how_sure_differences_are([scenario, scenario.replace(**{"design.cycles": 2})]) == SAME_SEED
    assert how_sure_differences_are([scenario, scenario.replace(**{"simulation.seed": 2})]) == OTHER_SEEDS
    assert how_sure_differences_are([scenario, scenario.replace(**{"patient.daily_sd": 2.0})]) == OTHER_PATIENTS
    assert how_sure_differences_are([scenario, load_scenario("fast-drug-2-week")]) == OTHER_PATIENTS


def test_a_design_that_failed_is_tried_again_once_it_was_removed_and_is_wanted_again(partial: PartialResult) -> None:
    one, other = partial.scenario, partial.scenario.replace(**{"design.cycles": 2})
    seen = Simulations().with_result(partial)
    assert seen.left([one, other]) == (other,)
    failed = seen.with_faults(other, ("a worker process ended",))
    assert failed.left([one, other]) == ()
    assert failed.forgive([one, other]) == failed
    removed = failed.forgive([one])
    assert removed.left([one, other]) == (other,)
    assert removed.partials == {one: partial}


def test_faults_of_a_simulation_are_told_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert faults_in(RunError("a worker process ended")) == ("a worker process ended",)
    assert faults_in(InputError(["one", "two"])) == ("one", "two")
    assert capsys.readouterr().err == ""
    assert faults_in(KeyError("a secret of the inside")) == (UNFORESEEN,)
    assert "KeyError: 'a secret of the inside'" in capsys.readouterr().err
