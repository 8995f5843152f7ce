"""Pieces of the page that several rooms use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shiny import ui
from shiny.module import resolve_id


def lead(title: str, text: str) -> ui.Tag:
    """Lay out a heading with a sentence under it."""
    return ui.div(ui.tags.h2(title), ui.tags.p(text, class_="lead"), class_="head")


def date_field(name: str, label: str, years: tuple[int, int], value: str = "") -> ui.Tag:
    """Draw a field for a date with the browser's own calendar, which a keyboard and a screen reader can use."""
    first, last = years
    field = resolve_id(name)
    return ui.div(
        ui.tags.label(label, for_=field),
        ui.tags.input(
            {"data-sent-alone": ""},  # by n1trial.js
            type="date", id=field, value=value, min=f"{first}-01-01", max=f"{last}-12-31",
            class_="form-control",
        ),
        class_="form-group shiny-input-container",
    )  # fmt: skip


def shown_when(field: str, *content: ui.TagChild, value: str | None = None, is_shown: bool = False) -> ui.Tag:
    """Show content only where something is chosen (n1trial.js).

    Parameters
    ----------
    field : str
        A tick box, or a group of which one is chosen, as the whole page knows it.
    *content
    value : str, optional
        That must be chosen in the group; None for a tick box.
    is_shown : bool
        Whether it is so to begin with.
    """
    chosen = {} if value is None else {"data-shown-for": value}
    hidden = {} if is_shown else {"hidden": ""}
    return ui.div(*content, {"data-shown-by": field, **chosen, **hidden})


def faults_list(faults: Sequence[str], outcome: str = "nothing was done") -> ui.Tag | None:
    """List all faults in the words of the command line, and what they did; None where there are none."""
    if not faults:
        return None
    count = "One thing is" if len(faults) == 1 else f"{len(faults)} things are"
    return ui.div(
        ui.tags.p(f"{count} wrong, and {outcome}:"),
        ui.tags.ul(*(ui.tags.li(fault) for fault in faults)),
        class_="faults",
        role="alert",
    )


def scroll(content: ui.TagChild, label: str) -> ui.Tag:
    """Put content that may be wider than the page into a box that scrolls by itself, by keyboard too."""
    return ui.div(content, {"tabindex": "0", "role": "region", "aria-label": label}, class_="scroll")


def paper(title: str, html: str) -> ui.Tag:
    """Show a page of its own within the page: it can run nothing, and reach nothing outside."""
    return ui.tags.iframe(srcdoc=html, sandbox="", title=title, class_="page-frame")


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[ui.TagChild]], *, class_: str | None = None
) -> ui.Tag:
    """Lay out a table that moves sideways by itself where the page is narrow.

    Parameters
    ----------
    caption : str
    heads : sequence of str
        Of the columns; an empty one heads nothing.
    rows : iterable of sequence
        Cells; the first of a row heads it.
    class_ : str, optional
        For its look.
    """
    return _table(caption, heads, [ui.tags.tbody(*map(_row, rows))], class_)


def grouped_table(
    caption: str, heads: Sequence[str], groups: Iterable[tuple[str, Iterable[Sequence[ui.TagChild]]]], *, class_: str
) -> ui.Tag:
    """Lay out a table whose rows stand in groups, each under its title.

    Parameters
    ----------
    caption : str
    heads : sequence of str
        Of the columns.
    groups : iterable of (str, iterable of sequence)
        Rows of cells, as of `table`, with the title above them.
    class_ : str
        For its look.
    """
    bodies = [
        ui.tags.tbody(
            ui.tags.tr(ui.tags.th(title, scope="rowgroup", colspan=str(len(heads)), class_="group")), *map(_row, rows)
        )
        for title, rows in groups
    ]
    return _table(caption, heads, bodies, class_)


def _table(caption: str, heads: Sequence[str], bodies: Sequence[ui.Tag], class_: str | None) -> ui.Tag:
    held = ui.tags.table(
        ui.tags.caption(caption),
        ui.tags.thead(ui.tags.tr(*(ui.tags.th(head, scope="col") if head else ui.tags.td() for head in heads))),
        *bodies,
        class_=class_,
    )
    return scroll(held, caption)


def _row(cells: Sequence[ui.TagChild]) -> ui.Tag:
    first, *others = cells
    return ui.tags.tr(ui.tags.th(first, scope="row"), *map(ui.tags.td, others))
