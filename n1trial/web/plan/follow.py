"""How a plan that moves is answered: at once by closed form, then simulated, at last with the whole curve."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from shiny import reactive

from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Measurement
from n1trial.study.run.ceiling import ceiling_of
from n1trial.study.run.cells import Address, cells_of_a_curve, cells_of_a_verdict
from n1trial.study.run.findings import Findings
from n1trial.study.run.result import PartialResult
from n1trial.web.shared.background import Background
from n1trial.web.shared.job import faults_in
from n1trial.web.shared.plan.closed_form import expect
from n1trial.web.shared.plan.designs import is_same_trial, trial_of

SETTLE_SECONDS = 0.05
"""So long nothing else begins after an input was moved: the first figures go out before."""

Output = TypeVar("Output")


@dataclass(frozen=True)
class TaskOutcome(Generic[Output]):
    """Outcome of a task for a plan.

    What was dropped may end all the same, so that this counts only as long as the plan is still that one.
    """

    plan: Scenario
    output: Output | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanSimulation:
    """Measured figures of a plan, and what they tell so far."""

    measurements: Mapping[Address, Measurement]
    partial: PartialResult


class PlanFollower:
    """Follower of a plan that moves: it tells of the plan as it is now as soon as it can, of the one before till then.

    Made for a session, it follows the plan till the session ends. Every move to another trial drops what is under way
    for the plan before, while an answer before planning or another title only changes what is told beside the figures;
    then three tasks are done, of which each takes longer and knows more: `expect` by closed form; simulate
    what the verdict needs; simulate the rest of the curve.

    Attributes
    ----------
    plan : reactive callable
    failed : reactive.Value of tuple of str
        Why the plan, or the rest of its curve, could not be simulated.
    seen : reactive callable
        Gives the surest that is known; None where nothing is.
    """

    def __init__(self, plan: Callable[[], Scenario], background: Background) -> None:
        self.plan, self._background = plan, background
        self._trial: Scenario | None = None
        self._expected = reactive.Value[TaskOutcome[PartialResult] | None](None, name="expected")
        self._simulated = reactive.Value[PartialResult | None](None, name="simulated")
        self.failed = reactive.Value[tuple[str, ...]]((), name="failed")
        self.partial: Callable[[], PartialResult | None] = reactive.calc(self._partial)
        self._estimate = reactive.ExtendedTask(self._estimate_plan)
        self._judge = reactive.ExtendedTask(self._judge_plan)
        self._trace = reactive.ExtendedTask(self._trace_curve)
        for step in (self._take_estimate, self._begin, self._take_verdict, self._take_curve):
            reactive.effect(step)

    def end(self) -> None:
        """Drop what is under way."""
        for task in (self._estimate, self._judge, self._trace):
            task.cancel()

    def with_curve(self) -> PartialResult | None:
        """Give the result whose curve is whole, by closed form until the rest is simulated; else the partial one."""
        known = self.partial()
        if known is None or known.is_whole:
            return known
        expected, plan = self._expected(), self.plan()
        if expected is None or expected.output is None or not is_same_trial(expected.plan, plan):
            return known
        return with_texts_of(expected.output, plan)

    def _partial(self) -> PartialResult | None:
        plan, known, expected = self.plan(), self._simulated(), self._expected()
        if known is None or not is_same_trial(known.scenario, plan):
            known = None if expected is None else expected.output
        return with_texts_of(known, plan) if known is not None and is_same_trial(known.scenario, plan) else known

    def _begin(self) -> None:
        plan = self.plan()
        if trial_of(plan) == self._trial:
            return
        self._trial = trial_of(plan)
        self.end()
        self.failed.set(())
        self._estimate.invoke(plan)
        self._judge.invoke(plan)

    def _take_estimate(self) -> None:
        if self._estimate.status() == "success":
            came = self._estimate.value.get()
            if self._is_of_now(came):
                self._expected.set(came)

    def _take_verdict(self) -> None:
        if self._judge.status() == "success" and (found := self._take(self._judge.value.get())):
            self._trace.invoke(found.partial.scenario, found.measurements)

    def _take_curve(self) -> None:
        if self._trace.status() == "success":
            self._take(self._trace.value.get())

    def _take(self, came: TaskOutcome[PlanSimulation]) -> PlanSimulation | None:
        """Take what was simulated, or why it was not, if it is of the plan as it is now."""
        if not self._is_of_now(came):
            return None
        self.failed.set(came.faults)
        if came.output is not None:
            self._simulated.set(came.output.partial)
        return came.output

    def _is_of_now(self, came: TaskOutcome[Output]) -> bool:
        with reactive.isolate():
            return is_same_trial(came.plan, self.plan())

    async def _estimate_plan(self, plan: Scenario) -> TaskOutcome[PartialResult]:
        """Estimate by closed form, which takes a moment the first time that a long layout is looked at."""
        return await _what_comes(plan, asyncio.to_thread(expect, plan))

    async def _judge_plan(self, plan: Scenario) -> TaskOutcome[PlanSimulation]:
        await asyncio.sleep(SETTLE_SECONDS)
        return await _what_comes(plan, self._simulate(plan, cells_of_a_verdict, {}))

    async def _trace_curve(
        self, plan: Scenario, measurements: Mapping[Address, Measurement]
    ) -> TaskOutcome[PlanSimulation]:
        return await _what_comes(plan, self._complete(plan, measurements))

    async def _complete(self, plan: Scenario, measurements: Mapping[Address, Measurement]) -> PlanSimulation:
        """Simulate the rest of a plan, and find the best that an unbiased analysis could do."""
        found = await self._simulate(plan, cells_of_a_curve, measurements)
        best = await asyncio.to_thread(ceiling_of, plan)
        return replace(found, partial=replace(found.partial, ceiling=best))

    async def _simulate(
        self,
        plan: Scenario,
        choose: Callable[[Scenario], dict[Address, Cell]],
        measurements: Mapping[Address, Measurement],
    ) -> PlanSimulation:
        """Simulate some cells of a plan beside those that are known."""
        cells = await asyncio.to_thread(choose, plan)
        more = {name: seen async for name, seen in self._background.simulate(cells, plan.simulation.seed)}
        measured = {**measurements, **more}
        return PlanSimulation(measured, await asyncio.to_thread(Findings(plan, measured).partial_result))


def with_texts_of(result: PartialResult, plan: Scenario) -> PartialResult:
    """Return the same figures, told of a plan of the same trial: with its own answers and texts to think of."""
    if result.scenario == plan:
        return result
    return replace(result, scenario=plan)


async def _what_comes(plan: Scenario, work: Awaitable[Output | None]) -> TaskOutcome[Output]:
    """Wait for work on a plan, whatever comes of it."""
    try:
        return TaskOutcome(plan, await work)
    except Exception as error:
        return TaskOutcome(plan, None, faults_in(error))
