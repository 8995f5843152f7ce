"""A design that could be chosen, and what the screen expects of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from n1trial.design.layout import Layout
from n1trial.diary.methods import METHODS, ClosedForm

SCREENED_METHODS: tuple[str, ...] = tuple(
    method.name for form in get_args(ClosedForm) for method in METHODS.values() if method.closed_form == form
)
"""Methods whose designs can be screened, the simplest closed form first."""


@dataclass(frozen=True)
class Candidate:
    """A layout with the analysis that would decide.

    Attributes
    ----------
    layout : Layout
        A crossover.
    discard_days : int
        Settling-in days left out at the start of every period.
    method : str
        One of `SCREENED_METHODS`.
    """

    layout: Layout
    discard_days: int
    method: str


@dataclass(frozen=True)
class ScreenResult:
    """Expectations of a design by closed forms, averaged over its assignments and over when patients leave.

    Attributes
    ----------
    candidate : Candidate
    power : float
        Chance to detect the smallest worthwhile effect.
    type_1 : float
        Chance to detect an effect where there is none.
    """

    candidate: Candidate
    power: float
    type_1: float
