from __future__ import annotations

import subprocess
import sys

import pytest

from n1trial import __version__
from n1trial.study import engine as engines
from n1trial.study.engine import PACKAGE, engine, sources
from tests.imports import house, paths
from tests.test_laws import reach


def test_every_module_that_a_batch_goes_through_is_part_of_it() -> None:
    through = reach("n1trial.study.measure", house()) | {"n1trial.study.record"}
    known = {path.resolve() for path in sources()}
    missing = {name for name in through if name in paths() and paths()[name].resolve() not in known}
    # what is not code that makes figures: errors, the lists of public names, and where the work is done
    where = {f"n1trial.study.{name}" for name in ("workers", "processes", "engine")}
    assert missing <= {"n1trial.errors", "n1trial", "n1trial.study"} | where


def test_it_names_the_version_and_is_the_same_in_every_process() -> None:
    assert engine().startswith(f"{__version__}+")
    code = "from n1trial.study.engine import engine; print(engine())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == engine()


def test_another_line_of_code_or_another_library_is_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine()
    engine.cache_clear()
    monkeypatch.setattr(engines, "PARTS", engines.PARTS[1:])
    without_a_module = engine()
    monkeypatch.undo()
    engine.cache_clear()
    monkeypatch.setattr(engines, "version", lambda _: "0")
    with_other_libraries = engine()
    monkeypatch.undo()
    engine.cache_clear()
    assert len({before, without_a_module, with_other_libraries}) == 3
    assert engine() == before


def test_all_parts_exist() -> None:
    assert all((PACKAGE / part).exists() for part in engines.PARTS)
