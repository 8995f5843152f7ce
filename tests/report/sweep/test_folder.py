from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

import n1trial
from n1trial.errors import RunError
from n1trial.report.sweep.folder import columns, save_sweep
from n1trial.scenario.file.grid import Grid, read_grid
from n1trial.study.sweep.combination import CombinationResult, Point, combination_results
from n1trial.study.sweep.store import NAME, Store
from n1trial.study.sweep.sweep import complete
from tests.killed import killed_at_each

VARIED = [("design.cycles", "2,3"), ("analysis.terms", '[],["trend"]'), ("design.randomization", "pairs,balanced")]
OVERRIDES = {"simulation.replicates": "200", "analysis.methods": '["paired", "ols"]', "conduct.missing": "0.3"}


Saved = tuple[Grid, Path, list[CombinationResult], tuple[Point, ...]]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    grid, folder = read_grid("fast-drug-2-week", VARIED, OVERRIDES), tmp_path_factory.mktemp("sweep")
    with Store(folder) as store:
        complete(grid, store)
        return grid, folder, list(combination_results(grid, store)), save_sweep(grid, store, folder)


def test_the_table_has_a_row_a_combination_and_method(saved: Saved) -> None:
    grid, folder, found, _ = saved
    table = pd.read_csv(folder / "sweep.csv")
    assert tuple(table.columns) == columns(grid)
    assert len(table) == 8 * 3
    assert not table.duplicated(["design.cycles", "analysis.terms", "design.randomization", "method"]).any()
    assert table["is_primary"].dtype == bool
    assert set(table["analysis.terms"]) == {"[]", '["trend"]'}
    for outcome in found:
        mine = table[
            (table["design.cycles"] == outcome.changes["design.cycles"])
            & (table["analysis.terms"] == json.dumps(outcome.changes["analysis.terms"]))
            & (table["design.randomization"] == outcome.changes["design.randomization"])
        ].set_index("method")
        for method, truths in outcome.figures.items():
            row = mine.loc[method]
            assert row["verdict"] == outcome.answers[method]
            assert row["detect_mcid"] == truths["mcid"]["detect"].value
            assert row["type_1_mcse"] == pytest.approx(truths["null"]["detect"].mcse, rel=1e-5)
            assert row["right_decision_null"] == truths["null"]["right_decision"].value
            assert row["weeks"] == outcome.scenario.layout().weeks
            assert row["diary_entries"] == len(outcome.scenario.layout().days)
            assert row["attenuation"] == pytest.approx(outcome.attenuation, rel=1e-7)


def test_no_table_holds_a_time_or_a_machine(saved: Saved) -> None:
    _, folder, _, _ = saved
    for name in ("sweep.csv", "sweep.json"):
        text = (folder / name).read_text(encoding="utf-8")
        assert str(folder) not in text
        assert "seconds" not in text


def test_the_document_holds_the_same(saved: Saved) -> None:
    _, folder, found, points = saved
    document = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    assert set(document) == {
        "scenario", "seed", "replicates", "version", "provenance", "varied", "idle", "left_out", "cells"
    }  # fmt: skip
    assert document["idle"] == {"analysis.terms": "not_of_primary"}
    assert document["varied"]["design.randomization"] == ["pairs", "balanced"]
    assert len(document["cells"]) == len(found) == len(points) == 8
    for cell, outcome, point in zip(document["cells"], found, points, strict=True):
        assert cell["set"] == outcome.changes
        assert tuple(cell["set"].values()) == point.values
        assert cell["primary"] == "course"
        assert set(cell["methods"]) == {"course", "paired", "ols"}
        detect = cell["methods"]["course"]["mcid"]["detect"]
        assert (detect["value"], detect["mcse"]) == (point.power.value, point.power.mcse)
        assert cell["methods"]["course"]["verdict"] == point.answer
        assert (cell["weeks"], tuple(cell["weeks_on_placebo"])) == (point.weeks, point.weeks_on_control)


def test_the_scenario_is_there_as_it_was_before_any_value_was_put_in(saved: Saved) -> None:
    grid, folder, _, _ = saved
    assert n1trial.load_scenario(folder / "scenario.toml") == grid.base


def test_figures_that_do_not_exist_are_empty_cells(tmp_path: Path) -> None:
    grid = read_grid(
        "b12-6-month-open-label", [("conduct.missing", "0.1,0.3")], {"simulation.replicates": "50"}
    )  # fmt: skip
    with Store(tmp_path) as store:
        complete(grid, store)
        save_sweep(grid, store, tmp_path)
    table = pd.read_csv(tmp_path / "sweep.csv")
    assert table["attenuation"].isna().all()
    assert set(table["verdict"]) == {"misleading"}
    assert "NaN" not in (tmp_path / "sweep.json").read_text(encoding="utf-8")


def test_what_cannot_be_written_leaves_what_was_there(saved: Saved, monkeypatch: pytest.MonkeyPatch) -> None:
    grid, folder, _, _ = saved
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != NAME}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("n1trial.report.sweep.folder.save", fail)
    with (
        Store(folder) as store,
        pytest.raises(RunError, match="all batches are kept, and the same command writes them"),
    ):
        save_sweep(grid, store, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != NAME} == before


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
def test_killed_at_any_operation_each_file_is_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a stand-in for the pictures, which take long; the same command then leaves what it always leaves."""

    def draw(figure: str, path: Path) -> None:
        path.with_suffix(".svg").write_text(figure, encoding="utf-8")

    monkeypatch.setattr("n1trial.report.sweep.folder.draw_sweep", lambda grid, _: {"sweep": str(len(grid))})
    monkeypatch.setattr("n1trial.report.sweep.folder.save", draw)
    old, new = (read_grid("fast-drug-2-week", [("design.cycles", text)], OVERRIDES) for text in ("2", "2,3"))
    with Store(tmp_path / "batches") as store:
        complete(new, store)
        for name, grid in (("old", old), ("new", new)):
            (tmp_path / name).mkdir()
            save_sweep(grid, store, tmp_path / name)
        expected = {name: contents(tmp_path / name) for name in ("old", "new")}

        def places() -> Iterator[Path]:
            for number in count():
                yield Path(shutil.copytree(tmp_path / "old", tmp_path / str(number)))

        killed = 0
        for place in killed_at_each(lambda place: save_sweep(new, store, place), places()):
            killed += 1
            for name, content in contents(place).items():
                assert content in (expected["old"][name], expected["new"][name])
            save_sweep(new, store, place)
            assert contents(place) == expected["new"]
            assert {path.name for path in place.iterdir()} == expected["new"].keys()
    assert killed > 10


def contents(folder: Path) -> dict[str, bytes]:
    """Files of a sweep; working folders are none."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}
