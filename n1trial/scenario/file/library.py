"""The shipped scenarios, found in a checkout and in an installed package."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from n1trial.files.scenarios_folder import scenarios_folder


@dataclass(frozen=True)
class ShippedScenario:
    """A scenario that comes with n1trial."""

    name: str
    title: str
    path: Path


def paths() -> dict[str, Path]:
    """List the files of all shipped scenarios, by name."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.toml"))}


@cache
def shipped_scenarios() -> tuple[ShippedScenario, ...]:
    """List all shipped scenarios, by name."""
    return tuple(ShippedScenario(name, _title(path), path) for name, path in paths().items())


def _title(path: Path) -> str:
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("title", ""))
