"""How tests follow what reacts to changes, without a browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from shiny import reactive
from shiny.reactive._core import _reactive_environment

Answer = TypeVar("Answer")
PATIENCE_SECONDS = 120


class Endable(Protocol):
    """What follows something till it is told to end."""

    def end(self) -> None: ...


def run(coroutine: Coroutine[Any, Any, Answer]) -> Answer:
    """Run in a thread of its own: where a browser is being tested, this one has an event loop already."""
    _reactive_environment._lock = None  # one for the process, which keeps to the event loop that first waited for it
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, 2 * PATIENCE_SECONDS)).result()


@contextlib.asynccontextmanager
async def following(what: Endable) -> AsyncIterator[None]:
    """Let it begin, and end it with all that it dropped; what is looked at meanwhile may react to changes."""
    others = asyncio.all_tasks()
    async with reactive.lock():
        await reactive.flush()
    with reactive.isolate():
        try:
            yield
        finally:
            what.end()
            while dropped := asyncio.all_tasks() - others:  # the end of one begins another, which tells of it
                await asyncio.wait(dropped)


async def change(value: reactive.Value[Answer], to: Answer) -> None:
    """Change a value, and all that reacts to it at once."""
    async with reactive.lock():
        value.set(to)
        await reactive.flush()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():
            await asyncio.sleep(0.01)
