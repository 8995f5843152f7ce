"""Bars of long work are shown on a terminal, one at a time, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from n1trial.cli.progress import progress_bars, progress_of_trials


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = io.StringIO()
    monkeypatch.setattr(sys, "stderr", elsewhere)
    with progress_of_trials() as progress:
        assert progress is None
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_of_trials() as progress:
        assert progress is not None
        progress(1000)(600)
    assert "simulating" in terminal.getvalue()
    assert elsewhere.getvalue() == ""


def test_each_part_of_the_work_has_a_bar_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bars() as start:
        assert start is not None
        start("screening", 2)(1)
        first = len(terminal.getvalue())
        start("simulating", 1000)(600)
    before, after = terminal.getvalue()[:first], terminal.getvalue()[first:]
    assert "screening" in before
    assert "designs" in before
    assert "simulating" in after
    assert "trials" in after
