from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

import pytest
from shiny import reactive

from n1trial.errors import RunError
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Measurement, measure
from n1trial.study.run.result import PartialResult
from n1trial.web.compare import follow as module
from n1trial.web.compare.follow import DesignsFollower
from n1trial.web.compare.rows import DesignResult, Simulations
from n1trial.web.shared.background import Background, Name
from n1trial.web.shared.plan.closed_form import expect
from n1trial.web.shared.plan.designs import NamedDesign, keep, remove, rename
from n1trial.web.shared.plan.draft import Draft
from tests.web.reactions import PATIENCE_SECONDS, change, following, run, until

FIRST = Draft.begin("minimal")
LONGER = FIRST.edit({"design.period_days": "35"})


class Waiting(Background):
    """Simulates a few trials once it may, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        super().__init__(1)
        self.asked, self.may_end, self.failure = list[Scenario](), asyncio.Event(), failure

    async def simulate(self, cells: Mapping[Name, Cell], seed: int) -> AsyncIterator[tuple[Name, Measurement]]:
        self.asked.append(next(iter(cells.values())).scenario)
        await self.may_end.wait()
        if self.failure is not None:
            raise self.failure
        few = [Cell(cell.scenario, cell.effect, cell.methods, 20) for cell in cells.values()]
        for name, seen in zip(cells, measure(few, seed), strict=True):
            yield name, seen


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "REPLICATES", 20)
    module._closed_form.cache_clear()
    yield
    module._closed_form.cache_clear()


def follow(background: Callable[[], Waiting], then: Callable[..., Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        at_work, kept = background(), reactive.Value(keep((), FIRST))
        followed = DesignsFollower(kept, at_work)
        async with following(followed):
            await then(followed, kept, at_work)

    run(all_of_it())


def test_a_design_is_expected_and_then_simulated() -> None:
    async def then(followed: DesignsFollower, kept: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        await until(lambda: bool(followed.shown()))
        (one,) = followed.shown()
        assert (one.name, one.is_simulated, one.partial is not None) == ("Plan 1", False, True)
        at_work.may_end.set()
        await until(lambda: followed.shown()[0].is_simulated)
        assert followed.left() == ()
        await change(kept, rename(kept(), "Plan 1", "Short"))
        await until(lambda: followed.shown()[0].name == "Short")
        assert followed.shown()[0].is_simulated
        assert len(at_work.asked) == 1  # known again, whatever it is called

    follow(Waiting, then)


def test_what_stands_there_stays_till_something_is_known_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    may_expect, threads = threading.Event(), set[str]()

    def slow(scenario: Scenario) -> PartialResult | None:
        threads.add(threading.current_thread().name)
        if scenario.design.period_days == 35:
            may_expect.wait(PATIENCE_SECONDS)
        return expect(scenario)

    async def then(followed: DesignsFollower, kept: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        await until(lambda: len(followed.shown()) == 1)
        await change(kept, keep(kept(), LONGER))
        await asyncio.sleep(0.05)
        assert [one.name for one in followed.shown()] == ["Plan 1"]
        may_expect.set()
        await until(lambda: len(followed.shown()) == 2)
        assert threading.current_thread().name not in threads
        assert len(at_work.asked) == 1  # one after another

    monkeypatch.setattr(module, "expect", slow)
    follow(Waiting, then)


def test_it_is_told_only_what_changes() -> None:
    told, came = list[tuple[DesignResult, ...]](), list[Simulations]()

    async def then(followed: DesignsFollower, kept: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        reactive.effect(lambda: told.append(followed.shown()))
        reactive.effect(lambda: came.append(followed.simulated()))
        at_work.may_end.set()
        await until(lambda: bool(told) and [one.is_simulated for one in told[-1]] == [True])
        before, so_far = followed._expected(), (len(told), len(came))
        await change(kept, rename(kept(), "Plan 1", "Short"))
        await until(lambda: followed._expected() is not before)  # asked again, and found to be the same
        await change(kept, kept())
        assert (len(told), len(came)) == (so_far[0] + 1, so_far[1])
        assert [one.name for one in told[-1]] == ["Short"]

    follow(Waiting, then)


def test_what_nobody_wants_any_more_is_dropped() -> None:
    async def then(followed: DesignsFollower, kept: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        await until(lambda: len(at_work.asked) == 1)
        await change(kept, remove(keep(kept(), LONGER), "Plan 1"))
        await until(lambda: len(at_work.asked) == 2)
        assert at_work.asked[1].design.period_days == 35
        at_work.may_end.set()
        await until(lambda: followed.left() == ())
        assert [one.name for one in followed.shown()] == ["Plan 2"]

    follow(Waiting, then)


def test_the_end_drops_what_is_under_way_and_begins_nothing() -> None:
    at_work = Waiting()

    async def then(_: DesignsFollower, kept: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        await change(kept, keep(kept(), LONGER))
        await until(lambda: len(at_work.asked) == 1)

    follow(lambda: at_work, then)  # till all that was dropped has ended
    assert len(at_work.asked) == 1


def test_what_failed_is_told_once_and_tried_again_when_it_is_wanted_again() -> None:
    async def then(followed: DesignsFollower, kept: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        at_work.may_end.set()
        await until(lambda: followed.faults() == ["Plan 1: a worker process ended"])
        assert len(at_work.asked) == 1
        again = kept()
        await change(kept, ())
        await until(lambda: followed.faults() == [])
        at_work.failure = None
        await change(kept, again)
        await until(lambda: bool(followed.shown()) and followed.shown()[0].is_simulated)
        assert followed.faults() == []

    follow(lambda: Waiting(RunError("a worker process ended")), then)


def test_closed_forms_that_fail_leave_it_to_the_simulation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Scenario) -> PartialResult | None:
        raise KeyError("a secret of the inside")

    async def then(followed: DesignsFollower, _: reactive.Value[tuple[NamedDesign, ...]], at_work: Waiting) -> None:
        await until(lambda: bool(followed.shown()))
        assert followed.shown()[0].partial is None
        at_work.may_end.set()
        await until(lambda: followed.shown()[0].partial is not None)

    with monkeypatch.context() as failing:
        failing.setattr(module, "expect", fail)
        follow(Waiting, then)
    assert "a secret of the inside" in capsys.readouterr().err

    # the next visitor is not told of it
    async def once_more(followed: DesignsFollower, *_: object) -> None:
        await until(lambda: bool(followed.shown()))
        assert followed.shown()[0].partial is not None
        assert not followed.shown()[0].is_simulated

    follow(Waiting, once_more)
