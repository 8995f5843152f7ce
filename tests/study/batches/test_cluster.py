"""A Dask cluster on this machine, started as the page on sweeps says."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from n1trial.errors import RunError, WorkersError
from n1trial.provenance import engine
from n1trial.study.batches import cluster as clusters
from n1trial.study.batches.wording import ClusterFault
from n1trial.study.sweep.store import Store
from n1trial.study.sweep.sweep import complete
from tests.patience import PATIENCE_SECONDS
from tests.study.sweeps import batches, begin, contents, small, small_grid, sweep

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
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 60.0)


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
        with clusters.cluster(scheduler) as pool, Store(tmp_path / "there") as store:
            pool._client.wait_for_workers(2, timeout=PATIENCE_SECONDS)
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
    assert str(error.value) == f"cluster {address}: the connection to the scheduler was lost"
    assert len(batches(tmp_path / "out")) >= 3


def test_a_client_that_has_closed_itself_meanwhile_is_a_lost_scheduler(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    command = ("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], *QUIET)
    lost = pytest.raises(RunError, match="the connection to the scheduler was lost")
    with running(*command, cwd=tmp_path), workers_of(address, 1, tmp_path), lost, clusters.cluster(address) as pool:
        pool._client.close()
        pool.is_at_work()


def sweep_until_lost(address: str, scheduler: subprocess.Popen[bytes], folder: Path) -> None:
    done = []

    def start(_: object) -> object:
        def advance(more: int) -> None:
            done.append(more)
            if len(done) == 2:
                os.killpg(scheduler.pid, signal.SIGKILL)

        return advance

    grid = small_grid(folder, ("patient.daily_sd", "1:3:0.01"), replicates=2500)
    with clusters.cluster(address) as pool, Store(folder / "out") as store:
        complete(grid, store, pool, start)  # type: ignore[arg-type]


def test_no_scheduler_and_a_scheduler_without_workers_are_told(
    scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1.0)
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
    assert re.match(rf"cluster {scheduler}: the worker tcp://\S+ cannot load n1trial, and this machine 0\.", told)
    assert told.endswith("install the same n1trial, numpy, scipy and Python on all")


def test_a_late_worker_with_other_code_is_left_out_and_the_sweep_goes_on(scheduler: str, tmp_path: Path) -> None:
    """It comes with four threads, so that it would be given most of the work."""
    other = tmp_path / "other" / "n1trial"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    (other / "provenance.py").write_text('def engine():\n    return "0.0.1+other"\n')
    left_out: list[ClusterFault] = []
    grid = small_grid(tmp_path, ("patient.daily_sd", "1:3:0.1"), replicates=2500)
    with ExitStack() as stack:
        stack.enter_context(workers_of(scheduler, 1, tmp_path))
        pool = stack.enter_context(clusters.cluster(scheduler, left_out.append))
        store = stack.enter_context(Store(tmp_path / "out"))
        done: list[int] = []

        def start(_: object) -> object:
            def advance(more: int) -> None:
                done.append(more)
                if len(done) == 2:
                    late = workers_of(scheduler, 1, tmp_path, "--nthreads", "4", PYTHONPATH=str(other.parent))
                    stack.enter_context(late)
                    pool._client.wait_for_workers(2, timeout=PATIENCE_SECONDS)

            return advance

        complete(grid, store, pool, start)  # type: ignore[arg-type]
        assert len(store) == 21 * 3
    (stranger,) = left_out
    worker = stranger.facts["worker"]
    assert re.fullmatch(r"tcp://127\.0\.0\.1:\d+", str(worker))
    assert stranger.rule == f"the worker {worker} has 0.0.1+other, and this machine {engine()}"


def test_what_is_kept_and_how_to_go_on_is_said_where_a_scheduler_is_lost(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    command = ("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], *QUIET)
    varied = ("--vary", "patient.daily_sd=1:3:0.005", "--replicates", "2500")
    with running(*command, cwd=tmp_path) as scheduler, workers_of(address, 1, tmp_path):
        process = begin(tmp_path, small(tmp_path), *varied, "--cluster", address, "--out", "out")
        log = tmp_path / "out" / "sweep.sqlite-wal"
        while not (log.exists() and b'"finished"' in log.read_bytes()):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        os.killpg(scheduler.pid, signal.SIGKILL)
        _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 3
    assert told.splitlines()[-2:] == [
        f"--cluster {address}: the connection to the scheduler was lost",
        "what was finished is kept in out; the same command goes on from there",
    ]


def answers_of_an_http_server(connection: socket.socket) -> None:
    connection.settimeout(20)
    with contextlib.suppress(OSError):
        if connection.recv(4096):
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def greeting_of_a_mail_server(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP ready\r\n")


@pytest.mark.parametrize("answer", [answers_of_an_http_server, greeting_of_a_mail_server])
@pytest.mark.parametrize("scheme", ["tcp", "tls"])
def test_something_else_that_answers_is_told(
    answer: Callable[[socket.socket], None], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(server.accept()[0])
                    threading.Thread(target=answer, args=(taken[-1],), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        address = f"{scheme}://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(WorkersError, match=r"no Dask scheduler (answers there|; give the address)|is no Dask sch"):
            enter_at_last(address)
        server.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


def test_the_dashboard_of_a_scheduler_is_told_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port, board = free_port(), free_port()
    command = ("--host", "127.0.0.1", "--port", str(port), "--dashboard-address", f"127.0.0.1:{board}")
    with running("scheduler", *command, cwd=tmp_path):
        wait_for(f"tcp://127.0.0.1:{board}")
        monkeypatch.setattr(clusters, "CONNECT_SECONDS", 2.0)
        with pytest.raises(WorkersError, match="the address that dask scheduler prints, and not that of its dashboard"):
            enter(f"tcp://127.0.0.1:{board}")


def enter(address: str) -> None:
    with clusters.cluster(address):
        pass


def enter_at_last(address: str) -> None:
    """Enter, and come to an end."""
    waiting = ThreadPoolExecutor(1)
    try:
        waiting.submit(enter, address).result(PATIENCE_SECONDS)
    finally:
        waiting.shutdown(wait=False)


def wait_for(address: str) -> None:
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the scheduler did not start")
