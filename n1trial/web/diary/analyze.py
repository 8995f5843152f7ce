"""The end: a diary with its treatments as it was planned; a blinded one frozen first, its key opened second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.errors import InputError
from n1trial.files.source import MemoryFile
from n1trial.pack.conclusion.finish import EndRequest
from n1trial.pack.log.log import today
from n1trial.pack.visit.gate import EndGate
from n1trial.scenario.scenario import Scenario
from n1trial.web.diary.diary_file import DiaryFile, missing_entries_in_words
from n1trial.web.diary.end_trial import PageEnd, end_trial
from n1trial.web.diary.end_view import RECEIPT, failure_view, gate_of, offer_end, over, question
from n1trial.web.diary.results import DiaryConclusion, analyze_diary
from n1trial.web.diary.unzip import sealed_keys
from n1trial.web.diary.view import conclusion_with_its_plan, with_treatments
from n1trial.web.shared import job_panel
from n1trial.web.shared.job import Job, Steps
from n1trial.web.shared.state import PageState
from n1trial.web.shared.uploads import Upload
from n1trial.web.shared.words import one_line

NEEDS_PACK = (
    "This diary has kits and no treatments: which kit holds what stands in the sealed key alone. When the diary is"
    " complete, open its pack above."
)


@module.ui
def panel() -> ui.TagList:
    """Lay out what is asked and shown."""
    return ui.TagList(
        ui.output_ui("question"), ui.output_ui("confirmation"), job_panel.panel("job"), ui.output_ui("conclusion")
    )


@module.server
def server(
    input: Inputs,  # noqa: A002
    output: Outputs,  # noqa: ARG001
    session: Session,
    state: PageState,
    diary: Callable[[], DiaryFile | None],
    frozen: Callable[[], int],
) -> None:
    """Analyze what was opened; a key only after it was said what that means."""
    end = EndPanel(diary, state.uploads.open_field(session, RECEIPT), frozen)
    job_panel.server("job", end.job, "Analyzed.")
    _begin_anew_with_another(end)
    _ask(input, state, end)
    _confirm(input, end)
    _open_when_confirmed(input, state, end)
    _analyze_when_asked(input, state, end)
    _ask_again_where_it_failed(end)
    _show(state, end)


class EndPanel:
    """The end of a visitor's trial.

    Parameters
    ----------
    diary : reactive callable
        What was opened.
    receipt : Upload
        The receipt that was signed.
    frozen : reactive callable
        How often the diary was frozen on this page.

    Attributes
    ----------
    diary : reactive callable
    receipt : Upload
    gate : reactive callable
        Gives whether the key may open; None where nobody knows.
    job : Job
    is_asking : reactive.Value of bool
        Whether it was asked for, and what that means is to be confirmed.
    ending : reactive.Value of DiaryFile or None
        The diary whose end was begun last, till it is known how it ended.
    """

    def __init__(self, diary: Callable[[], DiaryFile | None], receipt: Upload, frozen: Callable[[], int]) -> None:
        self.diary, self.receipt, self._frozen = diary, receipt, frozen
        self.gate: Callable[[], EndGate | None] = reactive.calc(self._gate)
        self.job: Job[PageEnd | DiaryConclusion] = Job()
        self.is_asking = reactive.Value(False, name="is_asking")
        self.ending = reactive.Value[DiaryFile | None](None, name="ending")

    def _gate(self) -> EndGate | None:
        """Look whether the key may open now; the log may say otherwise after each freeze."""
        self._frozen()
        diary = self.diary()
        return None if diary is None else gate_of(diary, today())


def _begin_anew_with_another(end: EndPanel) -> None:
    """Forget what was asked and found of the diary or the pack before."""

    @reactive.effect
    @reactive.event(end.diary)
    def _() -> None:
        end.is_asking.set(False)
        end.ending.set(None)
        end.receipt.file.set(None)
        end.job.drop()


def _ask(input: Inputs, state: PageState, end: EndPanel) -> None:  # noqa: A002
    """Offer what can be done with what was opened, or say what is lacking."""

    @render.ui
    def question() -> ui.TagChild:
        diary = end.diary()
        if diary is None:
            return ui.tags.p("Open a diary first.")
        if diary.names_treatments:
            return with_treatments(state.draft().scenario)
        if diary.faults:
            return ui.tags.p("The file has faults, listed above; nothing is analyzed.")
        if diary.pack is None:
            return ui.tags.p(NEEDS_PACK)
        if not sealed_keys(diary.pack):
            return ui.tags.p("The pack's zip holds no key.age; put the sealed key into it.")
        return offer_end(end.gate())

    @reactive.effect
    @reactive.event(input.ask)
    def _() -> None:
        if not end.job.is_under_way():
            end.is_asking.set(True)


def _confirm(input: Inputs, end: EndPanel) -> None:  # noqa: A002
    """Say what opening the key means; it need not be opened yet."""

    @reactive.effect
    @reactive.event(input.not_yet)
    def _() -> None:
        ui.update_text("passphrase", value="")
        end.is_asking.set(False)

    @render.ui
    def confirmation() -> ui.TagChild:
        diary = end.diary()
        if not end.is_asking() or diary is None or diary.pack is None or diary.check is None:
            return None
        gate, pack = end.gate(), diary.pack
        is_early = gate is not None and not gate.is_open
        lacking = missing_entries_in_words(diary.check)
        return question(pack, sealed_keys(pack), lacking, _receipt_of(end), is_early=is_early)


def _receipt_of(end: EndPanel) -> str:
    """Name the receipt that is open; what is typed beside its field must not go when another comes in."""
    with reactive.isolate():
        file = end.receipt.file()
    return "" if file is None else file.name


def _open_when_confirmed(input: Inputs, state: PageState, end: EndPanel) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.open)
    def _() -> None:
        diary, passphrase = end.diary(), input.passphrase()
        if diary is not None and diary.pack is not None and end.is_asking():
            file, pack, keys = diary.file, diary.pack, sealed_keys(diary.pack)
            key = input.key() if len(keys) > 1 and input.key() in keys else keys[0]
            try:
                asked = _read_request(input, end)
            except InputError as error:
                end.job.refuse(error.faults)
                return
            end.is_asking.set(False)
            if end.job.begin(lambda steps: _end(state, file, pack, key, passphrase, asked, steps), can_cancel=False):
                end.ending.set(diary)


def _analyze_when_asked(input: Inputs, state: PageState, end: EndPanel) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.analyze)
    def _() -> None:
        diary, scenario = end.diary(), state.draft().scenario
        if diary is not None and scenario is not None:
            end.job.begin(lambda steps: _conclude(state, diary.file, scenario, steps))


def _ask_again_where_it_failed(end: EndPanel) -> None:
    @reactive.effect
    def _() -> None:
        outcome = end.job.outcome()
        if outcome is not None and outcome.output is None:
            with reactive.isolate():  # the same diary may be tried again; another has not been asked for
                end.is_asking.set(end.ending() is not None)
                end.ending.set(None)


def _show(state: PageState, end: EndPanel) -> None:
    """Show how it ended."""

    @render.ui
    def conclusion() -> ui.TagChild:
        outcome = end.job.outcome()
        if outcome is None:
            return None
        if outcome.output is None:
            return failure_view(outcome.faults, outcome.failure)
        if isinstance(outcome.output, DiaryConclusion):
            return conclusion_with_its_plan(outcome.output, state.draft().scenario)
        return over(outcome.output)

    @render.download_button(filename=lambda: f"{_end_of(end.job).folder.name}.zip", media_type="application/zip")
    def files() -> Iterator[bytes]:
        yield _end_of(end.job).files


def _end_of(job: Job[PageEnd | DiaryConclusion]) -> PageEnd:
    """Return the end that is shown; what downloads it is there only then."""
    outcome = job.outcome()
    assert outcome is not None
    assert isinstance(outcome.output, PageEnd)
    return outcome.output


def _read_request(input: Inputs, end: EndPanel) -> EndRequest:  # noqa: A002
    """Read what whoever opens the key says besides; raise InputError if a reason is lacking."""
    found = end.gate()
    by = one_line(str(input.by()), "your name") or None
    if found is None or found.is_open:
        return EndRequest(by, None, end.receipt.file())
    early = one_line(str(input.early()), "the reason") if "early" in input else ""
    if not early:
        raise InputError("say why the key is opened before the end of the trial")
    return EndRequest(by, early, end.receipt.file())


async def _end(
    state: PageState, file: MemoryFile, pack: Path, key: str, passphrase: str, request: EndRequest, steps: Steps
) -> PageEnd:
    steps.begin("Freezing the diary, opening the key, analyzing and writing ...", can_cancel=False)
    return await state.background.run_apart(end_trial, file, pack, key, passphrase, request)


async def _conclude(state: PageState, file: MemoryFile, scenario: Scenario, steps: Steps) -> DiaryConclusion:
    steps.begin("Analyzing ...")
    return await state.background.run_apart(analyze_diary, file, scenario)
