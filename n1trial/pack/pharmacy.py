"""The pharmacist's papers: what each kit holds, how much to have of both, labels, logs and code-break slips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from n1trial.pack.facts import facts
from n1trial.pack.papers import page, table
from n1trial.pack.stock import of_the_pharmacy

if TYPE_CHECKING:
    from n1trial.pack.trial import Trial

PAPERS = ("contents.html", "stock.html", "labels.html", "logs.html", "code-breaks.html")
"""Papers. Each is written by the template of its name."""
IF_LOST = "code-breaks-if-lost.html"
"""Slips of the kits that replace lost ones."""


def pharmacy_papers(
    trial: Trial, held: Mapping[str, bool], phrases: Mapping[str, str], commitment: str
) -> dict[str, bytes]:
    """All files of the pharmacy, by path.

    Parameters
    ----------
    trial : Trial
    held : mapping of str to bool
        By code, of kits and their replacements: whether it holds the treatment.
    phrases : mapping of str to str
        By code: the one-time phrase on the slip.
    commitment : str
        Printed on every paper.

    Returns
    -------
    dict of str to bytes
    """
    known = facts(trial, commitment) | of_the_pharmacy(trial, held, phrases)
    files = {path: page(trial, path, f"pharmacy/{path}", known, commitment) for path in PAPERS}
    if_lost = known | {"slips": known["slips_if_lost"]}
    files[IF_LOST] = page(trial, IF_LOST, "pharmacy/code-breaks.html", if_lost, commitment)
    times = list(known["units"])
    files["contents.csv"] = table(
        ("number", "kit", "replacement", "first_date", "last_date", "holds", *times, "fill"),
        ([kit["number"], kit["code"], kit["replacement"], kit["first"], kit["last"], kit["holds"],
          *known["units"].values(), kit["fill"]] for kit in known["kits"]),
    )  # fmt: skip
    return dict(sorted(files.items()))
