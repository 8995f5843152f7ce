from __future__ import annotations

import sys

import pytest

from n1trial.evaluation.characteristics import Figure
from n1trial.report.check import account
from n1trial.scenario.check.cautions import cautions
from n1trial.scenario.check.evidence import beliefs
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.scenario import Scenario

SHIPPED = [scenario.name for scenario in shipped_scenarios()]


def section(text: str, title: str) -> list[str]:
    """Lines under a title."""
    return text.partition(f"\n{title}\n")[2].partition("\n\n")[0].splitlines()


def unwrapped(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_is_wider_than_a_terminal_of_100_characters(name: str) -> None:
    text = account(load_scenario(name))
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("name", SHIPPED)
def test_every_assumed_value_is_listed_with_what_it_means(name: str) -> None:
    scenario = load_scenario(name)
    listed = section(account(scenario), "Assumed, because not given")
    keys = [line.split()[0] for line in listed if " = " in line[:40]]
    assert keys == [key.rpartition(".")[2] for key, _ in scenario.assumed]


def test_assumed_values_are_written_as_in_a_file_and_under_their_section() -> None:
    listed = section(account(load_scenario("minimal")), "Assumed, because not given")
    at = listed.index("  [conduct]")
    assert listed[at + 1] == "  adherence = 0.9                      Share of doses taken"
    assert '  layout = "crossover"' in "\n".join(listed[listed.index("  [design]") :])


def test_tables_of_arrays_are_named() -> None:
    listed = section(account(load_scenario("b12-6-to-8-week")), "Assumed, because not given")
    assert "  [[trigger]] short sleep" in listed
    assert "  [[secondary]] IRLS total" in listed


def test_a_resolved_scenario_assumes_nothing() -> None:
    minimal = load_scenario("minimal")
    resolved = minimal.replace(**dict(minimal.assumed))
    text = account(resolved)
    assert "Assumed, because not given" not in text
    assert ", 0 assumed\n" in text


def test_head_says_design_and_counts() -> None:
    scenario = load_scenario("minimal")
    head = account(scenario).partition("\n\n")[0]
    assert head.startswith("minimal: valid\n  Design   Example drug or Placebo, 3 rounds, periods of 8 weeks")
    assert "50 weeks, 350 diary entries" in head
    assert head.endswith(f"Values   12 given, {len(scenario.assumed)} assumed")


def test_the_stop_rule_is_said_and_how_often_it_stops_by_chance() -> None:
    known = " ".join(account(load_scenario("minimal"), Figure(0.086, 0.006)).split())
    assert "when the mean score of 14 days in a row is 2 points or more above the mean of the run-in." in known
    chance = (
        "If Example drug did nothing, the rule would still stop 9 of 100 such patients (simulated, give or take 2)."
    )
    assert chance in known
    assert "would still stop" not in account(load_scenario("minimal"))
    assert "Stop rule" not in account(load_scenario("b12-6-month-open-label"))


def test_every_number_is_counted_once_by_how_well_it_is_known() -> None:
    scenario = load_scenario("b12-6-to-8-week")
    lines = section(account(scenario), "Where the numbers come from")
    counts = [int(line.split()[0]) for line in lines if not line.startswith("    ")]
    known = beliefs(scenario)
    assert sum(counts) == len(known)
    thin = " ".join(lines).partition("assumed, as the file says: ")[2]
    assert [key.strip() for key in unwrapped(thin).split(", ")] == [
        key for key, status in known.items() if status == "assumption"
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_warnings_and_the_whole_block_of_cautions_are_there(name: str) -> None:
    scenario = load_scenario(name)
    text = account(scenario)
    told = unwrapped(text)
    for sentence in (*map(str, remarks(scenario)), *cautions(scenario.cautions.block).text, *scenario.cautions.own):
        assert unwrapped(sentence) in told


def test_own_cautions_come_last() -> None:
    scenario = load_scenario("minimal").replace(**{"cautions.own": ["Ask the kidney clinic first."]})
    assert account(scenario).endswith("  - Ask the kidney clinic first.\n")


def test_what_is_not_known_is_listed_with_its_range_and_the_reason() -> None:
    unsettled = [{"key": "patient.autocorrelation", "range": [0.0, 0.7], "note": "Fourteen days cannot tell it."}]
    said = " ".join(account(load_scenario("minimal").replace(unsettled=unsettled)).split())
    assert (
        "Not known: a run tells the answer at both ends patient.autocorrelation from 0 to 0.7: how alike one day "
        in said
    )
    assert "and the next are. Fourteen days cannot tell it." in said


def calls_of_check(section: str, count: int) -> int:
    """Function calls that a check of a scenario with so many tables of an array takes; the same on every machine."""
    tables: dict[str, dict[str, object]] = {
        "trigger": {"effect": 0.001},
        "secondary": {"scale": [0, 10], "better": "lower", "mcid": 1.0, "baseline": 5.0, "daily_sd": 1.0},
    }
    values = load_scenario("minimal").own_values()
    values[section] = [{"name": f"number {number}", **tables[section]} for number in range(count)]
    calls = 0

    def count_call(frame: object, event: str, argument: object) -> None:  # noqa: ARG001
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count_call)
    try:
        account(Scenario.of(values, AS_MADE))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("section", ["trigger", "secondary"])
def test_time_grows_in_proportion_to_the_tables(section: str) -> None:
    calls_of_check(section, 1)  # what is loaded and kept once is not counted
    few, some, many = (calls_of_check(section, count) for count in (50, 100, 200))
    assert many - some < 2.2 * (some - few)
