"""A batch as a text that holds its tallies exactly, to be kept and summed up later."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from n1trial.evaluation.tally import Tally
from n1trial.study.batches.measure import Measurement

LEFT_OUT = ("half_widths", "drawn")
"""What grows with the replicates in a tally."""
COUNTS = ("reasons", "likely")

KINDS: dict[str, type] = {
    item.name: {"int": int, "float": float}.get(str(item.type), dict)
    for item in fields(Tally)
    if item.name not in LEFT_OUT
}
"""Kind of each number of a tally as JSON has it."""


@dataclass(frozen=True)
class BatchCounts:
    """Tallies of some trials, by method, and how many of the trials nobody left early."""

    tallies: dict[str, Tally]
    finished: int


def encode(measurement: Measurement) -> str:
    """Write a batch as JSON, its numbers to the last bit; without the widths of single intervals."""
    names = [item.name for item in fields(Tally) if item.name not in LEFT_OUT]
    tallies = {method: {name: getattr(tally, name) for name in names} for method, tally in measurement.tallies.items()}
    return json.dumps({"finished": measurement.finished, "tallies": tallies}, separators=(",", ":"))


def decode(text: str) -> BatchCounts:
    """Read a batch that `encode` has written.

    Raises
    ------
    ValueError
        If it is something else.
    """
    document = json.loads(text)
    match document:
        case {"tallies": dict(methods), "finished": int(finished)} if methods:
            return BatchCounts({method: _read_tally(values) for method, values in methods.items()}, finished)
    raise ValueError


def _read_tally(values: object) -> Tally:
    """Read the tally of a method; ValueError where a number is missing, too many or of another kind."""
    if not isinstance(values, dict) or values.keys() != KINDS.keys():
        raise ValueError
    if any(type(value) is not KINDS[name] for name, value in values.items()):
        raise ValueError
    if any(type(count) is not int for name in COUNTS for count in values[name].values()):
        raise ValueError
    return Tally(**values | {name: Counter(values[name]) for name in COUNTS})


def add_up(parts: Sequence[BatchCounts]) -> BatchCounts:
    """Add up batches, in the order given: the same batches in the same order give the same bits."""
    return BatchCounts(
        {method: Tally.total(part.tallies[method] for part in parts) for method in parts[0].tallies},
        sum(part.finished for part in parts),
    )
