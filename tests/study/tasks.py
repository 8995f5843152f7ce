"""Work for workers: what it does is nothing much, and some of it ends them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import NoReturn

from n1trial.errors import RunError


def square(number: int) -> int:
    return number * number


def slow_square(number: int) -> int:
    time.sleep(0.02)
    return number * number


def die_once(task: tuple[str, int]) -> int:
    """End the worker as the kernel would, unless that has happened before."""
    mark, number = Path(task[0]), task[1]
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return number
    os.kill(os.getpid(), signal.SIGKILL)
    return -1


def die(_: int) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def fail(number: int) -> int:
    if number == 3:
        raise RunError("three")
    return number
