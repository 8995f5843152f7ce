"""Analyze a diary by a method that its plan names, or by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from n1trial.analysis.estimates import EVERYTHING, Estimates, Request
from n1trial.analysis.methods import ar1, bayes, before_after, exposure, mixed, ols, paired, randomization
from n1trial.analysis.overrides import hint, overridden
from n1trial.diary.diary import Diary
from n1trial.diary.methods import (
    AR1,
    BAYES,
    BEFORE_AFTER,
    EXPOSURE,
    METHODS,
    MIXED,
    OLS,
    PAIRED,
    RANDOMIZATION,
)
from n1trial.errors import InputError

Analysis = Callable[[Diary, Request], Estimates]
"""Takes a diary, its plan included, and how much is asked for; a pure function."""

ANALYSES: dict[str, Analysis] = {
    PAIRED.name: paired.analyze,
    EXPOSURE.name: exposure.analyze,
    MIXED.name: mixed.analyze,
    AR1.name: ar1.analyze,
    RANDOMIZATION.name: randomization.analyze,
    BAYES.name: bayes.analyze,
    OLS.name: ols.analyze,
    BEFORE_AFTER.name: before_after.analyze,
}
"""The function of every method in `n1trial.diary.methods.METHODS`, by name."""

FACTORS: tuple[tuple[float, float], ...] = ((0.5, 0.5), (2, 2), (0.5, 1), (1, 0.5), (2, 1), (1, 2))
"""Factors by which the assumed onset and offset are changed to see how much hangs on them."""


def analyze(
    diary: Diary, method: str | None = None, *, request: Request = EVERYTHING, **overrides: object
) -> Estimates:
    """Analyze a diary, of one patient or of a batch of replicates.

    Parameters
    ----------
    diary : Diary
        The entries and the plan they were kept for.
    method : str, optional
        A name in `METHODS`; by default the plan's primary method.
    request : Request, optional
        How much is asked of methods whose intervals cost more than their test; everything by default.
    **overrides
        Fields of `Plan` that differ from the diary's plan for this analysis: ``discard_days=0``,
        ``terms=("trend",)``, ``alpha=0.1``.

    Returns
    -------
    Estimates
        Arrays of shape (replicate,).

    Raises
    ------
    InputError
        If the method does not exist, or a keyword names no field of `Plan` or has a value outside its range.
    """
    plan = overridden(diary.plan, overrides)
    name = plan.primary if method is None else method
    if name not in ANALYSES:
        raise InputError(f"method: {name!r} does not exist{hint(name, METHODS)}; there are {', '.join(METHODS)}")
    return ANALYSES[name](diary.with_plan(plan), request)


def sensitivity(diary: Diary, method: str) -> dict[tuple[float, float], Estimates]:
    """Analyze again under other assumed constants of the drug.

    Parameters
    ----------
    diary : Diary
    method : str
        One that follows doses (`Method.follows_doses`).

    Returns
    -------
    dict of (float, float) to Estimates
        By the factors of assumed onset and offset, in the order of `FACTORS`.
    """
    plan = diary.plan
    return {
        (onset, offset): analyze(
            diary.with_plan(
                replace(
                    plan,
                    assumed_onset_days=onset * plan.assumed_onset_days,
                    assumed_offset_days=offset * plan.assumed_offset_days,
                )
            ),
            method,
        )
        for onset, offset in FACTORS
    }
