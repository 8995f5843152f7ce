from __future__ import annotations

import n1trial
from n1trial.evaluation.characteristics import Figure
from n1trial.evaluation.stress import Departure, Recommendation, Stress, inflated_departures, recommend
from n1trial.report.run.stress import reason
from n1trial.study.batches.measure import Cell, measure
from n1trial.study.run.stress import Truth, departures, stress


def row(departure: Departure, method: str, type_1: float, detect: float) -> Stress:
    return Stress(departure, method, Figure(type_1, 0.003), Figure(detect, 0.005))


def test_departures_are_those_that_the_scenario_can_show() -> None:
    names = set(departures(n1trial.load_scenario("b12-6-to-8-week")))
    assert names == set(Departure)
    assert len(names) == 16
    without = n1trial.load_scenario("minimal").replace(
        **{"treatment.onset_days": 0.0, "treatment.offset_days": 0.0, "conduct.missing": 0.0}
    )
    assert set(departures(without)) == {
        Departure.AS_PLANNED, Departure.SMALL_SHIFTS, Departure.LARGE_SHIFTS, Departure.INEXACT_DIARY,
        Departure.TREND, Departure.DRIFT, Departure.AUTOCORRELATION,
    }  # fmt: skip


def test_a_departure_that_breaks_a_rule_is_left_out() -> None:
    changes: dict[str, object] = {"patient.daily_sd": 0.0, "treatment.offset_days": 30_000.0}
    names = departures(n1trial.load_scenario("minimal").replace(**changes))
    assert Departure.MISSING_WHEN_WORSE not in names
    assert names[Departure.SLOW_DRUG].treatment.offset_days == 36_500


def test_every_method_is_put_to_every_departure() -> None:
    scenario = n1trial.load_scenario("fast-drug-2-week").replace(**{"design.cycles": 3})
    cells = [Cell(scenario, effect, ("paired", "ols"), 500) for effect in (0.0, -1.0)]
    null, worthwhile = (Truth(cell, seen) for cell, seen in zip(cells, measure(cells, seed=1), strict=True))
    rows = stress(null, worthwhile, seed=1)
    assert [(one.departure, one.method) for one in rows] == [
        (name, method) for name in departures(scenario) for method in ("paired", "ols")
    ]
    assert inflated_departures(rows, 0.05)["ols"]
    leak = next(one for one in rows if one.departure is Departure.LARGE_LEAK and one.method == "paired")
    assert (leak.type_1.value or 0) > 0.3


def test_the_recommended_method_keeps_its_false_alarms_and_detects_most() -> None:
    rows = [
        row(Departure.AS_PLANNED, "paired", 0.05, 0.3),
        row(Departure.AS_PLANNED, "ar1", 0.05, 0.7),
        row(Departure.AS_PLANNED, "mixed", 0.03, 0.5),
        row(Departure.LARGE_SHIFTS, "paired", 0.05, 0.1),
        row(Departure.LARGE_SHIFTS, "ar1", 0.18, 0.6),
        row(Departure.LARGE_SHIFTS, "mixed", 0.05, 0.3),
    ]  # fmt: skip
    found = recommend(rows, 0.05, "paired")
    assert found == Recommendation("mixed", unsafe=(("ar1", Departure.LARGE_SHIFTS),))
    assert reason(found).endswith("; more often, but not safely: ar1 (shifts of 0.5 between periods).")


def test_a_leak_is_held_against_an_analysis_as_any_other_row() -> None:
    rows = [
        row(Departure.AS_PLANNED, "paired", 0.05, 0.3),
        row(Departure.AS_PLANNED, "mixed", 0.03, 0.5),
        row(Departure.SMALL_LEAK, "paired", 0.07, 0.3),
        row(Departure.SMALL_LEAK, "mixed", 0.4, 0.7),
    ]  # fmt: skip
    assert recommend(rows, 0.05, "mixed") == Recommendation("paired", unsafe=(("mixed", Departure.SMALL_LEAK),))


def test_the_exact_test_is_recommended_with_its_failing_rows_where_none_holds() -> None:
    rows = [
        row(Departure.AS_PLANNED, "mixed", 0.03, 0.5),
        row(Departure.AS_PLANNED, "randomization", 0.04, 0.2),
        row(Departure.LARGE_LEAK, "mixed", 0.4, 0.7),
        row(Departure.LARGE_LEAK, "randomization", 0.2, 0.4),
    ]  # fmt: skip
    found = recommend(rows, 0.05, "mixed")
    assert found == Recommendation("randomization", failures=(Departure.LARGE_LEAK,))
    assert reason(found).endswith("its test is exact, and fails under: leak of 0.5.")
    assert recommend([one for one in rows if one.method == "mixed"], 0.05, "mixed") is None


def test_the_planned_method_stays_unless_another_is_better_beyond_chance() -> None:
    rows = [row(Departure.AS_PLANNED, "paired", 0.05, 0.300), row(Departure.AS_PLANNED, "bayes", 0.05, 0.310)]
    found = recommend(rows, 0.05, "paired")
    assert found == Recommendation("paired", is_kept=True)
    assert reason(found) == "paired: no other that keeps its false alarms detects more beyond chance."


def test_none_is_recommended_where_none_keeps_its_false_alarms_or_can_detect() -> None:
    rows = [row(Departure.AS_PLANNED, "paired", 0.4, 0.5), row(Departure.AS_PLANNED, "randomization", 0.0, 0.0)]
    assert recommend(rows, 0.05, "paired") is None
