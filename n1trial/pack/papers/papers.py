"""The papers that anybody may see: the patient's and the clinic's. They are made without knowing the allocation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup

from n1trial import __version__
from n1trial.diary.file.columns import CALENDAR, COLUMNS
from n1trial.files.tables import csv_text
from n1trial.pack.papers.calendar import events
from n1trial.pack.papers.context import Facts, facts
from n1trial.pack.papers.protocol_context import of_the_protocol
from n1trial.pack.papers.typeface import faces
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.columns import asked_columns, outcome_columns
from n1trial.pack.trial.commitment import in_groups
from n1trial.pack.trial.read import FACTS, KITS, SCENARIO, facts_file
from n1trial.pack.trial.trial import Trial
from n1trial.report.templates import templates
from n1trial.report.words import capital
from n1trial.scenario.file.write import write_resolved
from n1trial.wording import plain

LANGUAGE = "en"
BLINDED = (
    "patient/calendar.html",
    "patient/diary.html",
    "patient/leaflet.html",
    "patient/wallet-card.html",
    "clinician/protocol.html",
    "clinician/schedule.html",
    "clinician/deviations.html",
    "clinician/typing.html",
    "clinician/adverse-events.html",
    "clinician/opening.html",
)
"""Blinded papers. Each is written by the template of its name."""


def blinded_papers(trial: Trial, characteristics: PlanCharacteristics, commitment: str) -> dict[str, bytes]:
    """Write all blinded files of a pack, by path.

    Parameters
    ----------
    trial : Trial
    characteristics : PlanCharacteristics
        Printed on the protocol.
    commitment : str
        Printed on every paper.

    Returns
    -------
    dict of str to bytes
        Of the folders patient and clinician. They are a function of the arguments alone.
    """
    known = facts(trial, commitment) | of_the_protocol(trial, characteristics)
    files = {path: page(trial, path, path, known, commitment) for path in BLINDED}
    files |= dated_tables(trial, known)
    files |= {SCENARIO: write_resolved(trial.scenario).encode(), FACTS: facts_file(trial)}
    return dict(sorted(files.items()))


def dated_tables(trial: Trial, facts: Facts, earlier: bytes | None = None) -> dict[str, bytes]:
    """Write diary, calendar and kits of a pack as files, by path.

    Parameters
    ----------
    trial : Trial
    facts : dict
        Of `n1trial.pack.papers.context.facts`.
    earlier : bytes, optional
        Calendar file that the new one takes the place of.
    """
    scenario, files = trial.scenario, dict[str, bytes]()
    asked = (*asked_columns(scenario.outcome.also_asked), *outcome_columns(scenario))
    columns = (*COLUMNS, *asked)
    files["patient/diary.csv"] = table(columns, _diary_rows(trial, len(columns) - len(CALENDAR)))
    files["patient/calendar.ics"] = events(trial, facts["visits"], words()["ics"], earlier)
    files[KITS] = table(
        ("number", "kit", "replacement", "first_day", "last_day", "first_date", "last_date"),
        ([kit.number, kit.code, kit.replacement, kit.first_day, kit.last_day, trial.date_of(kit.first_day),
          trial.date_of(kit.last_day)] for kit in trial.kits),
    )  # fmt: skip
    return files


def page(trial: Trial, path: str, template: str, facts: Facts, commitment: str) -> bytes:
    """Write one paper as a page that prints by itself.

    Parameters
    ----------
    trial : Trial
    path : str
        By which its title is found.
    template : str
        Path of the paper whose template in the language's folder writes this one.
    facts : dict
        What the template speaks of.
    commitment : str
    """
    wording = _wording()
    body = _environment().get_template(f"{LANGUAGE}/{template.removesuffix('.html')}.jinja").render(f=facts)
    paper = {"title": wording.titles[path], "body": Markup(body)}
    banner = wording.words["rehearsal"] if trial.is_rehearsal else ""
    page: str = (
        _environment()
        .get_template("frame.jinja")
        .render(words=wording.words, paper=paper, trial=trial, banner=banner, version=__version__,
                commitment=in_groups(commitment), faces=faces(body + banner))
    )  # fmt: skip
    return page.encode()


def words() -> dict[str, Any]:
    """Return single words of the wording."""
    wording = _wording()
    return {"ics": wording.ics, "words": wording.words}


def shown_date(day: date) -> str:
    """Show a date as papers do, without its weekday."""
    return str(_wording().day_month_year(day))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a table as CSV."""
    return csv_text(columns, rows).encode()


def _diary_rows(trial: Trial, empty: int) -> Iterable[Sequence[object]]:
    for sheet in trial.sheets:
        for day in sheet.days:
            yield (day, trial.date_of(day), trial.week_of(day), sheet.kit.code if sheet.kit else "", *[""] * empty)


def _wording() -> Any:
    """Return the words that all papers of a language share."""
    return _environment().get_template(f"{LANGUAGE}/words.jinja").module


@cache
def _environment() -> Any:
    return templates("n1trial.pack", {"css": _css, "capitalized": capital, "plain": plain}, is_trimmed=False)


def _css(text: str) -> Markup:
    """Escape text for within quotes of a style sheet."""
    escaped = "".join(f"\\{ord(c):x} " if c in '"\\\n<>&' else c for c in text)
    return Markup(escaped)
