"""What the room of the pack shows: what stands in its way, what speaks against it, and what was made."""

from __future__ import annotations

from datetime import date

from shiny import ui

from n1trial.pack.make.inputs import first_day
from n1trial.pack.trial.read import REHEARSAL
from n1trial.report.words import count_of
from n1trial.scenario.check.answers import open_questions
from n1trial.scenario.check.remarks import remarks
from n1trial.scenario.scenario import Scenario
from n1trial.study.run.result import PartialResult
from n1trial.web.pack.make import FinishedPack, in_short
from n1trial.web.shared.plan.designs import is_same_trial
from n1trial.web.shared.plan.verdict import verdict_in_short
from n1trial.web.shared.tags import paper, table

CHANGED = (
    "This pack is of the plan as it was; the plan has been changed since. Make the pack again, or"
    " change the plan and the first day back, to download it."
)


NOT_YET = "That is not known yet; the room Plan is working it out, or says why it cannot."


def hindrances(faults: tuple[str, ...]) -> ui.Tag:
    """List the faults that stand in the way of a pack."""
    stands = "One thing stands" if len(faults) == 1 else f"{len(faults)} things stand"
    return ui.div(ui.tags.h3(f"{stands} in the way of a pack"), ui.tags.ul(*map(ui.tags.li, faults)), class_="faults")


def free(scenario: Scenario, start: str) -> ui.Tag:
    """Show what a pack would be of, where no fault stands in its way, and what speaks against it."""
    first = first_day(start)
    past = " The first day is in the past." if first < date.today() else ""
    minded, open_ = tuple(map(str, remarks(scenario))), open_questions(scenario)
    if open_:
        asked = "one question" if len(open_) == 1 else f"{len(open_)} questions"
        minded = (*minded, f"{asked} in the room Before not answered: {' '.join(open_)}")
    return ui.div(
        ui.tags.h3("A pack can be made; whether it should be is yours to say"),
        ui.tags.p(f"{in_short(scenario, first)}{past}"),
        ui.tags.h4("But mind") if minded else None,
        ui.tags.ul(*map(ui.tags.li, minded)) if minded else None,
        class_="free",
    )


def chance(scenario: Scenario, partial: PartialResult | None) -> ui.Tag:
    """Show what the plan could tell, before a pack is made of it.

    Parameters
    ----------
    scenario : Scenario
        The plan on the desk.
    partial : PartialResult or None
        What is known, perhaps of the plan before.
    """
    is_of_now = partial is not None and is_same_trial(partial.scenario, scenario)
    return ui.div(
        ui.tags.h3("What this plan could tell"),
        verdict_in_short(partial) if partial is not None and is_of_now else ui.tags.p(NOT_YET),
        ui.tags.p(_other_trials(scenario), class_="hint"),
        class_="chance",
    )


def _other_trials(scenario: Scenario) -> str:
    """Say why the papers may have other numbers than this room."""
    trials = count_of(scenario.simulation.replicates, "simulated trial")
    return (
        f"The papers of the pack take their chances from {trials} of their own for each size of the effect: they"
        " may differ from these by a few in 100."
    )


def pack_view(pack: FinishedPack, is_current: bool) -> ui.Tag:
    """Show what was made, and who gets what; offer it only while it is the pack of the open plan."""
    facts = [(ui.tags.dt(label), ui.tags.dd(text)) for label, text in pack.summary.items()]
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
        ui.download_button("archive", "Download the pack", class_="btn-primary") if is_current else None,
        class_="facts",
    )  # fmt: skip


def previews(pack: FinishedPack) -> ui.TagList:
    """Show the patient's papers, to be looked at before they are printed."""
    return ui.TagList(
        ui.tags.h3("What the patient gets"),
        *(ui.tags.details(ui.tags.summary(title), paper(title, html)) for title, html in pack.previews.items()),
    )


def passphrase_fields(name: str, label: str) -> ui.Tag:
    """Offer six random words, and two fields for one passphrase, which no browser shall fill in or keep."""
    fields = [
        ui.input_password(name, label, width="100%"),
        ui.input_password(f"{name}_again", f"{label}, once more", width="100%"),
    ]
    for each in fields:
        for child in each.children:
            if isinstance(child, ui.Tag) and child.name == "input":
                child.attrs["autocomplete"] = "new-password"
    offer = ui.tags.p(
        ui.output_text(f"{name}_words", inline=True), " ", ui.input_action_link(f"{name}_others", "Draw six others"),
        class_="hint",
    )  # fmt: skip
    return ui.div(offer, ui.div(*fields, class_="side-by-side"))


def tick(name: str, label: str) -> ui.Tag:
    """Return a box to tick, as wide as its label."""
    return ui.input_checkbox(name, label, width="100%")
