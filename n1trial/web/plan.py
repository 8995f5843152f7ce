"""The plan: its inputs, and the answer that moves with them."""

from __future__ import annotations

from shiny import Inputs, Outputs, Session, module, ui

from n1trial.web.desk import Desk


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(ui.tags.h2("Plan"))


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002
    """Follow the inputs."""
