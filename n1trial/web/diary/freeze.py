"""Freezing a diary for a receipt that two persons sign, and declaring that its trial ended early."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shiny import Inputs, Outputs, Session, module, reactive, render, ui
from shiny.module import resolve_id

from n1trial.files.source import MemoryFile
from n1trial.pack.freeze.freeze import Declaration
from n1trial.pack.freeze.receipt_words import receipt_in_words
from n1trial.pack.make.inputs import YEARS
from n1trial.web.diary.end_trial import freeze_file
from n1trial.web.shared.job import faults_in
from n1trial.web.shared.tags import date_field, faults_list, shown_when
from n1trial.web.shared.words import one_line

ENDED = "Last day of the trial"
WHAT = (
    "When the diary is complete, and before the key opens: what it is goes into the log of the pack, and a receipt is"
    " made. Two persons compare it with the diary and sign it. With the receipt the final page says whether a value was"
    " changed since; without it, that nobody compared."
)
FILE = "receipt.txt"


@module.ui
def panel() -> ui.TagList:
    """Lay out what is asked and shown."""
    return ui.TagList(
        ui.tags.p(WHAT, class_="hint"),
        ui.input_text("by", "Your name, for the log: as entered, not verified", width="100%"),
        ui.input_checkbox("has_ended", "The trial ended early", width="100%"),
        shown_when(resolve_id("has_ended"), date_field("ended", ENDED, YEARS)),
        ui.input_text(
            "reason",
            "Why: needed for an early end, and where values were corrected since the last time",
            width="100%",
        ),
        ui.input_action_button("freeze", "Freeze the diary"),
        ui.div(ui.output_ui("receipt"), role="status"),
    )


@dataclass(eq=False)
class FreezeState:
    """State of the diary that a visitor freezes.

    Attributes
    ----------
    receipt : reactive.Value of str or None
        Of the diary that is open, as it was frozen here last.
    faults : reactive.Value of tuple of str
    times : reactive.Value of int
        How often the log was added to here.
    """

    receipt: reactive.Value[str | None]
    faults: reactive.Value[tuple[str, ...]]
    times: reactive.Value[int]

    @classmethod
    def begin(cls) -> FreezeState:
        """Begin with nothing frozen."""
        return cls(
            reactive.Value[str | None](None, name="receipt"),
            reactive.Value[tuple[str, ...]]((), name="faults"),
            reactive.Value(0, name="times"),
        )


@module.server
def server(
    input: Inputs,  # noqa: A002
    output: Outputs,  # noqa: ARG001
    session: Session,  # noqa: ARG001
    diary: Callable[[], MemoryFile | None],
    pack: Callable[[], Path | None],
    freeze: FreezeState,
) -> None:
    """Freeze the diary that is open, when asked to."""
    _forget_with_another(diary, pack, freeze)
    _freeze_when_asked(input, diary, pack, freeze)
    _show(freeze)


def _forget_with_another(
    diary: Callable[[], MemoryFile | None], pack: Callable[[], Path | None], freeze: FreezeState
) -> None:
    @reactive.effect
    @reactive.event(diary, pack)
    def _() -> None:
        freeze.receipt.set(None)
        freeze.faults.set(())


def _freeze_when_asked(
    input: Inputs,  # noqa: A002
    diary: Callable[[], MemoryFile | None],
    pack: Callable[[], Path | None],
    freeze: FreezeState,
) -> None:
    @reactive.effect
    @reactive.event(input.freeze)
    async def _() -> None:
        brought, folder = diary(), pack()
        freeze.receipt.set(None)
        freeze.faults.set(())
        if brought is None or folder is None:
            freeze.faults.set(("open a diary and the zip of its pack first",))
            return
        try:
            found = await asyncio.to_thread(freeze_file, brought, folder, *_read_declaration(input))
            freeze.receipt.set(receipt_in_words(found))
            freeze.times.set(freeze.times() + 1)
        except Exception as error:
            freeze.faults.set(faults_in(error))


def _read_declaration(input: Inputs) -> tuple[Declaration, str]:  # noqa: A002
    """Read who freezes the diary, why, and the last day as it was typed."""
    by = one_line(str(input.by()), "your name") or None
    reason = one_line(str(input.reason()), "the reason") or None
    typed = str(input.ended()) if "ended" in input else ""
    return Declaration(by, reason), (typed or "not given") if input.has_ended() else ""


def _show(freeze: FreezeState) -> None:
    @render.ui
    def receipt() -> ui.TagChild:
        text = freeze.receipt()
        if text is None:
            return faults_list(freeze.faults(), "nothing was frozen")
        return ui.div(
            ui.tags.p("The diary is frozen. Print the receipt, and keep the file: the end of the trial asks for it."),
            ui.tags.pre(text, class_="receipt", tabindex="0"),
            ui.download_button("file", "Download the receipt"),
            class_="facts",
        )

    @render.download_button(filename=FILE, media_type="text/plain")
    def file() -> Iterator[str]:
        yield freeze.receipt() or ""
