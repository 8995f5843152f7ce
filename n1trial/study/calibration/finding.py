"""What a diary says of one number, and what of it goes into the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from n1trial.arrays import Floats
from n1trial.study.calibration.wording import word

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
"""Quantiles of intervals: 9 in 10, with the median."""
COVERED = 0.9
SLACK = 1e-6
"""By which a figure may be off without being rounded outward."""

State = Literal["told", "unsettled", "kept", "doubt"]
"""Told by the diary; not told well enough, so that it goes out as a range; simply kept from the scenario; or no number
of the patient's but how unsure the diary leaves one that it tells."""


@dataclass(frozen=True)
class NumberFinding:
    """Statement of a diary on one number of the scenario.

    Attributes
    ----------
    key : str
        Dotted key.
    value : float
        What the calibrated scenario holds.
    estimate, low, high : float or None
        Median and ends of the 90% interval, by the diary alone; None where it says nothing, and of a doubt.
    state : {"told", "unsettled", "kept", "doubt"}
    range : tuple of float or None
        What goes out where unsettled.
    note : str
        In one sentence.
    """

    key: str
    value: float
    estimate: float | None
    low: float | None
    high: float | None
    state: State
    range: tuple[float, float] | None
    note: str

    def to_dict(self) -> dict[str, object]:
        """Return all but the key, as plain Python values."""
        return {
            "value": self.value,
            "estimate": self.estimate,
            "interval": None if self.low is None else [self.low, self.high],
            "state": self.state,
            "range": None if self.range is None else list(self.range),
            "note": self.note,
        }


def read_off(draws: Floats) -> tuple[float, float, float]:
    """Return median and ends of the interval of draws."""
    low, middle, high = np.quantile(draws, [LOW, MIDDLE, HIGH])
    return float(middle), float(low), float(high)


def shortest(draws: Floats) -> tuple[float, float, float]:
    """Return median and ends of the shortest interval of draws, which reaches down to 0 where 0 is most probable."""
    ordered = np.sort(draws)
    held = int(np.ceil(COVERED * ordered.size))
    start = int(np.argmin(ordered[held - 1 :] - ordered[: ordered.size - held + 1]))
    return float(np.median(ordered)), float(ordered[start]), float(ordered[start + held - 1])


def at_most(draws: Floats) -> tuple[float, float, float]:
    """Return the median of draws and the interval from 0 up, where the diary speaks of the upper end alone."""
    middle, high = np.quantile(draws, [MIDDLE, COVERED])
    return float(middle), 0.0, float(high)


def from_diary(key: str, bounds: tuple[float, float, float], note: str) -> NumberFinding:
    """Report a number that the diary tells: its median goes out."""
    return NumberFinding(key, bounds[0], *bounds, "told", None, note)


def as_range(
    key: str, bounds: tuple[float, float, float], assumption: float, note: str, span: tuple[float, float] | None = None
) -> NumberFinding:
    """Report a number that the diary does not tell: its range, and within it the value that the scenario states."""
    low, high = span or bounds[1:]
    value = assumption if low <= assumption <= high else min(max(bounds[0], low), high)
    return NumberFinding(key, value, *bounds, "unsettled", (low, high), note)


def as_stated(key: str, value: float, note: str, bounds: tuple[float, float, float] | None = None) -> NumberFinding:
    """Report a number that is left as the scenario states it."""
    middle, low, high = bounds or (None, None, None)
    return NumberFinding(key, value, middle, low, high, "kept", None, note)


def doubt(key: str, standard_error: float, note: str) -> NumberFinding:
    """Report how unsure the diary leaves another number that it tells: to plan with, and no estimate of anything."""
    return NumberFinding(key, standard_error, None, None, None, "doubt", None, note)


def settled_if(
    is_settled: bool, key: str, bounds: tuple[float, float, float], value: float, entries: int
) -> NumberFinding:
    """Report a number that is told or not, by how wide its interval is."""
    if is_settled:
        return from_diary(key, bounds, word("entries", entries=entries))
    return as_range(key, bounds, value, word("few_entries", entries=entries))


def round_findings(
    findings: list[NumberFinding], bounds: Mapping[str, tuple[float, float]], digits: Mapping[str, int]
) -> Iterator[NumberFinding]:
    """Round to figures that people write, intervals and ranges outward and within what a key allows.

    Parameters
    ----------
    findings : list of Finding
    bounds : mapping of str to tuple of float
        Lowest and highest value by key, where there are any.
    digits : mapping of str to int
        Decimals by key; 2 for others.
    """
    for finding in findings:
        scale, (low, high) = 10.0 ** digits.get(finding.key, 2), bounds.get(finding.key, (-np.inf, np.inf))

        def figure(count: float, scale: float = scale, low: float = low, high: float = high) -> float:
            return min(max(round(count) / scale, low), high) + 0.0  # no minus 0

        def outward(ends: tuple[float, float], scale: float = scale) -> tuple[float, float]:
            return figure(np.floor(scale * ends[0] + SLACK)), figure(np.ceil(scale * ends[1] - SLACK))

        ends = None if finding.low is None or finding.high is None else outward((finding.low, finding.high))
        yield replace(
            finding,
            value=figure(scale * finding.value),
            estimate=None if finding.estimate is None else figure(scale * finding.estimate),
            low=ends and ends[0],
            high=ends and ends[1],
            range=finding.range and outward(finding.range),
        )
