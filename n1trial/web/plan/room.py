"""The plan: its inputs, and the answer that moves with them, first by formula and then simulated."""

from __future__ import annotations

from collections.abc import Callable

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult
from n1trial.web.plan import view as plan_view
from n1trial.web.plan.fields import labels, origins, values
from n1trial.web.plan.follow import PlanFollower
from n1trial.web.plan.form import form
from n1trial.web.shared.pictures import draw_in_thread
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.state import PageState
from n1trial.web.shared.tags import faults_list

REDRAWN_FOR = ("design.layout", "placebo.shape", "outcome.scale")
"""Keys that decide which inputs there are, and how far they reach."""


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        ui.div(ui.output_ui("against"), role="status"),
        ui.div(ui.output_ui("verdict"), class_="strip", role="status", aria_live="polite"),
        ui.div(
            ui.tags.section(ui.tags.h2("The plan"), ui.output_ui("faults"), ui.output_ui("inputs"), class_="inputs"),
            ui.tags.section(
                ui.tags.h2("The answer"),
                ui.output_ui("tiles"),
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
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002
    """Follow the form, and show what is known of its plan."""
    number = _take_edits(input, state)
    _lead_to_the_report(input, session)
    plan = _last_sound(state)
    _tell_the_fields(state, number, session)
    _show_faults(state)
    _show_what_speaks_against_it(state)
    _draw_fields(state, plan, session)

    follower = PlanFollower(plan, state.background)
    session.on_ended(follower.end)
    _hand_on_what_is_known(follower, state)
    _show_verdict(follower, state)
    _show(follower, "tiles", plan_view.shown_tiles, output)
    _show_power(follower, session)
    _show_calendar(follower, session)
    _show(follower, "remarks", plan_view.remarks, output)


def _take_edits(input: Inputs, state: PageState) -> reactive.Value[int]:  # noqa: A002
    """Change the plan as it is typed; the number of the last edits that were heard."""
    number = reactive.Value(0, name="number")

    @reactive.effect
    @reactive.event(input.edits)
    def _() -> None:
        number.set(input.edits()["number"])
        state.edit(input.edits()["typed"])

    return number


def _lead_to_the_report(input: Inputs, session: Session) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.whole)
    def _() -> None:
        ui.update_navset("room", selected="report", session=session.root_scope())


def _last_sound(state: PageState) -> reactive.Value[Scenario]:
    """Return the plan as it last was without faults."""
    plan: reactive.Value[Scenario] = reactive.Value(name="plan")

    @reactive.effect
    def _() -> None:
        scenario = state.scenario()
        with reactive.isolate():
            is_new = scenario is not None and (not plan.is_set() or scenario != plan())
        if scenario is not None and is_new:
            plan.set(scenario)

    return plan


def _tell_the_fields(state: PageState, number: reactive.Value[int], session: Session) -> None:
    """Tell each field what is wrong with it, and its value as it was understood; and of which edits that is."""

    @reactive.effect
    async def _() -> None:
        draft = state.draft()
        with reactive.isolate():
            told = {"heard": number(), "faults": _faults_by_key(draft)}
        await session.send_custom_message("n1trial-faults", told)
        if draft.scenario is not None:
            await session.send_custom_message("n1trial-values", dict(values(draft.scenario)))
            said = {origin.key: origin.words for origin in origins(draft.scenario)}
            await session.send_custom_message("n1trial-origins", dict(said))


def _faults_by_key(draft: Draft) -> dict[str, object]:
    """Collect faults by every field that has to do with them."""
    faults: dict[str, object] = {}
    for fault in draft.faults:
        for key in (fault.place, *fault.others):
            told = fault.rule if key == fault.place else str(fault)
            faults[key] = f"{faults[key]}; {told}" if key in faults else told
    return faults


def _show_faults(state: PageState) -> None:
    @render.ui
    def faults() -> ui.TagChild:
        return faults_list([str(fault) for fault in state.draft().faults])


def _show_what_speaks_against_it(state: PageState) -> None:
    @render.ui
    def against() -> ui.TagChild:
        scenario = state.draft().scenario
        return None if scenario is None else plan_view.against(scenario)


def _draw_fields(state: PageState, plan: reactive.Value[Scenario], session: Session) -> None:
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
        state.loads()
        drawn_for()
        with reactive.isolate():
            return form(plan(), session.ns("edits"))


def _hand_on_what_is_known(follower: PlanFollower, state: PageState) -> None:
    """Let other rooms say it too."""

    @reactive.effect
    def _() -> None:
        known = follower.partial()
        is_lost = follower.failed() and not (known is not None and known.is_simulated)
        state.partial_result.set(None if is_lost else known)


def _show_verdict(follower: PlanFollower, state: PageState) -> None:
    @render.ui
    def verdict() -> ui.TagChild:
        known = follower.partial()
        if follower.failed() and not (known is not None and known.is_simulated):
            return faults_list(follower.failed(), "it was not simulated")
        if known is None:
            return ui.tags.p("Simulating ...", class_="verdict")
        draft = state.draft()
        told = plan_view.verdict(known, labels(draft.faults))
        told.attrs["data-command"] = draft.command
        return _of_its_time(told, known, follower)


def _of_its_time(tag: ui.Tag, partial: PartialResult, follower: PlanFollower) -> ui.Tag:
    """Mark what is of the plan before, which stays until it is replaced."""
    return tag if partial.scenario == follower.plan() else tag.add_class("before")


def _show(follower: PlanFollower, name: str, view: Callable[[PartialResult], ui.Tag | None], output: Outputs) -> None:
    """Show one piece of the answer, as soon as anything is known."""

    @output(id=name)
    @render.ui
    def piece() -> ui.TagChild:
        known = follower.partial()
        told = None if known is None else view(known)
        return None if known is None or told is None else _of_its_time(told, known, follower)


def _show_power(follower: PlanFollower, session: Session) -> None:
    picture = draw_in_thread("power", follower.with_curve, plan_view.power_curve, session)

    @render.ui
    def power() -> ui.TagChild:
        known = follower.partial()
        failed = follower.failed() if known is not None and known.is_simulated else ()
        return ui.TagList(picture(), faults_list(failed, "the rest of the curve was not simulated"))


def _show_calendar(follower: PlanFollower, session: Session) -> None:
    picture = draw_in_thread("calendar", follower.partial, plan_view.calendar, session)

    @render.ui
    def calendar() -> ui.TagChild:
        return picture()
