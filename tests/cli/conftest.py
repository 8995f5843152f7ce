from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.files import SMALL


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that commands are called in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Path of a small scenario, elsewhere."""
    path = tmp_path_factory.mktemp("scenario") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)
