"""Search: which design, of all that a patient would put up with?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.report.search.document import to_json
from n1trial.study.batches.measure import Progress
from n1trial.study.search.result import SearchResult
from n1trial.study.search.search import SHOWN, search_with
from n1trial.web.search import limits as search_limits
from n1trial.web.search.estimate import Estimate
from n1trial.web.search.request import SearchRequest, draft_of, read_request
from n1trial.web.search.view import picture_of, result_view
from n1trial.web.shared import job_panel
from n1trial.web.shared.background import run_in_thread
from n1trial.web.shared.job import Job, Steps
from n1trial.web.shared.state import PageState
from n1trial.web.shared.tags import faults_list, lead


@dataclass(frozen=True, eq=False)
class SearchAnswer:
    """Answer of a search, of what, and its picture."""

    request: SearchRequest
    result: SearchResult
    picture: str


class SearchPanel:
    """The search of one visitor.

    Attributes
    ----------
    job : Job of SearchAnswer
    limit_faults : reactive.Value of mapping of str to str
        What is wrong with a limit, by its name.
    faults : reactive.Value of tuple of str
        What else is wrong.
    notice : reactive.Value of str
        What came of the last button.
    """

    def __init__(self) -> None:
        self.job: Job[SearchAnswer] = Job()
        self.limit_faults = reactive.Value[Mapping[str, str]]({}, name="limit faults")
        self.faults = reactive.Value[tuple[str, ...]]((), name="faults")
        self.notice = reactive.Value("", name="notice")

    def tell_nothing(self) -> None:
        """Forget what was told of the search before."""
        self.limit_faults.set({})
        self.faults.set(())
        self.notice.set("")


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        lead(
            "Search",
            "What would your patient put up with? Thousands of designs within these limits are judged by closed forms,"
            " and the better ones are simulated. The patient and the drug are those of the plan.",
        ),
        search_limits.panel(),
        ui.tags.p(
            "A search takes some minutes, the longer the more weeks are allowed; you can go on planning"
            " meanwhile. How long it takes on this computer is told once it has begun.",
            class_="lead",
        ),
        ui.div(
            ui.input_action_button("begin", "Search", class_="btn-primary"),
            ui.input_action_button("stop", "Stop"),
            class_="buttons",
        ),
        ui.output_ui("faults"),
        job_panel.panel("work"),
        ui.output_ui("result"),
        ui.div(ui.output_text("notice"), role="status", class_="notice"),
    )


@module.server
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002
    """Search when asked to, tell how far it is, and hand on what was found."""
    search = SearchPanel()
    job_panel.server("work", search.job, "", has_cancel=False)
    search_limits.draw(output, state, search.limit_faults)
    _begin_and_stop(input, state, search)
    _show_faults(search)
    _show_found(state, search)
    _say(search)
    for place in range(SHOWN):
        _hand_on(place, input, session, state, search)


def _begin_and_stop(input: Inputs, state: PageState, search: SearchPanel) -> None:  # noqa: A002
    """Search when asked to; while one is under way it can be stopped, and none be begun."""

    @reactive.effect
    @reactive.event(input.begin)
    def _() -> None:
        search.tell_nothing()
        try:
            request = _request(state, search_limits.read_fields(input), search.limit_faults)
        except InputError as error:
            search.faults.set(error.faults)
            return
        if request is not None:
            search.job.begin(partial(_search, request, state.background.pool))

    @reactive.effect
    @reactive.event(input.stop)
    def _() -> None:
        search.job.drop()
        search.notice.set("Stopped; nothing was kept.")

    @reactive.effect
    def _() -> None:
        is_running = search.job.is_under_way()
        ui.update_action_button("begin", disabled=is_running)
        ui.update_action_button("stop", disabled=not is_running)


def _show_faults(search: SearchPanel) -> None:
    @render.ui
    def faults() -> ui.TagChild:
        return faults_list(search.faults() or search.job.faults())


def _show_found(state: PageState, search: SearchPanel) -> None:
    @render.ui
    def result() -> ui.TagChild:
        answer = search.job.output()
        if answer is None:
            return None
        return ui.TagList(
            ui.tags.h3("What was found"),
            ui.output_ui("moved_on"),
            result_view(answer.result, answer.picture, answer.request.typed, _buttons),
            ui.tags.h3("The same on the command line"),
            ui.tags.code(answer.request.command, class_="command"),
            ui.div(ui.download_button("document", "Download search.json"), class_="buttons"),
        )

    @render.ui
    def moved_on() -> ui.TagChild:
        answer = search.job.output()
        if answer is None or state.draft() == answer.request.plan:
            return None
        return ui.tags.p("This was found for the plan as it was; it has been changed since.", class_="lead")

    @render.download_button(filename="search.json", media_type="application/json")
    def document() -> Iterator[str]:
        answer = search.job.output()
        if answer is not None:
            yield to_json(answer.result)


def _say(search: SearchPanel) -> None:
    @render.text
    def notice() -> str:
        return search.notice()


def _hand_on(place: int, input: Inputs, session: Session, state: PageState, search: SearchPanel) -> None:  # noqa: A002
    """Plan with the design in that place, or put it beside others, when asked to."""

    @reactive.effect
    @reactive.event(input[f"plan_{place}"])
    def _() -> None:
        answer = search.job.output()
        if answer is not None:
            state.load_plan(draft_of(answer.request.draft, answer.result.designs[place]))
            ui.update_navset("room", selected="plan", session=session.root_scope())

    @reactive.effect
    @reactive.event(input[f"compare_{place}"])
    def _() -> None:
        answer = search.job.output()
        if answer is not None:
            try:
                draft = draft_of(answer.request.draft, answer.result.designs[place])
                search.notice.set(f"Kept as {state.keep_design(draft, f'Found {place + 1}')}; see Compare.")
            except InputError as error:
                search.notice.set("; ".join(error.faults))


async def _search(request: SearchRequest, pool: Executor | None, steps: Steps) -> SearchAnswer:
    """Search in the background."""
    scenario = request.draft.scenario
    assert scenario is not None  # a request has no faults
    estimate = Estimate(scenario)
    estimate.tell(steps)

    def work(advance: Progress) -> SearchAnswer:
        found = search_with(pool, scenario, request.limits, estimate.follow(advance))
        return SearchAnswer(request, found, picture_of(found))

    return await run_in_thread(work, lambda _: estimate.tell(steps))


def _request(
    state: PageState, texts: Mapping[str, str], faults: reactive.Value[Mapping[str, str]]
) -> SearchRequest | None:
    """Return the search that was asked for; None where a limit is wrong.

    Raises
    ------
    InputError
        If something else is wrong.
    """
    draft = state.draft()
    if draft.scenario is None:
        raise InputError(tuple(map(str, draft.faults)))
    request, told = read_request(draft, texts)
    faults.set(told)
    return request


def _buttons(place: int) -> ui.Tag:
    number = ui.tags.span(f" design {place + 1}", class_="visually-hidden")
    return ui.div(
        ui.input_action_button(f"plan_{place}", ui.TagList("Plan with this", number)),
        ui.input_action_button(f"compare_{place}", ui.TagList("Compare", number)),
        class_="buttons",
    )
