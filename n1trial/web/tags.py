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


def faults_list(faults: Sequence[str]) -> ui.Tag | None:
    """Everything that is wrong, in the words of the command line; nothing where nothing is."""
    if not faults:
        return None
    count = "One thing is" if len(faults) == 1 else f"{len(faults)} things are"
    return ui.div(
        ui.tags.p(f"{count} wrong, and nothing was done:"),
        ui.tags.ul(*(ui.tags.li(fault) for fault in faults)),
        class_="faults",
        role="alert",
    )


def scrolling(content: ui.TagChild, label: str) -> ui.Tag:
    """What may be wider than the page, within a box that scrolls by itself, by keyboard too."""
    return ui.div(content, {"tabindex": "0", "role": "region", "aria-label": label}, class_="scroll")
