"""A Dask cluster on this machine, started as the page on sweeps says."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from n1trial.errors import RunError
from n1trial.study import workers
from n1trial.study.store import Store
from n1trial.study.sweep import complete
from tests.study.sweeps import batches, contents, small, small_grid, sweep

pytest.importorskip("distributed", reason="the extra cluster is not installed")
DASK = shutil.which("dask", path=str(Path(sys.executable).parent)) or "dask"
VARIED = ("--vary", "design.cycles=2,3,4", "--vary", "patient.daily_sd=1,1.5", "--replicates", "3000")
QUIET = ("--no-dashboard",)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(*command: str, cwd: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the cluster, with all that it starts; ended at the end."""
    process = subprocess.Popen(
        [DASK, *command], cwd=cwd, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time to start a cluster."""
    monkeypatch.setattr(workers, "CONNECT_SECONDS", 60.0)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """Address of a scheduler without workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    with running("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], *QUIET, cwd=tmp_path):
        yield address


@contextmanager
def workers_of(scheduler: str, count: int, cwd: Path, *options: str, **environment: str) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            command = ("worker", scheduler, "--nthreads", "1", *QUIET, "--local-directory", str(cwd), *options)
            stack.enter_context(running(*command, cwd=cwd, **environment))
        yield


def test_a_cluster_gives_the_same_bytes_although_a_worker_is_killed(scheduler: str, tmp_path: Path) -> None:
    """One worker process is killed as soon as there are two, and made up for by Dask."""
    code, *_ = sweep(tmp_path, small(tmp_path), *VARIED, "--workers", "1", "--out", "here")
    assert code == 0
    with workers_of(scheduler, 2, tmp_path):
        with workers.cluster(scheduler) as pool, Store(tmp_path / "there") as store:
            pool._client.wait_for_workers(2, timeout=30)
            lost = pool.submit(os.getpid).result()
            grid = small_grid(
                tmp_path, ("design.cycles", "2,3,4"), ("patient.daily_sd", "1,1.5"), replicates=3000
            )  # fmt: skip
            seen = []

            def start(_: object) -> object:
                def advance(more: int) -> None:
                    seen.append(more)
                    if len(seen) == 2:
                        os.kill(lost, signal.SIGKILL)

                return advance

            complete(grid, store, pool, start)  # type: ignore[arg-type]
        code, _, told = sweep(tmp_path, small(tmp_path), *VARIED, "--cluster", scheduler, "--out", "whole")
        assert (code, told.splitlines()[-1]) == (0, "Results: whole")
    assert contents(tmp_path / "whole") == contents(tmp_path / "here")
    assert batches(tmp_path / "there") == batches(tmp_path / "whole") == batches(tmp_path / "here")


def test_a_lost_scheduler_is_told_and_what_was_finished_is_kept(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    command = ("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], *QUIET)
    started = running(*command, cwd=tmp_path)
    with started as scheduler, workers_of(address, 1, tmp_path), pytest.raises(RunError) as error:
        sweep_until_lost(address, scheduler, tmp_path)
    assert str(error.value) == f"--cluster {address}: the connection to the scheduler was lost"
    assert len(batches(tmp_path / "out")) >= 3


def sweep_until_lost(address: str, scheduler: subprocess.Popen[bytes], folder: Path) -> None:
    done = []

    def start(_: object) -> object:
        def advance(more: int) -> None:
            done.append(more)
            if len(done) == 2:
                os.killpg(scheduler.pid, signal.SIGKILL)

        return advance

    grid = small_grid(folder, ("patient.daily_sd", "1:3:0.01"), replicates=2500)
    with workers.cluster(address) as pool, Store(folder / "out") as store:
        complete(grid, store, pool, start)  # type: ignore[arg-type]


def test_no_scheduler_and_a_scheduler_without_workers_are_told(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "CONNECT_SECONDS", 1.0)
    nowhere = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(RunError, match="no Dask scheduler answers there; dask scheduler starts one"):
        enter(nowhere)
    wait_for(scheduler)
    with pytest.raises(RunError, match=r"the scheduler has no workers; dask worker tcp://127.0.0.1:\d+ starts one"):
        enter(scheduler)
    assert list(tmp_path.glob("results")) == []


def test_workers_with_another_n1trial_or_none_are_told(scheduler: str, tmp_path: Path) -> None:
    """The path of one worker leads to a package of the same name that lacks what is asked for."""
    other = tmp_path / "other" / "n1trial"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text('__version__ = "0.0.1"\n')
    with workers_of(scheduler, 1, tmp_path, PYTHONPATH=str(other.parent)), pytest.raises(RunError) as error:
        enter(scheduler)
    told = str(error.value)
    assert re.match(rf"--cluster {scheduler}: the worker tcp://\S+ cannot load n1trial, and this machine 0\.", told)
    assert told.endswith("install the same n1trial, numpy, scipy and Python on all")


def enter(address: str) -> None:
    with workers.cluster(address):
        pass


def wait_for(address: str) -> None:
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the scheduler did not start")
