from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from shiny import reactive

from n1trial.errors import RunError
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Measurement
from n1trial.study.run.result import PartialResult
from n1trial.web.plan.follow import PlanFollower
from n1trial.web.plan.view import remarks
from n1trial.web.shared.background import Background, Name
from n1trial.web.shared.plan.closed_form import expect
from tests.web.reactions import PATIENCE_SECONDS, change, following, run, until


def plan_of(seed: int) -> Scenario:
    """A plan that is known by its seed."""
    few = {"simulation.replicates": 100, "simulation.seed": seed, "analysis.methods": ["paired"]}
    return load_scenario("minimal").replace(**few)


class Watched(Background):
    """Notes by seed what is asked of it and what of that is dropped; what is held waits, what is broken fails."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked, self.dropped = list[int](), list[int]()
        self.held, self.broken = set[int](), set[int]()
        self.broken_curves, self.done = set[int](), list[int]()
        self.let_go = asyncio.Event()

    async def simulate(self, cells: Mapping[Name, Cell], seed: int) -> AsyncIterator[tuple[Name, Measurement]]:
        self.asked.append(seed)
        if seed in self.broken or (seed in self.broken_curves and self.asked.count(seed) > 1):
            raise RunError("a process ended")
        try:
            if seed in self.held:
                await self.let_go.wait()
        except asyncio.CancelledError:
            self.dropped.append(seed)
            raise
        async for each in super().simulate(cells, seed):
            yield each
        self.done.append(seed)


class Followed:
    """An answer as one sees it: seed of the plan, whether it was simulated, whether its curve is whole."""

    def __init__(self, first: int) -> None:
        self.plan = reactive.Value(plan_of(first))
        self.background = Watched()
        self.follower = PlanFollower(self.plan, self.background)
        self.seen = list[tuple[int, bool, bool]]()
        self.failed = tuple[str, ...]()
        reactive.effect(self._look)
        reactive.effect(self._look_for_faults)

    def _look(self) -> None:
        known = self.follower.partial()
        if known is not None:
            self.seen.append((known.scenario.simulation.seed, known.is_simulated, known.is_whole))

    def _look_for_faults(self) -> None:
        self.failed = self.follower.failed()

    async def move(self, seed: int) -> None:
        await change(self.plan, plan_of(seed))


def follow(then: Callable[[Followed], Awaitable[None]], *, held: int = -1, broken: int = -1) -> Followed:
    """Follow a plan whose seed is 1 while something is done."""

    async def all_of_it() -> Followed:
        followed = Followed(1)
        followed.background.held.add(held)
        followed.background.broken.add(broken)
        async with following(followed.follower):
            await then(followed)
        return followed

    return run(all_of_it())


def test_first_comes_the_closed_form_then_the_simulation_then_its_whole_curve() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.seen == [(1, False, True)])
        followed.background.let_go.set()
        await until(lambda: followed.seen[-1:] == [(1, True, True)])

    followed = follow(then, held=1)
    assert list(dict.fromkeys(followed.seen)) == [(1, False, True), (1, True, False), (1, True, True)]
    assert followed.background.asked == [1, 1]
    assert followed.failed == ()


def test_the_curve_is_that_of_the_closed_form_till_it_is_simulated() -> None:
    drawn = list[tuple[bool, bool]]()

    async def then(followed: Followed) -> None:
        @reactive.effect
        def _() -> None:
            known = followed.follower.partial()
            curve = followed.follower.with_curve()
            if known is not None and curve is not None:
                drawn.append((curve.is_whole, curve is known))

        await until(lambda: drawn == [(True, True)])
        followed.background.let_go.set()
        await until(lambda: followed.seen[-1:] == [(1, True, True)])

    follow(then, held=1)
    assert drawn == [(True, True), (True, False), (True, True)]


def test_a_move_drops_what_is_under_way_for_the_plan_before() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.background.asked == [1])
        await followed.move(2)
        await until(lambda: followed.seen[-1:] == [(2, True, True)])

    followed = follow(then, held=1)
    assert followed.background.dropped == [1]
    assert [seed for seed, is_simulated, _ in followed.seen if is_simulated] == [2, 2]


def test_what_was_simulated_of_the_plan_before_gives_way_to_the_closed_form() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.seen[-1:] == [(1, True, True)])
        await followed.move(2)
        await until(lambda: followed.seen[-1:] == [(2, False, True)])

    follow(then, held=2)


def test_the_end_drops_what_is_under_way() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.background.asked == [1])
        followed.follower.end()
        await until(lambda: followed.background.dropped == [1])

    follow(then, held=1)


def test_why_it_was_not_simulated_is_told_till_the_next_move() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.failed == ("a process ended",) and followed.seen[-1:] == [(1, False, True)])
        await followed.move(2)
        assert followed.failed == ()
        await until(lambda: followed.seen[-1:] == [(2, True, True)])

    assert follow(then, broken=1).failed == ()


def test_what_ends_as_the_plan_moves_on_is_not_taken_for_the_new_plan() -> None:
    async def then(followed: Followed) -> None:
        async with reactive.lock():  # nothing that ends is taken meanwhile
            await until(lambda: followed.background.done == [1])
            await asyncio.sleep(0.1)
            followed.plan.set(plan_of(2))
            await reactive.flush()
        await until(lambda: followed.seen[-1:] == [(2, True, True)])

    followed = follow(then)
    assert [seed for seed, is_simulated, _ in followed.seen if is_simulated] == [2, 2]
    assert followed.background.asked == [1, 2, 2]


def test_no_curve_of_another_plan_stands_beside_new_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, drawn = threading.Event(), list[tuple[int, int]]()

    def slowly(plan: Scenario) -> PartialResult | None:
        if plan.simulation.seed == 2:
            go_on.wait(PATIENCE_SECONDS)
        return expect(plan)

    monkeypatch.setattr("n1trial.web.plan.follow.expect", slowly)

    async def then(followed: Followed) -> None:
        @reactive.effect
        def _() -> None:
            known, curve = followed.follower.partial(), followed.follower.with_curve()
            if known is not None and curve is not None and known.is_simulated:
                drawn.append((known.scenario.simulation.seed, curve.scenario.simulation.seed))

        await until(lambda: followed.seen[-1:] == [(1, True, True)])
        await followed.move(2)
        await until(lambda: followed.seen[-1:] == [(2, True, True)])
        go_on.set()

    follow(then)
    assert set(drawn) == {(1, 1), (2, 2)}


NIGHTLY = {"question": "Do complaints come on most days, and have they been stable for months?", "answer": "no"}


def answered(seed: int) -> Scenario:
    """The plan with an answer that speaks against it, and another title."""
    return plan_of(seed).replace(considered=[NIGHTLY], title="Another title")


def minds_the_answer(known: PartialResult | None) -> bool:
    return known is not None and str(remarks(known)).count("else these figures are wrong") == 1


def test_an_answer_simulates_nothing_anew_and_is_told_at_once() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.seen[-1:] == [(1, True, True)])
        before = followed.follower.partial()
        assert before is not None
        assert not minds_the_answer(before)
        await change(followed.plan, answered(1))
        known = followed.follower.partial()
        assert minds_the_answer(known)
        assert known is not None
        assert known.scenario == answered(1)
        assert known.curve is before.curve
        assert known.is_simulated
        await followed.move(1)
        taken_back = followed.follower.partial()
        assert taken_back is not None
        assert taken_back.verdict.warnings == before.verdict.warnings

    followed = follow(then)
    assert followed.background.asked == [1, 1]
    assert followed.background.dropped == []


def test_what_is_under_way_goes_on_while_one_answers() -> None:
    async def then(followed: Followed) -> None:
        await until(lambda: followed.seen[-1:] == [(1, False, True)] and followed.background.asked == [1])
        await change(followed.plan, answered(1))
        assert minds_the_answer(followed.follower.partial())
        followed.background.let_go.set()
        await until(lambda: followed.seen[-1:] == [(1, True, True)])
        assert minds_the_answer(followed.follower.partial())
        assert minds_the_answer(followed.follower.with_curve())

    followed = follow(then, held=1)
    assert followed.background.asked == [1, 1]
    assert followed.background.dropped == []


def test_a_curve_that_fails_leaves_the_verdict() -> None:
    async def then(followed: Followed) -> None:
        followed.background.broken_curves.add(1)
        await until(lambda: followed.failed == ("a process ended",))
        assert followed.seen[-1] == (1, True, False)

    follow(then)
