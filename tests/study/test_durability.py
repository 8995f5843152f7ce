"""Whatever ends a sweep, and however often: nothing is lost, nothing is there twice, the table is the same bytes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.study.sweep.test_store import tiny_disk  # noqa: F401  # a fixture
from tests.study.sweeps import WRITTEN, batches, begin, children, contents, small, sweep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
SEED = 20261122
VARIED = ("--vary", "design.cycles=2:4:1", "--vary", "patient.daily_sd=1,1.5", "--replicates", "5100")
PIECES = 3 * 2 * 3 * 3


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a sweep that nothing came in the way of, in one process."""
    folder = tmp_path_factory.mktemp("undisturbed")
    code, _, told = sweep(folder, small(folder), *VARIED, "--workers", "1", "--out", "out")
    assert (code, told.splitlines()[-1]) == (0, "Results: out")
    return folder / "out"


def assert_as_undisturbed(folder: Path, undisturbed: Path) -> None:
    assert contents(folder) == contents(undisturbed)
    assert batches(folder) == batches(undisturbed)
    assert len(batches(folder)) == PIECES
    assert sorted(path.name for path in folder.iterdir()) == sorted([*WRITTEN, "sweep.sqlite"])


COORDINATORS = textwrap.dedent(
    """
    # Fork coordinators that are ready to work, each to die soon after it got a little further; a line says how it went.
    import os, random, signal, sys, tempfile, time
    from pathlib import Path
    from n1trial.scenario.file.grid import read_grid
    from n1trial.study.sweep.store import Store
    from n1trial.study.sweep.sweep import complete
    scenario, folder, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    varied = [("design.cycles", "2:4:1"), ("patient.daily_sd", "1,1.5")]
    grid = read_grid(scenario, varied, {"simulation.replicates": "5100"})
    with tempfile.TemporaryDirectory() as aside, Store(Path(aside)) as store:
        begun = time.monotonic()
        complete(read_grid(scenario, varied[:1], {"simulation.replicates": "2500"}), store)
        batch = (time.monotonic() - begun) / 9

    def doomed(steps, seconds):
        def start(_):
            def advance(_):
                nonlocal steps
                steps -= 1
                if steps == 0:
                    signal.setitimer(signal.ITIMER_REAL, seconds)
                if steps < 0:  # slower than the clock; further than this it does not get
                    os.kill(os.getpid(), signal.SIGKILL)
            return advance

        if steps == 0:
            signal.setitimer(signal.ITIMER_REAL, seconds)
        return start

    while True:
        steps, seconds = chance.randrange(3), chance.uniform(0.001, batch)
        child = os.fork()
        if child == 0:
            with Store(folder) as store:
                complete(grid, store, None, doomed(steps, seconds))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)
        sys.stdin.readline()
    """
)


def test_the_coordinator_killed_again_and_again(undisturbed: Path, tmp_path: Path) -> None:
    """Each gets at most four batches further, whatever else the machine does."""
    folder = tmp_path / "out"
    parent = subprocess.Popen(
        [sys.executable, "-c", COORDINATORS, small(tmp_path), str(folder), str(SEED)],
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert parent.stdin is not None
    assert parent.stdout is not None
    expected, before, killed = batches(undisturbed), dict[tuple[object, ...], str](), 0
    while parent.stdout.readline() == "killed\n":
        found = batches(folder)
        assert before.items() <= found.items() <= expected.items()
        assert len(found) <= len(before) + 4
        before, killed = found, killed + 1
        parent.stdin.write("go on\n")
        parent.stdin.flush()
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    assert killed >= 10
    assert before.items() <= batches(folder).items()
    code, _, told = sweep(tmp_path, small(tmp_path), *VARIED, "--workers", "1", "--out", "out")
    assert (code, told) == (0, f"{PIECES} of {PIECES} batches are there already\nResults: out\n")
    assert_as_undisturbed(folder, undisturbed)


def test_coordinator_and_workers_killed_at_random_moments(undisturbed: Path, tmp_path: Path) -> None:
    """Of a whole command with two workers: in each round a worker, soon after it the coordinator; never in the last."""
    chance, folder = random.Random(SEED), tmp_path / "out"
    before: dict[tuple[object, ...], str] = {}
    for is_last in (False, False, True):
        process, killed, had = begin(tmp_path, small(tmp_path), *VARIED, "--workers", "2", "--out", "out"), 0, 0
        while process.poll() is None:
            time.sleep(chance.uniform(0.02, 0.2))
            workers, has = children(process.pid), kept_so_far(folder)
            if killed == 0 or has != had:  # without getting anywhere in between they would be given up
                for worker in workers[: chance.randint(1, 2)] if killed < 2 else []:
                    os.kill(worker, signal.SIGKILL)
                    killed, had = killed + 1, has
                if killed and not is_last and chance.random() < 0.5:
                    process.kill()
        told = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, told[1].endswith("Results: out\n")) in ((-9, False), (0, True)), told
        found = batches(folder)
        assert before.items() <= found.items()
        before = found
    assert killed
    assert_as_undisturbed(folder, undisturbed)


def kept_so_far(folder: Path) -> int:
    """How many batches were written ahead; a look that takes no lock."""
    log = folder / "sweep.sqlite-wal"
    return log.read_bytes().count(b'"finished"') if log.exists() else 0


def wait_for_some(folder: Path, process: subprocess.Popen[str]) -> None:
    """Wait until some batches are kept."""
    while not kept_so_far(folder):
        assert process.poll() is None
        time.sleep(0.02)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_was_finished_and_says_how_to_go_on(undisturbed: Path, tmp_path: Path, workers: str) -> None:
    args = (small(tmp_path), *VARIED, "--workers", workers, "--out", "out")
    process = begin(tmp_path, *args)
    wait_for_some(tmp_path / "out", process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of the group
    told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert told[0] == ""
    assert told[1].endswith("interrupted; what was finished is kept in out; the same command goes on from there\n")
    kept = batches(tmp_path / "out")
    assert 0 < len(kept) < PIECES
    assert kept.items() <= batches(undisturbed).items()
    code, _, then = sweep(tmp_path, *args)
    assert (code, then.splitlines()[0]) == (0, f"{len(kept)} of {PIECES} batches are there already")
    assert_as_undisturbed(tmp_path / "out", undisturbed)


def test_two_sweeps_on_one_folder(undisturbed: Path, tmp_path: Path) -> None:
    args = (small(tmp_path), *VARIED, "--workers", "1", "--out", "out")
    first = begin(tmp_path, *args)
    wait_for_some(tmp_path / "out", first)
    os.kill(first.pid, signal.SIGSTOP)
    code, printed, told = sweep(tmp_path, *args)
    os.kill(first.pid, signal.SIGCONT)
    assert (code, printed) == (3, "")
    assert told == (
        "out/sweep.sqlite: another sweep is at work in this folder; wait for its end, or choose another folder with"
        " --out\n"
    )
    assert first.communicate(timeout=PATIENCE_SECONDS)[1].endswith("Results: out\n")
    assert_as_undisturbed(tmp_path / "out", undisturbed)


def test_a_full_disk_is_told_and_the_sweep_goes_on_elsewhere(
    undisturbed: Path,
    tmp_path: Path,
    tiny_disk: Path,  # noqa: F811
) -> None:
    """The disk is filled but for so much that some batches find room."""
    ballast = tiny_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for _ in range((512 - 128) // 4):
            file.write(b"x" * 4096)
    args = (small(tmp_path), *VARIED, "--workers", "1", "--out", str(tiny_disk / "out"))
    code, printed, told = sweep(tmp_path, *args)
    assert (code, printed) == (3, "")
    assert "Traceback" not in told
    assert "kept" in told
    kept = batches(tiny_disk / "out")
    assert 0 < len(kept) <= PIECES
    assert kept.items() <= batches(undisturbed).items()
    assert [path.name for path in (tiny_disk / "out").iterdir() if "sqlite" not in path.name] == []
    ballast.unlink()
    moved = tmp_path / "out"
    shutil.copytree(tiny_disk / "out", moved)  # with what is written ahead
    code, _, told = sweep(tmp_path, *args[:-1], "out")
    assert (code, told.splitlines()[0]) == (0, f"{len(kept)} of {PIECES} batches are there already")
    assert_as_undisturbed(moved, undisturbed)
