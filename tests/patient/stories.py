"""What a process does, told as a list of (time, what), without a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from n1trial.patient.state import State

Seen = TypeVar("Seen")


def story(process: Iterator[float], look: Callable[[], Seen]) -> list[tuple[float, Seen]]:
    """Run a process by itself; after each time that it asked for, tell the time and what is seen."""
    times: list[float] = []
    seen: list[Seen] = []
    for time in process:
        if times:
            seen.append(look())
        times.append(time)
    return list(zip(times, [*seen, look()], strict=True)) if times else []


def script(*rows: Sequence[float]) -> Callable[[], NDArray[np.float64]]:
    """Stand for a stream: give one stated row after the other, into the same array each time."""
    ahead = iter(rows)
    row = np.empty(len(rows[0]))

    def draw() -> NDArray[np.float64]:
        row[:] = next(ahead)
        return row

    return draw


def state_of(width: int, **rows: Sequence[float] | Sequence[bool]) -> State:
    """State before the first day, but for the rows that a test states."""
    state = State.at_start(width)
    for name, row in rows.items():
        getattr(state, name)[:] = row
    return state
