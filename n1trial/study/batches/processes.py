"""Worker processes of this machine that are replaced when they die, deaf to Ctrl-C, and gone when their parent is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import Any, ParamSpec, TypeVar

Output = TypeVar("Output")
Arguments = ParamSpec("Arguments")

STARTS = 3
"""Times that new processes are started for one call."""
END_SECONDS = 10.0
"""So long may a process take to end that was asked to."""


class Pool(Executor):
    """An executor of ours.

    Attributes
    ----------
    workers : int
        Tasks that it works on at the same time.
    """

    workers: int

    def is_at_work(self) -> bool:
        """Whether what was handed out is still being worked on; WorkersError where nothing ever will be."""
        return True

    def is_misplaced(self, future: Future[Any]) -> bool:  # noqa: ARG002
        """Whether a call failed because of who worked on it, so that it may be handed out again."""
        return False


class Calls(dict[int, Any]):
    """Calls that a pool has not answered yet, which may grow while it goes through them.

    A pool that breaks marks them as failed while others hand out more, and stumbles over that before Python 3.12.
    """

    def items(self) -> list[tuple[int, Any]]:  # type: ignore[override]
        """List the calls of this moment that nobody has canceled, which cannot fail any more."""
        return [(number, call) for number, call in list(super().items()) if not call.future.cancelled()]


class Processes(Pool):
    """Worker processes of this machine; when one dies, all of them are replaced at the next `submit`.

    They are deaf to Ctrl-C, which is the parent's to heed, and end when the parent does, however it ends.

    Parameters
    ----------
    workers : int
        How many, 1 or more.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._lock, self._ending, self._is_ended = threading.Lock(), list[threading.Thread](), False
        self._pool = self._start()

    def submit(
        self, work: Callable[Arguments, Output], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Output]:
        """Hand out a call, to new processes where the old ones broke.

        Where these too end as they begin, the call that is given back tells so like one whose process ended later. Any
        thread may do so, that of an event loop too: it does not wait for the old ones to end.
        """
        for _ in range(STARTS):
            pool = self._pool
            try:
                return pool.submit(work, *args, **kwargs)
            except (BrokenProcessPool, OSError):  # OSError: a process that ended while it was being started
                self._replace(pool)
        broken: Future[Output] = Future()
        broken.set_exception(BrokenProcessPool("processes end as soon as they are started"))
        return broken

    def is_at_work(self) -> bool:
        """Whether the processes are not broken; a call that is handed out as they break can be forgotten by them."""
        return _takes_work(self._pool)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes, once they have done what they are at."""
        with self._lock:
            self._is_ended = True
        for ending in self._ending:
            ending.join()
        if cancel_futures or not self.is_at_work():
            _end(self._pool)
        else:
            self._pool.shutdown(wait=wait)

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        """Start new processes instead of those that broke, unless another thread has done so already."""
        with self._lock:
            if self._pool is not pool or self._is_ended:
                return
            self._pool = self._start()
            self._ending = [ending for ending in self._ending if ending.is_alive()]
            self._ending.append(threading.Thread(target=_end, args=(pool,)))
            self._ending[-1].start()

    def _start(self) -> ProcessPoolExecutor:
        """Start all processes; from the main thread they inherit, from the moment they begin, to be deaf to Ctrl-C."""
        pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_begin)
        pool._pending_work_items = Calls()
        if threading.current_thread() is not threading.main_thread():
            return pool
        heeding = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for _ in range(self.workers):
                pool.submit(_do_nothing)
        except (BrokenProcessPool, OSError):
            pass  # told by the first call that is handed out
        finally:
            signal.signal(signal.SIGINT, heeding)
        return pool


def _takes_work(pool: ProcessPoolExecutor) -> bool:
    try:
        pool.submit(_do_nothing)
    except (RuntimeError, OSError):  # broken, or ended already
        return False
    return True


def _end(pool: ProcessPoolExecutor) -> None:
    """End all processes of a pool, by force where need be.

    A process that was just being started as its pool broke is not ended by the pool, which yet waits for it. Its
    processes are known to the pool alone until Python 3.14 (`ProcessPoolExecutor.kill_workers`).
    """
    processes = [*(pool._processes or {}).values()]
    patience = END_SECONDS if _takes_work(pool) else END_SECONDS / 10
    ending = threading.Thread(target=pool.shutdown, kwargs={"cancel_futures": True}, daemon=True)
    ending.start()
    ending.join(patience)
    for process in processes:
        process.kill()
    ending.join(END_SECONDS)


def _do_nothing() -> None:
    """Do nothing, for a worker that is only to be started."""


def _begin() -> None:
    """Begin as one of several processes: deaf to Ctrl-C, with one thread of linear algebra, before any is loaded."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    _end_with_the_parent()


def _end_with_the_parent() -> None:
    """Let this process end with its parent: waiting for work, it does not notice by itself that none can come."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
