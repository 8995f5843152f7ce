from __future__ import annotations

import base64
import ensurepip
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distributions, version
from pathlib import Path

import pytest

from n1trial import __version__
from n1trial.pack.make import program
from n1trial.pack.make.program import REQUIREMENTS, WHEEL, program_files, requirements, wheel
from n1trial.provenance import code_digest
from n1trial.scenario.file.library import paths

BUNDLED = sorted(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))


@pytest.fixture(scope="module")
def content() -> bytes:
    return wheel()


def test_every_requirement_is_the_version_that_is_installed_and_nothing_else() -> None:
    first, *lines = requirements().splitlines()
    assert first.startswith(f"# n1trial {__version__} made this pack with Python {sys.version_info.major}.")
    assert lines == sorted(lines)
    for line in lines:
        name, pinned = re.fullmatch(r"([a-z0-9][a-z0-9-]*)==(\S+)", line).groups()  # type: ignore[union-attr]
        assert version(name) == pinned
    names = {line.partition("==")[0] for line in lines}
    assert {"numpy", "scipy", "simpy", "pydantic", "pydantic-core", "click", "pyrage", "jinja2", "tzdata"} <= names
    assert not names & {"n1trial", "pytest", "shiny", "distributed", "typst"}


def test_what_runs_here_is_within_the_requirements() -> None:
    """Each top-level module of another package that an analysis loads belongs to one of those listed."""
    names = {line.partition("==")[0] for line in requirements().splitlines()[1:]} | {"n1trial"}
    homes: dict[str, set[str]] = {}
    for each in distributions():
        name = re.sub(r"[-_.]+", "-", each.name).lower()
        for line in (each.read_text("RECORD") or "").splitlines():
            homes.setdefault(re.split(r"[/.,]", line, maxsplit=1)[0], set()).add(name)
    code = "import n1trial.pack.conclusion.finish, sys; print(*{module.partition('.')[0] for module in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    from_packages = {module: homes[module] for module in loaded if module in homes and not module.startswith("_")}
    assert {"numpy", "scipy", "pydantic"} <= set(from_packages)
    assert [module for module, found in from_packages.items() if not found & names] == []


def test_the_same_files_give_the_same_bytes(content: bytes) -> None:
    assert wheel() == content
    assert len(content) < 2_000_000
    files = program_files()
    assert list(files) == [f"program/{REQUIREMENTS}", f"program/{WHEEL}"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_record_names_every_file(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    record = held[f"{program.INFO}/RECORD"].decode().splitlines()
    assert len(record) == len(held)
    for line in record:
        path, digest, size = line.rsplit(",", 2)
        if digest:
            ours = base64.urlsafe_b64encode(hashlib.sha256(held[path]).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={ours}", len(held[path])), path
    assert {f"n1trial/scenarios/{path.name}" for path in paths().values()} <= set(held)
    assert not [path for path in held if "__pycache__" in path or path.endswith(".pyc") or "direct_url" in path]


@pytest.mark.skipif(not BUNDLED, reason="Python has no pip of its own here")
def test_it_installs_and_runs_as_the_code_that_it_was_made_of(content: bytes, tmp_path: Path) -> None:
    path, target = tmp_path / WHEEL, tmp_path / "installed"
    path.write_bytes(content)
    pip = [sys.executable, str(BUNDLED[-1] / "pip"), "install", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--quiet", "--target", str(target), str(path)], check=True, capture_output=True)
    code = (
        "import n1trial; from n1trial.provenance import code_digest; from n1trial.scenario.file.library import paths;"
        "print(n1trial.__file__); print(code_digest()); print(*paths())"
    )
    environment = {**os.environ, "PYTHONPATH": str(target)}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    place, digest, names = ran.stdout.splitlines()
    assert Path(place).is_relative_to(target)
    assert digest == code_digest()
    assert names.split() == list(paths())
    shown = subprocess.run(
        [sys.executable, "-m", "n1trial", "--version"], env=environment, cwd=tmp_path, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert (code_digest() or "")[:12] in shown.stdout


def test_a_source_that_was_never_installed_makes_a_wheel_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_distribution", lambda _: None)
    with zipfile.ZipFile(io.BytesIO(wheel())) as packed:
        assert f"Version: {__version__}" in packed.read(f"{program.INFO}/METADATA").decode()
