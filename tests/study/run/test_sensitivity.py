"""Rows of the drug's time course: an analysis that goes on assuming the plan's, and one planned on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import n1trial
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import measure
from n1trial.study.run.cells import cells_of_a_run, cells_of_a_verdict, course_cell
from n1trial.study.run.findings import Findings
from n1trial.study.run.improvements import with_time_course
from tests.searched_once import searched_once
from tests.study.run.test_run import small

FAST, SLOW = (1.0, 1.0), (9.0, 30.0)


def slow_drug(**analysis: object) -> Scenario:
    """A short trial of a drug whose time course is not known, by an analysis that assumes one."""
    changes = {f"analysis.{name}": value for name, value in {"primary": "course", "methods": [], **analysis}.items()}
    return small().replace(
        **changes,
        **{"treatment.onset_range": (FAST[0], SLOW[0]), "treatment.offset_range": (FAST[1], SLOW[1]),
           "simulation.replicates": 200, "simulation.seed": 3},
    )  # fmt: skip


def estimate(scenario: Scenario) -> float:
    """Sum of the primary analysis' estimates of the smallest worthwhile effect, as a run of that scenario has it."""
    cell = replace(cells_of_a_run(scenario)[course_cell(*course_of(scenario))], second_course=None)
    return measure([cell], 3)[0].tallies[scenario.analysis.primary].estimate


def course_of(scenario: Scenario) -> tuple[float, float]:
    return scenario.treatment.onset_days, scenario.treatment.offset_days


@pytest.mark.parametrize("primary", ["course", "randomization"])
def test_each_row_is_analyzed_as_planned_and_as_if_planned_on_it(primary: str) -> None:
    scenario = slow_drug(primary=primary)
    cells = {name: cell for name, cell in cells_of_a_run(scenario).items() if name.kind == "course"}
    seen = dict(zip(cells, measure([*cells.values()], 3), strict=True))
    for course in (FAST, SLOW):
        row = seen[course_cell(*course)]
        ranges = {"treatment.onset_range": None, "treatment.offset_range": None}
        known = {"treatment.onset_days": course[0], "treatment.offset_days": course[1]}
        assert row.second[primary].estimate == estimate(scenario.replace(**ranges, **known))
        assert row.tallies[primary].estimate == estimate(with_time_course(scenario, *course))
        assert row.second[primary].estimate != row.tallies[primary].estimate
        assert row.second[primary].replicates == 200


def test_a_row_is_analyzed_once_where_the_analysis_assumes_no_other_course() -> None:
    planned = course_cell(*course_of(slow_drug()))
    assert cells_of_a_run(slow_drug())[planned].second_course is None
    for primary, statistic in (("paired", "exposure"), ("randomization", "cycle")):
        cells = cells_of_a_run(slow_drug(primary=primary, statistic=statistic))
        assert {cell.second_course for name, cell in cells.items() if name.kind == "course"} == {None}


def test_a_wrong_assumption_of_the_plan_is_wrong_in_its_own_row_too() -> None:
    scenario = slow_drug(assumed_onset_days=20.0)
    assert cells_of_a_run(scenario)[course_cell(*course_of(scenario))].second_course == course_of(scenario)


def test_a_glance_analyzes_once() -> None:
    scenario = slow_drug().replace(**{"simulation.replicates": 20})
    cells = cells_of_a_verdict(scenario)
    glance = Findings(scenario, dict(zip(cells, measure([*cells.values()], 3), strict=True))).partial_result()
    assert [row.detect_if_known for row in glance.sensitivity] == [None] * 4


@searched_once()
def test_both_figures_are_said_each_with_its_error() -> None:
    result = n1trial.run(slow_drug(primary="randomization").replace(**{"simulation.replicates": 40}))
    rows = {row["name"]: row for row in result.to_dict()["sensitivity"]}
    assert rows["as assumed"]["detect_if_known"] is None
    assert set(rows["fast"]["detect_if_known"]) == {"value", "mcse"}
    assert rows["fast"]["detect_if_known"]["mcse"] > 0
