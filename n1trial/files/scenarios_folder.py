"""Where files that come with n1trial are, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def scenarios_folder() -> Path:
    """Return the folder of shipped scenarios: beside the package in a checkout, within it when installed."""
    beside = PACKAGE.parent / "scenarios"
    return beside if (PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir() else PACKAGE / "scenarios"
