from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from n1trial.study.batches.interrupts import delay_interrupt
from n1trial.study.batches.processes import Arguments, Output, Pool
from n1trial.study.batches.workers import as_finished
from tests.study.tasks import square


class Struck(Pool):
    """A pool that Ctrl-C strikes while it holds the lock that its threads need."""

    workers = 1

    def __init__(self) -> None:
        self.lock, self.threads = threading.Lock(), ThreadPoolExecutor(1)

    def submit(
        self, work: Callable[Arguments, Output], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Output]:
        self.lock.acquire()
        signal.raise_signal(signal.SIGINT)
        self.lock.release()
        return self.threads.submit(work, *args, **kwargs)


def test_ctrl_c_strikes_when_a_block_is_over() -> None:
    done = list[str]()

    @delay_interrupt()
    def work() -> None:
        signal.raise_signal(signal.SIGINT)
        done.append("to its end")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["to its end"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_in_another_thread_nothing_is_held_back() -> None:
    heeding = list[object]()

    def note() -> None:
        with delay_interrupt():
            heeding.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=note)
    thread.start()
    thread.join()
    assert heeding == [signal.default_int_handler]


def test_whoever_is_deaf_to_ctrl_c_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with delay_interrupt():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_leaves_no_lock_of_a_pool_behind() -> None:
    pool = Struck()
    with pytest.raises(KeyboardInterrupt):
        list(as_finished(pool, square, range(3)))
    assert not pool.lock.locked()
    pool.threads.shutdown()
