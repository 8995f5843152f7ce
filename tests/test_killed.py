"""Killed at any operation on files, a result is the old or the new, never none; what is left is settled at the next."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from n1trial.files import beside as working
from n1trial.files.beside import LOCK, NEW, beside, recover
from n1trial.files.checksums import NAME as CHECKSUMS
from n1trial.files.checksums import changed_files
from n1trial.files.exchange import exchange
from n1trial.files.folders import replace_folder, write_new_folder
from n1trial.files.write import replace_file, write_new_file
from tests.killed import killed_at_each

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
MARK = "run.json"
CONTENT = {version: json.dumps({"version": version, "scenario": "any"}) for version in ("old", "new")}


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    """A place each time in a folder of its own."""

    def fresh() -> Iterator[Path]:
        for number in itertools.count():
            (tmp_path / str(number)).mkdir()
            yield tmp_path / str(number) / "out"

    return fresh()


def save(place: Path, version: str) -> None:
    def write(fresh: Path) -> None:
        (fresh / MARK).write_text(CONTENT[version], encoding="utf-8")
        (fresh / "table.csv").write_text(version, encoding="utf-8")

    replace_folder(place, write, MARK)


def version_of(place: Path) -> str:
    """Which version a folder holds, whole."""
    assert changed_files(place, (MARK, "table.csv")) == ()
    version = (place / "table.csv").read_text(encoding="utf-8")
    assert (place / MARK).read_text(encoding="utf-8") == CONTENT[version]
    assert sorted(path.name for path in place.iterdir()) == [CHECKSUMS, MARK, "table.csv"]
    return version


def saved_before(places: Iterator[Path]) -> Iterator[Path]:
    for place in places:
        save(place, "old")
        yield place


def left_beside(place: Path) -> list[str]:
    return [path.name for path in place.parent.iterdir() if path != place]


def test_a_folder_is_the_old_or_the_new(places: Iterator[Path]) -> None:
    seen = []
    for place in killed_at_each(lambda place: save(place, "new"), saved_before(places)):
        seen.append(version_of(place))  # there at once, without any settling
        assert recover(place) == ()
        assert left_beside(place) == []
        assert version_of(place) == seen[-1]
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == {"old", "new"}
    assert len(seen) > 8


def test_a_folder_where_names_cannot_be_exchanged_is_finished_at_the_next_start(
    places: Iterator[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "exchange", lambda *_: False)
    half_done = 0
    for place in killed_at_each(lambda place: save(place, "new"), saved_before(places)):
        was_there = place.exists()
        half_done += not was_there
        assert recover(place) == ()
        assert version_of(place) == "new" if not was_there else version_of(place) in ("old", "new")
        assert left_beside(place) == []
    assert half_done == 1


def test_the_next_writing_finishes_and_cleans_up_too(places: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "exchange", lambda *_: False)
    for place in killed_at_each(lambda place: save(place, "new"), saved_before(places)):
        save(place, "new")
        assert version_of(place) == "new"
        assert left_beside(place) == []


def test_a_first_folder_is_there_whole_or_not_at_all(places: Iterator[Path]) -> None:
    for place in killed_at_each(lambda place: save(place, "new"), places):
        assert not place.exists() or version_of(place) == "new"
        assert recover(place) == ()
        assert left_beside(place) == []


FILES = {"patient/diary.csv": b"day", "pharmacy/contents.csv": b"secret", "commitment.txt": b"5c"}


def test_a_pack_is_there_whole_or_not_at_all(places: Iterator[Path]) -> None:
    for place in killed_at_each(lambda place: write_new_folder(place, FILES, private="pharmacy"), places):
        if place.exists():
            found = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
            assert found == FILES
            assert (place / "pharmacy").stat().st_mode & 0o077 == 0
        else:
            write_new_folder(place, FILES, private="pharmacy")
        assert recover(place) == ()
        assert left_beside(place) == []


WRITERS: dict[str, Callable[[Path], None]] = {
    "page": lambda place: replace_file(place, "new"),
    "new file": lambda place: write_new_file(place.with_name("fresh"), "new"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_is_the_old_or_the_new(name: str, places: Iterator[Path]) -> None:
    def with_an_old_one() -> Iterator[Path]:
        for place in places:
            place.write_text("old", encoding="utf-8")
            yield place

    for place in killed_at_each(WRITERS[name], with_an_old_one()):
        fresh = place.with_name("fresh")
        assert place.read_text(encoding="utf-8") in ({"old", "new"} if name == "page" else {"old"})
        assert not fresh.exists() or fresh.read_text(encoding="utf-8") == "new"
        assert recover(place) == recover(fresh) == ()
        assert set(left_beside(place)) <= {"fresh"}


HOLD = "import sys; from pathlib import Path; from n1trial.files.beside import beside\n"


def test_what_a_living_process_is_making_is_left_alone(tmp_path: Path) -> None:
    code = f"{HOLD}with beside(Path(sys.argv[1])) as f: (f / 'new').mkdir(); print(f, flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "out"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    folder = Path(holder.stdout.readline().strip())
    assert recover(tmp_path / "out") == ()
    save(tmp_path / "out", "new")
    assert sorted(path.name for path in folder.iterdir()) == [LOCK, NEW]
    holder.stdin.close()
    assert holder.wait() == 0
    holder.stdout.close()
    assert left_beside(tmp_path / "out") == []


def test_folders_of_others_are_left_alone_and_those_of_earlier_versions_named(tmp_path: Path) -> None:
    foreign = [".out.n1trial-", ".outside", ".out-abcdefgh", ".other.n1trial-abcdefgh"]
    for name in foreign:
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / ".out-k3x9_aa1" / NEW).mkdir(parents=True)
    assert recover(tmp_path / "out") == (tmp_path / ".out-k3x9_aa1",)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*foreign, ".out-k3x9_aa1"])
    assert recover(tmp_path / "nowhere" / "out") == ()


def test_a_folder_that_a_reader_cleans_up_under_the_hands_of_its_maker_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, taken = tempfile.mkdtemp, list[str]()

    def and_clean(prefix: str, dir: Path) -> str:  # noqa: A002
        folder = str(make(prefix=prefix, dir=dir))
        if not taken:
            taken.append(folder)
            recover(tmp_path / "out")
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", and_clean)
    with beside(tmp_path / "out") as folder:
        assert str(folder) != taken[0]
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_names_are_exchanged_or_nothing_is(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    done = exchange(tmp_path / "one", tmp_path / "other")
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["other" if done else "one"]
    if done:
        with pytest.raises(FileNotFoundError):
            exchange(tmp_path / "one", tmp_path / "none")


def test_what_another_account_puts_beside_a_place_stays_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / ".out.n1trial-abcdefgh"
    for name in (working.OLD, NEW):
        (planted / name).mkdir(parents=True)
    (planted / LOCK).touch()
    owner = planted.lstat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert recover(tmp_path / "out") == (planted,)
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    assert recover(tmp_path / "out") == ()
    assert (tmp_path / "out").is_dir()
