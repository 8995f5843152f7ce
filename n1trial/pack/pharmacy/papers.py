"""The pharmacist's papers: what each kit holds, how much to have of both, labels, logs and code-break slips."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from n1trial.errors import InputError
from n1trial.pack.papers.context import Facts, facts
from n1trial.pack.papers.papers import page, table
from n1trial.pack.papers.pdf import to_pdf
from n1trial.pack.pharmacy.stock import of_the_pharmacy
from n1trial.pack.trial.commitment import stated_commitment
from n1trial.pack.trial.read import SCENARIO, is_pack, read_trial
from n1trial.pack.trial.trial import Trial
from n1trial.pack.wording import PackFault
from n1trial.report.words import content_names

PAPERS = ("contents.html", "stock.html", "labels.html", "logs.html", "code-breaks.html")
"""Papers. Each is written by the template of its name."""
DATED = ("contents.html", "stock.html", "labels.html", "logs.html")
"""Those whose dates move; slips are found by their codes."""
CONTENTS = "contents.csv"
IF_LOST = "code-breaks-if-lost.html"
"""Slips of the kits that replace lost ones."""


def pharmacy_papers(
    trial: Trial, contents: Mapping[str, bool], phrases: Mapping[str, str], commitment: str
) -> dict[str, bytes]:
    """Write all files of the pharmacy, by path.

    Parameters
    ----------
    trial : Trial
    contents : mapping of str to bool
        By code, of kits and their replacements: whether it holds the treatment.
    phrases : mapping of str to str
        By code: the one-time phrase on the slip.
    commitment : str
        Printed on every paper.
    """
    known = facts(trial, commitment) | of_the_pharmacy(trial, contents, phrases)
    files = {path: page(trial, path, f"pharmacy/{path}", known, commitment) for path in PAPERS}
    if_lost = known | {"slips": known["slips_if_lost"]}
    files[IF_LOST] = page(trial, IF_LOST, "pharmacy/code-breaks.html", if_lost, commitment)
    files[CONTENTS] = _contents(known)
    return dict(sorted(files.items()))


def _contents(facts: Facts) -> bytes:
    """Write what each kit holds, as a table."""
    units = facts["trial"].units_per_kit
    return table(
        ("number", "kit", "replacement", "first_date", "last_date", "holds", *units, "fill"),
        ([kit["number"], kit["code"], kit["replacement"], kit["first"], kit["last"], kit["holds"],
          *units.values(), kit["fill"]] for kit in facts["kits"]),
    )  # fmt: skip


def with_newest_dates(papers: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Print the pharmacy's dated papers again where the pack has newer dates; slips stay as they were sealed.

    Returns
    -------
    dict of str to bytes
        The same where no dates moved, or the folder holds no pack.

    Raises
    ------
    InputError
        If the folder holds another pack.
    """
    trial = read_trial(folder) if is_pack(folder) else None
    if trial is None or trial.version == 1:
        return dict(papers)
    held = _contents_by_code(papers.get(CONTENTS, b""), trial, folder)
    commitment = stated_commitment(folder)
    known = facts(trial, commitment) | of_the_pharmacy(trial, held, defaultdict(str))
    files = dict(papers) | {CONTENTS: _contents(known)}
    for path in DATED:
        files[path] = page(trial, path, f"pharmacy/{path}", known, commitment)
        pdf = f"{path.removesuffix('.html')}.pdf"
        if pdf in papers:
            files[pdf] = to_pdf(files[path].decode())
    return files


def _contents_by_code(contents: bytes, trial: Trial, folder: Path) -> dict[str, bool]:
    """Say by code whether a kit holds the treatment, as the sealed papers have it."""
    rows = list(csv.DictReader(io.StringIO(contents.decode(errors="replace"))))
    codes = [(row.get("kit"), row.get("replacement")) for row in rows]
    if codes != [kit.codes for kit in trial.kits]:
        raise InputError(PackFault("other_pack", "", value=str(folder)))
    control, drug = content_names(trial.scenario)
    is_drug = {trial.scenario.control.name: False, control: False, trial.scenario.treatment.name: True, drug: True}
    if any(row["holds"] not in is_drug for row in rows):
        raise InputError(f"{folder / SCENARIO}: names other treatments than these papers; take the file as it was made")
    return {code: is_drug[row["holds"]] for row, kit in zip(rows, trial.kits, strict=True) for code in kit.codes}
