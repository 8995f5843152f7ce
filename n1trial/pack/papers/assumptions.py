"""Every number that a plan assumes of drug, patient, placebo, blinding and conduct, as the protocol lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from n1trial.scenario.check.ledger import DESCRIBING, NEUTRAL, beliefs, evidence
from n1trial.scenario.check.matters import applies
from n1trial.scenario.model.entries import Entry, entries
from n1trial.scenario.scenario import Scenario
from n1trial.wording import plain, shown

SECTIONS = (*DESCRIBING, "secondary")
DECIDED = ("every_days", "step")
"""Numbers that are decided and not believed."""
RANGES = {"treatment.onset_days": "onset_range", "treatment.offset_days": "offset_range"}
"""Numbers whose believable range is a key of its own."""


def assumptions(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Go through all numbers that describe what is assumed, whether or not anything is said of their source.

    Yields
    ------
    dict
        ``section``, ``key``, ``words``, ``value``, ``range`` (text, empty without one), ``status``, ``note``,
        ``is_unsettled``. The status is that of the evidence, "yours" where that speaks for another value; without any
        "decided" for what is no belief, "none" for what is assumed not to be there, else "unstated".
    """
    status, unsettled = beliefs(scenario), {each.key: each for each in scenario.unsettled}
    speaking = evidence(scenario)
    for entry in entries(scenario):
        if entry.section not in SECTIONS or not entry.is_number or entry.value is None:
            continue
        if not applies(scenario, entry.path):
            continue
        known = status.get(entry.path) if entry.path in status else None
        told = speaking[entry.path].note if known and entry.path in speaking else ""
        open_question = unsettled.get(entry.path)
        yield {
            "section": entry.section,
            "key": entry.path,
            "words": _words(entry, scenario.outcome.unit),
            "value": plain(entry.value) if isinstance(entry.value, float) else shown(entry.value),
            "range": _range(scenario, entry),
            "status": known or _without_evidence(entry),
            "note": " ".join(filter(None, (told, open_question.note if open_question else ""))),
            "is_unsettled": open_question is not None,
        }


def _without_evidence(entry: Entry) -> str:
    if entry.field in DECIDED:
        return "decided"
    return "none" if entry.value == NEUTRAL.get(entry.path, 0.0) else "unstated"


def _words(entry: Entry, unit: str) -> str:
    """What a number is: the first words of its description, with the name of its table and the unit of the score."""
    words = re.split(r"[:;(]", str(entry.info.description))[0].strip().rstrip(",").replace("points", unit)
    parts = entry.path.split(".")
    return f"{'.'.join(parts[1:-1])}: {words[:1].lower()}{words[1:]}" if len(parts) > 2 else words


def _range(scenario: Scenario, entry: Entry) -> str:
    """What is held believable: as unsettled, as a range of its own, or with its evidence."""
    found: list[tuple[float, float] | None] = [each.range for each in scenario.unsettled if each.key == entry.path]
    if entry.path in RANGES:
        found.append(getattr(scenario.treatment, RANGES[entry.path]))
    found += [each.range for key, each in evidence(scenario).items() if key == entry.path]
    span = next(filter(None, found), None)
    return "" if span is None else f"{plain(span[0])} to {plain(span[1])}"
