"""What the twin is told and what it leaves behind: its random numbers, its calendar and the days of a life."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n1trial.scenario.scenario import Scenario


class Draws:
    """The random numbers of one replicate, by stream, in the order in which they were drawn."""

    def __init__(self, numbers: Mapping[str, Sequence[float]]) -> None:
        self._numbers = numbers
        self._taken: dict[str, int] = {}

    def next(self, stream: str) -> float:
        """Return the next number of a stream."""
        place = self._taken.get(stream, 0)
        if place >= len(self._numbers.get(stream, ())):
            raise LookupError(f"stream {stream!r}: number {place} asked for, but only {place} were drawn")
        self._taken[stream] = place + 1
        return float(self._numbers[stream][place])

    def unread(self) -> dict[str, int]:
        """Count the numbers that were drawn and never asked for, by stream."""
        left = {stream: len(drawn) - self._taken.get(stream, 0) for stream, drawn in self._numbers.items()}
        return {stream: count for stream, count in left.items() if count}


@dataclass
class Day:
    """One day: its place on the calendar, the patient's states and what was written."""

    day: int
    period: int = 0
    """From 1; 0 in the run-in and in washouts."""
    treatment: bool = False
    day_of_period: int = -1
    period_length: int = 0
    is_start: bool = False
    """First day of a true treatment stretch: a period, a washout or a placebo run-in."""
    shift_number: int | None = None
    """Which of the period shifts that follow the plan or the switch holds, from 0; None in the run-in."""

    taken: bool = True
    dose_in_effect: bool = False
    exposure: float = 0.0
    belief: float = 0.5
    placebo_course: float = 0.0
    noise: float = 0.0
    drift: float = 0.0
    shift: float = 0.0
    load: dict[str, float] = field(default_factory=dict)
    """How much of each trigger acts, by its name."""
    latent: float = 0.0
    written: float | None = None
    """None: missing."""
    in_gap: bool = False
    dropped: bool = False


@dataclass
class Life:
    """Everything that happens to one simulated patient."""

    days: list[Day] = field(default_factory=list)
    effect: float = 0.0
    placebo_response: float = 0.0
    dropout_day: int | None = None
    """The first day on which nothing is recorded; None: stayed."""
    guesses: list[tuple[int, str]] = field(default_factory=list)
    tell_days: list[int | None] = field(default_factory=list)
    """Day of the period of each period's tell-tale effect."""
    secondary: dict[str, list[tuple[int, float | None]]] = field(default_factory=dict)
    margins: dict[str, float] = field(default_factory=dict)
    """How near any yes or no, or any rounding, came to going the other way, by kind."""

    @property
    def margin(self) -> float:
        """How near anything came to going the other way."""
        return min(self.margins.values(), default=math.inf)


def calendar(scenario: Scenario, order: Sequence[bool], shift: Sequence[int]) -> list[Day]:
    """Write down the whole trial, stretch by stretch: the run-in, then periods and washouts as they truly fall."""
    design = scenario.design
    is_placebo_run_in = design.run_in == "placebo"
    days = [
        Day(day, is_start=is_placebo_run_in and day == -design.run_in_days) for day in range(-design.run_in_days, 0)
    ]

    is_open_label = design.layout == "open-label"
    stretch_days = design.period_days + (0 if is_open_label else design.washout_days)

    def add(period: int, on_drug: bool, length: int, follows_period: int) -> None:
        for number in range(length):
            day = days[-1].day + 1 if days else 0
            is_calendar = is_open_label or scenario.patient.period_shift_follows != "switch"
            planned = day // stretch_days
            today = Day(day, period, on_drug, is_start=number == 0)
            today.shift_number = planned if is_calendar else follows_period - 1
            if period > 0:
                today.day_of_period, today.period_length = number, length
            days.append(today)

    if is_open_label:
        add(1, True, 2 * design.cycles * design.period_days, 1)
        return days
    for cycle in range(design.cycles):
        first, second = 2 * cycle + 1, 2 * cycle + 2
        add(first, order[first - 1], design.period_days + shift[cycle], first)
        add(0, False, design.washout_days, first)
        add(second, order[second - 1], design.period_days - shift[cycle], second)
        if cycle < design.cycles - 1:
            add(0, False, design.washout_days, second)
    return days
