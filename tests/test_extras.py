"""Hints on how to get an extra, for each way in which n1trial is run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from n1trial import extras

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
SINGLE = [name for name in DECLARED if name != "all"]


class Run:
    """A process of n1trial, as `extras` sees it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.monkeypatch, self.folder = monkeypatch, folder
        self.prefix = folder / ".venv"
        self.prefix.mkdir()
        monkeypatch.setattr(sys, "prefix", str(self.prefix))
        monkeypatch.setattr(sys, "executable", str(self.prefix / "bin" / "python"))
        monkeypatch.setattr(sys, "argv", ["/somewhere/n1trial", "web", "--port", "80 81"])
        monkeypatch.delenv("UV", raising=False)
        monkeypatch.chdir(folder)
        self.path({})
        self.has_pip(True)
        self.is_installed_in_place(False)

    def path(self, programs: dict[str, Path]) -> None:
        self.monkeypatch.setattr(shutil, "which", lambda name: str(programs[name]) if name in programs else None)

    def has_pip(self, there: bool) -> None:
        self.monkeypatch.setattr(extras, "find_spec", lambda name: object() if there and name == "pip" else None)

    def is_installed_in_place(self, in_place: bool) -> None:
        origin = json.dumps({"url": "file:///x", "dir_info": {"editable": in_place}})
        requires = [f'{need}; extra == "{name}"' for name in SINGLE for need in DECLARED[name]]
        found: Any = SimpleNamespace(read_text=lambda _: origin, requires=["click>=8.2", *requires])
        self.monkeypatch.setattr(extras, "distribution", lambda _: found)

    def uv(self) -> Path:
        uv = self.folder / ".tools" / "bin" / "uv"
        uv.parent.mkdir(parents=True)
        uv.touch()
        self.monkeypatch.setenv("UV", str(uv))
        return uv


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    return Run(monkeypatch, tmp_path)


def test_in_a_clone_the_same_command_is_run_with_the_extra(run: Run) -> None:
    run.uv()
    run.is_installed_in_place(True)
    (run.folder / "pyproject.toml").touch()
    assert extras.install_command("web") == ".tools/bin/uv run --no-dev --extra web n1trial web --port '80 81'"


def test_uv_on_the_path_goes_by_its_name(run: Run) -> None:
    run.path({"uv": run.uv()})
    run.is_installed_in_place(True)
    (run.folder / "pyproject.toml").touch()
    assert extras.install_command("web").startswith("uv run --no-dev --extra web n1trial web")


def test_from_python_the_command_is_left_open(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["analysis.py", "secret"])
    run.uv()
    run.is_installed_in_place(True)
    (run.folder / "pyproject.toml").touch()
    assert extras.install_command("pdf") == ".tools/bin/uv run --no-dev --extra pdf n1trial ..."


@pytest.mark.usefixtures("run")
def test_with_pip_its_needs_are_installed_into_the_same_python() -> None:
    assert shlex.split(extras.install_command("pdf")) == [sys.executable, "-m", "pip", "install", *DECLARED["pdf"]]


def test_without_pip_uv_installs_them(run: Run) -> None:
    run.has_pip(False)
    run.path({"uv": Path("/usr/bin/uv")})
    command = ["uv", "pip", "install", "--python", sys.executable, *DECLARED["cluster"]]
    assert shlex.split(extras.install_command("cluster")) == command


def test_pipx_injects_them(run: Run) -> None:
    (run.prefix / "pipx_metadata.json").touch()
    assert shlex.split(extras.install_command("web")) == ["pipx", "inject", "n1trial", *DECLARED["web"]]


@pytest.mark.parametrize("extra", SINGLE)
def test_requirements_are_those_of_the_installed_package(extra: str) -> None:
    assert extras.requirements(extra) == tuple(DECLARED[extra])


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))])
def test_no_page_names_n1trial_on_a_package_index(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"(?:pip|pipx|uv tool|conda)\S* install[^\n`&]*\bn1trial\b(?![\w/.*-]*\.whl)", text)
