"""Designs that are kept, followed: what is known of each by closed form at once, and then by simulated trials."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from shiny import reactive

from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell
from n1trial.study.run.cells import Address, cells_of_a_curve, cells_of_a_verdict
from n1trial.study.run.findings import Findings
from n1trial.study.run.result import PartialResult
from n1trial.web.compare.rows import DesignResult, Simulations
from n1trial.web.shared.background import Background
from n1trial.web.shared.job import faults_in
from n1trial.web.shared.plan.closed_form import expect
from n1trial.web.shared.plan.designs import MOST, NamedDesign, trial_of
from n1trial.web.shared.state import REPLICATES

KnownResults = Mapping[Scenario, PartialResult | None]


class DesignsFollower:
    """Follower of kept designs, with what is known of each.

    Made for a session, it follows them till the session ends. Closed forms are asked of all of them at once; then they
    are simulated one after another, and what is simulated is known for good. A design that was removed is dropped.

    Attributes
    ----------
    designs : reactive callable
    scenarios : reactive callable
        Gives them as they are simulated: known again whatever they are called.
    simulated : reactive.Value of Simulations
        What came of simulating them.
    shown : reactive.Value of tuple of DesignResult
        The designs as they stand beside each other, each as surely as it is known; those of before till something is
        known of all.
    """

    def __init__(self, designs: Callable[[], tuple[NamedDesign, ...]], background: Background) -> None:
        self.designs, self._background = designs, background
        self.scenarios: Callable[[], tuple[Scenario, ...]] = reactive.calc(self._scenarios)
        self.simulated = reactive.Value(Simulations(), name="simulated")
        self.shown = reactive.Value[tuple[DesignResult, ...]]((), name="shown")
        self._expected = reactive.Value[KnownResults]({}, name="expected")
        self._under_way: Scenario | None = None
        self._expect = reactive.ExtendedTask(_expect_all)
        self._simulate = reactive.ExtendedTask(self._glance)
        steps = (self._begin_to_expect, self._take_expected, self._simulate_the_next, self._stand)
        self._steps = [reactive.effect(step) for step in steps]

    def end(self) -> None:
        """Drop what is under way, and follow no further."""
        for step in self._steps:  # or the next design would be begun with as soon as one is dropped
            step.destroy()
        for task in (self._expect, self._simulate):
            task.cancel()

    def left(self) -> tuple[Scenario, ...]:
        """List designs that are still to be simulated."""
        return self.simulated().left(self.scenarios())

    def faults(self) -> list[str]:
        """List why the last work failed; empty where it did not."""
        told = self.simulated().faults
        return [f"{one.name}: {fault}" for one, scenario in self._pairs() for fault in told.get(scenario, ())]

    def _scenarios(self) -> tuple[Scenario, ...]:
        return tuple(_as_simulated(one) for one in self.designs())

    def _pairs(self) -> list[tuple[NamedDesign, Scenario]]:
        return list(zip(self.designs(), self.scenarios(), strict=True))

    def _begin_to_expect(self) -> None:
        wanted = self.scenarios()
        self._expect.cancel()
        self._expect.invoke(wanted)

    def _take_expected(self) -> None:
        if self._expect.status() == "success":
            self._expected.set(self._expect.value())

    def _simulate_the_next(self) -> None:
        """Take what came of one design and go on with the next; what nobody wants any more is dropped."""
        wanted, status = self.scenarios(), self._simulate.status()
        with reactive.isolate():
            now = self._with_what_came(status).forgive(wanted)
            if now != self.simulated():
                self.simulated.set(now)
            left = now.left(wanted)
            if status == "running":
                if self._under_way not in wanted:
                    self._simulate.cancel()
            elif left:
                self._under_way = left[0]
                self._simulate.invoke(left[0])

    def _with_what_came(self, status: str) -> Simulations:
        if status == "success":
            return self.simulated().with_result(self._simulate.value())
        if status == "error" and self._under_way is not None:  # once: what failed can be wanted again
            failed, self._under_way = self._under_way, None
            return self.simulated().with_faults(failed, faults_in(self._simulate.error()))
        return self.simulated()

    def _stand(self) -> None:
        known, expected = self.simulated().partials, self._expected()
        if all(scenario in known or scenario in expected for scenario in self.scenarios()):
            shown = tuple(
                DesignResult(one.name, known.get(scenario) or expected.get(scenario)) for one, scenario in self._pairs()
            )
            with reactive.isolate():
                if shown != self.shown():
                    self.shown.set(shown)

    async def _glance(self, scenario: Scenario) -> PartialResult:
        cells = await asyncio.to_thread(_cells, scenario)
        seen = {name: seen async for name, seen in self._background.simulate(cells, scenario.simulation.seed)}
        return await asyncio.to_thread(Findings(scenario, seen).partial_result)


def _as_simulated(one: NamedDesign) -> Scenario:
    """Return the design as it is simulated: known again whatever it is called."""
    return trial_of(one.scenario).replace(**{"simulation.replicates": REPLICATES})


def _cells(scenario: Scenario) -> dict[Address, Cell]:
    """Give all cells that are simulated of a design."""
    return cells_of_a_verdict(scenario) | cells_of_a_curve(scenario)


async def _expect_all(scenarios: Sequence[Scenario]) -> KnownResults:
    """Ask closed forms of designs, which takes a moment the first time that a long layout is looked at."""
    return {scenario: await asyncio.to_thread(_expectation, scenario) for scenario in scenarios}


def _expectation(scenario: Scenario) -> PartialResult | None:
    """Expect by closed forms; None where they fail, for the simulation follows."""
    try:
        return _closed_form(scenario)
    except Exception as error:
        faults_in(error)
        return None


@lru_cache(maxsize=2 * MOST)
def _closed_form(scenario: Scenario) -> PartialResult | None:
    """Expect by closed forms and keep the result for the next visitor; a failure is not kept."""
    return expect(scenario)
