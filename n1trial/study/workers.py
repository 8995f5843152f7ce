"""Where batches are simulated: in this process, or in any executor of `concurrent.futures`, a cluster's among them."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

from n1trial.errors import InputError, RunError
from n1trial.extras import install_command
from n1trial.provenance import engine
from n1trial.study.processes import Pool, Processes

if TYPE_CHECKING:
    from distributed import Client

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Given = ParamSpec("Given")

AHEAD = 2
"""Tasks handed out for each worker: one to work on, one to go on with."""
BREAKS = 3
"""So often in a row may workers die without finishing anything."""
LOOK_SECONDS = 10.0
"""After so long without an answer a pool is asked whether any can still come."""
CONNECT_SECONDS = 10.0
"""So long may a scheduler take to answer, and a first worker to be there."""


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
    pool = Processes(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """Connect to the scheduler of a Dask cluster, whose workers have the same n1trial.

    Parameters
    ----------
    address : str
        Of the scheduler, as in ``tcp://10.0.0.5:8786``.

    Raises
    ------
    InputError
        If it is no such address, or Dask is not installed.
    RunError
        If no scheduler answers, it has no workers or others than ours, or the connection is lost.
    """
    if not _is_address(address):
        raise InputError(f"--cluster {address}: must be an address such as tcp://10.0.0.5:8786")
    try:
        from distributed import Client, KilledWorker
        from distributed.comm import CommClosedError
    except ImportError:
        raise InputError(
            f"--cluster needs Dask, which is not installed; this installs it: {install_command('cluster')}"
        ) from None
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is told below
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise RunError(f"--cluster {address}: no Dask scheduler answers there; dask scheduler starts one") from error
    try:
        pool = Cluster(client, address)
        pool.check_versions()
        yield pool
    except KilledWorker as error:
        raise RunError(f"--cluster {address}: one task ended several workers, perhaps for lack of memory") from error
    except (CancelledError, CommClosedError) as error:
        raise RunError(f"--cluster {address}: the connection to the scheduler was lost") from error
    finally:
        client.close()


def _is_address(address: str) -> bool:
    """Whether something is an address of a scheduler: how, host and port."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None and not parts.path
    except ValueError:
        return False


def spread(pool: Executor | None, work: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
    """Do every task, in a pool or here, and give the answers in the order of the tasks."""
    early: dict[int, Answer] = {}
    due = 0
    for number, answer in as_finished(pool, work, tasks):
        early[number] = answer
        while due in early:
            yield early.pop(due)
            due += 1


def as_finished(
    pool: Executor | None, work: Callable[[Task], Answer], tasks: Iterable[Task]
) -> Iterator[tuple[int, Answer]]:
    """Do every task, in a pool or here, and give number and answer of each as soon as it is done.

    Tasks are taken from `tasks` only when workers are about to be idle, so any number of them takes no memory. A task
    whose worker dies is done again.

    Raises
    ------
    RunError
        If workers die again and again without finishing anything.
    """
    if pool is None:
        yield from enumerate(map(work, tasks))
        return
    queue, under_way, breaks = enumerate(tasks), dict[Future[Answer], tuple[int, Task]](), 0
    try:
        while True:
            workers = pool.workers if isinstance(pool, Pool) else available()
            wanted = max(0 if under_way else 1, AHEAD * workers - len(under_way))
            for number, task in islice(queue, wanted):
                under_way[pool.submit(work, task)] = number, task
            if not under_way:
                return
            done = wait(under_way, LOOK_SECONDS, return_when=FIRST_COMPLETED).done
            again: list[tuple[int, Task]] = []
            if not done and isinstance(pool, Pool) and not pool.is_at_work():
                again, under_way = [*under_way.values()], {}
            for future in done:
                number, task = under_way.pop(future)
                try:
                    answer = future.result()
                except BrokenExecutor:
                    again.append((number, task))
                    continue
                breaks = 0
                yield number, answer
            if again:
                breaks += 1
                _give_up_after(breaks)
            for number, task in again:
                under_way[pool.submit(work, task)] = number, task
    finally:
        for future in under_way:
            future.cancel()


def _give_up_after(breaks: int) -> None:
    if breaks >= BREAKS:
        raise RunError(
            f"worker processes ended {BREAKS} times in a row before their work was done: they were stopped from outside"
            ' (try fewer workers), or a script asks for workers without an `if __name__ == "__main__":` around what it'
            " runs"
        )


class Cluster(Pool):
    """The workers of a Dask cluster; those that die are Dask's to make up for.

    Parameters
    ----------
    client : Client
    address : str
        Of the scheduler.
    """

    def __init__(self, client: Client, address: str) -> None:
        self._client, self._address, self._executor = client, address, client.get_executor(pure=False)

    @property
    def workers(self) -> int:  # type: ignore[override]  # they come and go
        """Threads of all workers there are now."""
        return sum(self._client.nthreads().values())

    def submit(self, work: Callable[Given, Answer], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Answer]:
        """Hand out a call."""
        future: Future[Answer] = self._executor.submit(work, *args, **kwargs)
        return future

    def is_at_work(self) -> bool:
        """Whether there are workers; RunError where none is left."""
        if not self.workers:
            raise RunError(f"--cluster {self._address}: no workers are left there")
        return True

    def check_versions(self) -> None:
        """Raise RunError where there are no workers, or some that would not work as this process does."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise RunError(
                f"--cluster {self._address}: the scheduler has no workers; dask worker {self._address} starts one"
            ) from None
        ours, faults = engine(), []
        for worker, theirs in self._client.run(engine, on_error="return").items():
            if theirs != ours:
                told = "cannot load n1trial" if isinstance(theirs, BaseException) else f"has {theirs}"
                faults.append(f"the worker {worker} {told}")
        if faults:
            raise RunError(
                "\n".join(f"--cluster {self._address}: {fault}, and this machine {ours}" for fault in sorted(faults))
                + "\ninstall the same n1trial, numpy, scipy and Python on all"
            )
