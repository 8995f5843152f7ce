"""A process that is killed at its n-th operation on files, for every n."""

from __future__ import annotations

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

RENAMINGS = ("os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate")
TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MOST = 200


def _is_change(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an audit event announces that something on the disk is about to change."""
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & TO_WRITE) and arguments[0] != os.devnull
    return event in RENAMINGS


def _die_before(number: int) -> None:
    """Let this process kill itself right before its n-th change on the disk, the first being 0."""
    seen = iter(range(MOST + 1))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if _is_change(event, arguments) and next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _ends_of(work: Callable[[], object], number: int) -> int:
    """Do something in a forked process that is killed at an operation, and give the signal that ended it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside threads: the child only writes files
        child = os.fork()
    if child == 0:
        try:
            _die_before(number)
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work itself failed; see its traceback"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def killed_at_each(work: Callable[[Path], object], places: Iterator[Path], step: int = 1) -> Iterator[Path]:
    """Do a work in place after place, killed an operation later each time, until it is done before it is killed.

    Parameters
    ----------
    work : callable
        Is given the place.
    places : iterator of Path
        A fresh place each time.
    step : int
        Operations from one kill to the next.

    Yields
    ------
    Path
        Each place where it was killed.
    """
    for number in range(0, MOST, step):
        place = next(places)
        if _ends_of(lambda place=place: work(place), number) == 0:  # type: ignore[misc]
            return
        yield place
    raise AssertionError(f"more than {MOST} operations")
