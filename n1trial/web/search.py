"""Search: which design, of all that a patient would put up with?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError, N1trialError
from n1trial.study.found import Found
from n1trial.study.measure import Progress
from n1trial.study.search import SHOWN, search_with
from n1trial.web.background import followed
from n1trial.web.desk import Desk
from n1trial.web.found import found_view, picture_of
from n1trial.web.searching import ASKED, REPLICATES, TRIALS, Asked, Request, Steps, draft_of, first_values, read_request
from n1trial.web.tags import faults_list, lead

LOOK_SECONDS = 0.5
"""How often the page looks how far a search is."""
UNFORESEEN = "the search ended by a fault of n1trial itself, for which it is sorry"
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
        ui.output_ui("bar"),
        ui.div(ui.output_text("doing"), role="status"),
        ui.output_ui("result"),
        ui.div(ui.output_text("said"), role="status", class_="said"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002
    """Search when asked to, tell how far it is, and hand on what was found."""
    wrong: reactive.Value[Mapping[str, str]] = reactive.Value({}, name="wrong")
    faults: reactive.Value[tuple[str, ...]] = reactive.Value((), name="faults")
    reached: reactive.Value[tuple[str, float]] = reactive.Value(("", 0.0), name="reached")
    said_last: reactive.Value[str] = reactive.Value("", name="said_last")
    source: reactive.Value[str] = reactive.Value("", name="source")

    @reactive.extended_task
    async def searched(request: Request, told: Steps) -> Answer:
        scenario, pool = request.draft.scenario, desk.background.pool
        assert scenario is not None

        def work(advance: Progress) -> Answer:
            found = search_with(pool, scenario, request.limits, told.announcing(advance))
            return Answer(request, found, picture_of(found))

        looking = asyncio.create_task(_look(told, reached))
        try:
            return await followed(work, lambda _: None)
        finally:
            looking.cancel()

    session.on_ended(searched.cancel)

    @reactive.calc
    def answer() -> Answer | None:
        return searched.value() if searched.status() == "success" else None

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
        if request is not None and request.draft.scenario is not None:
            searched.cancel()
            told = Steps(request.draft.scenario)
            reached.set((told.words, told.share))
            searched(request, told)

    @reactive.effect
    @reactive.event(input.stop)
    def _() -> None:
        searched.cancel()
        said_last.set("Stopped; nothing was kept.")

    @reactive.effect
    def _() -> None:
        is_running = searched.status() == "running"
        ui.update_action_button("begin", disabled=is_running)
        ui.update_action_button("stop", disabled=not is_running)

    @reactive.calc
    def now() -> tuple[str, float] | None:
        return reached() if searched.status() == "running" else None

    @reactive.calc
    def doing_now() -> str:
        told = now()
        return "" if told is None else told[0]

    @render.text
    def doing() -> str:
        return doing_now()

    @render.ui
    def bar() -> ui.TagChild:
        told = now()
        return None if told is None else ui.tags.progress({"aria-label": "Search"}, value=f"{told[1]:.3f}", max="1")

    @render.ui
    def faults_() -> ui.TagChild:
        error = searched.error() if searched.status() == "error" else None
        if isinstance(error, InputError):
            return faults_list(error.faults)
        if error is not None:
            return faults_list([str(error) if isinstance(error, N1trialError) else UNFORESEEN])
        return faults_list(faults())

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


async def _look(steps: Steps, reached: reactive.Value[tuple[str, float]]) -> None:
    """Tell how far a search is, until canceled."""

    async def tell() -> None:
        async with reactive.lock():
            reached.set((steps.words, round(steps.share, 2)))
            await reactive.flush()

    while True:  # not by `reactive.invalidate_later`, which tells of its own end where the page is started
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.shield(tell())


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
