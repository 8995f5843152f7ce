"""What the diary of one patient says of its secondary outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from n1trial.arrays import Floats
from n1trial.diary.diary import Diary
from n1trial.diary.file.columns import column
from n1trial.evaluation.secondary.outcome import diary_of
from n1trial.scenario.model.outcome import Secondary


@dataclass(frozen=True)
class SecondaryResult:
    """A secondary outcome of one diary: means and an interval, and no test.

    Attributes
    ----------
    name : str
    better : {"lower", "higher"}
    mean_drug, mean_control : float or None
        Of the days that count.
    n_drug, n_control : int
        Entries.
    difference, low, high : float or None
        Estimate of the planned analysis, drug minus control, and its interval; None where there is none, and where an
        interval has no end.
    method : str
        The planned analysis.
    status : str
        Why there is no estimate, as `Status.word`; "ok" where there is one.
    """

    name: str
    better: str
    mean_drug: float | None
    mean_control: float | None
    n_drug: int
    n_control: int
    difference: float | None
    low: float | None
    high: float | None
    method: str
    status: str


def describe(diary: Diary, outcome: Secondary) -> SecondaryResult:
    """Describe a secondary outcome of one patient, whose diary is made by `diary_of`."""
    usable, on_drug = diary.is_usable()[:, 0], diary.treatment[:, 0] == 1
    drug, control = diary.score[usable & on_drug, 0], diary.score[usable & ~on_drug, 0]
    estimates = analyze(diary)
    status = Status(int(estimates.status[0]))
    difference, low, high = (
        _finite(figure) if status.is_estimable else None
        for figure in (estimates.estimate, estimates.ci_low, estimates.ci_high)
    )
    return SecondaryResult(
        outcome.name, outcome.better, _mean(drug), _mean(control), len(drug), len(control), difference, low, high,
        estimates.method, status.word,
    )  # fmt: skip


def describe_all(diary: Diary, outcomes: Iterable[Secondary]) -> tuple[SecondaryResult, ...]:
    """Describe the secondary outcomes that the diary of one patient has a column of."""
    return tuple(
        describe(diary_of(diary, outcome, diary.day, diary.columns[column(outcome.name)]), outcome)
        for outcome in outcomes
        if column(outcome.name) in diary.columns
    )


def scales_of(outcomes: Iterable[Secondary]) -> dict[str, tuple[float, float]]:
    """Give the scale of each secondary outcome by its column in the file of a diary."""
    return {column(outcome.name): outcome.scale for outcome in outcomes}


def _finite(figure: Floats) -> float | None:
    return float(figure[0]) if np.isfinite(figure[0]) else None


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None
