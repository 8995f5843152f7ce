"""Analyses of one's own: a function from a diary to estimates, evaluated like those of n1trial."""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from n1trial.analysis.estimates import AnalysisRequest, Estimates, Status, from_t
from n1trial.diary.diary import Diary
from n1trial.diary.methods import METHODS, method_of
from n1trial.errors import InputError

Function = Callable[[Diary], Any]
"""Gives `Estimates`, a mapping or a tuple; see `OwnAnalysis`."""

ARRAYS = tuple(item.name for item in fields(Estimates) if item.name not in ("method", "estimand", "covers", "details"))
SHORT = {"low": "ci_low", "high": "ci_high", "p": "p_value"}
KNOWN = {"estimate", "standard_error", "df", *SHORT.values()}
FORMS = (
    "Estimates; or a mapping or tuple of estimate, low, high and p; or a mapping of estimate, standard_error and df:"
    " arrays of a number a replicate, or numbers for one patient"
)


@dataclass(frozen=True)
class OwnAnalysis:
    """A function of the user's, under the name that its figures go by.

    Parameters
    ----------
    name : str
        Not that of a method of n1trial.
    function : callable
        Takes a `Diary` with many replicates, or with one, and returns `Estimates`; or ``(estimate, low, high, p)``,
        as a tuple or a mapping; or a mapping of ``estimate``, ``standard_error`` and perhaps ``df``. Each is an array
        of shape (replicate,), drug minus control on the score's scale; low and high are the ends of the interval
        that the plan asks for, p agrees with its sides. A function that is made for one patient, and raises or
        returns single numbers where there are several, is given one patient at a time.
    """

    name: str
    function: Function

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not re.fullmatch(r"[A-Za-z]\w{0,30}", self.name):
            raise InputError(
                f"methods: a name must be a letter and up to 30 letters, digits or _, and is {self.name!r}"
            )
        if self.name in METHODS:
            raise InputError(f"methods: {self.name!r} is a method of n1trial; choose another name")
        if not callable(self.function):
            raise InputError(f"methods: {self.name} must be a function of a Diary, and is {self.function!r}")

    def __call__(self, diary: Diary, request: AnalysisRequest) -> Estimates:  # noqa: ARG002 - it asks for nothing here
        """Analyze as it does; a fit that raises, or is not a number, has no estimate and counts as not converged.

        Raises
        ------
        InputError
            If the function raises for every patient, or returns what is no estimate.
        """
        if diary.replicates != 1:
            try:
                return self._read(self.function(diary), diary)
            except Exception:
                pass
        return self._one_by_one(diary)

    def _one_by_one(self, diary: Diary) -> Estimates:
        found, errors = [], []
        for number in range(diary.replicates):
            one = diary.take(slice(number, number + 1))
            answer: object = {"estimate": np.nan, "standard_error": np.nan}
            try:
                answer = self.function(one)
            except Exception as error:
                errors.append(error)
            found.append(self._read(answer, one))
        if errors and len(errors) == len(found):
            kind = type(errors[0]).__name__
            raise InputError(f"methods: {self.name} raised {kind} for every diary: {errors[0]}") from errors[0]
        return _beside(found)

    def _read(self, answer: object, diary: Diary) -> Estimates:
        """Read estimates from what the function returned."""
        method = method_of(self.name)
        if isinstance(answer, Estimates):
            if any(getattr(answer, name).shape != (diary.replicates,) for name in ARRAYS):
                raise self._fault(f"Estimates of {answer.replicates} for {diary.replicates} patients")
            return replace(answer, method=self.name)
        given = self._numbers(answer, diary.replicates)
        if "standard_error" not in given:
            half = (given["ci_high"] - given["ci_low"]) / 2
            given["standard_error"] = half / -ndtri(diary.plan.alpha / diary.plan.sides)
        df = given.get("df", np.full(diary.replicates, np.inf))
        is_fitted = np.isfinite(given["estimate"]) & (given["standard_error"] > 0) & (df > 0)
        if "p_value" in given:
            is_fitted &= (given["p_value"] >= 0) & (given["p_value"] <= 1)
        entries = np.broadcast_to((~np.isnan(diary.score)).sum(axis=0), is_fitted.shape)
        status = np.where(is_fitted, Status.OK, Status.NOT_CONVERGED).astype(np.int8)
        found = from_t(
            method, diary.plan, estimate=given["estimate"], standard_error=given["standard_error"], df=df,
            status=status, n=entries.astype(np.int64),
        )  # fmt: skip
        told: dict[str, Any] = {
            name: np.where(is_fitted, given[name], np.nan) for name in SHORT.values() if name in given
        }
        return replace(found, **told)

    def _numbers(self, answer: object, replicates: int) -> dict[str, Any]:
        """Read arrays of shape (replicate,) by the names of `Estimates`."""
        if isinstance(answer, tuple) and len(answer) == 1 + len(SHORT):
            answer = dict(zip(("estimate", *SHORT), answer, strict=True))
        if not isinstance(answer, Mapping):
            raise self._fault(f"{type(answer).__name__}")
        named: dict[str, Any] = {SHORT.get(str(name), str(name)): value for name, value in answer.items()}
        has_error, has_interval = "standard_error" in named, named.keys() >= set(SHORT.values())
        if "estimate" not in named or not (has_error or has_interval) or not named.keys() <= KNOWN:
            raise self._fault(f"{', '.join(map(str, named)) or 'nothing'}")
        try:
            arrays = {name: np.atleast_1d(np.asarray(value, dtype=np.float64)) for name, value in named.items()}
        except (TypeError, ValueError):
            raise self._fault("what is no number") from None
        for name, array in arrays.items():
            if array.shape != (replicates,):
                raise self._fault(f"{name} of shape {array.shape} for {replicates} patients")
        return arrays

    def _fault(self, what: str) -> InputError:
        return InputError(f"methods: {self.name} must return {FORMS}; it returned {what}")


def _beside(estimates: list[Estimates]) -> Estimates:
    """Put estimates of all replicates beside each other; details are those of the first one's names."""
    if not estimates:
        raise InputError("methods: a diary without a replicate cannot be analyzed")
    arrays: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in estimates]) for name in ARRAYS}
    return replace(estimates[0], covers=None, details={}, **arrays)


def check_sendable(analyses: tuple[OwnAnalysis, ...]) -> None:
    """Refuse functions that other processes cannot be given.

    Raises
    ------
    InputError
        Which says what to do.
    """
    for analysis in analyses:
        home = getattr(sys.modules.get(getattr(analysis.function, "__module__", "")), "__file__", None)
        try:
            pickle.dumps(analysis)
        except Exception:
            home = None
        if home is None:
            raise InputError(
                f"methods: {analysis.name} cannot be sent to other processes; put it with def at the top of a file of"
                " its own and import it from there, or use workers=1"
            )
