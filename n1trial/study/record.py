"""A batch as a text that holds its tallies exactly, to be kept and summed up later."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from n1trial.evaluation.tally import Tally
from n1trial.study.measure import Measured

LEFT_OUT = "half_widths"
"""The one thing in a tally that grows with the replicates."""


@dataclass(frozen=True)
class Counted:
    """Tallies of some trials, by method, and how many of the trials nobody left early."""

    tallies: dict[str, Tally]
    finished: int


def encode(measured: Measured) -> str:
    """Write a batch as JSON, its numbers to the last bit; without the widths of single intervals."""
    names = [item.name for item in fields(Tally) if item.name != LEFT_OUT]
    tallies = {method: {name: getattr(tally, name) for name in names} for method, tally in measured.tallies.items()}
    return json.dumps({"finished": measured.finished, "tallies": tallies}, separators=(",", ":"))


def decode(text: str) -> Counted:
    """Read a batch that `encode` has written."""
    document = json.loads(text)
    tallies = {
        method: Tally(**{**values, "reasons": Counter(values["reasons"])})
        for method, values in document["tallies"].items()
    }
    return Counted(tallies, document["finished"])


def add_up(texts: Iterable[str]) -> Counted:
    """Sum of batches, in the order given: the same texts in the same order give the same bits."""
    parts = [decode(text) for text in texts]
    return Counted(
        {method: Tally.total(part.tallies[method] for part in parts) for method in parts[0].tallies},
        sum(part.finished for part in parts),
    )
