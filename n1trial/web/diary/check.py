"""The blinded look at a diary as the page shows it: in words, week by week, and what differs from the plan."""

from __future__ import annotations

from collections.abc import Iterator

from shiny import ui

from n1trial.pack.visit.check import DiaryCheck, Week
from n1trial.pack.visit.deviation_words import in_rows
from n1trial.pack.visit.terminal import cells, labels
from n1trial.web.shared.tags import table

HEADS = ("Week", "From", "Kit", "Entries", "Written later", "Dose taken", "Missed", "Not said")
MEAN = "Mean score"
ENTRIES = HEADS.index("Entries")


def check_view(check: DiaryCheck, *, with_means: bool = False) -> ui.TagList:
    """Show what a diary tells blind.

    Parameters
    ----------
    check : DiaryCheck
    with_means : bool
        Whether means of scores are shown: beside the codes of kits they let a reader guess the order.

    Returns
    -------
    TagList
        The same whatever the kits hold.
    """
    told = [(ui.tags.dt(label), ui.tags.dd(text)) for label, text in labels(check, with_means=with_means)]
    return ui.TagList(
        ui.tags.p(f"{check.diary.place.rpartition('/')[2]}: no fault in the file"),
        ui.tags.dl(*(each for pair in told for each in pair)),
        _weeks(check, with_means=with_means) if check.weeks else None,
        _deviations(check),
    )


def _weeks(check: DiaryCheck, *, with_means: bool) -> ui.Tag:
    rows = [list(_row(check, week)) for week in check.weeks]
    if not with_means:
        return table("Week by week", HEADS, rows)
    means = ["" if week.mean is None else f"{week.mean:.1f}" for week in check.weeks]
    return table("Week by week", (*HEADS, MEAN), [[*row, mean] for row, mean in zip(rows, means, strict=True)])


def _row(check: DiaryCheck, week: Week) -> Iterator[ui.TagChild]:
    """Give the cells of a week; how complete it is stands there as a number and as a bar."""
    for place, text in enumerate(cells(check, week)):
        whole = ui.span(text, class_="whole")
        if place == ENTRIES:
            share = f"width: {100 * week.entries / week.days:.0f}%"
            yield ui.TagList(whole, ui.span(ui.span(style=share), class_="share", aria_hidden="true"))
        else:
            yield whole


def _deviations(check: DiaryCheck) -> ui.TagChild:
    if check.trial is None:
        return None
    rows = [[when, text] for when, text in in_rows(check.deviations, check.diary)]
    if not rows:
        return ui.tags.p("Nothing differs from the plan so far.")
    return table("Deviations from the plan so far", ("When", "What"), rows)
