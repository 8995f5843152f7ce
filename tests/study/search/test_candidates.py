"""Designs within limits: all keep them, all obey the scenario's rules, all can be packed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import n1trial
from n1trial.scenario.check.remarks import kits_hold_both
from n1trial.scenario.scenario import Scenario
from n1trial.study.search.candidates import candidates, changes, no_design
from n1trial.study.search.limits import Limits

SCENARIOS = {name: n1trial.load_scenario(name) for name in ("minimal", "fast-drug-2-week", "b12-6-to-8-week")}
limits = st.builds(
    Limits,
    weeks=st.integers(8, 60).map(float),
    period_days=st.one_of(st.none(), st.integers(7, 60)),
    weeks_on_placebo=st.one_of(st.none(), st.integers(3, 25).map(float)),
    entries=st.one_of(st.none(), st.integers(50, 400)),
)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(SCENARIOS)), limits, st.randoms(use_true_random=False))
def test_every_design_keeps_limits_and_rules_and_can_be_packed(name: str, within: Limits, random: object) -> None:
    scenario = SCENARIOS[name]
    found = list(candidates(scenario, within))
    assert len(set(found)) == len(found)
    for design in getattr(random, "sample")(found, min(4, len(found))):  # noqa: B009
        changed = scenario.replace(**changes(scenario, design))
        assert changed.layout() == design.layout
        assert (changed.analysis.primary, changed.analysis.discard_days) == (design.method, design.discard_days)
        assert not list(kits_hold_both(changed))
        layout = changed.layout()
        assert layout.weeks <= within.weeks
        assert within.entries is None or layout.days.size <= within.entries
        assert within.weeks_on_placebo is None or layout.weeks_on_control()[1] <= within.weeks_on_placebo
        longest = layout.period_days + changed.design.switch_jitter_days
        assert within.period_days is None or longest <= within.period_days


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(sorted(SCENARIOS)), st.integers(10, 30), st.integers(1, 10))
def test_more_weeks_allow_all_that_fewer_do(name: str, weeks: int, more: int) -> None:
    """So that the best expected by the screen never falls with the weeks allowed."""
    few, many = (set(candidates(SCENARIOS[name], Limits(float(limit)))) for limit in (weeks, weeks + more))
    assert few <= many


@pytest.mark.parametrize("name", SCENARIOS)
def test_changes_of_the_scenarios_own_design_are_none(name: str) -> None:
    scenario = SCENARIOS[name]
    own = [
        design
        for design in candidates(scenario, Limits(60.0))
        if design.layout == scenario.layout()
        and design.method == scenario.analysis.primary
        and design.discard_days == scenario.analysis.discard_days
    ]
    if scenario.analysis.primary != "bayes":
        assert [changes(scenario, design) for design in own] == [{}]


def test_what_no_scheme_needs_is_taken_back() -> None:
    blocks = SCENARIOS["minimal"].replace(
        **{"design.cycles": 4, "design.randomization": "blocks", "design.block_cycles": 2}
    )
    design = next(one for one in candidates(blocks, Limits(60.0)) if one.layout.cycles == 3)
    assert changes(blocks, design)["design.block_cycles"] is None
    assert blocks.replace(**changes(blocks, design)).design.block_cycles is None


def test_limits_that_nothing_keeps_are_answered_with_what_the_shortest_asks_for() -> None:
    scenario: Scenario = SCENARIOS["b12-6-to-8-week"]
    assert not list(candidates(scenario, Limits(5.0)))
    assert "takes 6 weeks, 2 of them without the drug, and 42 entries" in str(no_design(scenario, Limits(5.0)))
    assert list(candidates(scenario, Limits(6.0)))


def kinds(scenario: Scenario, within: Limits) -> set[tuple[str, int, str]]:
    """Analysis and run-in of all designs."""
    return {(one.method, one.layout.run_in_days, one.layout.run_in) for one in candidates(scenario, within)}


def test_run_ins_are_open_or_on_placebo_where_an_analysis_reads_it_and_left_out_only_where_allowed() -> None:
    scenario = SCENARIOS["b12-6-to-8-week"]
    found = kinds(scenario, Limits(20.0))
    assert {one[1:] for one in found} == {(14, "open"), (14, "placebo"), (28, "placebo")}
    assert {method for method, _, run_in in found if run_in == "placebo"} == {"randomization", "course"}
    without = kinds(scenario, Limits(20.0, least_run_in_days=0))
    assert {one[1:] for one in without} == {(0, "open"), (14, "open"), (14, "placebo"), (28, "placebo")}
    long = kinds(scenario, Limits(20.0, least_run_in_days=21))
    assert {one[1:] for one in long} == {(21, "open"), (21, "placebo"), (28, "placebo")}
    none = scenario.replace(**{"design.run_in_days": 0})
    assert (0, "open") in {one[1:] for one in kinds(none, Limits(20.0))}


def test_a_control_that_is_a_drug_is_not_given_before_the_trial() -> None:
    active = SCENARIOS["minimal"].replace(**{"control.kind": "active", "control.name": "Iron"})
    assert {run_in for *_, run_in in kinds(active, Limits(20.0))} == {"open"}


def test_the_change_over_is_moved_by_up_to_four_kits() -> None:
    found = candidates(SCENARIOS["b12-6-to-8-week"], Limits(24.0), ["randomization"])
    jitters = {one.layout.randomization.jitter_days for one in found if one.layout.randomization is not None}
    assert jitters == {0, 7, 14, 28}
