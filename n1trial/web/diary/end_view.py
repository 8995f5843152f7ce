"""The end of a blinded trial as the page asks for it and shows it: whether its key may open, and how it ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from shiny import ui

from n1trial.pack.log.log import LOG
from n1trial.pack.visit.gate import EndGate, gate
from n1trial.pack.visit.gate_words import REHEARSAL_OPENS, holds_in_words
from n1trial.web.diary.diary_file import DiaryFile
from n1trial.web.diary.end_trial import FrozenError, PageEnd
from n1trial.web.shared.file_field import MEGABYTE, FileField
from n1trial.web.shared.tags import faults_list, paper

RECEIPT = FileField(
    "receipt", "The signed receipt, as it was downloaded (without one the final page says so)", (".txt",),
    MEGABYTE, "a receipt", "receipt.txt",
)  # fmt: skip
EARLY = "Open it before the end of the trial"
DECLARE = "If the trial ended early, declare it above, under Freeze: the key opens then."
ELSE_EARLY = (
    "Anything else needs a reason. It stands in the log, on the final page and in the physician's letter, and the trial"
    " is no longer blind."
)
NOTHING_SHOWN = "nothing that the key holds is shown"
"""What holds where the end failed after the diary was frozen, whether or not the key opened."""
SHUT = "The key did not open with this passphrase. Type it again: small and capital letters and blanks count."
STILL_BLIND = (
    "Nothing that the key holds was shown, and nobody knows more than before. The log notes the try, and what the diary"
    " was: it does so each time, and the diary can still be corrected."
)


def gate_of(diary: DiaryFile, today: date) -> EndGate | None:
    """Look whether the key may open for a diary; None where it has faults, or its pack is not known."""
    checked, pack = diary.check, diary.pack
    if checked is None or checked.trial is None or pack is None:
        return None
    return gate(checked.trial, pack, today, checked.diary)


def offer_end(gate: EndGate | None) -> ui.TagList:
    """Say whether the key may open, and offer to."""
    if gate is None or gate.is_open:
        said = ui.tags.p(REHEARSAL_OPENS, class_="hint") if gate is not None and gate.is_rehearsal else None
        return ui.TagList(said, ui.input_action_button("ask", "Open the key ..."))
    declare = ui.tags.p(DECLARE) if not gate.is_over else None
    return ui.TagList(
        ui.div(*map(ui.tags.p, holds_in_words(gate)), declare, ui.tags.p(ELSE_EARLY), class_="against"),
        ui.input_action_button("ask", f"{EARLY} ..."),
    )


def question(folder: Path, keys: tuple[str, ...], gaps: str, receipt: str, *, is_early: bool) -> ui.Tag:
    """Say what opening the key means, and ask for the passphrase.

    Parameters
    ----------
    folder : Path
        Of the pack.
    keys : tuple of str
        Sealed keys in it.
    gaps : str
        What the diary lacks.
    receipt : str
        Name of the receipt that is open already; empty where none is.
    is_early : bool
        Whether the trial has not ended.
    """
    field = ui.input_password("passphrase", "Passphrase of the key", width="100%")
    for child in field.children:
        if isinstance(child, ui.Tag) and child.name == "input":
            child.attrs["autocomplete"] = "off"
    return ui.div(
        ui.tags.h4("After this nobody is blind any more. Is the diary complete?"),
        ui.tags.p(gaps, class_="mind"),
        ui.tags.p(
            "The diary is frozen first: what it is, and how it differs from the plan, is written to ",
            ui.tags.code(str(folder / LOG)),
            ". Then the key opens, and what was fixed in advance is carried out. Page and letters say if the diary is"
            " changed after that.",
        ),
        ui.input_text("early", "Why it is opened before the end", width="100%") if is_early else None,
        ui.input_text("by", "Your name, for the log: as entered, not verified", width="100%"),
        ui.tags.p(f"The receipt {receipt} is open.") if receipt else None,
        RECEIPT.tag(),
        ui.input_select("key", "Which key", list(keys)) if len(keys) > 1 else None,
        field,
        ui.div(
            ui.input_action_button("open", "Yes: freeze the diary and open the key", class_="btn-primary"),
            ui.input_action_button("not_yet", "Not yet"),
            class_="buttons",
        ),
        class_="confirm",
    )


def failure_view(faults: tuple[str, ...], failure: Exception | None) -> ui.Tag | None:
    """Say why the trial was not ended; a passphrase that does not fit is no fault of anything."""
    if isinstance(failure, FrozenError) and failure.is_shut:
        return ui.div(
            ui.tags.p(ui.tags.strong(SHUT)), ui.tags.p(STILL_BLIND), ui.tags.ul(*map(ui.tags.li, faults)),
            class_="against", role="alert",
        )  # fmt: skip
    return faults_list(faults, NOTHING_SHOWN) if isinstance(failure, FrozenError) else faults_list(faults)


def over(end: PageEnd) -> ui.Tag:
    """Show the ending, the page for the clinic, and everything to download."""
    return ui.div(
        *(ui.tags.p(sentence, class_="against") for sentence in end.warnings),
        ui.div(
            ui.tags.h4(end.ending),
            ui.tags.p("A rule does not decide what is done now: patient and physician do."),
            class_="conclusion",
        ),
        ui.tags.p(end.receipt),
        ui.tags.p(
            f"This is the analysis of {end.diary}. Page, letters and figures are in ", ui.tags.code(str(end.folder)),
            "; the diary was frozen in ", ui.tags.code(str(end.log)), ".",
        ),
        ui.div(
            ui.download_button("files", "Download page, letters and figures", class_="btn-primary"), class_="buttons"
        ),
        paper("The analysis", end.page),
        class_="facts",
    )  # fmt: skip
