"""Where batches are simulated: in this process, or in any executor of `concurrent.futures`, a cluster's among them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Generic, Self, TypeVar

from n1trial.errors import WorkersError
from n1trial.study.batches.interrupts import delay_interrupt
from n1trial.study.batches.processes import Pool, Processes

Task = TypeVar("Task")
Output = TypeVar("Output")

AHEAD = 2
"""Tasks handed out for each worker: one to work on, one to go on with."""
BREAKS = 3
"""So often in a row may workers die without finishing anything."""
LOOK_SECONDS = 10.0
"""After so long without an answer a pool is asked whether any can still come."""


def available() -> int:
    """Count the processors that this process may use."""
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
    pool = Processes(workers)
    try:
        yield pool
    finally:
        with delay_interrupt():
            pool.shutdown(wait=True, cancel_futures=True)


class Aside:
    """Calls that hand out work to a pool while their caller does so, too.

    Parameters
    ----------
    pool : Executor or None
        Where their work is done; with None each call waits until what it gives is asked for.
    """

    def __init__(self, pool: Executor | None) -> None:
        self._threads = None if pool is None else ThreadPoolExecutor()

    def start(self, call: Callable[[], Output]) -> Callable[[], Output]:
        """Start a call, and give what waits for its answer."""
        if self._threads is None:
            return call
        with delay_interrupt():
            return self._threads.submit(call).result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Forget the calls where the caller failed: they end with their pool."""
        if self._threads is None:
            return
        with delay_interrupt():
            self._threads.shutdown(wait=kind is None, cancel_futures=True)


def spread(pool: Executor | None, work: Callable[[Task], Output], tasks: Sequence[Task]) -> Iterator[Output]:
    """Do every task, in a pool or here, and give the answers in the order of the tasks."""
    early: dict[int, Output] = {}
    due = 0
    for number, answer in as_finished(pool, work, tasks):
        early[number] = answer
        while due in early:
            yield early.pop(due)
            due += 1


def as_finished(
    pool: Executor | None, work: Callable[[Task], Output], tasks: Iterable[Task]
) -> Iterator[tuple[int, Output]]:
    """Do every task, in a pool or here, and give number and answer of each as soon as it is done.

    Tasks are taken from `tasks` only when workers are about to be idle, so any number of them takes no memory. A task
    whose worker dies, or turns out to be no worker for us, is done again.

    Raises
    ------
    WorkersError
        If workers die again and again without finishing anything.
    """
    if pool is None:
        yield from enumerate(map(work, tasks))
        return
    queue, under_way, breaks = enumerate(tasks), _UnderWay(pool, work), 0
    try:
        while True:
            under_way.hand_out(islice(queue, under_way.vacancies()))
            if not under_way.calls:
                return
            done = under_way.wait()
            broken, elsewhere = ([] if done else under_way.take_back_forgotten()), list[tuple[int, Task]]()
            for future, number, task in under_way.take_out(done):
                try:
                    with delay_interrupt():
                        answer = future.result()
                except BrokenExecutor:
                    broken.append((number, task))
                    continue
                except Exception:
                    if not isinstance(pool, Pool) or not pool.is_misplaced(future):
                        raise
                    elsewhere.append((number, task))
                    continue
                breaks = 0
                yield number, answer
            if broken:
                breaks += 1
                _give_up_after(breaks)
            under_way.hand_out((*broken, *elsewhere))
    except BaseException as error:
        # in processes that broke, what waits fails by itself; before Python 3.12 they stumble over what is canceled
        if not (isinstance(error, WorkersError) and isinstance(pool, Processes)):
            under_way.cancel()
        raise


class _UnderWay(Generic[Task, Output]):
    """Calls that were handed out to a pool; Ctrl-C strikes only while they are waited for.

    Attributes
    ----------
    calls : dict of Future to (int, Task)
        Number and task of each call that nobody has taken out yet.
    """

    def __init__(self, pool: Executor, work: Callable[[Task], Output]) -> None:
        self._pool, self._work = pool, work
        self.calls: dict[Future[Output], tuple[int, Task]] = {}
        self._finished = SimpleQueue[Future[Output]]()

    def vacancies(self) -> int:
        """Count the tasks that workers can take beside those under way; at least one where none is."""
        with delay_interrupt():
            workers = self._pool.workers if isinstance(self._pool, Pool) else available()
        return max(0 if self.calls else 1, AHEAD * workers - len(self.calls))

    def hand_out(self, tasks: Iterable[tuple[int, Task]]) -> None:
        """Hand out tasks, each with its number."""
        with delay_interrupt():
            for number, task in tasks:
                future = self._pool.submit(self._work, task)
                self.calls[future] = number, task
                future.add_done_callback(self._finished.put)

    def wait(self) -> list[Future[Output]]:
        """Wait for the next call that is done, and list all that are; none where a pool has to be looked at.

        The queue has no lock that Ctrl-C could leave behind, as `concurrent.futures.wait` has.
        """
        try:
            done = [self._finished.get(timeout=LOOK_SECONDS)]
        except Empty:
            return []
        with contextlib.suppress(Empty):
            while True:
                done.append(self._finished.get_nowait())
        return done

    def take_out(self, futures: Iterable[Future[Output]]) -> Iterator[tuple[Future[Output], int, Task]]:
        """Take calls that are done out of those under way; calls that were taken back before are left out."""
        for future in futures:
            if future in self.calls:
                yield future, *self.calls.pop(future)

    def take_back_forgotten(self) -> list[tuple[int, Task]]:
        """Take all tasks back from a pool that is not at work on them any more; none from another."""
        with delay_interrupt():
            if not isinstance(self._pool, Pool) or self._pool.is_at_work():
                return []
            forgotten = [*self.calls.values()]
            self.cancel()
            self.calls.clear()
        return forgotten

    def cancel(self) -> None:
        """Drop every call that no worker has begun."""
        with delay_interrupt():
            for future in self.calls:
                future.cancel()


def _give_up_after(breaks: int) -> None:
    if breaks >= BREAKS:
        raise WorkersError(
            f"worker processes ended {BREAKS} times in a row before their work was done: they were stopped from outside"
            ' (try fewer workers), or a script asks for workers without an `if __name__ == "__main__":` around what it'
            " runs"
        )
