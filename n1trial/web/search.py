"""Search: which design, of all that a patient would put up with?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.study.found import Found
from n1trial.study.measure import Progress
from n1trial.study.search import SHOWN, search_with
from n1trial.web import job
from n1trial.web.background import followed
from n1trial.web.desk import Desk
from n1trial.web.found import found_view, picture_of
from n1trial.web.searching import (
    ASKED,
    REPLICATES,
    TRIALS,
    Asked,
    Estimate,
    Request,
    draft_of,
    first_values,
    read_request,
)
from n1trial.web.tags import faults_list, lead

FIELDS: Mapping[str, Asked] = {**ASKED, REPLICATES: TRIALS}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a search found, of what, and its picture."""

    request: Request
    found: Found
    picture: str


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(
        lead(
            "Search",
            "What would your patient put up with? Thousands of designs within these limits are judged by closed forms,"
            " and the better ones are simulated. The patient, the drug and the run-in are those of the plan.",
        ),
        ui.output_ui("limits"),
        ui.tags.p(
            "A search takes from one minute to several, the longer the more weeks are allowed; you can go on planning"
            " meanwhile. How long it takes on this computer is told once it has begun.",
            class_="lead",
        ),
        ui.div(
            ui.input_action_button("begin", "Search", class_="btn-primary"),
            ui.input_action_button("stop", "Stop"),
            class_="buttons",
        ),
        ui.output_ui("faults"),
        job.panel("work"),
        ui.output_ui("result"),
        ui.div(ui.output_text("said"), role="status", class_="said"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002
    """Search when asked to, tell how far it is, and hand on what was found."""
    wrong: reactive.Value[Mapping[str, str]] = reactive.Value({}, name="wrong")
    faults: reactive.Value[tuple[str, ...]] = reactive.Value((), name="faults")
    said_last: reactive.Value[str] = reactive.Value("", name="said_last")
    source: reactive.Value[str] = reactive.Value("", name="source")

    searched: job.Job[Answer] = job.Job()
    job.server("work", searched, "", has_cancel=False)

    @reactive.calc
    def answer() -> Answer | None:
        outcome = searched.outcome()
        return None if outcome is None else outcome.found

    @reactive.effect
    def _() -> None:
        source.set(desk.draft().source)  # a plan that was only changed leaves the limits as they were typed

    @output(suspend_when_hidden=False)
    @render.ui
    def limits() -> ui.TagChild:
        source()
        with reactive.isolate():
            scenario = desk.draft().scenario
        values = {} if scenario is None else first_values(scenario)
        return ui.div(
            *(_field(name, asked, values.get(name, "")) for name, asked in FIELDS.items()), class_="side-by-side limits"
        )

    for name in FIELDS:
        output(id=f"wrong_{_id(name)}")(_wrong_text(wrong, name))

    @reactive.effect
    @reactive.event(input.begin)
    def _() -> None:
        wrong.set({})
        faults.set(())
        said_last.set("")
        try:
            request = _request(desk, {name: str(input[_id(name)]()) for name in FIELDS}, wrong)
        except InputError as error:
            faults.set(error.faults)
            return
        if request is not None:
            searched.begin(partial(_found, request, desk.background.pool))

    @reactive.effect
    @reactive.event(input.stop)
    def _() -> None:
        searched.drop()
        said_last.set("Stopped; nothing was kept.")

    @reactive.effect
    def _() -> None:
        is_running = searched.is_under_way()
        ui.update_action_button("begin", disabled=is_running)
        ui.update_action_button("stop", disabled=not is_running)

    @render.ui
    def faults_() -> ui.TagChild:
        outcome = searched.outcome()
        return faults_list(faults() or (() if outcome is None else outcome.faults))

    output(id="faults")(faults_)

    @render.ui
    def result() -> ui.TagChild:
        seen = answer()
        if seen is None:
            return None
        return ui.TagList(
            ui.tags.h3("What was found"),
            ui.output_ui("moved_on"),
            found_view(seen.found, seen.picture, seen.request.typed, _buttons),
            ui.tags.h3("The same on the command line"),
            ui.tags.code(seen.request.command, class_="command"),
            ui.div(ui.download_button("document", "Download search.json"), class_="buttons"),
        )

    @render.ui
    def moved_on() -> ui.TagChild:
        seen = answer()
        if seen is None or desk.draft() == seen.request.plan:
            return None
        return ui.tags.p("This was found for the plan as it was; it has been changed since.", class_="lead")

    @render.text
    def said() -> str:
        return said_last()

    def handle(place: int) -> None:
        @reactive.effect
        @reactive.event(input[f"plan_{place}"])
        def _() -> None:
            seen = answer()
            if seen is not None:
                desk.lay_out(draft_of(seen.request.draft, seen.found.designs[place]))
                ui.update_navset("room", selected="plan", session=session.root_scope())

        @reactive.effect
        @reactive.event(input[f"compare_{place}"])
        def _() -> None:
            seen = answer()
            if seen is not None:
                try:
                    draft = draft_of(seen.request.draft, seen.found.designs[place])
                    said_last.set(f"Kept as {desk.keep(draft, f'Found {place + 1}')}; see Compare.")
                except InputError as error:
                    said_last.set("; ".join(error.faults))

    for place in range(SHOWN):
        handle(place)

    @render.download_button(filename="search.json", media_type="application/json")
    def document() -> Iterator[str]:
        seen = answer()
        if seen is not None:
            yield seen.found.to_json()


async def _found(request: Request, pool: Executor | None, steps: job.Steps) -> Answer:
    """Search in the background."""
    scenario = request.draft.scenario
    assert scenario is not None  # a request has no faults
    estimate = Estimate(scenario)
    estimate.tell(steps)

    def work(advance: Progress) -> Answer:
        found = search_with(pool, scenario, request.limits, estimate.announcing(advance))
        return Answer(request, found, picture_of(found))

    return await followed(work, lambda _: estimate.tell(steps))


def _request(desk: Desk, texts: Mapping[str, str], wrong: reactive.Value[Mapping[str, str]]) -> Request | None:
    """The search that was asked for; None where a limit is wrong.

    Raises
    ------
    InputError
        If something else is wrong.
    """
    draft = desk.draft()
    if draft.scenario is None:
        raise InputError(tuple(map(str, draft.faults)))
    request, told = read_request(draft, texts)
    wrong.set(told)
    return request


def _wrong_text(wrong: reactive.Value[Mapping[str, str]], name: str) -> render.text:
    @render.text
    def text() -> str:
        return wrong().get(name, "")

    return text


def _id(name: str) -> str:
    """Name of an input."""
    return name.replace(".", "_")


def _field(name: str, asked: Asked, text: str) -> ui.Tag:
    """One limit: label and unit, box, sentence, fault."""
    place = module.resolve_id(_id(name))
    return ui.div(
        ui.tags.label(asked.label, ui.tags.span(f" {asked.unit}", class_="unit"), {"for": place}),
        ui.tags.input(
            {"aria-describedby": f"{place}-hint {place}-wrong", "inputmode": "decimal"},
            type="text", value=text, id=place, class_="box shiny-input-text", autocomplete="off",
        ),
        ui.tags.p(f"{asked.sentence} ", ui.tags.code(asked.option), class_="hint", id=f"{place}-hint"),
        ui.div(ui.output_text(f"wrong_{_id(name)}"), class_="fault", id=f"{place}-wrong", role="status"),
        class_="field number",
    )  # fmt: skip


def _buttons(place: int) -> ui.Tag:
    number = ui.tags.span(f" design {place + 1}", class_="visually-hidden")
    return ui.div(
        ui.input_action_button(f"plan_{place}", ui.TagList("Plan with this", number)),
        ui.input_action_button(f"compare_{place}", ui.TagList("Compare", number)),
        class_="buttons",
    )
