"""Labels of one fill with its use-by date, cut out of the pharmacy's papers; they are the same whatever a kit holds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from n1trial.errors import InputError
from n1trial.pack.papers.papers import shown_date
from n1trial.pack.wording import PackFault

LABELS, LABELS_PDF, CONTENTS = "labels.html", "labels.pdf", "contents.csv"
SECTION = re.compile(r'<section class="sheet" data-fill="(\d+)">.*?</section>', re.DOTALL)
HOW = re.compile(r'<p class="small unprinted">.*?</p>', re.DOTALL)
"""How labels with a use-by date are printed; nothing to say on those that have it."""
BLANK = '<span class="blank short use-by"></span>'
FILL, USE_BY = "fill", "use_by"
"""Arguments of `labels_of_fill`."""
MOST_DATES = 2
"""Of the treatment and of its control."""


def labels_of_fill(papers: Mapping[str, bytes], fill: int, use_by: Sequence[date]) -> dict[str, bytes]:
    """Print the labels of one fill.

    Parameters
    ----------
    papers : mapping of str to bytes
        The pharmacy's, by name.
    fill : int
        From 1.
    use_by : sequence of date
        Of the substances that are filled; the earliest is printed, on all labels alike. None leaves blanks.

    Returns
    -------
    dict of str to bytes
        The labels, as a PDF too if the pack has PDFs.

    Raises
    ------
    InputError
        If there is no such fill, a kit of it is used after that date, or the pack is older than such labels.
    """
    page = papers.get(LABELS, b"").decode()
    sections = {int(found[1]): found[0] for found in SECTION.finditer(page)}
    faults = list(_faults(papers, sections, fill, use_by))
    if faults:
        raise InputError(faults)
    first = page.index(sections[min(sections)])
    last = page.index(sections[max(sections)]) + len(sections[max(sections)])
    shown = sections[fill]
    if use_by:
        shown = HOW.sub("", shown).replace(BLANK, f"<strong>{shown_date(min(use_by))}</strong>.")
    html = page[:first] + shown + page[last:]
    files = {f"labels-of-fill-{fill}.html": html.encode()}
    if LABELS_PDF in papers:
        from n1trial.pack.papers.pdf import to_pdf

        files[f"labels-of-fill-{fill}.pdf"] = to_pdf(html)
    return files


def _faults(
    papers: Mapping[str, bytes], sections: Mapping[int, str], fill: int, use_by: Sequence[date]
) -> Iterator[PackFault]:
    """Say what speaks against printing these labels."""
    if not sections:
        yield PackFault("no_fills", FILL)
        return
    if fill not in sections:
        there = "one fill" if len(sections) == 1 else f"fills 1 to {len(sections)}"
        yield PackFault("no_fill", FILL, {"there": there, "fill": fill})
        return
    if len(use_by) > MOST_DATES:
        yield PackFault("many_dates", USE_BY, {"count": len(use_by)})
    if use_by and BLANK not in sections[fill]:
        yield PackFault("has_date", USE_BY)
    last_days = [
        (date.fromisoformat(row["last_date"]), row["number"])
        for row in csv.DictReader(io.StringIO(papers[CONTENTS].decode()))
        if row["fill"] == str(fill)
    ]
    last_day, number = max(last_days)
    if use_by and min(use_by) < last_day:
        facts = {"last_day": last_day, "number": number, "fill": fill, "use_by": min(use_by)}
        yield PackFault("early_date", USE_BY, facts)
