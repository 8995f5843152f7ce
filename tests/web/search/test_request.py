from __future__ import annotations

from pathlib import Path

import pytest

from n1trial.evaluation.stress import Departure
from n1trial.files.source import MemoryFile
from n1trial.report.search.document import to_json
from n1trial.scenario.file.write import write_resolved
from n1trial.study.search.limits import Limits
from n1trial.study.search.result import SearchResult
from n1trial.study.search.search import search, search_with
from n1trial.web.search.estimate import NEEDS, Estimate, roughly
from n1trial.web.search.request import REPLICATES, draft_of, first_values, read_request
from n1trial.web.search.view import picture_of
from n1trial.web.shared.background import DroppedError
from n1trial.web.shared.job import Steps
from n1trial.web.shared.plan.draft import Draft
from tests.study.searched import few_trials, small_scenario

DRAFT = Draft.begin("b12-6-to-8-week").edit({"design.cycles": "4"})


def texts(**changed: str) -> dict[str, str]:
    assert DRAFT.scenario is not None
    return {**first_values(DRAFT.scenario), **changed}


def test_a_request_says_what_finds_the_same_on_the_command_line() -> None:
    request, faults = read_request(DRAFT, texts(weeks="30.5", weeks_on_placebo="14", **{REPLICATES: "500"}))
    assert faults == {}
    assert request is not None
    assert request.limits == Limits(30.5, None, 14.0, None)
    assert request.draft.scenario is not None
    assert request.draft.scenario.simulation.replicates == 500
    assert request.command == (
        "n1trial search b12-6-to-8-week --set design.cycles=4 --set simulation.replicates=500 --max-weeks 30.5"
        " --max-weeks-on-placebo 14"
    )


def test_the_first_limit_is_what_the_plan_takes_and_no_number_is_changed() -> None:
    request, _ = read_request(DRAFT, texts())
    assert request is not None
    assert request.limits == Limits(58.0)
    assert request.draft == request.plan == DRAFT


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("weeks", "", "--max-weeks: must be a number from 1 to 520; it cannot be empty"),
        ("weeks", "0.5", "--max-weeks: must be a number from 1 to 520, but is 0.5"),
        ("weeks", "nan", "--max-weeks: must be a number from 1 to 520, but is nan"),
        ("weeks", "many", "--max-weeks: must be a number from 1 to 520, but is 'many'"),
        ("weeks", "true", "--max-weeks: must be a number from 1 to 520, but is 'true'"),
        ("period_days", "7.5", "--max-period-days: must be a whole number from 1 to 3660, but is '7.5'"),
        ("weeks_on_placebo", "-1", "--max-weeks-on-placebo: must be a number from 0 to 520, but is -1"),
        ("entries", "0", "--max-entries: must be a whole number from 1 to 3660, but is 0"),
        (REPLICATES, "0", "--replicates: must be a whole number from 1 to 10000000, but is 0"),
    ],
)
def test_a_bad_limit_is_told_beside_its_field(name: str, text: str, told: str) -> None:
    assert read_request(DRAFT, {**texts(), name: text}) == (None, {name: told})


def test_all_bad_limits_are_told_at_once() -> None:
    _, faults = read_request(DRAFT, texts(weeks="x", entries="x", **{REPLICATES: "x"}))
    assert set(faults) == {"weeks", "entries", REPLICATES}


@pytest.fixture(scope="module")
def found() -> SearchResult:
    with few_trials():
        scenario = small_scenario(**{"simulation.replicates": 60, "simulation.seed": 11})
        return search_with(None, scenario, Limits(10.0, 14))


def test_a_search_with_workers_of_others_finds_the_same(found: SearchResult) -> None:
    with few_trials():
        assert to_json(search(small_scenario(), Limits(10.0, 14), 60, 11)) == to_json(found)


def test_a_design_is_laid_out_as_a_draft(found: SearchResult, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(write_resolved(small_scenario()), encoding="utf-8")
    draft = Draft.begin(MemoryFile("small.toml", (tmp_path / "small.toml").read_bytes()))
    began = draft.scenario
    assert began is not None
    for design in found.designs:
        laid_out = draft_of(draft, design).scenario
        assert laid_out is not None
        assert all(laid_out.value(key) == began.replace(**{key: value}).value(key) for key, value in design.set.items())


def test_the_picture_tells_the_designs_to_those_who_cannot_see_it(found: SearchResult) -> None:
    drawn = picture_of(found)
    assert f"Design 1: {found.designs[0].weeks:g} weeks" in drawn
    assert "The plan as it is now: " in drawn


def test_a_search_ends_at_the_next_step_once_it_is_dropped() -> None:
    seen: list[int] = []

    def advance(more: int) -> None:
        seen.append(more)
        if len(seen) == 3:
            raise DroppedError

    with few_trials(), pytest.raises(DroppedError):
        search_with(None, small_scenario(), Limits(10.0, 14), Estimate(small_scenario()).follow(advance))
    assert len(seen) == 3


class Clock:
    """Time that goes by as it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_how_long_it_takes_is_told_from_how_fast_it_went() -> None:
    clock = Clock()
    estimate = Estimate(small_scenario(**{"simulation.replicates": 1000, "treatment.onset_range": None}), clock)
    assert estimate.words == "Laying out all designs within the limits ..."
    announce = estimate.follow(lambda _: None)
    go_on = announce("screening", 1000)
    assert estimate.words == "Step 1 of 5. Judging 1,000 designs by closed forms ..."
    clock.now, steps = 10.0, Steps()
    go_on(250)
    assert (
        estimate.words
        == "Step 1 of 5. Judging 1,000 designs by closed forms: about 30 seconds, then the simulations ..."
    )
    estimate.tell(steps)
    assert (steps.words, steps.count, steps.total, steps.can_cancel) == (estimate.words, 250, 1000, True)
    go_on = announce("simulating", 200_000)
    assert estimate.seconds_left is None
    clock.now = 20.0
    go_on(100_000)
    # 100,000 of these are left, 220,000 of the second turn, 12,000 for each departure and 21,000 of those that are
    # shown, in 10 s for 100,000
    assert estimate.seconds_left == pytest.approx(34.1 + 1.2 * len(Departure))
    announce("simulating", 220_000)
    announce("stressing", 70_000)
    announce("stressing", 10_000)
    assert estimate.words.startswith("Step 4 of 5. Simulating the best of them where the patient is not as planned")
    announce("simulating", 21_000)
    assert estimate.words.startswith("Step 5 of 5. Simulating those to choose between once more: some seconds")
    announce("simulating", 30_000)
    assert estimate.words.startswith(NEEDS)
    assert estimate.seconds_left is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4, "some seconds"), (31, "about 40 seconds"), (55, "about 1 minute"), (74, "about 1 minute"),
     (76, "about 2 minutes"), (600, "about 10 minutes")],
)  # fmt: skip
def test_a_time_is_told_roughly(seconds: float, words: str) -> None:
    assert roughly(seconds) == words
