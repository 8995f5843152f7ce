"""Results folders, damaged: `report` refuses in words, or makes a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.files import call
from tests.fuzz.mutants import changed, damaged, draws, safe

pytestmark = pytest.mark.usefixtures("one_look")

SOURCES = ("minimal",)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """Files of results folders, by name."""
    folders = [tmp_path_factory.mktemp("results") for _ in SOURCES]
    for source, folder in zip(SOURCES, folders, strict=True):
        assert call("run", source, "--replicates", "20", "--workers", "1", "--out", str(folder)).exit_code == 0
    return [{name: (folder / name).read_bytes() for name in ("run.json", "scenario.toml")} for folder in folders]


def test_results_of_a_run(results: list[dict[str, bytes]], tmp_path: Path) -> None:
    for draw in draws("results", 20):
        files = dict(draw.choice(results))
        if draw.random() < 0.8:
            files["run.json"] = json.dumps(changed(draw, json.loads(files["run.json"]))).encode()
        else:
            name = draw.choice(sorted(files))
            files[name] = damaged(draw, files[name])
        folder = tmp_path / "results"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        (folder / "report.html").unlink(missing_ok=True)
        result = safe("report", str(folder), within=tmp_path)
        assert (folder / "report.html").is_file() == (result.exit_code == 0)
