"""Before planning: what is to be tried, and the questions that say whether a trial makes sense at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shiny import Inputs, Outputs, Session, module, reactive, render, ui
from shiny.module import resolve_id

from n1trial.errors import InputError
from n1trial.files.source import MemoryFile
from n1trial.report.words import layout_in_words
from n1trial.scenario.check.cautions import CautionBlock, Question, cautions
from n1trial.scenario.file import library
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.scenario.model.about import Source
from n1trial.web.shared.file_field import MEGABYTE, FileField
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.state import FIRST, PageState
from n1trial.web.shared.tags import faults_list, lead, shown_when
from n1trial.web.shared.uploads import Upload

STATUS: Mapping[str, str] = {
    "published": "Published",
    "reported-unverified": "Reported by others, not verified",
    "own-data": "The clinic's own data",
    "assumption": "An assumption",
}
"""How far a source can be trusted."""
SCENARIO = FileField("file", "Or a file", (".toml",), MEGABYTE, "a scenario file", "scenario.toml")


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        lead("Begin with a plan", "A shipped one, to look around and change; or a scenario file of your own."),
        ui.div(
            ui.input_select(
                "shipped", "A shipped scenario", _choices(),
                selected=FIRST, width="100%",
            ),
            SCENARIO.tag(),
            {"data-either-or": ""}, class_="side-by-side",
        ),
        ui.div(ui.output_ui("faults"), role="status"),
        ui.output_ui("source"),
        lead(
            "Does a trial make sense at all?",
            "Any of these may stay open. Your answers go into the scenario file, the report and the protocol.",
        ),
        ui.output_ui("questions"),
    )  # fmt: skip


@module.server
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002, ARG001
    """Open the plan that was chosen, and record the answers."""
    _begin_with_what_is_chosen(input, state, state.uploads.open_field(session, SCENARIO))
    _show_source(state)
    block = _block_of_questions(state)
    _ask(state, block)
    _record_answers(input, state, block)


def _begin_with_what_is_chosen(input: Inputs, state: PageState, upload: Upload) -> None:  # noqa: A002
    """Open a shipped plan or one from a file, and tell what is wrong with a file."""
    wrong: reactive.Value[tuple[str, ...]] = reactive.Value((), name="wrong")

    @reactive.effect
    @reactive.event(input.shipped, ignore_init=True)
    def _() -> None:
        if input.shipped() in library.paths():
            wrong.set(())
            state.load_plan(Draft.begin(input.shipped()))

    @reactive.effect
    @reactive.event(upload.file, upload.faults)
    def _() -> None:
        file = upload.file()
        found = upload.faults() if file is None else _open(file)
        wrong.set(() if isinstance(found, Draft) else found)
        if file is not None and isinstance(found, Draft):
            state.load_plan(found)
            # none of the shipped ones is open now, and any can be chosen
            ui.update_select("shipped", choices={"": f"your file: {file.name}"} | _choices(), selected="")

    @render.ui
    def faults() -> ui.TagChild:
        return faults_list(wrong())


def _choices() -> dict[str, str]:
    """Return shipped scenarios to choose from, as they are called."""
    return {each.name: f"{each.title} ({each.name})" for each in shipped_scenarios()}


def _show_source(state: PageState) -> None:
    @render.ui
    def source() -> ui.TagChild:
        scenario = state.draft().scenario
        if scenario is None:
            return None
        return ui.div(ui.tags.p(layout_in_words(scenario), class_="design"), _source(scenario.source))


def _source(source: Source) -> ui.Tag | None:
    """Show where the idea comes from, and how far that can be trusted; None where the file tells nothing."""
    reported = f"It reports: {source.reported}" if source.reported else ""
    paragraphs = [ui.tags.p(text) for text in (source.citation, reported, source.note) if text]
    if not paragraphs:
        return None
    badge = ui.tags.p(STATUS[source.status], class_="badge-of-source")
    return ui.div(ui.tags.h3("Where the idea comes from"), badge, *paragraphs, class_="source")


def _block_of_questions(state: PageState) -> Callable[[], CautionBlock]:
    @reactive.calc
    def block() -> CautionBlock:
        # another plan's, not a changed plan's: answers, which change it, are still being typed into what this draws
        state.loads()
        with reactive.isolate():
            held = state.draft().tables.get("cautions", {})
        name = held.get("block", "") if isinstance(held, dict) else ""
        try:
            return cautions(name)
        except InputError:
            return cautions("")

    return block


def _ask(state: PageState, block: Callable[[], CautionBlock]) -> None:
    """Draw the questions, anew for another plan only."""

    @render.ui
    def questions() -> ui.TagChild:
        opening = state.loads()
        with reactive.isolate():
            given = state.draft().considered
        asked = (
            _question(_id(opening, index), each, given.get(each.question, ""))
            for index, each in enumerate(block().questions)
        )
        return ui.div(*asked, class_="questions")


def _record_answers(input: Inputs, state: PageState, block: Callable[[], CautionBlock]) -> None:  # noqa: A002
    @reactive.effect
    def _() -> None:
        # inputs drawn for a plan that was open before are no answers to this one's questions
        names = {each.question: _id(state.loads(), index) for index, each in enumerate(block().questions)}
        typed = {question: input[name]() for question, name in names.items() if name in input}
        with reactive.isolate():
            draft = before = state.draft()
            for question, answer in typed.items():
                if answer is not None and " ".join(answer.split()) != draft.considered.get(question, ""):
                    draft = draft.answer(question, answer)
            if draft is not before:
                state.draft.set(draft)


def _open(file: MemoryFile) -> Draft | tuple[str, ...]:
    """Open the draft that a file holds, or say everything that is wrong with it."""
    try:
        draft = Draft.begin(file)
    except InputError as error:
        return error.faults
    return tuple(f"{file.name}: {fault}" for fault in draft.faults) or draft


def _id(number: int, index: int) -> str:
    """Name the input of a question, as it was drawn for one opening of a plan."""
    return f"answer_{number}_{index}"


def _question(name: str, question: Question, answer: str) -> ui.Tag:
    """Draw one question, to be answered or not."""
    if not question.answers:
        return ui.div(ui.input_text(name, question.question, answer, width="100%"), class_="question")
    # what a file answers in words of its own is kept
    choices = {"": "not answered", **{each: each for each in (*question.answers, answer) if each}}
    return ui.div(
        ui.input_radio_buttons(name, question.question, choices, selected=answer, inline=True, width="100%"),
        *(
            shown_when(resolve_id(name), ui.tags.p(said, class_="against"), value=against, is_shown=answer == against)
            for against, said in question.against.items()
        ),
        class_="question",
    )
