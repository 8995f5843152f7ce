from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

import n1trial
from n1trial.evaluation.characteristics import Figure
from n1trial.report.run.document import to_json
from n1trial.report.run.result import Result, run
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import BATCH_WIDTH
from n1trial.study.batches.measure import measure
from n1trial.study.run.beliefs import worth
from n1trial.study.run.bounds import time_courses
from n1trial.study.run.burden import burden
from n1trial.study.run.cells import SKEPTICAL, Address, cells_of_a_run
from n1trial.study.run.improvements import improvements, one_more_cycle, with_time_course
from n1trial.study.run.run import run_with
from tests.searched_once import searched_once

SMALL: dict[str, object] = {
    "design.cycles": 2,
    "design.period_days": 28,
    "analysis.discard_days": 7,
    "analysis.minimum_days": 7,
}
METRICS = {
    "detect", "detect_right", "adopt", "right_decision", "not_estimable", "bias", "rmse", "coverage", "empirical_sd",
    "model_se", "half_width", "type_s", "exaggeration",
}  # fmt: skip


def small() -> Scenario:
    """A shipped scenario, made short."""
    return n1trial.load_scenario("fast-drug-2-week").replace(**SMALL)


@cache
def result_of(name: str, replicates: int = 200) -> Result:
    with searched_once():
        return run(n1trial.load_scenario(name), replicates=replicates, seed=3)


def test_workers_of_others_find_the_same_and_are_left_to_them() -> None:
    scenario = small().replace(**{"simulation.replicates": 60, "simulation.seed": 5})
    with ThreadPoolExecutor(2) as pool:
        found = run_with(pool, scenario)
        assert pool.submit(abs, -1).result() == 1
    assert to_json(found) == to_json(run(small(), 60, 5))


def test_what_progress_raises_ends_the_run() -> None:
    def progress(_: int) -> Callable[[int], None]:
        def advance(_: int) -> None:
            raise KeyError("enough")

        return advance

    with pytest.raises(KeyError, match="enough"):
        run_with(None, small(), progress)


def test_json_holds_exactly_what_was_promised() -> None:
    document = json.loads(result_of("b12-6-to-8-week").to_json())
    promised = {
        "scenario", "seed", "replicates", "version", "design", "attenuation", "primary", "methods",
        "smallest_detectable", "relief", "sensitivity", "blinding", "value", "assumed", "verdict",
        "provenance",
    }  # fmt: skip
    assert promised <= set(document)
    assert set(document) - promised == {
        "effects", "curve", "relief_mcse", "relief_detect", "relief_weeks", "skeptical", "stress", "recommended",
        "stopping", "overall", "unsettled", "own", "ceiling", "blind", "means",
        "skeptical_means", "adopt_at", "finished", "prior_conflict", "without_result", "secondary",
        "smallest_detectable_mcse",
    }  # fmt: skip
    assert (document["scenario"], document["seed"], document["replicates"]) == ("b12-6-to-8-week", 3, 200)
    assert set(document["design"]) >= {
        "weeks", "periods", "diary_entries", "weeks_on_placebo", "assignments", "smallest_p", "expected_finished",
    }  # fmt: skip
    assert (document["design"]["weeks"], document["design"]["diary_entries"]) == (44, 308)
    assert document["design"]["weeks_on_placebo"] == [18, 24]
    assert document["design"]["smallest_p"] == {"one_sided": 1 / 216, "two_sided": 2 / 216}
    assert set(document["methods"]) == {"course", "randomization", "paired", "mixed", "ar1", "bayes", "ols"}
    for truths in document["methods"].values():
        assert set(truths) == {"planned", "null", "mcid", "prior"}
        for metrics in truths.values():
            assert set(metrics) == METRICS
            assert all({"value", "mcse"} <= set(figure) for figure in metrics.values())
    flags = {method: truths["null"]["detect"]["inflated"] for method, truths in document["methods"].items()}
    assert flags["ols"]
    assert not flags["randomization"]
    assert set(document["smallest_detectable"]["paired"]) == {"0.8", "0.9"}
    assert set(document["verdict"]) == {"answer", "depends", "words", "reason", "limit", "warnings"}
    assert set(document["value"]) >= {"assurance", "gain", "evsi", "evpi"}
    assert set(document["means"]) >= {
        "helped_before",
        "helped_after_positive",
        "helped_after_negative",
        "not_estimable",
    }
    assert set(document["adopt_at"]) == set(document["methods"])
    for levels in document["adopt_at"].values():
        assert set(levels) == {"0.8", "0.9", "0.95", "0.975"}
        assert all(set(truths) == {"null", "mcid", "planned"} for truths in levels.values())
    assert all(set(row) >= {"onset_days", "offset_days", "detect", "attenuation"} for row in document["sensitivity"])
    assert "conduct.gaps_per_month" in document["assumed"]


def test_no_figure_is_not_a_number() -> None:
    text = result_of("b12-6-month-open-label").to_json()
    assert "NaN" not in text
    assert "Infinity" not in text


def test_same_seed_same_bytes_with_any_number_of_workers() -> None:
    """Of more than one batch, by analyses that are fast: workers know no other difference between them."""
    scenario = small().replace(**{"analysis.primary": "paired", "analysis.methods": ["ols"]})
    alone, together = (run(scenario, replicates=BATCH_WIDTH + 100, workers=workers) for workers in (1, 2))
    assert alone.to_json() == together.to_json()


def test_another_seed_is_another_result() -> None:
    scenario = small().replace(**{"analysis.methods": []})
    one, other = (run(scenario, replicates=100, seed=seed) for seed in (1, 2))
    assert one.figures != other.figures


def test_progress_counts_every_trial() -> None:
    told: list[int] = []
    totals: list[int] = []

    def progress(total: int) -> Callable[[int], object]:
        totals.append(total)
        return told.append

    run(small(), replicates=100, progress=progress)
    assert 0.3 * totals[0] < sum(told) <= totals[0]


def test_analyst_goes_on_assuming_what_was_planned() -> None:
    scenario = n1trial.load_scenario("b12-8-week")
    changed = with_time_course(scenario, 3.0, 900.0)
    assert (changed.treatment.onset_days, changed.treatment.offset_days) == (3.0, 900.0)
    assert changed.plan() == scenario.plan()


def test_reliefs_take_away_one_thing_each() -> None:
    scenario = n1trial.load_scenario("b12-8-week")
    changed = improvements(scenario)
    assert set(changed) == {
        "carryover_gone", "one_more_cycle", "half_daily_noise", "no_missing_entries", "all_doses_taken",
        "nobody_stops_early", "perfect_blinding", "placebo_run_in", "no_run_in",
    }  # fmt: skip
    assert changed["one_more_cycle"].design.cycles == 4
    assert changed["half_daily_noise"].patient.daily_sd == 0.7
    assert changed["perfect_blinding"].blinding.leak == 0


def test_a_run_in_on_placebo_takes_kits_too() -> None:
    scenario = n1trial.load_scenario("minimal")
    assert burden(scenario, Figure(1.0)).kits == 48
    assert burden(scenario.replace(**{"design.run_in": "placebo"}), Figure(1.0)).kits == 50


@searched_once()
def test_reliefs_count_what_the_rule_of_the_plan_counts() -> None:
    base = n1trial.load_scenario("minimal").replace(**{"analysis.primary": "bayes", "analysis.methods": []})
    by_test = n1trial.run(base, replicates=200)
    sure = {"decision.rule": "probability", "decision.threshold": 0.001}  # of which every trial is that can be analyzed
    by_rule = n1trial.run(base.replace(**sure), replicates=200)
    assert set(by_test.improvements) == set(by_rule.improvements)
    before = by_rule.figures["bayes"]["mcid"]["adopt"].value
    for name, one in by_rule.improvements.items():
        assert (one.detect.value or 0.0) > 0.9 * (before or 0.0) > (by_test.improvements[name].detect.value or 0.0), (
            name
        )
        assert one.gain.value == pytest.approx((one.detect.value or 0.0) - (before or 0.0))
    assert by_rule.figures["bayes"]["mcid"]["detect"] == by_test.figures["bayes"]["mcid"]["detect"]


def test_what_changes_nothing_is_no_relief() -> None:
    perfect = {"conduct.adherence": 1.0, "conduct.missing": 0.0, "conduct.dropout_per_week": 0.0}
    at_once = {"treatment.onset_days": 0.0, "treatment.offset_days": 0.0}
    scenario = n1trial.load_scenario("minimal").replace(**perfect, **at_once)
    assert set(improvements(scenario)) == {"one_more_cycle", "half_daily_noise", "placebo_run_in", "no_run_in"}


@pytest.mark.parametrize(
    ("changes", "tried", "run_in_days"),
    [
        ({}, {"placebo_run_in", "no_run_in"}, 14),
        ({"design.run_in_days": 28}, {"placebo_run_in", "no_run_in"}, 28),
        ({"design.run_in_days": 0}, {"placebo_run_in"}, 14),
        ({"design.run_in": "placebo"}, {"no_run_in"}, None),
        ({"control.kind": "active", "control.name": "Iron"}, {"no_run_in"}, None),
        ({"design.layout": "open-label"}, set(), None),
    ],
)
def test_a_run_in_is_put_on_placebo_and_left_out(
    changes: dict[str, object], tried: set[str], run_in_days: int | None
) -> None:
    scenario = n1trial.load_scenario("minimal").replace(**changes)
    changed = {name: one for name, one in improvements(scenario).items() if name.endswith("run_in")}
    assert set(changed) == tried
    if "placebo_run_in" in changed:
        design = changed["placebo_run_in"].design
        assert (design.run_in, design.run_in_days) == ("placebo", run_in_days)
    if "no_run_in" in changed:
        assert changed["no_run_in"].layout().weeks == scenario.layout().weeks - scenario.design.run_in_days / 7
        assert changed["no_run_in"].layout().weeks_on_control() == (24, 24)


@pytest.mark.parametrize(
    ("changes", "cycles", "sequence"),
    [
        ({"design.randomization": "fixed", "design.sequence": "ABBAAB"}, 4, "ABBAABAB"),
        ({"design.randomization": "blocks", "design.block_cycles": 3}, 6, None),
    ],
)
def test_one_more_cycle_fits_the_scheme(changes: dict[str, object], cycles: int, sequence: str | None) -> None:
    more = one_more_cycle(n1trial.load_scenario("minimal").replace(**changes))
    assert more is not None
    assert (more.design.cycles, more.design.sequence) == (cycles, sequence)


def test_no_room_for_one_more_cycle() -> None:
    changes: dict[str, object] = {"design.cycles": 26, "design.period_days": 28}
    assert one_more_cycle(n1trial.load_scenario("minimal").replace(**changes)) is None


def test_time_courses_are_the_ends_of_the_ranges_and_the_theories() -> None:
    rows = time_courses(n1trial.load_scenario("b12-8-week"))
    assert rows[:5] == [
        ("as assumed", 21.0, 45.0, False),
        ("fast", 7.0, 9.0, True),
        ("slow", 42.0, 770.0, True),
        ("fades fast", 21.0, 9.0, True),
        ("fades slowly", 21.0, 770.0, True),
    ]
    assert rows[-1] == ("body stores", 28.0, 769.0, False)
    assert time_courses(n1trial.load_scenario("minimal")) == [("as assumed", 2.0, 3.0, False)]


def test_open_label_is_never_to_be_relied_on() -> None:
    result = result_of("b12-6-month-open-label")
    assert result.verdict.answer == "misleading"
    assert result.attenuation is None
    assert result.improvements == {}
    assert result.sensitivity == ()
    assert {each.value for each in result.smallest_detectable["before_after"].values()} == {None}


@searched_once()
def test_certain_effect_has_no_value_of_information_and_an_uncertain_one_has() -> None:
    result = result_of("b12-8-week", 100)
    assert result.value.evsi.value is None
    assert result.value.reason == "certain"
    assert result.skeptical is not None
    assert result.skeptical.reason == "no_harm"  # what never harms is worth adopting without a trial
    costly = n1trial.load_scenario("b12-8-week", {"decision.benefit": "0.5", "simulation.replicates": "600"})
    (measured,) = measure([cells_of_a_run(costly)[SKEPTICAL]], costly.simulation.seed)
    _, doubted = worth(costly, {Address("prior"): measured, SKEPTICAL: measured})
    assert doubted is not None
    assert doubted.evpi.value == pytest.approx(0.1 * 0.5)
    assert doubted.evsi.value is not None
    assert doubted.evsi.mcse is not None
    assert abs(doubted.evsi.value) < 0.05 + 4 * doubted.evsi.mcse


def test_characteristics_are_a_tidy_table() -> None:
    table = result_of("b12-6-to-8-week").characteristics
    assert list(table.columns) == ["method", "truth", "metric", "value", "mcse", "outcome"]
    assert (table["outcome"] == "Leg complaints at their worst").sum() == 7 * 4 * len(METRICS)
    assert not table.duplicated(["method", "truth", "metric", "outcome"]).any()


def test_secondary_outcomes_stand_in_the_table_beside_the_primary_one() -> None:
    result = result_of("b12-6-to-8-week")
    assert result.secondary is not None
    table = result.characteristics
    rows = table[table["outcome"] == "IRLS total"]
    assert len(rows) == 2 * 5
    (row,) = rows[(rows["truth"] == "null") & (rows["metric"] == "half_width")].to_dict("records")
    seen = result.secondary.outcomes["IRLS total"]["null"]
    assert (row["method"], row["value"], row["mcse"]) == (result.primary, seen.half_width.value, seen.half_width.mcse)


UNSETTLED = (
    {"key": "patient.daily_sd", "range": [0.3, 1.4]},
    {"key": "patient.weekly_amplitude", "range": [0.0, 0.5]},
)


@searched_once()
def test_what_is_not_known_is_measured_at_both_ends_as_if_it_were_so() -> None:
    base = n1trial.load_scenario("minimal").replace(
        **{**SMALL, "design.cycles": 5, "conduct.dropout_per_week": 0.0, "analysis.methods": ["paired"]}
    )
    found = run(base.replace(unsettled=UNSETTLED), replicates=1000, seed=3)
    ups_and_downs, weekly = found.unsettled
    for end, figure in (ups_and_downs.low, ups_and_downs.high):
        alone = run(base.replace(**{"patient.daily_sd": end}), replicates=1000, seed=3)
        assert figure == alone.figures[base.analysis.primary]["mcid"]["detect"]
    assert ups_and_downs.low[1].value > 0.8 > ups_and_downs.high[1].value  # type: ignore[operator]
    assert (ups_and_downs.is_decisive, weekly.is_decisive, found.verdict.depends) == (True, False, True)
    document = json.loads(found.to_json())["unsettled"]
    assert [row["key"] for row in document] == ["patient.daily_sd", "patient.weekly_amplitude"]
    assert document[0]["low"] == {"value": 0.3, "detect": ups_and_downs.low[1].value, "mcse": ups_and_downs.low[1].mcse}
    assert (document[0]["decisive"], document[1]["decisive"]) == (True, False)


@searched_once()
def test_what_is_not_known_changes_no_other_figure() -> None:
    base = n1trial.load_scenario("minimal").replace(**SMALL)
    plain, unsettled = (run(s, replicates=100, seed=3) for s in (base, base.replace(unsettled=UNSETTLED)))
    assert plain.unsettled == ()
    assert (plain.figures, plain.improvements, plain.sensitivity) == (
        unsettled.figures, unsettled.improvements, unsettled.sensitivity,
    )  # fmt: skip
