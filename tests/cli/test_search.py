from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from n1trial.study.search.search import search
from tests.cli.files import call, call_and_interrupt, names
from tests.study.searched import few_trials

FILES = ["checksums.txt", "designs.csv", "designs.png", "designs.svg", "scenario.toml", "screened.csv", "search.json"]


def search_small(small: str, *args: str) -> Any:
    """Search as the command does, but among designs that a fast analysis decides."""
    with few_trials(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("n1trial.study.search.search.search", partial(search, methods=("paired", "randomization")))
        return call("search", small, "--max-weeks", "7", "--replicates", "50", "--workers", "1", *args)


def test_designs_and_their_folder(small: str, here: Path) -> None:
    result = search_small(small, "--seed", "4", "--set", "patient.daily_sd=0.8")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("Drug or Placebo: designs of up to 7 weeks\n")
    told = result.stdout.replace("\\\n", "").split()
    assert " ".join(told).count(f"n1trial run {small} --replicates 50 --seed 4 --set patient.daily_sd=0.8 --set") > 0
    assert result.stderr == f"Results: {Path('results', 'small-search')}\n"
    assert names(here / "results" / "small-search") == FILES


def test_json_is_one_document(small: str, here: Path) -> None:
    result = search_small(small, "--json", "--out", "there", "--max-period-days", "14", "--max-entries", "44")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["limits"] == {"weeks": 7.0, "period_days": 14, "weeks_on_placebo": None, "entries": 44,
                                  "least_run_in_days": None}  # fmt: skip
    assert all(design["diary_entries"] <= 44 for design in document["designs"])
    assert result.stdout == (here / "there" / "search.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "Missing option '--max-weeks'"),
        (["--max-weeks", "0"], "--max-weeks 0: must be a number from 1 to "),
        (["--max-weeks", "2"], "no design keeps the limits: the shortest"),
        (["--max-weeks", "9", "--max-entries", "0"], "--max-entries 0: must be a whole number from 1 to "),
        (["--max-weeks", "9", "--max-weeks-on-placebo", "1"], "no design keeps the limits"),
        (
            ["--max-weeks", "9", "--seed", "x"],
            '--seed x: must be a whole number from 0 to 9223372036854775807, but is "x"',
        ),
        (["--max-weeks", "9", "--set", "design.cycels=3"], "unknown key (did you mean cycles?)"),
    ],
)
def test_faults_write_nothing(
    small: str, here: Path, args: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def must_not(*_: object, **__: object) -> NoReturn:
        pytest.fail("searched")

    monkeypatch.setattr("n1trial.study.search.search.search", must_not)
    result = call("search", small, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert names(here) == []


def test_open_label_is_refused_with_the_reason(here: Path) -> None:
    result = call("search", "b12-6-month-open-label", "--max-weeks", "52")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith('design.layout: "open-label" compares the drug with nothing')
    assert names(here) == []


def test_a_folder_with_a_run_is_refused_before_searching(small: str, here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "run.json").write_text('{"scenario": "small", "version": "0"}', encoding="utf-8")
    result = call("search", small, "--max-weeks", "9", "--out", "mine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert names(here / "mine") == ["run.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals work otherwise there")
def test_interrupted_it_leaves_nothing(small: str, here: Path) -> None:
    args = ("search", small, "--max-weeks", "60", "--workers", "2")
    code, printed, told = call_and_interrupt(*args, cwd=here, bar="screening")
    assert (code, printed, told) == (130, "", "interrupted; nothing was written")
    assert names(here) == []
