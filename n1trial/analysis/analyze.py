"""Analyze a diary by a method that its plan names, or by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Protocol

from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates
from n1trial.analysis.methods import ar1, bayes, before_after, course, exposure, mixed, ols, paired, randomization
from n1trial.analysis.own import Function, OwnAnalysis
from n1trial.diary.diary import Diary
from n1trial.diary.methods import (
    AR1,
    BAYES,
    BEFORE_AFTER,
    COURSE,
    EXPOSURE,
    METHODS,
    MIXED,
    OLS,
    PAIRED,
    RANDOMIZATION,
)
from n1trial.diary.plan import Plan
from n1trial.errors import InputError
from n1trial.wording import near_miss

AnalysisFunction = Callable[[Diary, AnalysisRequest], Estimates]
"""Takes a diary, its plan included, and how much is asked for; a pure function."""

ANALYSES: dict[str, AnalysisFunction] = {
    PAIRED.name: paired.analyze,
    EXPOSURE.name: exposure.analyze,
    COURSE.name: course.analyze,
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


class HasDiary(Protocol):
    """Object with a diary, such as simulated trials, which hold it beside their truth."""

    @property
    def observed(self) -> Diary:
        """Diary that an analyst sees, without the truth."""


def analyze(
    diary: Diary | HasDiary,
    method: str | Function | OwnAnalysis | None = None,
    *,
    request: AnalysisRequest = EVERYTHING,
    **overrides: object,
) -> Estimates:
    """Analyze a diary, of one patient or of a batch of replicates.

    Parameters
    ----------
    diary : Diary or Diaries
        The entries and the plan they were kept for; of simulated trials what an analyst sees.
    method : str or callable, optional
        A name in `METHODS`, or a function of your own from a `Diary` to estimates (see `run`); by default the plan's
        primary method.
    request : AnalysisRequest, optional
        How much is asked of methods whose intervals cost more than their test; everything by default.
    **overrides
        Fields of `Plan` that differ from the diary's plan for this analysis: ``discard_days=0``,
        ``terms=("trend",)``, ``alpha=0.1``.

    Returns
    -------
    Estimates
        Arrays of shape (replicate,); estimates and intervals in units of the score.

    Raises
    ------
    InputError
        If the method does not exist, or a keyword names no field of `Plan` or has a value outside its range.

    Examples
    --------
    >>> import n1trial
    >>> diaries = n1trial.simulate("minimal", replicates=4, seed=1)
    >>> n1trial.analyze(diaries, "paired", discard_days=7)
    <Estimates by paired (contrast): 3 of 4 with an estimate>
    """
    held = diary if isinstance(diary, Diary) else getattr(diary, "observed", None)
    if not isinstance(held, Diary):
        raise InputError(f"diary: must be a Diary or Diaries, and is {type(diary).__name__}")
    held = held.with_plan(overridden(held.plan, overrides)) if overrides else held
    name = held.plan.primary if method is None else method
    if not isinstance(name, str):
        own = name if isinstance(name, OwnAnalysis) else OwnAnalysis(_name_of(name), name)
        return own(held, request)
    if name not in ANALYSES:
        raise InputError(f"method: {name!r} does not exist{near_miss(name, METHODS)}; there are {', '.join(METHODS)}")
    return ANALYSES[name](held, request)


def _name_of(function: Function) -> str:
    """Return the name that a function goes by where none was given."""
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() and name not in METHODS else "own"


def overridden(plan: Plan, overrides: Mapping[str, object]) -> Plan:
    """Return a plan with some fields replaced.

    Raises
    ------
    InputError
        If a name is no field of `Plan` or a value is outside its range; all faults at once.
    """
    known = [field.name for field in fields(Plan)]
    faults = [
        f"{name}: unknown setting of an analysis{near_miss(name, known)}" for name in overrides if name not in known
    ]
    changes: dict[str, Any] = {name: value for name, value in overrides.items() if name in known}
    if isinstance(changes.get("terms"), list):
        changes["terms"] = tuple(changes["terms"])
    try:
        changed = replace(plan, **changes)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    if faults:
        raise InputError(faults)
    return changed


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
