"""A scenario small enough to run in a test, and how commands are called there."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from click.testing import CliRunner, Result

from n1trial.cli import main
from tests.patience import PATIENCE_SECONDS

SMALL = """\
name = "small"
[treatment]
name = "Drug"
effect = -1.0
onset_days = 1.0
offset_days = 1.0
[outcome]
name = "Complaints"
scale = [0, 10]
better = "lower"
mcid = 1.0
[patient]
baseline = 5.0
daily_sd = 1.0
autocorrelation = 0.0
[design]
run_in_days = 2
cycles = 2
period_days = 7
[analysis]
discard_days = 0
minimum_days = 1
"""


def call(*args: str) -> Result:
    """Call a command within this process; what it prints and its exit code."""
    return CliRunner().invoke(main, list(args))


def call_apart(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Call a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "n1trial", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def call_and_interrupt(*args: str, cwd: Path, bar: str) -> tuple[int, str, str]:
    """Call a command on a terminal, and press Ctrl-C as soon as a bar shows that something is done.

    Returns
    -------
    tuple of int, str and str
        Exit code, what it printed, and the last line on the terminal.
    """
    import pty  # these two are not everywhere
    import termios

    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))  # a bar has no room on a terminal without columns
    process = subprocess.Popen(
        [sys.executable, "-m", "n1trial", *args], cwd=cwd, stdout=subprocess.PIPE, stderr=terminal
    )
    os.close(terminal)
    try:
        shown, deadline = b"", time.monotonic() + PATIENCE_SECONDS
        while not re.search(rf"{bar}: [^\r]*\| [1-9]".encode(), shown):
            assert select.select([ours], [], [], deadline - time.monotonic())[0], shown
            shown += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        shown += _all_that_comes(ours, deadline)
        printed, _ = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, printed.decode(), shown.decode().splitlines()[-1]
    finally:
        process.kill()
        process.communicate()
        os.close(ours)


def _all_that_comes(terminal: int, deadline: float) -> bytes:
    """What is shown until nobody has the terminal open any more."""
    shown = b""
    while True:
        assert select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0], shown
        try:
            more = os.read(terminal, 4096)
        except OSError:  # how Linux tells the end
            return shown
        if not more:
            return shown
        shown += more


def names(folder: Path) -> list[str]:
    """Names of what a folder holds, sorted."""
    return sorted(path.name for path in folder.iterdir())
