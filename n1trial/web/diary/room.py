"""The diary that came back: checked blind at every visit, taken as data for a plan, and analyzed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.pack.freeze.history import History, history
from n1trial.pack.freeze.history_words import kits_in_words
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.pack.trial.read import REHEARSAL, read_trial
from n1trial.web.diary import analyze as diary_analyze
from n1trial.web.diary import calibrate as diary_calibrate
from n1trial.web.diary import freeze as diary_freeze
from n1trial.web.diary.check import check_view
from n1trial.web.diary.diary_file import DiaryFile, read_diary_file
from n1trial.web.diary.unzip import LOGS, unzip_pack
from n1trial.web.shared.file_field import MEGABYTE, FileField
from n1trial.web.shared.job import faults_in
from n1trial.web.shared.state import PageState
from n1trial.web.shared.tags import faults_list, lead
from n1trial.web.shared.uploads import Upload

DIARY = FileField("file", "The diary", (".csv", ".txt"), 8 * MEGABYTE, "a diary", "diary.csv")
PACK = FileField(
    "pack", "Its pack, as a zip (for kits and dates, and for the end)", (".zip",), 64 * MEGABYTE, "a pack", "pack.zip"
)


@module.ui
def panel() -> ui.TagList:
    """Lay out the room's content."""
    return ui.TagList(
        lead(
            "Open a diary",
            "A table with a row a day, saved as CSV: the diary of a pack as far as it has been filled in, a run-in, or"
            " the diary of a trial that is over.",
        ),
        ui.div(
            DIARY.tag(),
            PACK.tag(),
            class_="side-by-side",
        ),
        ui.div(ui.output_ui("of_pack"), role="status"),
        ui.tags.h3("Check"),
        ui.tags.p("A blinded look, at every visit. No sealed file is read.", class_="hint"),
        ui.input_checkbox(
            "means", "Show mean scores too: whoever reads them beside the kits can guess the order", width="100%"
        ),
        ui.div(ui.output_ui("check"), role="status"),
        ui.tags.h3("Calibrate"),
        diary_calibrate.panel("calibrate"),
        ui.tags.h3("Freeze"),
        diary_freeze.panel("freeze"),
        ui.tags.h3("Analyze"),
        diary_analyze.panel("analyze"),
    )  # fmt: skip


@module.server
def server(input: Inputs, output: Outputs, session: Session, state: PageState) -> None:  # noqa: A002, ARG001
    """Open what was chosen, and look at it blind."""
    upload = state.uploads.open_field(session, DIARY)
    pack, refused = _open_pack(state.uploads.open_field(session, PACK))
    diary = open_diary(upload, pack)
    _show_pack(pack, refused)
    _show_check(input, upload, diary)
    diary_calibrate.server("calibrate", state, upload.file)
    freezing = diary_freeze.FreezeState.begin()
    diary_freeze.server("freeze", upload.file, pack, freezing)
    diary_analyze.server("analyze", state, diary, freezing.times)


def _open_pack(upload: Upload) -> tuple[reactive.Value[Path | None], reactive.Value[tuple[str, ...]]]:
    """Return the folder of the pack that is open, and why one that was chosen is not."""
    pack: reactive.Value[Path | None] = reactive.Value(None, name="pack")
    refused: reactive.Value[tuple[str, ...]] = reactive.Value((), name="refused")

    @reactive.effect
    @reactive.event(upload.file, upload.faults)
    async def _() -> None:
        file = upload.file()
        pack.set(None)
        refused.set(upload.faults())
        if file is not None:
            try:
                pack.set(await asyncio.to_thread(unzip_pack, file))
            except Exception as error:
                refused.set(faults_in(error))

    return pack, refused


def open_diary(upload: Upload, pack: Callable[[], Path | None]) -> Callable[[], DiaryFile | None]:
    """Read the diary once, whenever it or its pack is another."""

    @reactive.calc
    def diary() -> DiaryFile | None:
        file = upload.file()
        return None if file is None else read_diary_file(file, pack())

    return diary


def _show_pack(pack: reactive.Value[Path | None], faults: reactive.Value[tuple[str, ...]]) -> None:
    @render.ui
    def of_pack() -> ui.TagChild:
        folder = pack()
        return faults_list(faults()) if folder is None else _folder_view(folder)


def _show_check(input: Inputs, upload: Upload, diary: Callable[[], DiaryFile | None]) -> None:  # noqa: A002
    @render.ui
    def check() -> ui.TagChild:
        opened = diary()
        if opened is None:
            return faults_list(upload.faults()) or ui.tags.p("No diary is open yet.")
        if opened.check is None:
            return faults_list(opened.faults)
        return check_view(opened.check, with_means=bool(input.means()))


def _history(folder: Path) -> History:
    """Read what the logs of a pack tell, whatever its diary is."""
    return history((folder,), "", None, stated_commitment(folder))


def _folder_view(folder: Path) -> ui.TagChild:
    """Show which pack is open, and where it and its logs are kept."""
    try:
        trial = read_trial(folder)
    except Exception as error:
        return faults_list(faults_in(error))
    there = [name for name in LOGS if (folder / name).is_file()]
    kits = [f"Kit {kit} was opened {text}" for kit, text in kits_in_words(_history(folder).kits)]
    logs = f" Its {' and '.join(there)} {'is' if len(there) == 1 else 'are'} there too." if there else ""
    return ui.div(
        ui.tags.p(REHEARSAL, class_="rehearsal") if trial.is_rehearsal else None,
        ui.tags.p(
            f"The pack of {trial.scenario.name}, patient code {trial.patient_code}, is kept in ",
            ui.tags.code(str(folder)), f", where the page was started.{logs}",
        ),
        *(ui.tags.p(sentence, class_="against") for sentence in kits),
    )  # fmt: skip
