"""The calendar of a simulated trial: each day is woken once, and processes act in it in the order of their hours."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator
from heapq import heapify, heappop, heapreplace

import simpy


def run(processes: Iterable[Iterator[float]], start: float) -> None:
    """Run processes side by side until none has a next day.

    Parameters
    ----------
    processes : iterable of iterator of float
        Each yields the day, as a float of dyadic fractions, on which it next acts; never an earlier one than now.
    start : float
        The day on which the clock begins; none may ask for an earlier one.
    """
    clock = simpy.Environment(initial_time=start)
    clock.process(_wake(clock, processes))
    clock.run()


def _wake(clock: simpy.Environment, processes: Iterable[Iterator[float]]) -> Generator[simpy.Event, None, None]:
    first = ((next(process, None), number, process) for number, process in enumerate(processes))
    agenda = [(time, number, process) for time, number, process in first if time is not None]
    heapify(agenda)
    while agenda:
        yield clock.timeout(agenda[0][0] - clock.now)
        midnight = math.floor(clock.now) + 1
        while agenda and agenda[0][0] < midnight:
            now, number, process = agenda[0]
            time = next(process, None)
            if time is None:
                heappop(agenda)
            elif time < now:
                raise ValueError(f"Negative delay {time - now}")
            else:
                heapreplace(agenda, (time, number, process))
