"""Where batches are simulated: in this process, or in any executor of `concurrent.futures`."""

from __future__ import annotations

import contextlib
import os
import signal
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
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent)
    try:
        yield pool
    except BrokenProcessPool as broken:
        raise RunError("a worker process was ended from outside; try again, with fewer --workers") from broken
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def spread(pool: Executor | None, work: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
    """Do every task, in a pool or here, and give the answers in the order of the tasks."""
    if pool is None:
        yield from map(work, tasks)
    else:
        yield from pool.map(work, tasks)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
