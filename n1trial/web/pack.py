"""The pack: from the plan to blinded papers, a sealed pharmacy sheet and a sealed key, as one file to download."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec

from shiny import Inputs, Outputs, Session, module, reactive, render, ui
from shiny.module import resolve_id

from n1trial.pack.asked import FIRST_YEAR, LAST_YEAR, first_day
from n1trial.pack.blinded import REHEARSAL
from n1trial.pack.planned import evaluate, trials_to_evaluate
from n1trial.pack.seal import SHORTEST_PASSPHRASE
from n1trial.scenario.check import unanswered, warnings
from n1trial.scenario.model import Scenario
from n1trial.web import job as jobs
from n1trial.web.background import followed
from n1trial.web.desk import Desk
from n1trial.web.job import Job, Steps
from n1trial.web.pack_making import FIRST_DAY, Made, Typed, Wanted, faults_of_passphrases, in_short, in_the_way, make
from n1trial.web.tags import faults_list, lead, paper, table

KEY, PHARMACY, COPY = "the key", "the pharmacy's papers", "the second copy of the key"
SEALED = {"key": KEY, "pharmacy": PHARMACY, "copy": COPY}
"""What has a passphrase, by the name of its fields."""
CHANGED = (
    "This pack is of the plan as it was; the plan has been changed since. Make the pack anew, or"
    " change the plan and the first day back, to download it."
)
NO_PDF = "PDFs need typst, which is not installed here; every paper is HTML that prints as well."


@module.ui
def panel() -> ui.TagList:
    """The room's content."""
    return ui.TagList(
        lead(
            "Make the pack",
            "From the plan on the desk: diary, leaflet and calendar for the patient, protocol and schedule for the"
            " clinic; and, sealed, the pharmacy's papers and the key. Whoever types the passphrases can open both: let"
            " it be someone outside of the trial, as the pharmacist.",
        ),
        ui.div(ui.output_ui("standing"), role="status"),
        ui.tags.h3("What to make"),
        ui.div(
            ui.output_ui("first_day"),
            _tick("pdf", "PDF too, of every paper") if _has_typst() else ui.tags.p(NO_PDF, class_="hint"),
            _tick("rehearsal", "A rehearsal, NOT FOR A PATIENT: anybody can make it again from its seed"),
            ui.panel_conditional("input.rehearsal", ui.input_text("seed", "Seed of the rehearsal", "1", width="10rem")),
            class_="what-to-make",
        ),
        ui.tags.h3("Passphrases"),
        ui.tags.p(
            "Write each passphrase down and keep it where it will be found: without it no one can open what it seals,"
            f" and this page forgets it at once. At least {SHORTEST_PASSPHRASE} characters; four or five words that"
            " have nothing to do with each other are good."
        ),
        _twice("key", "Passphrase of the key"),
        _tick("has_pharmacy", "Another passphrase for the pharmacy's papers"),
        ui.panel_conditional("input.has_pharmacy", _twice("pharmacy", "Passphrase of the pharmacy's papers")),
        _tick("has_copy", "A second copy of the key, under a passphrase of its own"),
        ui.panel_conditional("input.has_copy", _twice("copy", "Passphrase of the second copy")),
        ui.input_action_button("make", "Make the pack", class_="btn-primary"),
        jobs.panel("job"),
        ui.output_ui("faults"),
        ui.output_ui("made"),
        ui.output_ui("previews"),
    )  # fmt: skip


@module.server
def server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:  # noqa: A002, ARG001
    """Say what stands in the way, make the pack, and hand it out."""
    job: Job[Made] = Job()
    jobs.server("job", job, "The pack is made.")
    wrong: reactive.Value[tuple[str, ...]] = reactive.Value((), name="wrong")

    suggested = _next_monday(date.today()).isoformat()

    @render.ui
    def first_day_() -> ui.Tag:
        return _date_field(resolve_id("start"), FIRST_DAY, suggested)

    output(id="first_day")(first_day_)

    @reactive.calc
    def start() -> str:
        return str(input.start()) if "start" in input else suggested

    @reactive.calc
    def hindered() -> tuple[str, ...]:
        draft = desk.draft()
        scenario = draft.scenario
        return tuple(map(str, draft.faults)) if scenario is None else in_the_way(scenario, start())

    @render.ui
    def standing() -> ui.TagChild:
        scenario = desk.draft().scenario
        return _hindrances(hindered()) if hindered() or scenario is None else _free(scenario, start())

    @reactive.effect
    @reactive.event(desk.draft, start)
    def _() -> None:
        wrong.set(())
        if job.is_under_way():
            job.drop()  # it would be the pack of another plan

    @reactive.effect
    @reactive.event(input.make)
    def _() -> None:
        scenario, wanted = desk.draft().scenario, _wanted(input, start())
        found = (*hindered(), *faults_of_passphrases(wanted))
        wrong.set(found)
        job.drop()
        if found or scenario is None:
            return
        for name in _fields():
            ui.update_text(name, value="")
        job.begin(lambda steps: _make(desk, scenario, wanted, steps))

    @reactive.calc
    def made() -> Made | None:
        outcome = job.outcome()
        return None if outcome is None else outcome.found

    @render.ui
    def faults_() -> ui.TagChild:
        outcome = job.outcome()
        return faults_list(wrong() or (outcome.faults if outcome is not None else ()))

    output(id="faults")(faults_)

    @reactive.calc
    def is_current() -> bool:
        pack = made()
        return pack is not None and pack.is_of(desk.draft().scenario, start())

    @render.ui
    def made_() -> ui.TagChild:
        pack = made()
        return None if pack is None else _told(pack, is_current())

    output(id="made")(made_)

    @render.ui
    def previews() -> ui.TagChild:
        pack = made()
        if pack is None:
            return None
        return ui.TagList(
            ui.tags.h3("What the patient gets"),
            *(ui.tags.details(ui.tags.summary(title), paper(title, html)) for title, html in pack.previews.items()),
        )

    @render.download_button(filename=lambda: f"{_name(made())}.zip", media_type="application/zip")
    def zipped() -> Iterator[bytes]:
        pack = made()
        if pack is not None and is_current():
            yield pack.zipped


async def _make(desk: Desk, scenario: Scenario, wanted: Wanted, steps: Steps) -> Made:
    """Evaluate the plan and make its pack."""
    trials, pool = trials_to_evaluate(scenario), desk.background.pool
    steps.begin(f"Simulating {trials:,} trials, for the chances that the papers state ...", trials)
    planned = await followed(lambda advance: evaluate(scenario, pool, advance), steps.reach)
    steps.begin("Drawing the order, writing the papers and sealing ...")
    return await desk.background.apart(make, scenario, wanted, planned)


def _wanted(input: Inputs, start: str) -> Wanted:  # noqa: A002
    """The pack that the fields ask for."""
    typed = {name: Typed(what, input[name](), input[f"{name}_again"]()) for name, what in SEALED.items()}
    return Wanted(
        start,
        typed["key"],
        typed["pharmacy"] if input.has_pharmacy() else None,
        typed["copy"] if input.has_copy() else None,
        has_pdf=_has_typst() and bool(input.pdf()),
        seed=input.seed().strip() if input.rehearsal() else None,
    )


def _fields() -> Iterator[str]:
    """Names of all fields that hold a passphrase."""
    for name in SEALED:
        yield from (name, f"{name}_again")


def _name(pack: Made | None) -> str:
    return "pack" if pack is None else pack.name


def _has_typst() -> bool:
    return find_spec("typst") is not None


def _next_monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _tick(name: str, label: str) -> ui.Tag:
    return ui.input_checkbox(name, label, width="100%")


def _date_field(field: str, label: str, value: str) -> ui.Tag:
    """A field for a date with the browser's own calendar, which a keyboard and a screen reader can use."""
    return ui.div(
        ui.tags.label(label, for_=field),
        ui.tags.input(
            type="date", id=field, value=value, min=f"{FIRST_YEAR}-01-01", max=f"{LAST_YEAR}-12-31",
            onchange="Shiny.setInputValue(this.id, this.value)", class_="form-control",
        ),
        class_="form-group shiny-input-container",
    )  # fmt: skip


def _twice(name: str, label: str) -> ui.Tag:
    """Two fields for one passphrase, which no browser shall fill in or keep."""
    fields = [
        ui.input_password(name, label, width="100%"),
        ui.input_password(f"{name}_again", f"{label}, once more", width="100%"),
    ]
    for each in fields:
        for child in each.children:
            if isinstance(child, ui.Tag) and child.name == "input":
                child.attrs["autocomplete"] = "new-password"
    return ui.div(*fields, class_="side-by-side")


def _hindrances(faults: tuple[str, ...]) -> ui.Tag:
    stands = "One thing stands" if len(faults) == 1 else f"{len(faults)} things stand"
    return ui.div(ui.tags.h3(f"{stands} in the way of a pack"), ui.tags.ul(*map(ui.tags.li, faults)), class_="faults")


def _free(scenario: Scenario, start: str) -> ui.Tag:
    first = first_day(start)
    past = " The first day is in the past." if first < date.today() else ""
    minded, open_ = warnings(scenario), unanswered(scenario)
    if open_:
        asked = "one question" if len(open_) == 1 else f"{len(open_)} questions"
        minded = (*minded, f"{asked} in the room Before not answered: {' '.join(open_)}")
    return ui.div(
        ui.tags.h3("No rule forbids a pack"),
        ui.tags.p(f"{in_short(scenario, first)}{past}"),
        ui.tags.h4("But mind") if minded else None,
        ui.tags.ul(*map(ui.tags.li, minded)) if minded else None,
        class_="free",
    )


def _told(pack: Made, is_current: bool) -> ui.Tag:
    """What was made, and who gets what; to be downloaded only while it is the pack of the plan on the desk."""
    facts = [(ui.tags.dt(label), ui.tags.dd(text)) for label, text in pack.told.items()]
    return ui.div(
        ui.tags.h3("The pack is made"),
        None if is_current else ui.tags.p(CHANGED, class_="against", role="status"),
        ui.tags.p(f"{REHEARSAL}: made from a seed, so that anybody can make it again.", class_="rehearsal")
        if pack.is_rehearsal else None,
        ui.tags.p(pack.subject),
        ui.tags.dl(*(each for pair in facts for each in pair)),
        table("What the zip holds, and who gets it", ("File", "What to do"), pack.parts),
        ui.tags.p(
            "Write the passphrase down: without it no one can open the key. The pack is nowhere but here until you"
            " download it, and this page forgets it when it is closed.",
            class_="mind",
        ),
        ui.download_button("zipped", "Download the pack", class_="btn-primary") if is_current else None,
        class_="told",
    )  # fmt: skip
