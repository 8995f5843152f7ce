"""The end: a diary with its treatments as it was planned; a blinded one frozen first, its key opened second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from n1trial.pack.log import LOG
from n1trial.scenario.model import Scenario
from n1trial.source import MemoryFile
from n1trial.web import job as jobs
from n1trial.web.desk import Desk
from n1trial.web.diary_found import (
    Concluded,
    Ended,
    FrozenError,
    checked,
    concluded,
    ended,
    names_treatments,
    unwritten,
)  # fmt: skip
from n1trial.web.diary_shown import conclusions_shown
from n1trial.web.job import Job, Steps, faults_in
from n1trial.web.pack_unzip import sealed_keys
from n1trial.web.tags import faults_list, paper

NEEDS_PACK = (
    "This diary has kits and no treatments: which kit holds what stands in the sealed key alone. When the diary is"
    " complete, open its pack above."
)
CHANGED = (
    "This diary was analyzed by the plan as it was; the plan has been changed since. Analyze again to go by it now."
)
NOTHING_SHOWN = "nothing that the key holds is shown"
"""What holds where the end failed after the diary was frozen, whether or not the key opened."""
SHUT = "The key did not open with this passphrase. Type it again: small and capital letters and blanks count."
STILL_BLIND = (
    "Nothing that the key holds was shown, and nobody knows more than before. The log notes the try, and what the diary"
    " was: it does so each time, and the diary can still be corrected."
)


@module.ui
def panel() -> ui.TagList:
    """What is asked and shown."""
    return ui.TagList(
        ui.output_ui("asked"), ui.output_ui("confirmed"), jobs.panel("job"), ui.output_ui("found")
    )  # fmt: skip


@module.server
def server(
    input: Inputs,  # noqa: A002
    output: Outputs,  # noqa: ARG001
    session: Session,  # noqa: ARG001
    desk: Desk,
    diary: Callable[[], MemoryFile | None],
    pack: Callable[[], Path | None],
) -> None:
    """Analyze what was opened; a key only after it was said what that means."""
    end = End(diary, pack)
    jobs.server("job", end.job, "Analyzed.")
    _begin_anew_with_another(end)
    _ask(input, desk, end)
    _confirm(input, end)
    _open_when_confirmed(input, desk, end)
    _analyze_when_asked(input, desk, end)
    _ask_again_where_it_failed(end)
    _show(desk, end)


class End:
    """The end of a visitor's trial.

    Parameters
    ----------
    diary, pack : reactive callable
        What was opened.

    Attributes
    ----------
    diary, pack : reactive callable
    job : Job
    is_asking : reactive.Value of bool
        Whether it was asked for, and what that means is to be confirmed.
    ending : reactive.Value of MemoryFile or None
        The diary whose end was begun last, till it is known how it ended.
    """

    def __init__(self, diary: Callable[[], MemoryFile | None], pack: Callable[[], Path | None]) -> None:
        self.diary, self.pack = diary, pack
        self.job: Job[Ended | Concluded] = Job()
        self.is_asking = reactive.Value(False, name="is_asking")
        self.ending = reactive.Value[MemoryFile | None](None, name="ending")


def _begin_anew_with_another(end: End) -> None:
    """Forget what was asked and found of the diary or the pack before."""

    @reactive.effect
    @reactive.event(end.diary, end.pack)
    def _() -> None:
        end.is_asking.set(False)
        end.ending.set(None)
        end.job.drop()


def _ask(input: Inputs, desk: Desk, end: End) -> None:  # noqa: A002
    """Offer what can be done with what was opened, or say what is lacking."""

    @render.ui
    def asked() -> ui.TagChild:
        brought, folder = end.diary(), end.pack()
        if brought is None:
            return ui.tags.p("Open a diary first.")
        try:
            if names_treatments(brought):
                return _with_treatments(desk.draft().scenario)
            checked(brought, folder)
        except Exception as error:
            faults_in(error)
            return ui.tags.p("The file has faults, listed above; nothing is analyzed.")
        if folder is None:
            return ui.tags.p(NEEDS_PACK)
        if not sealed_keys(folder):
            return ui.tags.p("The pack's zip holds no key.age; put the sealed key into it.")
        return ui.input_action_button("ask", "Open the key ...")

    @reactive.effect
    @reactive.event(input.ask)
    def _() -> None:
        if not end.job.is_under_way():
            end.is_asking.set(True)


def _confirm(input: Inputs, end: End) -> None:  # noqa: A002
    """Say what opening the key means; it need not be opened yet."""

    @reactive.effect
    @reactive.event(input.not_yet)
    def _() -> None:
        ui.update_text("passphrase", value="")
        end.is_asking.set(False)

    @render.ui
    def confirmed() -> ui.TagChild:
        brought, folder = end.diary(), end.pack()
        if not end.is_asking() or folder is None or brought is None:
            return None
        return _question(folder, sealed_keys(folder), unwritten(checked(brought, folder)))


def _open_when_confirmed(input: Inputs, desk: Desk, end: End) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.open)
    def _() -> None:
        brought, folder, passphrase = end.diary(), end.pack(), input.passphrase()
        if brought is not None and folder is not None and end.is_asking():
            keys = sealed_keys(folder)
            key = input.key() if len(keys) > 1 and input.key() in keys else keys[0]
            end.is_asking.set(False)
            if end.job.begin(lambda steps: _end(desk, brought, folder, key, passphrase, steps), can_cancel=False):
                end.ending.set(brought)


def _analyze_when_asked(input: Inputs, desk: Desk, end: End) -> None:  # noqa: A002
    @reactive.effect
    @reactive.event(input.analyze)
    def _() -> None:
        brought, scenario = end.diary(), desk.draft().scenario
        if brought is not None and scenario is not None:
            end.job.begin(lambda steps: _conclude(desk, brought, scenario, steps))


def _ask_again_where_it_failed(end: End) -> None:
    @reactive.effect
    def _() -> None:
        outcome = end.job.outcome()
        if outcome is not None and outcome.found is None:
            with reactive.isolate():  # the same diary may be tried again; another has not been asked for
                end.is_asking.set(end.ending() is not None)
                end.ending.set(None)


def _show(desk: Desk, end: End) -> None:
    """Show how it ended."""

    @render.ui
    def found() -> ui.TagChild:
        outcome = end.job.outcome()
        if outcome is None:
            return None
        if outcome.found is None:
            return _failed(outcome.faults, outcome.failure)
        if isinstance(outcome.found, Concluded):
            return _concluded(outcome.found, desk.draft().scenario)
        return _over(outcome.found)

    @render.download_button(filename=lambda: f"{_end_of(end.job).folder.name}.zip", media_type="application/zip")
    def files() -> Iterator[bytes]:
        yield _end_of(end.job).files


def _failed(faults: tuple[str, ...], failure: Exception | None) -> ui.Tag | None:
    """Why it did not end; a passphrase that does not fit is no fault of anything."""
    if isinstance(failure, FrozenError) and failure.is_shut:
        return ui.div(
            ui.tags.p(ui.tags.strong(SHUT)), ui.tags.p(STILL_BLIND), ui.tags.ul(*map(ui.tags.li, faults)),
            class_="against", role="alert",
        )  # fmt: skip
    return faults_list(faults, NOTHING_SHOWN) if isinstance(failure, FrozenError) else faults_list(faults)


def _end_of(job: Job[Ended | Concluded]) -> Ended:
    """The end that is shown; what downloads it is there only then."""
    outcome = job.outcome()
    assert outcome is not None
    assert isinstance(outcome.found, Ended)
    return outcome.found


async def _end(desk: Desk, brought: MemoryFile, folder: Path, key: str, passphrase: str, steps: Steps) -> Ended:
    steps.begin("Freezing the diary, opening the key, analyzing and writing ...", can_cancel=False)
    return await desk.background.apart(ended, brought, folder, key, passphrase)


async def _conclude(desk: Desk, brought: MemoryFile, scenario: Scenario, steps: Steps) -> Concluded:
    steps.begin("Analyzing ...")
    return await desk.background.apart(concluded, brought, scenario)


def _with_treatments(scenario: Scenario | None) -> ui.TagChild:
    if scenario is None:
        return ui.tags.p("This diary names its treatments. The plan on the desk has faults; mend it first.")
    return ui.TagList(
        ui.tags.p(
            f"This diary names its treatments. It is analyzed as the plan on the desk says, {scenario.name}: lay the"
            " plan there that was fixed in advance.",
        ),
        ui.input_action_button("analyze", "Analyze", class_="btn-primary"),
    )


def _question(folder: Path, keys: tuple[str, ...], lacking: str) -> ui.Tag:
    """What opening the key means, before it is opened, and what is lacking of the diary."""
    field = ui.input_password("passphrase", "Passphrase of the key", width="100%")
    for child in field.children:
        if isinstance(child, ui.Tag) and child.name == "input":
            child.attrs["autocomplete"] = "off"
    return ui.div(
        ui.tags.h4("After this nobody is blind any more. Is the diary complete?"),
        ui.tags.p(lacking, class_="mind"),
        ui.tags.p(
            "The diary is frozen first: what it is, and how it differs from the plan, is written to ",
            ui.tags.code(str(folder / LOG)),
            ". Then the key opens, and what was fixed in advance is carried out. A diary that is changed afterwards is"
            " told as one that was.",
        ),
        ui.input_select("key", "Which key", list(keys)) if len(keys) > 1 else None,
        field,
        ui.div(
            ui.input_action_button("open", "Yes: freeze the diary and open the key", class_="btn-primary"),
            ui.input_action_button("not_yet", "Not yet"),
            class_="buttons",
        ),
        class_="confirm",
    )


def _concluded(made: Concluded, scenario: Scenario | None) -> ui.TagList:
    """What a diary with its treatments concludes, by the plan that it was analyzed by."""
    return ui.TagList(
        None if made.plan == scenario else ui.tags.p(CHANGED, class_="against", role="status"),
        conclusions_shown(made.said),
    )


def _over(end: Ended) -> ui.Tag:
    """How it ended, the page for the clinic, and everything to download."""
    return ui.div(
        *(ui.tags.p(sentence, class_="against") for sentence in end.warnings),
        ui.div(
            ui.tags.h4(end.ending),
            ui.tags.p("A rule does not decide what is done now: patient and physician do."),
            class_="conclusion",
        ),
        ui.tags.p(
            f"This is the analysis of {end.diary}. Page, letters and figures are in ", ui.tags.code(str(end.folder)),
            "; the diary was frozen in ", ui.tags.code(str(end.log)), ".",
        ),
        ui.div(
            ui.download_button("files", "Download page, letters and figures", class_="btn-primary"), class_="buttons"
        ),
        paper("The analysis", end.page),
        class_="told",
    )  # fmt: skip
