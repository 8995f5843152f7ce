"""What a search found, on the page: the same words as on the terminal, as headings, tables and a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shiny import ui

from n1trial.report.plot.diary import as_svg
from n1trial.report.rates import about, in_100
from n1trial.report.search.picture import draw_designs
from n1trial.report.search.rationale import reason
from n1trial.report.search.terminal import (
    command_of,
    distinction,
    headline,
    laid_out_in_words,
    limits_in_words,
    notes_beside,
    shown_in_words,
    span,
    stress_in_words,
)
from n1trial.report.words import control_in_words, weeks
from n1trial.scenario.file.load import as_typed
from n1trial.study.search.result import FinalDesign, SearchResult
from n1trial.web.shared.tags import scroll, table

Buttons = Callable[[int], ui.Tag]
"""Makes the buttons of a design, by its place."""
PRESENT = "now"


def result_view(result: SearchResult, picture: str, typed: Sequence[str], buttons: Buttons) -> ui.Tag:
    """Show everything that a search found.

    Parameters
    ----------
    result : SearchResult
    picture : str
        Of `picture_of`.
    typed : sequence of str
        The scenario and its changes, as one types them.
    buttons : callable
    """
    return ui.div(
        ui.tags.p(ui.tags.strong(headline(result)), " ", reason(result), class_="answer"),
        ui.tags.h3("Designs to choose between"),
        _table(result, buttons),
        ui.tags.h3("Weeks against the chance to show the effect"),
        scroll(ui.HTML(picture), "Picture of the designs"),
        ui.tags.h3("Each design in words"),
        *(_in_words(result, design, number, typed) for number, design in enumerate(result.designs, start=1)),
        _in_words(result, result.present, PRESENT, typed),
        ui.tags.h3("Beside this"),
        ui.tags.dl(*(part for label, text in notes_beside(result) for part in (ui.tags.dt(label), ui.tags.dd(text)))),
        class_="search-result",
    )


def picture_of(result: SearchResult) -> str:
    """Draw weeks against the chance to show the effect, as SVG."""
    told = [f"Design {number}: {_point(design)}" for number, design in enumerate(result.designs, start=1)]
    described = ". ".join([*told, f"The plan as it is now: {_point(result.present)}."])
    return as_svg(draw_designs(result), "designs", "Weeks of a trial against its chance to show the effect", described)


def _point(design: FinalDesign) -> str:
    return f"{weeks(design.weeks)}, shown in {in_100(design.detect.value)}"


def _table(result: SearchResult, buttons: Buttons) -> ui.Tag:
    control = control_in_words(result.scenario)
    heads = ("Design", "Weeks", f"Weeks on {control}", "Entries", "Shown", "False alarms", "Changes", "Next")
    rows = [_row(design, _name(result, place), buttons(place)) for place, design in enumerate(result.designs)]
    caption = f"Designs of {limits_in_words(result)}, from light to heavy, and the plan as it is now"
    return table(caption, heads, [*rows, _row(result.present, PRESENT, None)], class_="figures")


def _name(result: SearchResult, place: int) -> str:
    return f"{place + 1}, {distinction(result)}" if place == result.recommended else str(place + 1)


def _row(design: FinalDesign, name: str, buttons: ui.Tag | None) -> tuple[ui.TagChild, ...]:
    changed = [ui.tags.li(ui.tags.code(f"{key} = {as_typed(value) or 'default'}")) for key, value in design.set.items()]
    return (
        name,
        f"{design.weeks:g}",
        span(design.weeks_on_placebo),
        f"{design.diary_entries}",
        about(design.detect),
        about(design.type_1),
        ui.tags.ul(*changed) if changed else "nothing",
        buttons or "-",
    )


def _in_words(result: SearchResult, design: FinalDesign, name: int | str, typed: Sequence[str]) -> ui.Tag:
    title = f"Design {name}" if isinstance(name, int) else "The plan as it is now"
    if name == PRESENT and not result.limits.admit(design.candidate.layout):
        title += ", beyond the limits"
    return ui.div(
        ui.tags.h4(title),
        ui.tags.p(shown_in_words(result, design)),
        ui.tags.p(laid_out_in_words(result, design)),
        ui.tags.p(stress_in_words(design)),
        ui.tags.details(ui.tags.summary("Command"), ui.tags.pre(ui.tags.code(command_of(design, typed)), tabindex="0")),
        class_="design-in-words",
    )
