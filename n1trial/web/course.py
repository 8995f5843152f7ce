"""The course of an answer: at once by closed form, then simulated, at last with the whole curve."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from shiny import reactive

from n1trial.scenario.model import Scenario
from n1trial.study.cells import cells_of_a_curve, cells_of_a_verdict
from n1trial.study.findings import Findings
from n1trial.study.measure import Cell, Measured
from n1trial.study.result import Glance
from n1trial.web.background import Background
from n1trial.web.job import faults_in
from n1trial.web.quick import expect

FEWEST_POINTS = 4
"""A curve has more points than no effect, the smallest worthwhile and the planned one."""
SETTLE_SECONDS = 0.05
"""So long nothing else begins after an input was moved: the first figures go out before."""

Known = Mapping[str, Measured]


class Course:
    """What is known of a plan that moves: of the plan as it is now as soon as it can be, of the one before till then.

    Made for a session, it follows the plan till the session ends. Every move drops what is under way for the plan
    before; then three tasks are done, of which each takes longer and knows more: `expect` by closed form; simulate
    what the verdict needs; simulate the rest of the curve.

    Parameters
    ----------
    plan : reactive callable
        Gives the Scenario.
    background : Background

    Attributes
    ----------
    plan : reactive callable
    expected : reactive.Value of tuple of Scenario and Glance
        What closed forms expected last, and of what; None where there is no closed form.
    simulated : reactive.Value of Glance or None
        What was simulated last.
    failed : reactive.Value of tuple of str
        Why the plan could not be simulated.
    seen : reactive callable
        Gives the surest that is known, and whether it was simulated.
    """

    def __init__(self, plan: Callable[[], Scenario], background: Background) -> None:
        self.plan, self._background = plan, background
        self.expected = reactive.Value[tuple[Scenario | None, Glance | None]]((None, None), name="expected")
        self.simulated = reactive.Value[Glance | None](None, name="simulated")
        self.failed = reactive.Value[tuple[str, ...]]((), name="failed")
        self.seen: Callable[[], tuple[Glance | None, bool]] = reactive.calc(self._seen)
        self._estimate = reactive.ExtendedTask(_estimated)
        self._judge = reactive.ExtendedTask(self._judged)
        self._trace = reactive.ExtendedTask(self._traced)
        for step in (self._take_estimate, self._begin, self._take_verdict, self._take_curve):
            reactive.effect(step)

    def end(self) -> None:
        """Drop what is under way."""
        for task in (self._estimate, self._judge, self._trace):
            task.cancel()

    def with_curve(self) -> Glance | None:
        """What is known whose curve can be drawn: by closed form till the rest of the curve is simulated."""
        known, _ = self.seen()
        if known is not None and len(known.curve) < FEWEST_POINTS:
            _, known = self.expected()
        return known

    def _seen(self) -> tuple[Glance | None, bool]:
        known, (_, first) = self.simulated(), self.expected()
        if known is not None and known.scenario == self.plan():
            return known, True
        return first, False

    def _begin(self) -> None:
        scenario = self.plan()
        self.end()
        self.failed.set(())
        self._estimate.invoke(scenario)
        self._judge.invoke(scenario)

    def _take_estimate(self) -> None:
        if self._estimate.status() == "success":
            self.expected.set(self._estimate.value.get())
        elif self._estimate.status() == "error":
            faults_in(self._estimate.error.get())
            with reactive.isolate():
                self.expected.set((self.plan(), None))

    def _take_verdict(self) -> None:
        if self._judge.status() == "success":
            scenario, measured = self._judge.value.get()
            self.failed.set(())
            self.simulated.set(Findings(scenario, measured).glance())
            self._trace.invoke(scenario, measured)
        elif self._judge.status() == "error":
            self.failed.set(faults_in(self._judge.error.get()))

    def _take_curve(self) -> None:
        if self._trace.status() == "success":
            scenario, measured = self._trace.value.get()
            self.simulated.set(Findings(scenario, measured).glance())
        elif self._trace.status() == "error":
            self.failed.set(faults_in(self._trace.error.get()))

    async def _judged(self, scenario: Scenario) -> tuple[Scenario, Known]:
        await asyncio.sleep(SETTLE_SECONDS)
        return scenario, await self._measured(await asyncio.to_thread(cells_of_a_verdict, scenario), scenario)

    async def _traced(self, scenario: Scenario, known: Known) -> tuple[Scenario, Known]:
        cells = await asyncio.to_thread(cells_of_a_curve, scenario)
        return scenario, {**known, **await self._measured(cells, scenario)}

    async def _measured(self, cells: Mapping[str, Cell], scenario: Scenario) -> Known:
        return {name: seen async for name, seen in self._background.measured(cells, scenario.simulation.seed)}


async def _estimated(scenario: Scenario) -> tuple[Scenario, Glance | None]:
    """By closed form, which takes a moment the first time that a long layout is looked at."""
    return scenario, await asyncio.to_thread(expect, scenario)
