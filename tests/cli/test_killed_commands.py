"""Whole commands that are killed at some of their operations on files: all is whole, and can be done again."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from n1trial.files.checksums import NAME as CHECKSUMS
from n1trial.files.checksums import changed_files
from n1trial.pack.log.log import read_log
from tests.cli.ending import DIARY, PACK, SEALED, Ending, make_ending
from tests.cli.files import SMALL, call
from tests.killed import killed_at_each

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there"),
    pytest.mark.usefixtures("one_run", "no_pictures"),
]
RUN = ("run", "small.toml", "--replicates", "8", "--workers", "1", "--set", "analysis.methods=[]")
ANALYZE = ("analyze", DIARY, "--key", SEALED)
REVEAL = ("reveal", SEALED, "--all", "--yes")


def copies(folder: Path, above: Path) -> Iterator[Path]:
    """Copies of a folder, each a place to be killed in."""
    for number in itertools.count():
        yield Path(shutil.copytree(folder, above / f"{number}"))


def whole(place: Path) -> int:
    """Results folders below a place, every one of them whole."""
    folders = [path.parent for path in place.glob("results/*/*.json") if not path.parent.name.startswith(".")]
    for folder in folders:
        names = [path.name for path in folder.iterdir() if path.name != CHECKSUMS and path.name[0] != "."]
        assert changed_files(folder, names) == ()
    return len(folders)


def killed(command: Sequence[str], places: Iterator[Path], step: int) -> Iterator[Path]:
    """Places where a command was killed, with what it left looked at, and the command repeated there."""
    here = Path.cwd()

    def work(place: Path) -> None:
        os.chdir(place)
        result = call(*command)
        assert result.exit_code == 0, result.stderr

    for place in killed_at_each(work, places, step):
        whole(place)
        assert read_log(place / PACK).faults == ()
        work(place)
        os.chdir(here)
        assert [path.name for path in place.glob("results/**/.*")] == []
        yield place


@pytest.fixture
def ending(tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> Ending:  # noqa: ARG001
    (tmp_path / "trial").mkdir()
    monkeypatch.chdir(tmp_path / "trial")
    return make_ending(tmp_path / "trial", monkeypatch)


@pytest.mark.parametrize(("command", "step", "fewest"), [(ANALYZE, 7, 4), (REVEAL, 1, 1)])
def test_the_end_of_a_trial(ending: Ending, tmp_path: Path, command: Sequence[str], step: int, fewest: int) -> None:
    trial = tmp_path / "trial"
    assert ending.events == ["pack"]
    places = list(killed(command, copies(trial, tmp_path), step))
    assert len(places) >= fewest
    for place in places:
        events = [line.event for line in read_log(place / PACK).lines]
        assert events[0] == "pack"
        assert events[-1] == ("open" if command is ANALYZE else "all")
        assert whole(place) == (command is ANALYZE)


@pytest.mark.parametrize(("command", "step"), [(RUN, 9), (("report", "results/small"), 2)])
def test_a_run_and_its_page(here: Path, tmp_path: Path, command: Sequence[str], step: int) -> None:
    (here / "plan").mkdir()
    (here / "plan/small.toml").write_text(SMALL, encoding="utf-8")
    (here / "made").mkdir()
    shutil.copy(here / "plan/small.toml", here / "made")
    os.chdir(here / ("plan" if command[0] == "report" else "made"))  # what is killed does not simulate again
    assert call(*RUN).exit_code == 0
    os.chdir(here)
    places = list(killed(command, copies(here / "plan", tmp_path), step))
    assert len(places) > 1
    assert all(whole(place) == 1 for place in places)
