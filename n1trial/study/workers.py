"""Where batches are simulated: in this process, or in any executor of `concurrent.futures`."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from n1trial.errors import RunError

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def available() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@contextlib.contextmanager
def executor(workers: int) -> Iterator[Executor | None]:
    """Start so many worker processes; None stands for this process alone.

    Left by an exception, Ctrl-C included, what is queued is dropped.
    """
    if workers == 1:
        yield None
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        _start(pool, workers)
        yield pool
    except BrokenProcessPool as broken:
        raise RunError(
            "a worker process ended before its work was done: it was stopped from outside (try fewer workers), or a"
            ' script asks for workers without an `if __name__ == "__main__":` around what it runs'
        ) from broken
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def spread(pool: Executor | None, work: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
    """Do every task, in a pool or here, and give the answers in the order of the tasks."""
    if pool is None:
        yield from map(work, tasks)
    else:
        yield from pool.map(work, tasks)


def _start(pool: ProcessPoolExecutor, workers: int) -> None:
    """Start all workers deaf to Ctrl-C, which is the parent's to heed: they inherit it from the moment they begin."""
    if threading.current_thread() is not threading.main_thread():
        return
    heeding = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for _ in range(workers):
            pool.submit(_nothing)
    finally:
        signal.signal(signal.SIGINT, heeding)


def _nothing() -> None:
    """Work for a worker that is only to be started."""
