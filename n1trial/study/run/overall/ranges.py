"""Numbers that a scenario states as a range, and sets of values drawn from all of them at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from n1trial.scenario.check.evidence import evidence
from n1trial.scenario.check.matters import matters
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.streams import Streams
from n1trial.study.run.improvements import changed_or_none, with_time_course, without_secondaries

SPREAD_OF = ("patient", "trigger", "placebo", "blinding", "conduct")
"""Sections whose ranges are drawn from, besides the drug's time course; effects and what is decided are held."""
TIME_COURSE = ("treatment.onset_days", "treatment.offset_days")
MOST_REDRAWN = 100
"""So often a set that breaks a rule is drawn again; then it is left out."""


@dataclass(frozen=True)
class StatedRange:
    """A number and the range that it may have: triangular with its value as mode, uniform where that lies outside.

    Time constants and standard deviations with a positive lower end are drawn on the log scale.
    """

    key: str
    low: float
    high: float
    value: float
    is_whole: bool = False

    def draw(self, generator: np.random.Generator) -> float:
        """Draw one value."""
        is_log = self.low > 0 and self.key.endswith(("_days", "_sd"))
        low, high, mode = (math.log(end) if is_log else end for end in (self.low, self.high, self._mode))
        drawn = generator.triangular(low, mode, high) if self._is_inside else generator.uniform(low, high)
        value = min(max(math.exp(drawn) if is_log else drawn, self.low), self.high)
        return round(value) if self.is_whole else value

    @property
    def _is_inside(self) -> bool:
        return self.low <= self.value <= self.high

    @property
    def _mode(self) -> float:
        return self.value if self._is_inside else self.low


def uncertain(scenario: Scenario) -> tuple[StatedRange, ...]:
    """List the numbers of patient and drug that have a stated range with width, and do anything in the scenario.

    A range of ``[[unsettled]]`` goes before the drug's own ranges, and those before ``[[evidence]]``. The effect of
    the drug, what is worthwhile, secondary outcomes and the constants of the analysis are held.
    """
    if scenario.design.layout == "open-label":
        return ()
    ranges = {key: one.range for key, one in evidence(scenario).items() if one.range is not None}
    treatment = scenario.treatment
    own = dict(zip(TIME_COURSE, (treatment.onset_range, treatment.offset_range), strict=True))
    ranges |= {key: span for key, span in own.items() if span is not None}
    ranges |= {each.key: each.range for each in scenario.unsettled}
    return tuple(
        StatedRange(key, *span, _number(scenario, key), is_whole=isinstance(scenario.value(key), int))
        for key, span in sorted(ranges.items())
        if (key in TIME_COURSE or key.partition(".")[0] in SPREAD_OF) and span[0] < span[1] and matters(scenario, key)
    )


def _number(scenario: Scenario, key: str) -> float:
    value = scenario.value(key)
    assert isinstance(value, int | float)
    return float(value)


def draw_sets(scenario: Scenario, sets: int, seed: int) -> tuple[list[Mapping[str, float]], list[Scenario], int]:
    """Draw parameter sets, and again where one breaks a rule of scenarios.

    Returns
    -------
    drawn : list of dict of str to float
        Values by key, a set each. Every number has its own stream in every set, so designs are compared over the same.
    scenarios : list of Scenario
    redrawn : int
    """
    ranges, bare, redrawn = uncertain(scenario), without_secondaries(scenario), 0
    drawn: list[Mapping[str, float]] = []
    scenarios: list[Scenario] = []
    for number in range(sets):
        for values in _candidates(ranges, seed, number):
            changed = _apply(bare, values)
            if changed is not None:
                drawn.append(values)
                scenarios.append(changed)
                break
            redrawn += 1
    return drawn, scenarios, redrawn


def _candidates(ranges: Sequence[StatedRange], seed: int, number: int) -> Iterator[Mapping[str, float]]:
    streams = Streams(seed, number, 1)
    generators = {stated.key: streams.generator(f"stated {stated.key}") for stated in ranges}
    for _ in range(MOST_REDRAWN):
        yield {stated.key: stated.draw(generators[stated.key]) for stated in ranges}


def _apply(scenario: Scenario, values: Mapping[str, float]) -> Scenario | None:
    """Give a scenario other values in truth, while the analyst goes on assuming the old time course."""
    moved = {key: value for key, value in values.items() if key not in TIME_COURSE}
    changed = changed_or_none(scenario, unsettled=None, **moved)
    if changed is None or len(moved) == len(values):
        return changed
    return with_time_course(changed, *(values.get(key, _number(changed, key)) for key in TIME_COURSE))
