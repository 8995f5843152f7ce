from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pytest

from n1trial.errors import InputError, RunError
from n1trial.study.batches import processes, workers
from n1trial.study.batches.cluster import cluster
from n1trial.study.batches.processes import Arguments, Calls, Output, Pool, Processes
from n1trial.study.batches.workers import AHEAD, BREAKS, as_finished, spread
from tests.patience import PATIENCE_SECONDS
from tests.study.sweeps import children
from tests.study.tasks import die, die_once, fail, slow_square, square

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")


@pytest.mark.parametrize("give", [None, ThreadPoolExecutor, Processes], ids=["here", "threads", "processes"])
def test_every_task_is_done_once_in_any_executor(give: Callable[[int], Processes] | None) -> None:
    if give is None:
        assert sorted(as_finished(None, square, range(30))) == [(number, number**2) for number in range(30)]
        return
    with give(2) as pool:
        assert sorted(as_finished(pool, square, range(30))) == [(number, number**2) for number in range(30)]
        assert list(spread(pool, slow_square, list(range(30)))) == [number**2 for number in range(30)]


def test_no_more_tasks_are_taken_than_workers_need() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield number

    with Processes(2) as pool:
        for done, _ in enumerate(as_finished(pool, square, tasks()), 1):
            assert taken <= done + 2 * AHEAD
    assert taken == 200


def test_a_fault_of_the_work_is_passed_on() -> None:
    with Processes(2) as pool, pytest.raises(RunError, match="three"):
        list(as_finished(pool, fail, range(10)))


def test_a_worker_that_dies_is_replaced_and_its_task_done_again(tmp_path: Path) -> None:
    tasks = [(str(tmp_path / f"mark-{number % 2}"), number) for number in range(12)]
    with Processes(2) as pool:
        assert list(spread(pool, die_once, tasks)) == list(range(12))
    assert len(list(tmp_path.iterdir())) == 2


def test_workers_killed_between_tasks_are_replaced() -> None:
    with Processes(2) as pool:
        assert list(spread(pool, square, [1])) == [1]
        for worker in children(os.getpid()):
            os.kill(worker, signal.SIGKILL)
        assert list(spread(pool, square, [2, 3])) == [4, 9]


def test_workers_are_replaced_once_whichever_thread_finds_them_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    started, begun = Processes._start, list[Processes]()

    def counted(pool: Processes) -> ProcessPoolExecutor:
        begun.append(pool)
        time.sleep(0.2)  # long enough for the other threads to find the same pool broken
        return started(pool)

    monkeypatch.setattr(Processes, "_start", counted)
    with Processes(1) as pool, ThreadPoolExecutor(4) as threads:
        with pytest.raises(BrokenExecutor):
            pool.submit(die, 0).result()
        answers = threads.map(lambda number: pool.submit(square, number).result(timeout=PATIENCE_SECONDS), range(4))
        assert list(answers) == [0, 1, 4, 9]
    assert len(begun) == 2


def test_whoever_hands_out_work_does_not_wait_for_broken_workers_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, end = threading.Event(), processes._end

    def end_late(pool: ProcessPoolExecutor) -> None:
        assert ended.wait(60)
        end(pool)

    with Processes(1) as pool:
        with pytest.raises(BrokenExecutor):
            pool.submit(die, 0).result()
        with monkeypatch.context() as patch:
            patch.setattr(processes, "_end", end_late)
            assert pool.submit(square, 3).result(timeout=PATIENCE_SECONDS) == 9
        ended.set()


def test_workers_that_a_thread_starts_are_deaf_to_ctrl_c() -> None:
    with ThreadPoolExecutor(1) as thread, thread.submit(Processes, 1).result() as pool:
        pool.submit(signal.raise_signal, signal.SIGINT).result(timeout=PATIENCE_SECONDS)
        assert pool.submit(square, 3).result(timeout=PATIENCE_SECONDS) == 9


class Forgetful(Pool):
    """A pool that broke as it was given its first calls: it never answers them, and says so when asked."""

    workers = 2

    def __init__(self) -> None:
        self.calls = 0

    def submit(
        self, work: Callable[Arguments, Output], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Output]:
        self.calls += 1
        future: Future[Output] = Future()
        if self.calls > 3:
            future.set_result(work(*args, **kwargs))
        return future

    def is_at_work(self) -> bool:
        return self.calls > 4


def test_calls_that_a_breaking_pool_forgets_are_handed_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LOOK_SECONDS", 0.05)
    pool = Forgetful()
    assert list(spread(pool, square, [1, 2, 3])) == [1, 4, 9]
    assert pool.calls == 6


def test_a_process_that_a_broken_pool_leaves_behind_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "END_SECONDS", 1.0)
    pool = Processes(1)
    with pytest.raises(BrokenExecutor):
        pool.submit(die, 0).result()
    manager: object = pool._pool._executor_manager_thread
    assert isinstance(manager, threading.Thread)
    manager.join(PATIENCE_SECONDS)  # it goes through the processes, whose number must not change meanwhile
    left_behind = get_context("spawn").Process(target=time.sleep, args=(PATIENCE_SECONDS,))
    left_behind.start()
    pool._pool._processes[1] = left_behind  # type: ignore[assignment]  # as where it was being started when the other died
    pool.shutdown(wait=True, cancel_futures=True)
    left_behind.join(PATIENCE_SECONDS)
    assert left_behind.exitcode in (-signal.SIGKILL, -signal.SIGTERM)


def test_a_breaking_pool_that_is_given_more_calls_does_not_stumble(monkeypatch: pytest.MonkeyPatch) -> None:
    stumbled = list[BaseException | None]()
    monkeypatch.setattr(threading, "excepthook", lambda told: stumbled.append(told.exc_value))
    monkeypatch.setattr(workers, "AHEAD", 500)  # so many calls wait that more are handed out while they are told
    between = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with Processes(2) as pool, pytest.raises(RunError, match="worker processes ended"):
            list(as_finished(pool, die, range(2000)))
    finally:
        sys.setswitchinterval(between)
    assert stumbled == []


def test_calls_that_wait_can_grow_while_they_are_gone_through_and_leave_out_what_was_canceled() -> None:
    waiting, canceled = SimpleNamespace(future=Future[int]()), SimpleNamespace(future=Future[int]())
    canceled.future.cancel()
    calls = Calls({1: waiting, 2: canceled})
    for number, _ in calls.items():
        calls[number + 2] = waiting
    assert list(calls) == [1, 2, 3]


def test_workers_that_always_die_are_given_up() -> None:
    with Processes(2) as pool, pytest.raises(RunError, match=f"worker processes ended {BREAKS} times in a row"):
        list(as_finished(pool, die, range(5)))


ORPHANS = """
import time
from n1trial.study.batches.processes import Processes
if __name__ == "__main__":
    pool = Processes(2)
    pool.submit(time.sleep, 0).result()
    print("ready", flush=True)
    time.sleep(600)
"""


def test_workers_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(ORPHANS)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    orphans = children(parent.pid)
    assert orphans
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(Path(f"/proc/{orphan}/cmdline").exists() for orphan in orphans):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from n1trial.study.batches.workers import executor, spread\n"
        "with executor(2) as pool:\n    print(list(spread(pool, abs, [1, 2])))\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 1
    # Python's own tracker of resources may have the last word.
    told = [line for line in done.stderr.splitlines() if line.startswith("n1trial.errors.WorkersError")]
    assert ['if __name__ == "__main__":' in line for line in told] == [True]


@pytest.mark.parametrize("address", ["", "here", "10.0.0.5:8786", "tcp://10.0.0.5", "http://10.0.0.5:8786"])
def test_what_is_no_address_of_a_scheduler_is_told(address: str) -> None:
    with pytest.raises(InputError, match="must be an address such as tcp://"), cluster(address):
        pass


def test_a_cluster_needs_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(InputError, match=r"this installs it: .*(distributed|--extra cluster)"),
        cluster("tcp://127.0.0.1:1"),
    ):
        pass


@pytest.mark.parametrize("error", [BrokenProcessPool("gone"), BrokenPipeError(32, "Broken pipe")])
def test_processes_that_end_as_they_begin_are_told_by_the_call(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    with Processes(1) as pool:
        with monkeypatch.context() as patch:
            patch.setattr(ProcessPoolExecutor, "submit", refuse)
            future = pool.submit(abs, -1)
        assert isinstance(future.exception(timeout=0), BrokenProcessPool)
        assert pool.submit(abs, -1).result(timeout=PATIENCE_SECONDS) == 1
