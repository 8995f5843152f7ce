"""The plan: its inputs, and the answer that moves with them, first by formula and then simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.scenario.model import Scenario
from n1trial.study.result import Glance
from n1trial.web import answer
from n1trial.web.course import Course
from n1trial.web.desk import Desk
from n1trial.web.draft import Draft
from n1trial.web.fields import values
from n1trial.web.form import form
from n1trial.web.tags import faults_list

REDRAWN_FOR = ("design.layout", "placebo.shape", "outcome.scale")
"""Keys that decide which inputs there are, and how far they reach."""


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
    """Follow the form, and show what is known of its plan."""
    _take_edits(input, desk)
    _lead_to_the_report(input, session)
    plan = _last_sound(desk)
    _tell_the_fields(desk, session)
    _show_faults(desk)
    _draw_fields(desk, plan, session)

    course = Course(plan, desk.background)
    session.on_ended(course.end)
    _show_verdict(course, desk)
    _show(course, "seen", answer.shown_tiles, output)
    _show_power(course, session)
    _show(course, "calendar", answer.calendar, output)
    _show(course, "remarks", answer.remarks, output)


def _take_edits(input: Inputs, desk: Desk) -> None:  # noqa: A002
    """Change the plan as it is typed."""

    @reactive.effect
    @reactive.event(input.edits)
    def _() -> None:
        desk.edit(input.edits())


def _lead_to_the_report(input: Inputs, session: Session) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.whole)
    def _() -> None:
        ui.update_navset("room", selected="report", session=session.root_scope())


def _last_sound(desk: Desk) -> reactive.Value[Scenario]:
    """The plan as it last was without faults."""
    plan: reactive.Value[Scenario] = reactive.Value(name="plan")

    @reactive.effect
    def _() -> None:
        scenario = desk.scenario()
        if scenario is not None:
            plan.set(scenario)

    return plan


def _tell_the_fields(desk: Desk, session: Session) -> None:
    """Tell each field what is wrong with it, and its value as it was understood."""

    @reactive.effect
    async def _() -> None:
        draft = desk.draft()
        await session.send_custom_message("n1trial-faults", _faults_by_key(draft))
        if draft.scenario is not None:
            await session.send_custom_message("n1trial-values", dict(values(draft.scenario)))


def _faults_by_key(draft: Draft) -> dict[str, object]:
    """What is wrong, by every field that has to do with it."""
    faults: dict[str, object] = {}
    for fault in draft.faults:
        for key in (fault.key, *fault.others):
            told = fault.rule if key == fault.key else str(fault)
            faults[key] = f"{faults[key]}; {told}" if key in faults else told
    return faults


def _show_faults(desk: Desk) -> None:
    @render.ui
    def faults() -> ui.TagChild:
        return faults_list([str(fault) for fault in desk.draft().faults])


def _draw_fields(desk: Desk, plan: reactive.Value[Scenario], session: Session) -> None:
    """Draw the fields anew for another plan, or where there are others now; while one types they stay as they are."""
    drawn_for: reactive.Value[tuple[object, ...]] = reactive.Value((), name="drawn_for")

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


def _show_verdict(course: Course, desk: Desk) -> None:
    @render.ui
    def verdict() -> ui.TagChild:
        known, is_simulated = course.seen()
        if course.failed():
            return faults_list(course.failed(), "it was not simulated")
        if known is None:
            return ui.tags.p("Simulating ...", class_="verdict")
        draft = desk.draft()
        told = answer.verdict(known, is_simulated, is_of_now=draft.scenario is not None)
        told.attrs["data-command"] = draft.command
        if known.scenario != course.plan():  # what is of the plan before stays till it is replaced
            told.add_class("before")
        return told


def _show(course: Course, name: str, view: Callable[[Glance], ui.TagChild], output: Outputs) -> None:
    """Show one piece of the answer, as soon as anything is known."""

    @output(id=name)
    @render.ui
    def shown() -> ui.TagChild:
        known, _ = course.seen()
        return None if known is None else view(known)


def _show_power(course: Course, session: Session) -> None:
    """Draw the curve after the figures have gone out: a picture takes as long as all of them."""

    @reactive.effect
    async def _() -> None:
        known = course.with_curve()
        draw.cancel()
        draw.invoke(known)

    @reactive.extended_task
    async def draw(known: Glance | None) -> ui.TagChild:
        await asyncio.sleep(0)
        return None if known is None else answer.power_curve(known)

    session.on_ended(draw.cancel)

    @render.ui
    def power() -> ui.TagChild:
        return draw.result()
