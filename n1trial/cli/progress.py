"""Progress of long work: a bar on a terminal, silence everywhere else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import partial

SIMULATING = "simulating"
UNITS = {"screening": "designs", SIMULATING: "trials", "stressing": "trials"}
Advance = Callable[[int], None]


@contextlib.contextmanager
def progress_bars() -> Iterator[Callable[[str, int], Advance] | None]:
    """Show a bar for each part of the work, one at a time, where standard error is a terminal.

    Yields
    ------
    callable or None
        Given a part of `UNITS` and its amount it replaces the bar, and returns what moves the new one on. None where
        there is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with contextlib.ExitStack() as bars:

        def start(part: str, amount: int) -> Advance:
            bars.close()
            bar = bars.enter_context(
                tqdm(total=amount, desc=part, unit=f" {UNITS[part]}", unit_scale=True, leave=False, file=sys.stderr)
            )

            def advance(more: int) -> None:
                bar.update(more)

            return advance

        yield start


@contextlib.contextmanager
def bar_aside() -> Iterator[None]:
    """Take the bar away while something else is written, and show it again below; where there is one at all."""
    if not sys.stderr.isatty():
        yield
        return
    from tqdm import tqdm

    with tqdm.external_write_mode(sys.stderr):
        yield


@contextlib.contextmanager
def progress_of_trials() -> Iterator[Callable[[int], Advance] | None]:
    """Show one bar of simulated trials; see `progress_bars`."""
    with progress_bars() as start:
        yield None if start is None else partial(start, SIMULATING)
