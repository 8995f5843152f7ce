"""The page put together: its rooms, and the state that they share."""

from __future__ import annotations

from pathlib import Path

from shiny import App, Inputs, Outputs, Session, reactive, render, ui

from n1trial import __version__
from n1trial.scenario.check.cautions import cautions, cautions_of
from n1trial.web.compare import room as compare
from n1trial.web.diary import room as diary
from n1trial.web.pack import room as pack
from n1trial.web.plan import room as plan
from n1trial.web.report import room as report
from n1trial.web.search import room as search
from n1trial.web.shared.background import Background
from n1trial.web.shared.plan.draft import Draft
from n1trial.web.shared.state import PageState
from n1trial.web.shared.uploads import Uploads, refuse_files_by_path
from n1trial.web.start import room as before

STATIC = Path(__file__).parent / "static"
ROOMS = {
    "Before": before, "Plan": plan, "Compare": compare, "Search": search, "Report": report, "Pack": pack,
    "Diary": diary,
}  # fmt: skip
"""Rooms in the order of the work: modules with a `panel` and a `server`, by the name on the door."""


def make_app(background: Background, uploads: Uploads) -> App:
    """Make the page."""

    def server(input: Inputs, output: Outputs, session: Session) -> None:  # noqa: A002, ARG001
        refuse_files_by_path(session)
        state = PageState(background, uploads)

        @render.ui
        def cautions() -> ui.TagChild:
            return _cautions(state.draft())

        for name, room in ROOMS.items():
            room.server(name.lower(), state)
        _announce_uploads(uploads, session)
        _announce_unsaved_work(state, session)

    return App(_page(), server, static_assets=STATIC)


def _announce_uploads(uploads: Uploads, session: Session) -> None:
    """Tell the browser where its files are taken, once every room has opened its fields (n1trial.js)."""

    @reactive.effect
    async def _() -> None:
        await session.send_custom_message("n1trial-uploads", {"address": uploads.address_of(session)})


def _announce_unsaved_work(state: PageState, session: Session) -> None:
    """Let the browser ask before the page is left (n1trial.js)."""

    @reactive.effect
    async def _() -> None:
        await session.send_custom_message("n1trial-unsaved", {"what": state.unsaved_work})


def _page() -> ui.Tag:
    panels = [ui.nav_panel(name, room.panel(name.lower()), value=name.lower()) for name, room in ROOMS.items()]
    return ui.page_fluid(
        ui.head_content(
            ui.tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
            ui.tags.link(rel="stylesheet", href="n1trial.css"),
            ui.tags.link(rel="icon", href="data:,"),
            ui.tags.script(src="n1trial.js", defer=True),
        ),
        ui.tags.a("Skip to the plan", href="#main", class_="skip"),
        ui.tags.header(
            ui.tags.h1("n1trial", class_="brand"),
            ui.tags.p("Could a trial in this one patient give an answer?", class_="claim"),
        ),
        ui.tags.main(
            ui.navset_pill(*panels, id="room"), ui.output_ui("cautions", class_="before-use"), id="main", tabindex="-1"
        ),
        ui.tags.footer(
            ui.tags.p(
                f"n1trial {__version__}. A planning and documentation tool for professionals; it decides nothing and"
                " gives no medical advice. This page is served by this machine, to this machine alone."
            )
        ),
        title="n1trial: plan a trial in one patient",
        lang="en",
    )


def _cautions(draft: Draft) -> ui.Tag:
    """Build the cautions that stand below every room."""
    scenario = draft.scenario
    block = cautions("") if scenario is None else cautions_of(scenario)
    own = () if scenario is None else scenario.cautions.own
    return ui.tags.details(
        ui.tags.summary("Before you use this: who must not be in such a trial, what breaks the blinding, when to stop"),
        *(ui.tags.p(" ".join(text.split())) for text in (*block.text, *own)),
    )
