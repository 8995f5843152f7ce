from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import n1trial
from n1trial.errors import InputError, RunError
from n1trial.files.folders import check_replaceable, replace_folder
from n1trial.report.run.document import MARK
from n1trial.report.run.result import Result, run

pytestmark = pytest.mark.usefixtures("one_look")


@pytest.fixture(scope="module")
def result() -> Result:
    return run(n1trial.load_scenario("fast-drug-2-week"), replicates=100)


@pytest.fixture(scope="module")
def saved(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, for reading alone."""
    return result.save(tmp_path_factory.mktemp("saved") / "run", estimates=True)


def test_folder_holds_what_the_page_says(result: Result, saved: Path) -> None:
    folder = saved
    assert sorted(path.name for path in folder.iterdir()) == [
        "characteristics.csv", "checksums.txt", "estimates.csv.gz", "report.html", "run.json", "scenario.toml",
    ]  # fmt: skip
    assert (folder / "run.json").read_text(encoding="utf-8") == result.to_json()
    assert n1trial.load_scenario(folder / "scenario.toml") == result.scenario
    estimates = pd.read_csv(folder / "estimates.csv.gz")
    assert len(estimates) == 4 * 7 * 100
    mine = estimates.query("truth == 'mcid' and method == 'paired'")
    assert (mine["p_value"] <= 0.05).mean() == result.figures["paired"]["mcid"]["detect"].value
    assert sorted(path.name for path in folder.parent.iterdir()) == ["run"]


def test_same_run_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    again = run(n1trial.load_scenario("fast-drug-2-week"), replicates=100).save(tmp_path / "other", estimates=True)
    for path in saved.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()
    assert gzip.decompress((saved / "estimates.csv.gz").read_bytes()).startswith(b"truth,method,replicate")


def test_earlier_run_is_replaced_whole(result: Result, saved: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "run")
    (folder / "note.txt").write_text("mine")
    result.save(folder)
    assert not (folder / "note.txt").exists()


def test_foreign_folder_is_refused_and_left_alone(result: Result, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "run.json").write_text('{"mine": 1}')
    with pytest.raises(InputError, match="holds files but no earlier results of n1trial"):
        result.save(tmp_path / "letters")
    assert json.loads((tmp_path / "letters" / "run.json").read_text()) == {"mine": 1}
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="this is a file"):
        check_replaceable(tmp_path / "file", MARK)


def test_failed_writing_leaves_the_old_folder(saved: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "run")
    before = (folder / "run.json").read_bytes()

    def fail(fresh: Path) -> None:
        (fresh / "half").write_text("written")
        raise OSError(28, "No space left on device")

    with pytest.raises(RunError, match="No space left on device"):
        replace_folder(folder, fail, MARK)
    assert (folder / "run.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_failed_swap_puts_the_old_folder_back(
    result: Result, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(saved, tmp_path / "run")
    before = (folder / "run.json").read_bytes()
    rename = Path.rename

    def fail_on_new(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_on_new)
    monkeypatch.setattr("n1trial.files.beside.exchange", lambda *_: False)
    with pytest.raises(RunError, match="nothing was changed"):
        result.save(folder)
    assert (folder / "run.json").read_bytes() == before
