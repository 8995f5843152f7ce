"""Small sweeps, and how one is run within or apart from a test."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from n1trial.cli import main
from n1trial.scenario.file.grid import Grid, read_grid

SMALL = """\
name = "small"
[treatment]
name = "Drug"
effect = -1.5
onset_days = 1.0
offset_days = 1.0
[outcome]
name = "Complaints"
scale = [0, 10]
better = "lower"
mcid = 1.0
[patient]
baseline = 5.0
daily_sd = 1.5
autocorrelation = 0.3
[design]
run_in_days = 2
cycles = 3
period_days = 7
[analysis]
primary = "paired"
methods = ["ols"]
discard_days = 0
minimum_days = 1
"""
FILES = ["checksums.txt", "scenario.toml", "sweep.csv", "sweep.json", "sweep.png", "sweep.sqlite", "sweep.svg"]
WRITTEN = [name for name in FILES if name != "sweep.sqlite"]


def small(folder: Path) -> str:
    """Path of a small scenario."""
    path = folder / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def small_grid(folder: Path, *varied: tuple[str, str], replicates: int = 3000) -> Grid:
    """A grid of the small scenario."""
    return read_grid(small(folder), list(varied), {"simulation.replicates": str(replicates)})


def begin(cwd: Path, *args: str) -> subprocess.Popen[str]:
    """Begin a sweep as a process, and a group of processes, of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "n1trial", "sweep", *args], cwd=cwd, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip


def sweep(cwd: Path, *args: str) -> tuple[int, str, str]:
    """Run a sweep by its command, within this process: exit code, and what it printed."""
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(main, ["sweep", *args])
    return done.exit_code, done.stdout, done.stderr


def batches(folder: Path) -> dict[tuple[object, ...], str]:
    """All batches of a store that nobody has open, after a check that it is sound."""
    path = folder / "sweep.sqlite"
    if not path.exists() or path.stat().st_size == 0:
        return {}
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # which needs no room on the disk
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE name = 'batch'").fetchall()
        rows = (
            connection.execute("SELECT scenario, effect, seed, batch, trials, engine, tallies FROM batch").fetchall()
            if tables
            else []
        )
    finally:
        connection.close()
    found = {tuple(row[:-1]): str(row[-1]) for row in rows}
    assert len(found) == len(rows)
    for text in found.values():
        json.loads(text)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """What a finished sweep has written, the store apart."""
    return {name: (folder / name).read_bytes() for name in WRITTEN}


def children(process: int) -> list[int]:
    """Worker processes of a process."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    found = [int(one) for one in listed.read_text().split()] if listed.exists() else []
    return [one for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]
