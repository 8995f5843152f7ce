"""What a batch of simulated patients is like today, and what their diaries hold so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags, Floats

NEVER = np.iinfo(np.int64).max
"""Dropout day of a patient who stays to the end."""


class Draws(Protocol):
    """Sources of random numbers for processes: a function a named stream, giving a full row a call."""

    def uniform(self, name: str) -> Callable[[], Floats]:
        """Draw uniform numbers over [0, 1)."""

    def normal(self, name: str) -> Callable[[], Floats]:
        """Draw standard normal numbers."""


@dataclass
class State:
    """Today, for every replicate of a batch; arrays of shape (replicate,).

    Attributes
    ----------
    latent : ndarray of float
        Today's score before rounding, to which each process adds its part.
    effect, placebo_response : ndarray of float
        The drug's full effect and the placebo response of each replicate, on the outcome's scale.
    has_dose : ndarray of bool
        Whether an active dose is in effect.
    exposure : ndarray of float
        Share of the full effect present, 0 to 1.
    belief : ndarray of float
        The patient's probability of being on the drug; `is_told` where a tell-tale effect gave it away.
    placebo_course : float
        How far the placebo response has come, 0 to 1.
    trigger_loads : list of ndarray of float
        Load of each trigger, 0 to 1.
    innovation, noise, drift, shift : ndarray of float
        Today's standard normal innovation; autocorrelated noise, drift and period shift in points.
    recent_mean, blinded_mean : ndarray of float
        Means of the written entries of the last seven days and of all blinded days, up to yesterday; they count
        only where `knows_recent`: with at least three in the last week.
    is_in_gap, is_out : ndarray of bool
        Whether the diary is left alone for a while; whether the patient has left.
    """

    width: int
    latent: Floats
    effect: Floats
    placebo_response: Floats
    has_dose: Flags
    exposure: Floats
    belief: Floats
    is_told: Flags
    innovation: Floats
    noise: Floats
    drift: Floats
    shift: Floats
    recent_mean: Floats
    blinded_mean: Floats
    knows_recent: Flags
    is_in_gap: Flags
    is_out: Flags
    placebo_course: float = 0.0
    trigger_loads: list[Floats] = field(default_factory=list)

    @classmethod
    def at_start(cls, width: int, triggers: int = 0) -> State:
        """Return the state before the first day."""

        def row(value: float = 0.0) -> Floats:
            return np.full(width, value)

        def flags() -> Flags:
            return np.zeros(width, dtype=bool)

        return cls(
            width=width,
            latent=row(),
            effect=row(),
            placebo_response=row(),
            has_dose=flags(),
            exposure=row(),
            belief=row(0.5),
            is_told=flags(),
            innovation=row(),
            noise=row(),
            drift=row(),
            shift=row(),
            recent_mean=row(),
            blinded_mean=row(),
            knows_recent=flags(),
            is_in_gap=flags(),
            is_out=flags(),
            trigger_loads=[row() for _ in range(triggers)],
        )


@dataclass
class Record:
    """Written record, day by day; day first, replicate last.

    Attributes
    ----------
    score : ndarray of float, shape (day, replicate)
        Written entries; NaN where a planned one is missing.
    doses_taken : ndarray of bool, shape (day, replicate), or None
        Whether the day's dose was taken; None where every dose is.
    dropout_day : ndarray of int, shape (replicate,)
        First day on which nothing is recorded any more; `NEVER` for those who stay.
    guess_days : list of int
        Days on which the patient was asked for a guess.
    guesses : list of ndarray of int8, shape (replicate,)
        For each: 1 the drug, 0 control, −1 cannot tell, −2 not asked any more.
    tell_day : ndarray of int, shape (period, replicate), or None
        `day_of_period` of the tell-tale effect, −1 for none.
    secondary : dict of str to tuple (ndarray of int, ndarray of float)
        Own days and scores (own day, replicate) of each secondary outcome.
    triggers : dict of str to ndarray of float, shape (day, replicate)
        Of each trigger that is adjusted for: 1 on days on which it struck, else 0.
    """

    score: NDArray[np.float64]
    dropout_day: NDArray[np.int64]
    doses_taken: NDArray[np.bool_] | None = None
    guess_days: list[int] = field(default_factory=list)
    guesses: list[NDArray[np.int8]] = field(default_factory=list)
    tell_day: NDArray[np.int64] | None = None
    secondary: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=dict)
    triggers: dict[str, NDArray[np.float64]] = field(default_factory=dict)
