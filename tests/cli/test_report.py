from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from n1trial.report.run.page import GENERATOR
from tests.cli.files import call, call_apart, names
from tests.cli.test_run import FILES

pytestmark = pytest.mark.usefixtures("one_run")


@pytest.fixture
def drawn(small: str, here: Path) -> Path:
    """Results folder of a run, with its pictures."""
    assert call("run", small, "--replicates", "40", "--workers", "1").exit_code == 0
    return here / "results" / "small"


@pytest.fixture
def run(no_pictures: None, drawn: Path) -> Path:  # noqa: ARG001
    """Results folder of a run, for tests that look at no picture."""
    return drawn


def test_the_page_of_the_command_is_that_of_the_run(drawn: Path) -> None:
    run = drawn
    left = (run / "report.html").read_bytes()
    (run / "report.html").unlink()
    done = call("report", str(run))
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"Page: {run / 'report.html'}\n", "")
    assert (run / "report.html").read_bytes() == left
    assert call("report", str(run)).exit_code == 0
    assert names(run) == FILES


def test_a_run_that_was_changed_afterwards_is_told(run: Path) -> None:
    document = json.loads((run / "run.json").read_text(encoding="utf-8"))
    document["methods"]["paired"]["planned"]["detect"]["value"] = 0.99
    (run / "run.json").write_text(json.dumps(document), encoding="utf-8")
    done = call("report", str(run))
    told = f"{run}: run.json changed after n1trial run wrote the folder; the page shows the change\n"
    assert (done.exit_code, done.stderr) == (0, told)
    assert (run / "report.html").exists()
    (run / "checksums.txt").unlink()
    done = call("report", str(run))
    assert (done.exit_code, "has no checksums" in done.stderr) == (0, True)


def test_the_page_goes_where_it_is_wanted(run: Path, here: Path) -> None:
    for _ in range(2):  # a page of ours may be replaced
        assert call("report", "results/small", "--out", "page.html").exit_code == 0
    assert (here / "page.html").read_bytes() == (run / "report.html").read_bytes()
    assert names(here) == ["page.html", "results"]


@pytest.mark.usefixtures("run")
def test_a_place_that_cannot_be_is_refused(here: Path) -> None:
    (here / "letter.html").write_text("precious", encoding="utf-8")
    (here / "folder").mkdir()
    for out, told in {
        "letter.html": "letter.html: exists and is no page of n1trial, so it is not replaced",
        "folder": "folder: is a folder; --out takes a file",
        "gone/page.html": "there is no folder",
        "letter.html/page.html": "there is no folder",
    }.items():
        done = call("report", "results/small", "--out", out)
        assert (done.exit_code, done.stdout) == (2, "")
        assert told in done.stderr
    assert (here / "letter.html").read_text(encoding="utf-8") == "precious"


def test_what_is_no_run_is_refused(small: str, here: Path) -> None:
    (here / "empty").mkdir()
    assert call("trace", small, "--out", "one").exit_code == 0
    for mark in ("sweep.json", "search.json", "analysis.json"):
        (here / mark.partition(".")[0]).mkdir()
        (here / mark.partition(".")[0] / mark).write_text("{}", encoding="utf-8")
    for folder, told in {
        "nowhere": "there is no such folder; n1trial run SCENARIO writes one",
        "empty": "holds no results of n1trial run",
        "one": "holds one simulated patient, whose picture is diary.svg",
        "sweep": "holds a sweep",
        "search": "holds a search",
        "analysis": "holds a final analysis, whose page is analysis.html",
    }.items():
        done = call("report", folder)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"{folder}: ")
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_run_of_another_version_is_told(run: Path) -> None:
    (run / "run.json").write_text('{"scenario": "small", "version": "0.0.1"}', encoding="utf-8")
    done = call("report", str(run))
    assert done.exit_code == 2
    assert "was written by another version of n1trial, or changed" in done.stderr


def test_it_says_what_it_does(here: Path) -> None:
    done = call_apart("report", "--help", cwd=here)
    assert done.returncode == 0
    assert "one self-contained HTML file" in " ".join(done.stdout.split())


def test_a_page_is_known_by_its_generator(run: Path) -> None:
    assert GENERATOR in (run / "report.html").read_text(encoding="utf-8")


def test_the_schema_of_the_document_is_printed(run: Path) -> None:
    done = call("report", "--schema")
    assert (done.exit_code, done.stderr) == (0, "")
    jsonschema.validate(json.loads((run / "run.json").read_text(encoding="utf-8")), json.loads(done.stdout))


@pytest.mark.parametrize(
    ("args", "told"),
    [([], "Missing argument 'RESULTS_DIR'."), (["--schema", "here"], "--schema goes alone")],
)
def test_what_is_wrong_with_the_command_line(args: list[str], told: str) -> None:
    done = call("report", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
