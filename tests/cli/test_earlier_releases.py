"""What was made opens for good: packs, keys, logs and results of every release, with the code of today."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyrage
import pytest

from n1trial.report.run.read import read_run
from tests.cli.files import call

CASES = Path(__file__).parents[1] / "cases"
PACKS = sorted(path for path in (CASES / "packs").iterdir() if path.is_dir())
RESULTS = sorted((CASES / "results").iterdir())


@pytest.fixture(scope="module")
def once() -> Iterator[None]:
    """Open each sealed file for real, but only once: it is slow on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyrage.passphrase, "decrypt", cache(pyrage.passphrase.decrypt))
        yield


@pytest.fixture(params=PACKS, ids=lambda path: path.name)
def opens(request: pytest.FixtureRequest, here: Path, once: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:  # noqa: ARG001
    """Copy what a release left into the current folder; what opens it."""
    shutil.copytree(request.param, here, dirs_exist_ok=True)
    opens: dict[str, Any] = json.loads(Path("opens.json").read_text(encoding="utf-8"))
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", opens["passphrase"])
    return opens


@pytest.mark.usefixtures("opens")
def test_the_key_is_the_one_that_was_committed_to() -> None:
    result = call("reveal", "pack/key.age", "--check")
    assert result.exit_code == 0, result.stderr
    assert "The key opens" in result.stdout
    assert "CHANGED" not in result.stdout


def test_a_kit_is_opened_by_the_key(opens: dict[str, Any]) -> None:
    result = call("reveal", "pack/key.age", "--kit", opens["kit"], "--reason", "a test")
    assert result.exit_code == 0, result.stderr
    assert opens["kit_holds"] in result.stdout


def test_a_kit_is_opened_by_its_slip(opens: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    slip = opens["slip"]
    monkeypatch.setenv("N1TRIAL_PASSPHRASE", slip["phrase"])
    result = call("reveal", "pack/code-break.age", "--kit", slip["kit"], "--reason", "a test")
    assert result.exit_code == 0, result.stderr
    assert slip["holds"] in result.stdout


def test_all_is_shown_at_the_end(opens: dict[str, Any]) -> None:
    result = call("reveal", "pack/key.age", "--all")
    assert result.exit_code == 0, result.stderr
    assert any(line.split()[1:2] == [opens["kit"]] and opens["kit_holds"] in line for line in result.stdout.split("\n"))


@pytest.mark.usefixtures("opens")
def test_the_pharmacy_opens() -> None:
    result = call("open-pharmacy", "pack/pharmacy.age", "--out", "pharmacy")
    assert result.exit_code == 0, result.stderr
    assert Path("pharmacy/labels.html").is_file()


@pytest.mark.usefixtures("opens")
def test_the_diary_is_checked() -> None:
    result = call("check-diary", "diary.csv", "--pack", "pack")
    assert result.exit_code == 0, result.stderr


@pytest.mark.usefixtures("opens")
def test_the_analysis_says_what_it_said_and_replaces_its_own_folder() -> None:
    before = json.loads(Path("analysis/analysis.json").read_text(encoding="utf-8"))
    result = call("analyze", "diary.csv", "--key", "pack/key.age", "--out", "analysis", "--json")
    assert result.exit_code == 0, result.stderr
    after = json.loads(result.stdout)
    assert (after["commitment"], after["primary"]) == (before["commitment"], before["primary"])
    assert "THE DIARY WAS CHANGED" not in result.stderr  # its logs were read
    for method, figures in before["methods"].items():
        for name in ("estimate", "ci_low", "ci_high", "p_value"):
            assert after["methods"][method][name] == pytest.approx(figures[name], rel=1e-6), (method, name)


@pytest.mark.parametrize("folder", RESULTS, ids=lambda path: path.name)
def test_the_page_of_a_run_is_made(folder: Path, here: Path) -> None:
    copy = here / "results"
    shutil.copytree(folder, copy)
    result = call("report", "results")
    assert result.exit_code == 0, result.stderr
    assert read_run(folder).scenario.title in (copy / "report.html").read_text(encoding="utf-8")
