"""The folder of a final analysis: page, letters, figures and deviations, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from n1trial import __version__
from n1trial.errors import InputError
from n1trial.files.folders import replace_folder
from n1trial.files.tables import csv_text
from n1trial.pack.conclusion.context import view
from n1trial.pack.conclusion.pages import pages
from n1trial.pack.end.check_diary import findings
from n1trial.pack.end.conclude import Final
from n1trial.pack.end.reproduction import Reproduction
from n1trial.pack.end.trail import Trail
from n1trial.pack.freeze.history_words import traces
from n1trial.pack.visit.deviation_words import in_words
from n1trial.provenance import provenance
from n1trial.report.diary.terminal import figures

MARK = "analysis.json"
"""File by which a folder with a final analysis is known."""
TRACES = ("kits_opened", "early", "declared", "failures", "corrections", "receipt", "log")
"""Facts on key and log that the document holds as well."""
SHOWN = (
    "planned", "chances", "decision", "periods", "kits", "excluded_days", "missed_days", "not_said_days", "complaints",
    "treated_weeks",
)  # fmt: skip
"""What is written as pages show it."""


def document(final: Final, trail: Trail) -> dict[str, Any]:
    """Return everything of a final analysis as one JSON document.

    Returns
    -------
    dict
        ``methods`` as `analyze` always gives them, as randomized, the planned one first; ``as_taken`` likewise, and
        ``as_taken_if_missed`` with doses of which nothing is said counted as missed.
    """
    seen, trial_diary = view(final), final.trial_diary
    trial = trial_diary.key.trial
    found: dict[str, Any] = {
        "methods": figures(final.estimates),
        "primary": final.plan.primary,
        **findings(final),
        "deviations": [
            {"kind": each.kind, "first_day": each.first_day, "last_day": each.last_day, "what": in_words(each)}
            for each in trial_diary.deviations
        ],
        "scenario": trial.scenario.name,
        "patient_code": trial.patient_code,
        "is_rehearsal": trial.is_rehearsal,
        "version": __version__,
        "provenance": provenance(),
        "check_diary": _check_diary(trail.reproduction),
        "commitment": trail.commitment,
        "diary_sha256": trail.sha256,
        "frozen_at": trail.frozen_at,
        "warnings": list(trail.warnings),
    } | {name: value for name, value in trail.facts(trial_diary.date_of).items() if name in TRACES}
    return found | {name: seen[name] for name in SHOWN}


def _check_diary(reproduction: Reproduction | None) -> dict[str, Any] | None:
    """Whether the code of now gives the figures of then, with the provenance of the pack."""
    if reproduction is None:
        return None
    return {
        "figures": reproduction.kind,
        "pack_provenance": reproduction.then or None,
        "differences": [asdict(each) for each in reproduction.differences],
    }


def check_unedited(folder: Path) -> None:
    """Refuse to replace letters that somebody has worked on.

    Raises
    ------
    InputError
        If the folder holds an earlier final analysis whose letters are no more as they were written.
    """
    try:
        written = json.loads((folder / MARK).read_text(encoding="utf-8")).get("letters", {})
        edited = [
            name for name, digest in written.items()
            if (folder / name).exists() and _digest((folder / name).read_bytes()) != digest
        ]  # fmt: skip
    except (OSError, ValueError, AttributeError, RecursionError):
        return
    if edited:
        raise InputError(
            f"{folder}: {' and '.join(edited)} {'was' if len(edited) == 1 else 'were'} edited, and would be replaced; "
            "put it elsewhere, and try again"
        )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def as_json(document: dict[str, Any]) -> str:
    """Write the text of a document; dates as ISO has them."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def save_final(final: Final, trail: Trail, folder: Path) -> Path:
    """Write a final analysis, whole or not at all; see `check_unedited` for letters that are there.

    Parameters
    ----------
    final : Final
    trail : Trail
    folder : Path
        A folder that does not exist, is empty or holds an earlier final analysis; that is replaced.

    Raises
    ------
    InputError
        If the folder holds something else.
    RunError
        If it cannot be written.
    """
    files = pages(final, trail) | {"deviations.csv": _deviations(final, trail)}
    letters = {name: _digest(text.encode()) for name, text in files.items() if name.startswith("letter-")}
    files[MARK] = as_json(document(final, trail) | {"letters": letters})

    def write(fresh: Path) -> None:
        for name, text in files.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")

    return replace_folder(folder, write, MARK)


def _deviations(final: Final, trail: Trail) -> str:
    """Write deviations as a table, with every opening of a kit and every correction after the diary had been frozen."""
    trial_diary = final.trial_diary
    rows = [(each.first_day, each.last_day, each.kind, in_words(each)) for each in trial_diary.deviations]
    rows += traces(trail.history.kits, trail.corrections, trial_diary.key.trial)
    return csv_text(
        ("first_day", "last_day", "first_date", "last_date", "kind", "what"),
        (
            (first, last, trial_diary.date_of(first), trial_diary.date_of(last), kind, what)
            for first, last, kind, what in rows
        ),
    )
