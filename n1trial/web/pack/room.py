"""The pack: from the plan to blinded papers, a sealed pharmacy sheet and a sealed key, as one file to download."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, timedelta
from importlib.util import find_spec

from shiny import Inputs, Outputs, Session, module, reactive, render, ui
from shiny.module import resolve_id

from n1trial.pack.make.inputs import YEARS
from n1trial.pack.sealed.passphrases import SHORTEST, offered_words
from n1trial.pack.trial.characteristics import evaluate, trials_to_evaluate
from n1trial.scenario.scenario import Scenario
from n1trial.web.pack import view as pack_view
from n1trial.web.pack.make import (
    FIRST_DAY,
    FinishedPack,
    PackRequest,
    PassphraseEntry,
    faults_of_passphrases,
    in_the_way,
    make,
)
from n1trial.web.shared import job_panel
from n1trial.web.shared.background import run_in_thread
from n1trial.web.shared.job import Job, Steps
from n1trial.web.shared.state import PageState, set_and_flush
from n1trial.web.shared.tags import date_field, faults_list, lead, shown_when

KEY, PHARMACY, COPY = "the key", "the pharmacy's papers", "the second copy of the key"
SEALED = {"key": KEY, "pharmacy": PHARMACY, "copy": COPY}
"""What has a passphrase, by the name of its fields."""
Start = Callable[[], str]
"""Gives the first day as typed."""
NO_PDF = "PDFs need typst, which is not installed here; every paper is HTML that prints as well."


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        lead(
            "Make the pack",
            "From your plan: diary, leaflet and calendar for the patient, protocol and schedule for the"
            " clinic; and, sealed, the pharmacy's papers and the key. Whoever types the passphrases can open both: let"
            " it be someone outside of the trial, as the pharmacist.",
        ),
        ui.div(ui.output_ui("prospects"), role="status"),
        ui.tags.h3("What to make"),
        ui.div(
            ui.output_ui("first_day"),
            pack_view.tick("pdf", "PDF too, of every paper") if _has_typst() else ui.tags.p(NO_PDF, class_="hint"),
            pack_view.tick("rehearsal", "A rehearsal, NOT FOR A PATIENT: anybody can make it again from its seed"),
            shown_when(resolve_id("rehearsal"), ui.input_text("seed", "Seed of the rehearsal", "1", width="10rem")),
            class_="what-to-make",
        ),
        ui.tags.h3("Passphrases"),
        ui.tags.p(
            "Write each passphrase down and keep it where it will be found: without it no one can open what it seals,"
            f" and this page forgets it at once. Take the six random words, or at least {SHORTEST} characters of your"
            " own that are hard to guess; a rehearsal needs neither."
        ),
        pack_view.passphrase_fields("key", "Passphrase of the key"),
        pack_view.tick("has_pharmacy", "Another passphrase for the pharmacy's papers"),
        shown_when(
            resolve_id("has_pharmacy"),
            pack_view.passphrase_fields("pharmacy", "Passphrase of the pharmacy's papers"),
        ),
        pack_view.tick("has_copy", "A second copy of the key, under a passphrase of its own"),
        shown_when(resolve_id("has_copy"), pack_view.passphrase_fields("copy", "Passphrase of the second copy")),
        ui.div(ui.output_ui("chance"), role="status"),
        ui.input_action_button("make", "Make the pack", class_="btn-primary"),
        job_panel.panel("job"),
        ui.output_ui("faults"),
        ui.output_ui("result"),
        ui.output_ui("previews"),
    )  # fmt: skip


@module.server
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002, ARG001
    """Say what stands in the way, make the pack, and hand it out."""
    job: Job[FinishedPack] = Job()
    job_panel.server("job", job, "The pack is made.")
    start = _ask_for_the_first_day(input)
    for name in SEALED:
        _offer_words(name, input, output)
    hindrances = _say_what_stands_in_the_way(state, start)
    _say_what_it_could_tell(state)
    _make_when_asked(input, state, job, start, hindrances)
    _hand_out(state, job, start)


def _ask_for_the_first_day(input: Inputs) -> Start:  # noqa: A002
    """Draw its field, and give what stands there."""
    suggested = _next_monday(date.today()).isoformat()

    @render.ui
    def first_day() -> ui.Tag:
        return date_field("start", FIRST_DAY, YEARS, suggested)

    @reactive.calc
    def start() -> str:
        return str(input.start()) if "start" in input else suggested

    return start


def _offer_words(name: str, input: Inputs, output: Outputs) -> None:  # noqa: A002
    """Offer six random words for one passphrase, and others as often as asked."""

    @output(id=f"{name}_words")
    @render.text
    @reactive.event(input[f"{name}_others"], ignore_none=False)
    def _() -> str:
        return f"Six random words for {SEALED[name]}: {offered_words()}"


def _say_what_stands_in_the_way(state: PageState, start: Start) -> Callable[[], tuple[str, ...]]:
    @reactive.calc
    def hindrances() -> tuple[str, ...]:
        draft = state.draft()
        scenario = draft.scenario
        return tuple(map(str, draft.faults)) if scenario is None else in_the_way(scenario, start())

    @render.ui
    def prospects() -> ui.TagChild:
        scenario = state.draft().scenario
        if hindrances() or scenario is None:
            return pack_view.hindrances(hindrances())
        return pack_view.free(scenario, start())

    return hindrances


def _say_what_it_could_tell(state: PageState) -> None:
    """Say what the plan could tell before a pack is made of it; nothing while something is wrong with the plan."""

    @render.ui
    def chance() -> ui.TagChild:
        scenario = state.draft().scenario
        return None if scenario is None else pack_view.chance(scenario, state.partial_result())


def _make_when_asked(
    input: Inputs,  # noqa: A002
    state: PageState,
    job: Job[FinishedPack],
    start: Start,
    hindrances: Callable[[], tuple[str, ...]],
) -> None:
    """Make the pack, or tell what is wrong; forget the passphrases at once, and what is under way for another plan."""
    wrong: reactive.Value[tuple[str, ...]] = reactive.Value((), name="wrong")

    @reactive.effect
    @reactive.event(state.draft, start)
    def _() -> None:
        wrong.set(())
        if job.is_under_way():
            job.drop()  # it would be the pack of another plan

    @reactive.effect
    @reactive.event(input.make)
    def _() -> None:
        scenario, wanted = state.draft().scenario, _read_request(input, start())
        found = (*hindrances(), *faults_of_passphrases(wanted))
        wrong.set(found)
        if found or scenario is None:
            return  # a pack that was made stays: it is nowhere but here
        for name in _fields():
            ui.update_text(name, value="")
        job.begin(lambda steps: _make(state, scenario, wanted, steps))

    @render.ui
    def faults() -> ui.TagChild:
        return faults_list(wrong() or job.faults())


def _hand_out(state: PageState, job: Job[FinishedPack], start: Start) -> None:
    """Show what was made; to be downloaded only while it is the pack of the open plan."""

    @reactive.calc
    def is_current() -> bool:
        pack = job.output()
        return pack is not None and pack.is_of(state.draft().scenario, start())

    @render.ui
    def result() -> ui.TagChild:
        pack = job.output()
        return None if pack is None else pack_view.pack_view(pack, is_current())

    @render.ui
    def previews() -> ui.TagChild:
        pack = job.output()
        return None if pack is None else pack_view.previews(pack)

    @render.download_button(filename=lambda: f"{_name(job.output())}.zip", media_type="application/zip")
    async def archive() -> AsyncIterator[bytes]:
        pack = job.output()
        if pack is not None and is_current():
            yield pack.archive
            await set_and_flush(state.has_new_pack, False)

    @reactive.effect
    @reactive.event(job.output, ignore_none=False)
    def _() -> None:
        state.has_new_pack.set(job.output() is not None)


async def _make(state: PageState, scenario: Scenario, request: PackRequest, steps: Steps) -> FinishedPack:
    """Evaluate the plan and make its pack."""
    trials, pool = trials_to_evaluate(scenario), state.background.pool
    steps.begin(f"Simulating {trials:,} trials, for the chances that the papers state ...", trials)
    planned = await run_in_thread(lambda advance: evaluate(scenario, pool, advance), steps.reach)
    steps.begin("Drawing the order, writing the papers and sealing ...")
    return await state.background.run_apart(make, scenario, request, planned)


def _read_request(input: Inputs, start: str) -> PackRequest:  # noqa: A002
    """Read the pack that the fields ask for."""
    typed = {name: PassphraseEntry(what, input[name](), input[f"{name}_again"]()) for name, what in SEALED.items()}
    return PackRequest(
        start,
        typed["key"],
        typed["pharmacy"] if input.has_pharmacy() else None,
        typed["copy"] if input.has_copy() else None,
        has_pdf=_has_typst() and bool(input.pdf()),
        seed=input.seed().strip() if input.rehearsal() else None,
    )


def _fields() -> Iterator[str]:
    """Name all fields that hold a passphrase."""
    for name in SEALED:
        yield from (name, f"{name}_again")


def _name(pack: FinishedPack | None) -> str:
    return "pack" if pack is None else pack.name


def _has_typst() -> bool:
    return find_spec("typst") is not None


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())
