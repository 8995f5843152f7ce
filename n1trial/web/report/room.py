"""The report: the whole answer on one page, to read, to file and to make again."""

from __future__ import annotations

import shlex
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.report.run.document import to_json
from n1trial.report.run.page import PAGE, page
from n1trial.scenario.file.write import starter
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Progress
from n1trial.study.run.result import Result
from n1trial.study.run.run import run_with
from n1trial.web.shared import job_panel
from n1trial.web.shared.background import run_in_thread
from n1trial.web.shared.job import Job, Steps
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.state import REPLICATES, PageState, set_and_flush
from n1trial.web.shared.tags import faults_list, lead, paper

TRIALS = {
    str(REPLICATES): f"{REPLICATES:,} simulated trials: some seconds",
    "10000": "10,000 simulated trials: surer, and longer",
}


@dataclass(frozen=True, eq=False)
class Report:
    """A run, and the page of it."""

    result: Result
    page: str


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        lead(
            "The whole answer",
            "What limits the trial, other analyses, what is not known and what a result would mean; every number with "
            "its source. One page, to print and to file.",
        ),
        ui.input_radio_buttons("trials", "How sure shall it be?", TRIALS, width="100%"),
        ui.div(ui.input_action_button("start", "Work out the report", class_="btn-primary"), class_="buttons"),
        job_panel.panel("work"),
        ui.output_ui("faults"),
        ui.output_ui("answer"),
        lead("Take the plan with you", "As a scenario file, which the command line reads too."),
        ui.output_ui("take_away"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002, ARG001
    """Work the report out in the background, and give the plan away."""
    job: Job[Report] = Job()
    job_panel.server("work", job, "The report is done.")
    _work_out_when_asked(input, state, job)
    _show_report(state, job)
    _give_report_away(job)
    _give_plan_away(state)


def _work_out_when_asked(input: Inputs, state: PageState, job: Job[Report]) -> None:  # noqa: A002
    """Begin where nothing is wrong with the plan, and tell what went wrong."""

    @reactive.effect
    @reactive.event(input.start)
    def _() -> None:
        draft = state.draft()
        if draft.scenario is None:
            job.refuse(tuple(map(str, draft.faults)))
        else:
            job.begin(partial(_worked_out, draft.scenario, int(input.trials()), state.background.pool))

    @render.ui
    def faults() -> ui.TagChild:
        return faults_list(job.faults())


def _show_report(state: PageState, job: Job[Report]) -> None:
    @render.ui
    def moved_on() -> ui.TagChild:
        done = job.output()
        if done is None or _is_of(done.result, state.draft()):
            return None
        return ui.tags.p("This report is of the plan as it was; it has been changed since.", class_="mind")

    @render.ui
    def answer() -> ui.TagChild:
        done = job.output()
        if done is None:
            return None
        return ui.TagList(
            ui.div(
                ui.download_button("report", "Download the report"),
                ui.download_button("figures", "Download the figures (JSON)"),
                class_="buttons",
            ),
            ui.output_ui("moved_on"),
            paper(f"Report of {done.result.scenario.name}", done.page),
        )


def _give_report_away(job: Job[Report]) -> None:
    @render.download_button(filename=PAGE)
    def report() -> Iterator[str]:
        yield _present(job.output()).page

    @render.download_button(filename="run.json")
    def figures() -> Iterator[str]:
        yield to_json(_present(job.output()).result)


def _give_plan_away(state: PageState) -> None:
    @render.ui
    def take_away() -> ui.TagChild:
        draft = state.draft()
        if draft.scenario is None:
            return ui.tags.p("Something is wrong with the plan; mend it first.")
        return _with_commands(draft, draft.scenario)

    @render.download_button(filename=lambda: f"{_scenario(state.draft()).name}.toml")
    async def scenario() -> AsyncIterator[str]:
        draft = state.draft()
        found = _scenario(draft)
        yield starter(found.name, found)
        await set_and_flush(state.download, draft)


def _with_commands(draft: Draft, scenario: Scenario) -> ui.TagList:
    """Show the plan as a file, and what gives the same numbers as the page on the command line."""
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


async def _worked_out(scenario: Scenario, replicates: int, pool: Executor | None, steps: Steps) -> Report:
    """Run a scenario in the background, and write the page of it."""

    def work(advance: Progress) -> Report:
        def begin(total: int) -> Progress:
            steps.begin("Simulating ...", total)
            return advance

        settings = {"simulation.replicates": replicates, "simulation.seed": scenario.simulation.seed}
        result = run_with(pool, scenario.replace(**settings), begin)
        steps.begin("Writing the page ...")
        advance(0)
        return Report(result, page(result))

    return await run_in_thread(work, steps.reach)


def _is_of(result: Result, draft: Draft) -> bool:
    """Return True if a result is of the plan as it is now."""
    scenario = draft.scenario
    kept = {"simulation.replicates": result.scenario.simulation.replicates}
    return scenario is not None and scenario.replace(**kept) == result.scenario


def _present(report: Report | None) -> Report:
    if report is None:
        raise ValueError("a report must be there before it is downloaded")
    return report


def _scenario(draft: Draft) -> Scenario:
    if draft.scenario is None:
        raise InputError(map(str, draft.faults))
    return draft.scenario
