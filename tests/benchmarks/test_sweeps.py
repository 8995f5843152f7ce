"""What sweeps cost beside the simulation itself: workers, a cluster, memory, as ratios; run with -s to read."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from n1trial.provenance import engine
from n1trial.scenario.file.grid import read_grid
from n1trial.study.batches import workers
from n1trial.study.batches.cluster import cluster as cluster_at
from n1trial.study.batches.processes import Processes
from n1trial.study.sweep.store import Store
from n1trial.study.sweep.sweep import _simulate, complete, pieces_of
from tests.study.batches.test_cluster import free_port, running, workers_of

ROOT = Path(__file__).parents[2]
ROUNDS = 2
TASKS = 8
SECONDS = 2
"""Tasks of a second each that every worker of two is given."""
Task = tuple[str, tuple[Any, ...]]


def tasks(count: int, scenario: str = "b12-8-week", methods: str = '["paired", "exposure"]') -> list[Task]:
    """So many tasks of one batch each."""
    varied = [("patient.daily_sd", "1:3:0.1")]
    changes = {"simulation.replicates": "2500", "analysis.primary": "mixed", "analysis.methods": methods}
    grid = read_grid(scenario, varied, changes)
    pieces = (piece for _, combination in grid for _, piece in pieces_of(combination))
    return [(engine(), (piece,)) for piece in islice(pieces, count)]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def do(pool: Executor | None, work: Callable[[Task], object], given: list[Task]) -> Callable[[], object]:
    return lambda: list(workers.as_finished(pool, work, given))


def test_two_workers_against_one() -> None:
    given, times = tasks(TASKS), dict[int, list[float]]({1: [], 2: []})
    with Processes(1) as one, Processes(2) as two:
        for pool in (one, two):
            do(pool, _simulate, given[:4])()  # what is loaded on first use
        for _ in range(ROUNDS):
            for count, pool in ((1, one), (2, two)):
                times[count].append(seconds(do(pool, _simulate, given)))
    print(f"\ntwo workers: {min(times[1]) / min(times[2]):.2f} times as fast as one (aim: 1.7)")
    assert min(times[1]) / min(times[2]) > 1.2


def one_second(task: Task) -> object:
    """Simulate, and be done exactly a second after the start: what is over in the whole is the way there and back."""
    end = time.perf_counter() + 1.0
    answer = _simulate(task)
    time.sleep(max(0.0, end - time.perf_counter()))
    return answer


def test_a_cluster_against_the_seconds_that_its_tasks_take(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    given, address = tasks(2 * SECONDS, methods="[]"), f"tcp://127.0.0.1:{free_port()}"
    command = ("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    with (
        running(*command, cwd=tmp_path),
        workers_of(address, 2, tmp_path, PYTHONPATH=str(ROOT)),
        cluster_at(address) as pool,
    ):
        pool._client.wait_for_workers(2, timeout=60)
        do(pool, _simulate, given)()
        cluster = min(seconds(do(pool, one_second, given)) for _ in range(2))
    with Processes(2) as processes:
        do(processes, _simulate, given)()
        here = min(seconds(do(processes, one_second, given)) for _ in range(2))
    print(
        f"\n{len(given)} tasks of a second on two workers of a cluster: {cluster / SECONDS - 1:.1%} over {SECONDS} s"
        f" (aim: under 10%); on two processes: {here / SECONDS - 1:.1%}"
    )
    assert cluster < 1.2 * SECONDS
    assert here < 1.2 * SECONDS


def test_keeping_batches_against_simulating_them(tmp_path: Path) -> None:
    """In one process, where every batch is written to the disk by itself."""
    varied = [("patient.daily_sd", "1:2:0.1")]
    grid = read_grid("minimal", varied, {"simulation.replicates": "2500", "analysis.methods": "[]"})
    given = [(engine(), (piece,)) for _, combination in grid for _, piece in pieces_of(combination)]

    def keep(folder: Path) -> Callable[[], None]:
        def work() -> None:
            with Store(folder) as store:
                complete(grid, store)

        return work

    simulate = do(None, _simulate, given)
    times = [(seconds(simulate), seconds(keep(tmp_path / str(number)))) for number in range(ROUNDS)]
    alone, kept = (min(column) for column in zip(*times, strict=True))
    print(f"\nkeeping {len(given)} batches on the disk: {kept / alone:.2f} times simulating them")
    assert kept < 2 * alone


MEMORY = """
import resource, sys, tempfile
from pathlib import Path
from n1trial.report.sweep.folder import save_sweep
from n1trial.scenario.file.grid import read_grid
from n1trial.study.sweep.store import Store
from n1trial.study.sweep.sweep import complete
values, replicates = sys.argv[1:]
overrides = {"simulation.replicates": replicates, "analysis.methods": '["paired"]', "design.cycles": "2"}
overrides |= {"design.period_days": "14", "analysis.discard_days": "0", "analysis.minimum_days": "1"}
grid = read_grid("minimal", [("patient.daily_sd", values)], overrides)
with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
    complete(grid, store)
    save_sweep(grid, store, Path(folder))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_of_many_combinations_and_replicates_against_few() -> None:
    def peak(values: str, replicates: int) -> float:
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, values, str(replicates)], check=True, capture_output=True, text=True
        )
        return int(done.stdout) / 1024

    few, cells, trials = peak("1,2,3", 2500), peak("1:3:0.04", 2500), peak("1,2,3", 50_000)
    print(
        f"\nmemory: {few:.0f} MB for 3 combinations of 2,500 trials; {cells / few:.2f} times that for 51 combinations,"
        f" {trials / few:.2f} times for 50,000 trials"
    )
    assert max(cells, trials) < 2 * few
