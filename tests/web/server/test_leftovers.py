from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from n1trial.web.server.leftovers import FRESH_SECONDS, LOCK, PREFIX, clean, own_temporary_folder

SERVER = """
import sys, tempfile
from n1trial.web.server.leftovers import own_temporary_folder
with own_temporary_folder() as folder:
    path = tempfile.mkdtemp(prefix="fileupload-")
    open(f"{path}/diary.csv", "w").write("mine")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the system for this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def start(above: Path) -> tuple[subprocess.Popen[str], Path]:
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "TMPDIR": str(above), "PYTHONPATH": root}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_what_a_dead_server_left_is_cleaned_and_nothing_of_a_living_one(above: Path) -> None:
    living, kept = start(above)
    killed, left = start(above)
    try:
        assert [oct(each.stat().st_mode)[-3:] for each in (kept, left)] == ["700", "700"]
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert list(left.glob("fileupload-*/diary.csv"))
        other = above / "n1trial-other"
        other.mkdir()
        with own_temporary_folder() as own:
            assert not left.exists()
            assert list(kept.glob("fileupload-*/diary.csv"))
            assert Path(tempfile.gettempdir()) == own
            assert os.environ["TMPDIR"] == str(own)
        assert not own.exists()
        assert Path(tempfile.gettempdir()) == above
        assert other.exists()
    finally:
        living.communicate("")
        killed.communicate()
    assert not kept.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process's start is known")
def test_a_number_that_was_given_to_another_process_is_not_the_server(above: Path) -> None:
    folder = above / f"{PREFIX}1"
    folder.mkdir()
    lock = folder / LOCK
    started = Path(f"/proc/{os.getpid()}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    lock.write_text(f"{os.getpid()} {started}", encoding="ascii")
    clean(above)
    assert folder.exists()
    lock.write_text(f"{os.getpid()} {started}0", encoding="ascii")
    clean(above)
    assert not folder.exists()


def test_a_server_that_just_begins_is_let_be(above: Path) -> None:
    folder = above / f"{PREFIX}2"
    folder.mkdir()
    clean(above)
    assert folder.exists()
    long_ago = time.time() - 2 * FRESH_SECONDS
    os.utime(folder, (long_ago, long_ago))
    clean(above)
    assert not folder.exists()


def test_a_link_is_no_folder_of_ours(above: Path) -> None:
    elsewhere = above / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis").touch()
    (above / f"{PREFIX}3").symlink_to(elsewhere)
    os.utime(elsewhere, (0, 0))
    clean(above)
    assert (elsewhere / "thesis").exists()
