"""Work that does not hold up the page: done by other processes, followed while it runs, dropped when unwanted."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pickle
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from hashlib import sha256
from typing import ParamSpec, TypeVar

from n1trial.errors import RunError
from n1trial.study.batches import workers
from n1trial.study.batches.measure import Cell, Measurement, measure_batch, total

Output = TypeVar("Output")
Name = TypeVar("Name")
Arguments = ParamSpec("Arguments")
Task = tuple[Cell, int, int]
"""A cell, a seed, and which batch of it, as `measure_batch` takes them."""

REMEMBERED = 1_000
"""Batches remembered, those asked for last: some kB each."""

ENDED = "a worker process ended before its work was done; try again"


class DroppedError(Exception):
    """Signal that work is not wanted any more."""


class Background:
    """Processes that simulate for the page, started when they are first needed and shared by all its visitors.

    Parameters
    ----------
    count : int, optional
        How many; all processors by default.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or workers.available()
        self._stack = contextlib.ExitStack()
        self._pool: Executor | None = None
        self._is_started = False
        self._memory = Memory(REMEMBERED)

    def start(self) -> None:
        """Start the processes, so that the first figures need not wait for them."""
        if not self._is_started:
            self._pool = self._stack.enter_context(workers.executor(self.count))
            self._is_started = True

    def end(self) -> None:
        """End the processes."""
        self._stack.close()
        self._pool, self._is_started = None, False

    async def simulate(self, cells: Mapping[Name, Cell], seed: int) -> AsyncIterator[tuple[Name, Measurement]]:
        """Simulate cells; those that are the same trials once, and not again what was simulated before.

        Parameters
        ----------
        cells : mapping to Cell
            By name, the most wanted first.
        seed : int

        Yields
        ------
        tuple of str and Measurement
            In the order of the cells. Left before the end, or canceled, what has not begun is dropped.

        Raises
        ------
        RunError
            If a process ended before its work was done.
        """
        self.start()
        unique = list(dict.fromkeys(cells.values()))
        batches = {cell: [self._submit((cell, seed, batch)) for batch in range(cell.batches)] for cell in unique}
        try:
            seen: dict[Cell, Measurement] = {}
            for name, cell in cells.items():
                if cell not in seen:
                    seen[cell] = total([await batch for batch in batches[cell]])
                yield name, seen[cell]
        except BrokenExecutor:
            # all ends by itself; before Python 3.12 a pool stumbles over what is canceled as it breaks
            for future in itertools.chain.from_iterable(batches.values()):
                future.add_done_callback(_retrieve_exception)
            raise RunError(ENDED) from None
        except BaseException:
            for future in itertools.chain.from_iterable(batches.values()):
                future.cancel()
                future.add_done_callback(_retrieve_exception)
            raise

    @property
    def pool(self) -> Executor | None:
        """The processes; None where there is one processor alone, and this process does the work."""
        self.start()
        return self._pool

    async def run_apart(
        self, work: Callable[Arguments, Output], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Output:
        """Do one piece of work in one of the processes, so that the page goes on even where Python cannot do both.

        Parameters
        ----------
        work : callable
            A function of a module, given what can be sent to another process.
        *args, **kwargs
            Of it.

        Raises
        ------
        RunError
            If its process ended before the work was done.
        """
        pool = self.pool
        if pool is None:
            return await asyncio.to_thread(work, *args, **kwargs)
        try:
            return await asyncio.wrap_future(pool.submit(work, *args, **kwargs))
        except BrokenExecutor:
            raise RunError(ENDED) from None

    def _submit(self, task: Task) -> asyncio.Future[Measurement]:
        if (known := self._memory.recall(task)) is not None:
            future = asyncio.get_running_loop().create_future()
            future.set_result(known)
            return future
        if self._pool is None:  # one processor alone: a thread, so that the page goes on
            return asyncio.ensure_future(asyncio.to_thread(self._measure, task))
        work = self._pool.submit(measure_batch, task)
        work.add_done_callback(partial(self._take_note, task))
        return asyncio.wrap_future(work)

    def _measure(self, task: Task) -> Measurement:
        measured = measure_batch(task)
        self._memory.remember(task, measured)
        return measured

    def _take_note(self, task: Task, work: Future[Measurement]) -> None:
        if not work.cancelled() and work.exception() is None:
            self._memory.remember(task, work.result())


class Memory:
    """Store of the last measurements, for who goes back to a plan, compares it, or opens the page again.

    It holds no text of a plan: what it is of is known by a digest.

    Parameters
    ----------
    most : int
        Batches remembered; beyond that the one asked for longest ago is forgotten.
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._measured: OrderedDict[bytes, Measurement] = OrderedDict()

    def recall(self, task: Task) -> Measurement | None:
        """Return what was measured; None where it is not remembered."""
        digest = _digest(task)
        with self._lock:
            if digest in self._measured:
                self._measured.move_to_end(digest)
            return self._measured.get(digest)

    def remember(self, task: Task, measurement: Measurement) -> None:
        """Remember what was measured."""
        digest = _digest(task)
        with self._lock:
            self._measured[digest] = measurement
            self._measured.move_to_end(digest)
            while len(self._measured) > self._most:
                self._measured.popitem(last=False)


def _digest(task: Task) -> bytes:
    return sha256(pickle.dumps(task)).digest()


def _retrieve_exception(future: asyncio.Future[Measurement]) -> None:
    """Take note of what went wrong with a batch that nobody waits for any more: it was told with another."""
    if not future.cancelled():
        future.exception()


async def run_in_thread(work: Callable[[Callable[[int], None]], Output], tell: Callable[[int], None]) -> Output:
    """Do work that takes long in a thread of its own.

    Parameters
    ----------
    work : callable
        Given a function that it calls with how much more was done, and that ends it once it is not wanted any more.
    tell : callable
        Called, within the page's own thread, with how much was done in all.

    Returns
    -------
    object
        What `work` gives back.

    Raises
    ------
    asyncio.CancelledError
        If the task that waits for it is canceled; the work ends at its next step.
    """
    loop, is_dropped, done = asyncio.get_running_loop(), threading.Event(), 0

    def advance(more: int) -> None:
        nonlocal done
        if is_dropped.is_set():
            raise DroppedError
        done += more
        loop.call_soon_threadsafe(tell, done)

    try:
        return await asyncio.to_thread(work, advance)
    finally:
        is_dropped.set()
