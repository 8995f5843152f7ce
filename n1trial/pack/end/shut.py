"""Keeping a key shut before the end of its trial, unless a reason is given; what was refused stands in the log."""

from __future__ import annotations

from pathlib import Path

from n1trial.errors import InputError
from n1trial.pack.log.log import record_if_possible
from n1trial.pack.visit.gate import EndGate
from n1trial.pack.visit.gate_words import holds_in_words


class ShutError(InputError):
    """Refusal to open the whole key of a trial that has not ended."""

    def __init__(self, gate: EndGate) -> None:
        super().__init__(holds_in_words(gate))
        self.gate = gate

    def __reduce__(self) -> tuple[type[ShutError], tuple[EndGate]]:  # type: ignore[override]
        return ShutError, (self.gate,)


def check_open(gate: EndGate, early: str | None, folder: Path, what: str, by: str | None = None) -> bool:
    """Refuse to open the whole key before the end of its trial.

    Parameters
    ----------
    gate : EndGate
    early : str or None
        Why it is opened all the same.
    folder : Path
        That holds the log.
    what : str
        What it was to be opened for, as the log says it.
    by : str, optional
        Who asked, as entered.

    Returns
    -------
    bool
        Whether it opens before the end.

    Raises
    ------
    ShutError
        If it stays shut.
    """
    if gate.is_open or early is not None:
        return not gate.is_open
    holds = [hold.value for hold in gate.holds]
    record_if_possible(folder, "failure", by, what=what, why="the trial has not ended", holds=holds)
    raise ShutError(gate)
