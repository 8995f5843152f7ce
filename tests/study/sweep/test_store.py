from __future__ import annotations

import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from n1trial.errors import InputError, RunError
from n1trial.study.sweep.store import NAME, BatchKey, Store
from tests.study.sweeps import batches

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks and limits work otherwise there")
HOLD = "import sys, time; from pathlib import Path; from n1trial.study.sweep.store import Store\n"


def key(batch: int = 0, effect: str = "-1.0", trials: int = 2500) -> BatchKey:
    return BatchKey("5c" * 32, effect, 2**63 - 1, batch, trials, "0.1.0+0123456789ab")


def test_what_was_added_is_there_and_still_when_opened_again(tmp_path: Path) -> None:
    with Store(tmp_path / "below" / "there") as store:
        store.add([(key(), '{"a": 0.1}'), (key(1), "{}")])
        assert key() in store
        assert key(2) not in store
    with Store(tmp_path / "below" / "there") as store:
        assert (store[key()], store[key(1)], len(store)) == ('{"a": 0.1}', "{}", 2)
        with pytest.raises(KeyError):
            store[key(2)]
    assert [path.name for path in (tmp_path / "below" / "there").iterdir()] == [NAME]


@pytest.mark.parametrize("item", range(len(BatchKey._fields)))
def test_whatever_differs_in_a_key_makes_it_another(tmp_path: Path, item: int) -> None:
    values: list[Any] = [*key()]
    values[item] = 7 if isinstance(values[item], int) else "other"
    other = BatchKey(*values)
    with Store(tmp_path) as store:
        store.add([(key(), "{}")])
        assert other not in store


def test_nothing_is_added_twice_and_a_failed_addition_adds_nothing(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.add([(key(), "first")])
        with pytest.raises(RunError, match="UNIQUE constraint"):
            store.add([(key(1), "second"), (key(), "again")])
        assert (len(store), store[key()]) == (1, "first")
        store.add([(key(1), "second")])
        assert len(store) == 2


def test_it_is_written_ahead_and_to_the_disk(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        settings = [
            store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
        assert settings == ["wal", 2]
        store.add([(key(), "{}")])
        assert (tmp_path / f"{NAME}-wal").stat().st_size > 0
        assert not (tmp_path / f"{NAME}-shm").exists()


def test_another_sweep_is_told_from_the_same(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert store.begin("one") == ()
        assert store.begin("one") == ()
        assert store.begin("two") == ("one",)
        assert store.begin("one") == ()


def test_a_second_process_is_told_and_changes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.add([(key(), "{}")])
        code = f"{HOLD}Store(Path(sys.argv[1]))"
        other = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
        assert "RunError" in other.stderr
        assert "another sweep is at work in this folder" in other.stderr
        store.add([(key(1), "{}")])
    assert len(batches(tmp_path)) == 2


def test_the_lock_of_a_process_that_was_killed_dies_with_it(tmp_path: Path) -> None:
    code = f"{HOLD}store = Store(Path(sys.argv[1])); print('open', flush=True); time.sleep(600)"
    holder = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(RunError, match="another sweep is at work"):
        Store(tmp_path)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with Store(tmp_path) as store:
        store.add([(key(), "{}")])


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / NAME)
    connection.execute("CREATE TABLE letters (text)")
    connection.close()
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(InputError, match="is a database, but not of n1trial"):
        Store(tmp_path)
    assert (tmp_path / NAME).read_bytes() == before


def test_a_store_of_a_later_form_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).__exit__(None, None, None)
    connection = sqlite3.connect(tmp_path / NAME)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(InputError, match="was written by a newer n1trial"):
        Store(tmp_path)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(
        RunError, match=r"is damaged, or no database .*; move it away, and the same command begins again"
    ):
        Store(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content


def test_an_empty_file_is_what_a_process_killed_at_once_leaves(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    with Store(tmp_path) as store:
        store.add([(key(), "{}")])


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte where one may be mounted; else None, and a file size limit stands in."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "n1trial-test", str(disk)]
    is_mounted = (
        shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    if not is_mounted:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, limits[1]))
    yield disk
    if is_mounted:
        subprocess.run(["umount", str(disk)], check=True)
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def add_until_it_fails(store: Store, text: str) -> None:
    for batch in range(100):
        store.add([(key(batch), text)])
        assert len(store) == batch + 1


def test_a_full_disk_is_told_and_leaves_the_store_sound(tiny_disk: Path) -> None:
    text = f'"{"x" * 20_000}"'
    with Store(tiny_disk) as store:
        with pytest.raises(RunError) as error:
            add_until_it_fails(store, text)
        kept = len(store)
        assert 3 < kept < 100
        assert str(error.value).endswith(
            "; what was finished before is kept: make room, and give the same command again"
        )
        with pytest.raises(RunError):
            store.add([(key(1000), text)])
    assert set(batches(tiny_disk).values()) == {text}
    assert [found[3] for found in batches(tiny_disk)] == list(range(kept))


READ_ONLY = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from n1trial.study.sweep.store import Store
    folder = Path(sys.argv[1])
    if os.geteuid() == 0:
        os.setresuid(65534, 65534, 65534)  # root writes where nobody may; be one who may not
    try:
        Store(folder)
    except Exception as error:
        print(type(error).__name__, error)
    """
)


@pytest.mark.parametrize("is_begun", [False, True], ids=["empty folder", "folder with a store"])
def test_a_read_only_folder_is_told_and_left_as_it_is(is_begun: bool) -> None:
    with tempfile.TemporaryDirectory() as above:  # not below pytest's folder, which only its owner may enter
        Path(above).chmod(0o755)
        folder = Path(above) / "there"
        folder.mkdir()
        if is_begun:
            with Store(folder) as store:
                store.add([(key(), "{}")])
            (folder / NAME).chmod(0o444)
        folder.chmod(0o555)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        done = subprocess.run([sys.executable, "-c", READ_ONLY, folder], capture_output=True, text=True, check=True)
        assert re.fullmatch(
            rf"RunError {re.escape(str(folder))}.*: nothing may be written to it; choose another folder\n",
            done.stdout,
        )
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
        assert len(batches(folder)) == is_begun
        folder.chmod(0o755)


def test_a_place_where_no_folder_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot be written"):
        Store(tmp_path / "file" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
