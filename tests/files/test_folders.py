"""Files and folders are there whole or not at all, and never in the place of something else."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from n1trial.errors import InputError, RunError
from n1trial.files.folders import write_new_folder
from n1trial.files.write import check_new_file, write_new_file, write_table


def no_space(*_: Any, **__: Any) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_a_new_file(tmp_path: Path) -> None:
    write_new_file(tmp_path / "new.csv", "a,é\r\n")
    assert (tmp_path / "new.csv").read_bytes() == "a,é\r\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_text", no_space)
    with pytest.raises(InputError, match=r"^--out new: cannot be written \(No space left on device\)$"):
        write_new_file(tmp_path / "new", "text", "--out new")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match=r"new: cannot be written \(No such file or directory\)$"):
        write_new_file(tmp_path / "none" / "new", "text")


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("mine", "link"):
        with pytest.raises(InputError, match="exists already and is left as it is"):
            check_new_file(tmp_path / name)
        with pytest.raises(InputError, match="exists already and is left as it is"):
            write_new_file(tmp_path / name, "other")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "mine"]


def test_a_new_file_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> NoReturn:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_new_file(tmp_path / "new", "text")
    with pytest.raises(InputError, match="exists already"):
        write_new_file(tmp_path / "new", "other")
    assert (tmp_path / "new").read_text(encoding="utf-8") == "text"


def test_a_table(tmp_path: Path) -> None:
    write_table(tmp_path / "table.csv", ("a", "b"), [(1, "x,y"), ("", 2.5)])
    assert (tmp_path / "table.csv").read_bytes() == b'a,b\n1,"x,y"\n,2.5\n'


@pytest.mark.skipif(sys.platform == "win32", reason="modes are otherwise there")
def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    write_new_folder(tmp_path / "whole", {"a/b": b"c", "d": b"e"}, private=".")
    paths = (tmp_path / "whole", *(tmp_path / "whole").rglob("*"))
    assert {(path.is_dir(), oct(path.stat().st_mode & 0o777)) for path in paths} == {(True, "0o700"), (False, "0o600")}


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def full(path: Path, content: bytes) -> None:
        if len(written) == 2:
            raise OSError(28, "No space left on device", str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)

    monkeypatch.setattr("n1trial.files.folders._write", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_new_folder(tmp_path / "deep" / "pack", dict.fromkeys("abc", b""))
    assert list((tmp_path / "deep").iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_new_folder(tmp_path / "empty", {"a/b": b"c"})
    assert (tmp_path / "empty/a/b").read_bytes() == b"c"
    with pytest.raises(InputError, match="holds files already, and nothing is written over"):
        write_new_folder(tmp_path / "empty", {"a/b": b"d"})
    with pytest.raises(InputError, match="is a file"):
        write_new_folder(tmp_path / "empty/a/b", {})
    assert (tmp_path / "empty/a/b").read_bytes() == b"c"
