"""Pieces of the page that several rooms use."""

from __future__ import annotations

from collections.abc import Sequence

from shiny import ui


def lead(title: str, text: str) -> ui.Tag:
    """A heading with a sentence under it."""
    return ui.div(ui.tags.h2(title), ui.tags.p(text, class_="lead"), class_="head")


def working(what: str, done: int, total: int | None) -> ui.Tag:
    """How far some work has come."""
    share = f"{min(100, round(100 * done / total))}%" if total else ""
    reached = {"value": str(min(done, total)), "max": str(total)} if total else {}
    bar = ui.tags.progress({"aria-label": what}, **reached)
    return ui.div(ui.tags.p(f"{what} ... {share}".strip()), bar, class_="working")


def faults_list(faults: Sequence[str], unharmed: str = "nothing was done") -> ui.Tag | None:
    """Everything that is wrong, in the words of the command line, and what it did; nothing where nothing is."""
    if not faults:
        return None
    count = "One thing is" if len(faults) == 1 else f"{len(faults)} things are"
    return ui.div(
        ui.tags.p(f"{count} wrong, and {unharmed}:"),
        ui.tags.ul(*(ui.tags.li(fault) for fault in faults)),
        class_="faults",
        role="alert",
    )


def paper(title: str, html: str) -> ui.Tag:
    """A page of its own within the page: it can run nothing, and reach nothing outside."""
    return ui.tags.iframe(srcdoc=html, sandbox="", title=title, class_="page-frame")


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[ui.TagChild]]) -> ui.Tag:
    """A table that moves sideways by itself where the page is narrow; the first cell of a row heads it."""
    body = [ui.tags.tr(ui.tags.th(first, scope="row"), *map(ui.tags.td, others)) for first, *others in rows]
    return _scrolling(
        caption,
        ui.tags.table(
            ui.tags.caption(caption),
            ui.tags.thead(ui.tags.tr(*(ui.tags.th(head, scope="col") for head in heads))),
            ui.tags.tbody(*body),
        ),
    )


def lines(title: str, text: str) -> ui.Tag:
    """What a command prints, as it stands there."""
    return _scrolling(title, ui.tags.pre(text))


def _scrolling(label: str, *content: ui.TagChild) -> ui.Tag:
    return ui.div(*content, class_="scroll", role="region", tabindex="0", aria_label=label)
