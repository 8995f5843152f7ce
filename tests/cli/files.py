"""A scenario small enough to run in a test, and how commands are called there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from n1trial.cli import main

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
        [sys.executable, "-m", "n1trial", *args], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def names(folder: Path) -> list[str]:
    """Names of what a folder holds, sorted."""
    return sorted(path.name for path in folder.iterdir())
