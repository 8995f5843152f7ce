"""A damaged or edited store ends in words or gives the same figures; never a traceback, never other figures."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from n1trial.errors import InputError, RunError
from n1trial.provenance import engine
from n1trial.scenario.file.grid import Grid
from n1trial.study.sweep.combination import CombinationResult, combination_results
from n1trial.study.sweep.store import NAME, Store
from n1trial.study.sweep.sweep import complete
from tests.study.sweeps import small_grid

SEED = 20261122
MUTATIONS = 60
Kept = tuple[Grid, Path, list[CombinationResult]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A finished sweep of one combination: its grid, its folder, and what it has shown."""
    folder = tmp_path_factory.mktemp("kept")
    grid = small_grid(folder, ("design.cycles", "3"), replicates=100)
    return grid, folder, seen(grid, folder)


def seen(grid: Grid, folder: Path) -> list[CombinationResult]:
    with Store(folder) as store:
        complete(grid, store)
        return list(combination_results(grid, store))


@pytest.fixture
def copy(kept: Kept, tmp_path: Path) -> Path:
    shutil.copy(kept[1] / NAME, tmp_path / NAME)
    return tmp_path


def edit(folder: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(folder / NAME)
    with connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def tallies_of(folder: Path) -> str:
    connection = sqlite3.connect(folder / NAME)
    (text,) = connection.execute("SELECT tallies FROM batch ORDER BY effect LIMIT 1").fetchone()
    connection.close()
    return str(text)


EDITS: dict[str, Callable[[str], object]] = {
    "a number": lambda text: text.replace('"detected":', '"detected":1', 1),
    "no JSON": lambda text: text[:-1],
    "nothing": lambda _: "",
    "a list": lambda _: "[]",
    "another kind": lambda text: text.replace('"error":', '"error":"x","was":', 1),
    "no text": lambda _: 5,
    "bytes": lambda _: b"\xff\xfe",
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_batch_is_told(name: str, kept: Kept, copy: Path) -> None:
    edit(copy, "UPDATE batch SET tallies = ? WHERE tallies = ?", EDITS[name](tallies_of(copy)), tallies_of(copy))
    with pytest.raises(RunError, match=r"sweep\.sqlite: is damaged.*; move it away, and the same command begins again"):
        seen(kept[0], copy)


@pytest.mark.parametrize("name", [name for name in EDITS if name != "a number"])
def test_a_batch_without_a_checksum_is_held_to_its_form(name: str, kept: Kept, copy: Path) -> None:
    edit(copy, "UPDATE batch SET tallies = ?, checksum = NULL", EDITS[name](tallies_of(copy)))
    with pytest.raises(RunError, match="is damaged"):
        seen(kept[0], copy)


def test_a_batch_of_other_trials_or_methods_is_told_even_without_a_checksum(kept: Kept, copy: Path) -> None:
    whole = json.loads(tallies_of(copy))
    whole["tallies"]["ols"]["replicates"] = 99
    edit(copy, "UPDATE batch SET tallies = ?, checksum = NULL", json.dumps(whole))
    with pytest.raises(RunError, match="is damaged"):
        seen(kept[0], copy)
    del whole["tallies"]["ols"]
    edit(copy, "UPDATE batch SET tallies = ?", json.dumps(whole))
    with pytest.raises(RunError, match="is damaged"):
        seen(kept[0], copy)


def test_a_store_of_the_first_form_opens_and_counts_as_unchecked(kept: Kept, copy: Path) -> None:
    edit(copy, "UPDATE batch SET checksum = NULL")
    connection = sqlite3.connect(copy / NAME)
    connection.execute("ALTER TABLE batch DROP COLUMN checksum")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    with Store(copy) as store:
        assert store.count_unchecked(engine()) == len(store) == 3
        assert store.count_unchecked("0.0.1+other") == 0
    assert seen(kept[0], copy) == kept[2]


def test_bytes_changed_at_random_are_told_or_change_nothing(kept: Kept, tmp_path: Path) -> None:
    grid, folder, expected = kept
    chance, content, refused = random.Random(SEED), (folder / NAME).read_bytes(), 0
    for number in range(MUTATIONS):
        damaged = bytearray(content)
        for _ in range(chance.choice([1, 1, 4, 64])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        place = tmp_path / str(number)
        place.mkdir()
        (place / NAME).write_bytes(damaged)
        told = ""
        try:
            assert seen(grid, place) == expected
        except (RunError, InputError) as error:
            told = str(error)
        refused += told != ""
        assert not told or (told.startswith(f"{place / NAME}: ") and told.isprintable())
    assert 0 < refused < MUTATIONS
