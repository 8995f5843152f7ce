"""The search: what it gives keeps the limits, is beaten by nothing it gives, and is what a run of the design finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

import n1trial
from n1trial.errors import InputError
from n1trial.evaluation.verdict import FLAG_FACTOR, is_inflated
from n1trial.report.run.result import run
from n1trial.report.search.document import of_a_design, to_json
from n1trial.report.search.rationale import reason
from n1trial.report.search.terminal import found_in_words
from n1trial.study.search.limits import Limits
from n1trial.study.search.result import SearchResult
from n1trial.study.search.search import search
from n1trial.study.search.simulate import try_out
from tests.searched_once import searched_once
from tests.study.searched import few_trials, small_scenario

UNSETTLED = ({"key": "patient.daily_sd", "range": [0.3, 2.5]}, {"key": "patient.weekly_amplitude", "range": [0.0, 0.1]})
SCENARIO = small_scenario(unsettled=UNSETTLED)
FAST = ("paired", "randomization")
"""Analyses for searches whose outcome is the same by any."""
LIMITS = Limits(weeks=14.0, period_days=21, weeks_on_placebo=8.0)
Trial = tuple[int, int]
"""How many designs were simulated together, and with which seed."""


@pytest.fixture(scope="module")
def found_and_tried() -> tuple[SearchResult, list[Trial]]:
    """A search, and all that it simulated to choose and to show designs, in its order."""
    tried: list[Trial] = []

    def note(*args: Any) -> Any:
        tried.append((len(args[1]), args[3]))
        return try_out(*args)

    with few_trials(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("n1trial.study.search.search.try_out", note)
        return search(SCENARIO, LIMITS, replicates=400, seed=11), tried


@pytest.fixture(scope="module")
def found(found_and_tried: tuple[SearchResult, list[Trial]]) -> SearchResult:
    return found_and_tried[0]


def test_designs_keep_the_limits_and_none_is_beaten(found: SearchResult) -> None:
    assert found.designs
    for design in found.designs:
        assert design.weeks <= LIMITS.weeks
        assert design.weeks_on_placebo[1] <= 8
        assert found.scenario_of(design).layout() == design.candidate.layout
        assert not any(other.objectives.beats(design.objectives) for other in found.designs)
        assert not is_inflated(design.type_1, 0.05, FLAG_FACTOR)
    assert [design.weeks for design in found.designs] == sorted(design.weeks for design in found.designs)


@searched_once()
def test_figures_are_those_of_a_run_of_the_design(found: SearchResult) -> None:
    """With the same seed and as many trials, to the last digit; and the seed had no part in choosing."""
    design = found.designs[-1]
    result = run(found.scenario_of(design).replace(**{"analysis.methods": [design.candidate.method]}), 400, 11)
    figures = result.figures[design.candidate.method]
    assert figures["mcid"]["detect"] == design.detect
    assert figures["null"]["detect"] == design.type_1
    assert figures["mcid"]["right_decision"] == design.right_decision
    assert figures["null"]["right_decision"] == design.right_decision_null
    assert result.ceiling is not None
    assert result.ceiling.mcid == design.ceiling
    assert run(result.scenario, 100, 11).blind["mcid"] == design.blind
    assert result.verdict.answer == design.verdict.answer
    assert result.verdict.depends
    assert design.verdict.depends


def test_what_is_not_known_is_looked_at_and_named(found: SearchResult) -> None:
    assert found.recommended is not None
    chosen = found.designs[found.recommended]
    assert "patient.daily_sd" in chosen.depends_on
    assert "patient.weekly_amplitude" not in chosen.depends_on
    assert of_a_design(chosen)["depends_on"] == list(chosen.depends_on)
    words = found.scenario.label("patient.daily_sd")
    assert "This depends on" in reason(found)
    assert words in reason(found)
    assert f"and {words}" in found_in_words(found).replace("\n", " ").replace("     ", " ")


def test_designs_are_chosen_with_other_random_numbers_than_they_are_shown_with(
    found_and_tried: tuple[SearchResult, list[Trial]],
) -> None:
    """The best of many is the best by luck, too: its figures must come from trials that had no part in that."""
    found, tried = found_and_tried
    *choosing, (shown, seed_of_shown) = tried
    assert [seed for _, seed in choosing] == [12, 12]
    assert seed_of_shown == 11
    assert shown >= len(found.designs) + 1  # and the present one


def test_the_recommended_one_is_the_lightest_with_a_good_chance(found: SearchResult) -> None:
    assert found.recommended is not None
    chosen = found.designs[found.recommended]
    assert found.kind in ("good", "unsure")
    assert chosen.verdict.answer == "likely"
    assert f"in {chosen.weeks:g} weeks" in reason(found)
    assert found.needs == ()


def test_the_same_search_is_the_same_bytes_whatever_the_workers(found: SearchResult) -> None:
    told: list[tuple[str, int]] = []
    done: list[int] = []

    def announce(what: str, amount: int) -> object:
        told.append((what, amount))
        return done.append

    with few_trials():
        again = search(SCENARIO, LIMITS, replicates=400, seed=11, workers=2, announce=announce)  # type: ignore[arg-type]
    assert to_json(again) == to_json(found)
    begun = [what for what, _ in told]
    assert begun[:3] == ["screening", "simulating", "simulating"]
    assert set(begun[3:-1]) == {"stressing"}
    assert begun[-1] == "simulating"
    assert sum(done) == sum(amount for _, amount in told)


def test_the_document_has_the_agreed_form(found: SearchResult) -> None:
    document = json.loads(to_json(found))
    assert {"limits", "screened", "simulated", "designs", "recommended", "reason"} <= set(document)
    assert document["limits"] == {"weeks": 14.0, "period_days": 21, "weeks_on_placebo": 8.0, "entries": None,
                                  "least_run_in_days": None}  # fmt: skip
    assert document["screened"] == len(found.screened)
    fields = {"set", "weeks", "detect", "type_1", "right_decision", "weeks_on_placebo", "diary_entries", "verdict"}
    for design in (*document["designs"], document["present"]):
        assert fields <= set(design)
        run_in = found.scenario.replace(**design["set"]).design
        assert design["run_in"] == {"kind": run_in.run_in, "days": run_in.run_in_days}
        assert design["analysis"] == design["set"].get("analysis.primary", found.scenario.analysis.primary)
        assert all(row["type_1"] - row["mcse"] > document["stress"]["bound"] for row in design["failures"])
    assert document["stress"]["bound"] == 0.075
    assert document["present"]["set"] == {}
    assert document["present"]["within_limits"] is True


def test_where_nothing_is_likely_it_says_so_and_what_it_would_take() -> None:
    with few_trials():
        varied = small_scenario(**{"patient.daily_sd": 2.5, "analysis.primary": "paired"})
        found = search(varied, Limits(weeks=9.0), replicates=200, seed=3, methods=FAST)
    assert found.recommended is None
    assert found.is_few
    assert "to go by (200 of each design): no design within the limits is likely to answer" in reason(found)
    ways = {way.name: way for way in found.needs}
    assert {"weeks", "effect", "faster", "nobody_leaves"} <= set(ways)
    assert ways["effect"].is_enough
    assert ways["effect"].value > 1
    assert ways["effect"].detect >= 0.8 + ways["effect"].mcse
    assert f"an effect of {ways['effect'].value:g} points" in reason(found)


def test_where_patients_know_nothing_that_misleads_is_given() -> None:
    knowing = small_scenario(**{"blinding.leak": 0.9, "placebo.response": -2.0, "analysis.primary": "paired"})
    with few_trials():
        found = search(knowing, Limits(weeks=9.0), replicates=400, seed=3, methods=FAST)
    assert found.counts.inflated > found.counts.screened / 2
    assert all(design.verdict.answer != "misleading" for design in found.designs)
    assert found.recommended is None
    assert found.present.verdict.answer == "misleading"
    assert found.inflated is not None
    assert found.inflated.type_1 > 0.1
    assert "false alarms" in reason(found)


def test_what_cannot_be_searched_is_refused() -> None:
    with pytest.raises(InputError, match="compares the drug with nothing"):
        search(n1trial.load_scenario("b12-6-month-open-label"), Limits(52.0))
    with pytest.raises(InputError, match="no design keeps the limits"):
        search(small_scenario(), Limits(3.0))
    with pytest.raises(InputError, match="workers: must be 1 or more"):
        search(small_scenario(), LIMITS, workers=0)


@pytest.mark.parametrize("methods", [(), ("ar1",), ("paired", "pared")])
def test_analyses_that_cannot_be_screened_are_refused(methods: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=r"^methods: must be one or more of paired, randomization, .*, course"):
        search(SCENARIO, LIMITS, replicates=50, methods=methods)
