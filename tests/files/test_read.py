"""A file that a user names is read, or refused in words: never waited for, and never more than is sensible."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import pytest

from n1trial.files.read import FileError, read_file


def kind_of(path: Path, most: int = 100) -> tuple[str, str]:
    with pytest.raises(FileError) as refused:
        read_file(path, "mine", what="a diary file", most=most)
    return refused.value.kind, str(refused.value)


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_file(tmp_path / "file", most=5) == read_file(tmp_path / "link", most=5) == b"12345"


def test_what_is_not_there_or_a_folder(tmp_path: Path) -> None:
    assert kind_of(tmp_path / "none") == ("missing", "mine: no such file")
    assert kind_of(tmp_path) == ("folder", "mine: is a folder, not a diary file")
    assert kind_of(Path("a\0b"))[0] == "unreadable"
    with pytest.raises(FileError, match=r"none: no such file$"):
        read_file(tmp_path / "none")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(3 * 1024 * 1024))
    assert kind_of(tmp_path / "large", 2 * 1024 * 1024) == (
        "large", "mine: is larger than 2 MB, and so is not a diary file",
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are otherwise there")
def test_nothing_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "itself").symlink_to("itself")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null")):
        assert kind_of(path)[0] == "special"
    assert kind_of(tmp_path / "itself")[1].startswith("mine: cannot be read (Too many levels of symbolic links")


def test_a_refusal_survives_a_worker(tmp_path: Path) -> None:
    with pytest.raises(FileError) as refused:
        read_file(tmp_path)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.kind, again.faults, again.exit_code) == (
        str(refused.value), "folder", refused.value.faults, 2,
    )  # fmt: skip
