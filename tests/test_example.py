"""A simulated patient taken through pack, diary, check, reveal and analysis: the page of the docs, made again."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from n1trial.pack.log.log import read_log
from tests.pack.conftest import quick as quick  # the fixture

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"


@pytest.fixture(scope="module")
def remake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("remake_example", EXAMPLE / "remake.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("quick", "one_process")
def test_the_example_of_the_docs_is_what_the_commands_print(remake: ModuleType, tmp_path: Path) -> None:
    assert remake.page(tmp_path) == (EXAMPLE / "README.md").read_text(encoding="utf-8")
    for name, text in remake.kept(tmp_path).items():
        assert text == (EXAMPLE / name).read_text(encoding="utf-8"), name
    log = read_log(tmp_path / "rehearsal")
    assert [line.event for line in log.lines] == ["pack", "rehearse", "check", "kit", "freeze", "freeze", "open"]
    assert (log.lines[3].facts["kit"], log.lines[3].facts["reason"]) == ("TY7-YRT", "found by a child")
