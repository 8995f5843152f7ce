"""The report: the whole answer on one page, to read, to file and to make again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError, N1trialError
from n1trial.report.page import PAGE, page
from n1trial.report.run import run
from n1trial.scenario.model import Scenario
from n1trial.scenario.write import starter
from n1trial.study.measure import Progress
from n1trial.study.result import Result
from n1trial.web.background import followed
from n1trial.web.desk import REPLICATES, Desk
from n1trial.web.draft import Draft
from n1trial.web.tags import faults_list, lead, working

TRIALS = {
    str(REPLICATES): "2,000 simulated trials: some seconds",
    "10000": "10,000 simulated trials: surer, and longer",
}
LOOK_SECONDS = 0.3


class Watched:
    """How far a run has come."""

    def __init__(self) -> None:
        self.done = 0
        self.total: int | None = None


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(
        lead(
            "The whole answer",
            "What limits the trial, other analyses, what is not known and what a result would mean; every number with "
            "its source. One page, to print and to file.",
        ),
        ui.input_radio_buttons("trials", "How sure shall it be?", TRIALS, width="100%"),
        ui.div(
            ui.input_action_button("start", "Work out the report", class_="btn-primary"),
            ui.input_action_button("stop", "Stop"),
            class_="buttons",
        ),
        ui.div(ui.output_ui("progress"), role="status"),
        ui.output_ui("shown"),
        lead("Take the plan with you", "As a scenario file, which the command line reads too."),
        ui.output_ui("take_away"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002, ARG001
    """Work the report out in the background, and give the plan away."""
    watched: reactive.Value[Watched] = reactive.Value(Watched())
    finished: reactive.Value[Result | None] = reactive.Value(None)

    @reactive.extended_task
    async def work_out(scenario: Scenario, seen: Watched) -> Result:
        def tell(done: int) -> None:
            seen.done = done

        return await followed(lambda advance: _run(scenario, desk.background.count, seen, advance), tell)

    @reactive.effect
    @reactive.event(input.start)
    def _() -> None:
        scenario = desk.draft().scenario
        if scenario is not None:
            work_out.cancel()
            finished.set(None)
            watched.set(Watched())
            work_out.invoke(scenario.replace(**{"simulation.replicates": int(input.trials())}), watched())

    @reactive.effect
    @reactive.event(input.stop)
    def _() -> None:
        work_out.cancel()

    @reactive.effect
    def _() -> None:
        if work_out.status() == "success":
            finished.set(work_out.value.get())

    session.on_ended(work_out.cancel)

    @render.ui
    def progress() -> ui.TagChild:
        if desk.draft().scenario is None:
            return faults_list([str(fault) for fault in desk.draft().faults])
        match work_out.status():
            case "running":
                reactive.invalidate_later(LOOK_SECONDS)
                return working("Simulating", watched().done, watched().total)
            case "error":
                return faults_list(_told(work_out.error.get()))
            case "cancelled":
                return ui.tags.p("Stopped.")
        result = finished()
        if result is not None and not _is_of(result, desk.draft()):
            return ui.tags.p("The plan was changed since: this report is of the plan before.")
        return None

    @render.ui
    def shown() -> ui.TagChild:
        result = finished()
        if result is None:
            return None
        return ui.TagList(
            ui.div(
                ui.download_button("report", "Download the report"),
                ui.download_button("figures", "Download the figures (JSON)"),
                class_="buttons",
            ),
            ui.tags.iframe(
                srcdoc=page(result), sandbox="allow-popups", title=f"Report of {result.scenario.name}",
                class_="page-frame",
            ),
        )  # fmt: skip

    @render.download_button(filename=PAGE)
    def report() -> Iterator[str]:
        yield page(_present(finished()))

    @render.download_button(filename="run.json")
    def figures() -> Iterator[str]:
        yield _present(finished()).to_json()

    @render.ui
    def take_away() -> ui.TagChild:
        draft = desk.draft()
        scenario = draft.scenario
        if scenario is None:
            return ui.tags.p("Something is wrong with the plan; mend it first.")
        file = f"n1trial run {shlex.quote(scenario.name)}.toml --replicates {REPLICATES}"
        return ui.TagList(
            ui.div(ui.download_button("scenario", "Download the scenario file"), class_="buttons"),
            ui.tags.p(f"With that file, this gives the same numbers as this page ({REPLICATES:,} simulated trials):"),
            ui.tags.code(file, class_="command", id="command-file"),
            *(
                [
                    ui.tags.p("And so does this, without any file:"),
                    ui.tags.code(f"{draft.command} --replicates {REPLICATES}", class_="command", id="command-shipped"),
                ]
                if draft.is_shipped
                else []
            ),
        )

    @render.download_button(filename=lambda: f"{_scenario(desk.draft()).name}.toml")
    def scenario() -> Iterator[str]:
        found = _scenario(desk.draft())
        yield starter(found.name, found)


def _run(scenario: Scenario, workers: int, seen: Watched, advance: Progress) -> Result:
    def begin(total: int) -> Progress:
        seen.total = total
        return advance

    return run(scenario, workers=workers, progress=begin)


def _is_of(result: Result, draft: Draft) -> bool:
    """Whether a result is of a plan as it is now."""
    scenario = draft.scenario
    kept = {"simulation.replicates": result.scenario.simulation.replicates}
    return scenario is not None and scenario.replace(**kept) == result.scenario


def _present(result: Result | None) -> Result:
    if result is None:
        raise ValueError("a report must be there before it is downloaded")
    return result


def _scenario(draft: Draft) -> Scenario:
    if draft.scenario is None:
        raise InputError(map(str, draft.faults))
    return draft.scenario


def _told(error: BaseException) -> tuple[str, ...]:
    """What went wrong, in words."""
    match error:
        case InputError():
            return error.faults
        case N1trialError():
            return (str(error),)
    raise error
