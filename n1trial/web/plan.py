"""The plan: its inputs, and the answer that moves with them, first by formula and then simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.scenario.model import Scenario
from n1trial.study.cells import cells_of_a_curve, cells_of_a_verdict
from n1trial.study.findings import Findings
from n1trial.study.measure import Cell, Measured
from n1trial.study.result import Glance
from n1trial.web import answer
from n1trial.web.desk import Desk
from n1trial.web.fields import values
from n1trial.web.form import form
from n1trial.web.job import faults_in
from n1trial.web.quick import expect
from n1trial.web.tags import faults_list

REDRAWN_FOR = ("design.layout", "placebo.shape", "outcome.scale")
"""Keys that decide which inputs there are, and how far they reach."""
FEWEST_POINTS = 4
"""A curve has more points than no effect, the smallest worthwhile and the planned one."""
SETTLE_SECONDS = 0.05
"""So long nothing else begins after an input was moved: the first figures go out before."""


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(
        ui.div(ui.output_ui("verdict"), class_="strip", role="status", aria_live="polite"),
        ui.div(
            ui.tags.section(ui.tags.h2("The plan"), ui.output_ui("faults"), ui.output_ui("inputs"), class_="inputs"),
            ui.tags.section(
                ui.tags.h2("The answer"),
                ui.output_ui("seen"),
                ui.output_ui("power"),
                ui.output_ui("calendar"),
                ui.output_ui("remarks"),
                ui.tags.p(
                    "What limits the trial, what a result would mean, and where every number comes from: ",
                    ui.input_action_link("whole", "work out the whole report"),
                    ".",
                ),
                class_="answer",
            ),
            class_="plan-grid",
        ),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002
    """Follow the inputs."""
    plan: reactive.Value[Scenario] = reactive.Value(name="plan")
    simulated: reactive.Value[Glance | None] = reactive.Value(None, name="simulated")
    expected: reactive.Value[tuple[Scenario | None, Glance | None]] = reactive.Value((None, None), name="expected")
    failed: reactive.Value[tuple[str, ...]] = reactive.Value((), name="failed")
    drawn_for: reactive.Value[tuple[object, ...]] = reactive.Value((), name="drawn_for")

    @reactive.effect
    @reactive.event(input.edits)
    def _() -> None:
        desk.edit(input.edits())

    @reactive.effect
    @reactive.event(input.whole)
    def _() -> None:
        ui.update_navset("room", selected="report", session=session.root_scope())

    @reactive.effect
    def _() -> None:
        scenario = desk.scenario()
        if scenario is not None:
            plan.set(scenario)

    @reactive.effect
    async def _() -> None:
        draft = desk.draft()
        faults: dict[str, object] = {}
        for fault in draft.faults:
            for key in (fault.key, *fault.others):
                told = fault.rule if key == fault.key else str(fault)
                faults[key] = f"{faults[key]}; {told}" if key in faults else told
        await session.send_custom_message("n1trial-faults", faults)
        if draft.scenario is not None:
            await session.send_custom_message("n1trial-values", dict(values(draft.scenario)))

    @render.ui
    def faults() -> ui.TagChild:
        return faults_list([str(fault) for fault in desk.draft().faults])

    @reactive.effect
    def _() -> None:
        decisive = tuple(plan().value(key) for key in REDRAWN_FOR)
        with reactive.isolate():
            if decisive != drawn_for():
                drawn_for.set(decisive)

    @render.ui
    def inputs() -> ui.TagChild:
        desk.opened()
        drawn_for()
        with reactive.isolate():
            return form(plan(), session.ns("edits"))

    @reactive.extended_task
    async def estimate(scenario: Scenario) -> tuple[Scenario, Glance | None]:
        """By closed form, which takes a moment the first time that a long layout is looked at."""
        return scenario, await asyncio.to_thread(expect, scenario)

    @reactive.effect
    def _() -> None:
        if estimate.status() == "success":
            expected.set(estimate.value.get())
        elif estimate.status() == "error":
            faults_in(estimate.error.get())
            with reactive.isolate():
                expected.set((plan(), None))

    @reactive.calc
    def seen() -> tuple[Glance | None, bool]:
        """What is known of the plan, or else of the one before, and whether it was simulated."""
        known, (_, first) = simulated(), expected()
        if known is not None and known.scenario == plan():
            return known, True
        return first, False

    @reactive.extended_task
    async def judge(scenario: Scenario) -> tuple[Scenario, Measured_]:
        await asyncio.sleep(SETTLE_SECONDS)
        cells = await asyncio.to_thread(cells_of_a_verdict, scenario)
        return scenario, await _measured(desk, cells, scenario)

    @reactive.extended_task
    async def trace_curve(scenario: Scenario, known: Measured_) -> tuple[Scenario, Measured_]:
        cells = await asyncio.to_thread(cells_of_a_curve, scenario)
        return scenario, {**known, **await _measured(desk, cells, scenario)}

    @reactive.effect
    def _() -> None:
        scenario = plan()
        for task in (estimate, judge, trace_curve):
            task.cancel()
        failed.set(())
        estimate.invoke(scenario)
        judge.invoke(scenario)

    @reactive.effect
    def _() -> None:
        if judge.status() == "success":
            scenario, measured = judge.value.get()
            failed.set(())
            simulated.set(Findings(scenario, measured).glance())
            trace_curve.invoke(scenario, measured)
        elif judge.status() == "error":
            failed.set(faults_in(judge.error.get()))

    @reactive.effect
    def _() -> None:
        if trace_curve.status() == "success":
            scenario, measured = trace_curve.value.get()
            simulated.set(Findings(scenario, measured).glance())
        elif trace_curve.status() == "error":
            failed.set(faults_in(trace_curve.error.get()))

    for task in (estimate, judge, trace_curve):
        session.on_ended(task.cancel)

    @render.ui
    def verdict() -> ui.TagChild:
        known, is_simulated = seen()
        if failed():
            return faults_list(failed(), "it was not simulated")
        if known is None:
            return ui.tags.p("Simulating ...", class_="verdict")
        draft = desk.draft()
        told = answer.verdict(known, is_simulated, is_of_now=draft.scenario is not None)
        told.attrs["data-command"] = draft.command
        if known.scenario != plan():  # what is of the plan before stays till it is replaced
            told.add_class("before")
        return told

    @output(id="seen")
    @render.ui
    def tiles() -> ui.TagChild:
        known, _ = seen()
        return None if known is None else answer.shown_tiles(known)

    @reactive.effect
    async def _() -> None:
        known, _ = seen()
        if known is not None and len(known.curve) < FEWEST_POINTS:
            _, known = expected()  # till the rest of the curve is simulated
        draw.cancel()
        draw.invoke(known)

    @reactive.extended_task
    async def draw(known: Glance | None) -> ui.TagChild:
        """Draw after the figures have gone out: a picture takes as long as all of them."""
        await asyncio.sleep(0)
        return None if known is None else answer.power_curve(known)

    session.on_ended(draw.cancel)

    @render.ui
    def power() -> ui.TagChild:
        return draw.result()

    @render.ui
    def calendar() -> ui.TagChild:
        known, _ = seen()
        return None if known is None else answer.calendar(known)

    @render.ui
    def remarks() -> ui.TagChild:
        known, _ = seen()
        return None if known is None else answer.remarks(known)


Measured_ = Mapping[str, Measured]


async def _measured(desk: Desk, cells: Mapping[str, Cell], scenario: Scenario) -> dict[str, Measured]:
    return {name: seen async for name, seen in desk.background.measured(cells, scenario.simulation.seed)}
