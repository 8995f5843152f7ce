"""Where Ctrl-C may strike: not while a lock of a pool is held, which nothing would ever open again."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def delay_interrupt() -> Iterator[None]:
    """Let Ctrl-C strike once a block is over, where it would strike within; only the main thread is ever struck.

    A thread of the pool may wait for the lock of a call. Left locked by an exception, it would keep the process from
    ending.
    """
    heed = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(heed):
        yield
        return
    struck: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: struck.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heed)
        if struck:
            heed(signal.SIGINT, struck[0])
