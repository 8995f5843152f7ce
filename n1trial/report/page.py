"""The page of a run: one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from n1trial.study.result import Result

PAGE = "report.html"
"""Name of the page in a results folder."""


def page_files(result: Result) -> Mapping[str, str]:
    """The page of a run by its file name, as `Result.save` writes it."""
    return {PAGE: page(result)}


def page(result: Result) -> str:
    """The page of a run."""
    return f"<!doctype html><title>{result.scenario.name}</title>"
