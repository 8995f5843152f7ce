"""The calendar of a simulated trial: every process is woken on the day it asked for."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

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
    for process in processes:
        clock.process(_wake(clock, process))
    clock.run()


def _wake(clock: simpy.Environment, process: Iterator[float]) -> Generator[simpy.Event, None, None]:
    for day in process:
        yield clock.timeout(day - clock.now)
