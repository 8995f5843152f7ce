"""Further outcomes that share the drug, the belief and the bad evenings of the primary one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.patient import hours
from n1trial.patient.placebo import BLINDED
from n1trial.patient.score import on_scale
from n1trial.patient.state import State


@dataclass(frozen=True)
class SecondaryScore:
    """One secondary outcome, on its own scale; see the scenario's `secondary` for units."""

    scale: tuple[float, float]
    step: float
    every_days: int
    baseline: float
    daily_sd: float
    autocorrelation: float
    diary_sd: float
    placebo_response: float
    correlation: float

    def own_days(self, days: list[int]) -> list[int]:
        """List the days on which this outcome is asked for: the last of every `every_days`."""
        return [day for day in days if (day + 1) % self.every_days == 0]


def observe_secondary(
    state: State,
    days: list[int],
    hour: float,
    outcome: SecondaryScore,
    effect: Floats,
    trigger_effects: list[float],
    scores: NDArray[np.float64],
    innovations: Callable[[], Floats],
    diary_noise: Callable[[], Floats] | None,
) -> Iterator[float]:
    """Write a secondary outcome's score on its own days, its noise carried from one to the next.

    `effect` (replicate,) is its full effect, `trigger_effects` (trigger,) what each trigger adds to it at full load;
    `scores` (own day, replicate) is filled in, NaN after dropout.
    """
    rho, phi = outcome.correlation, outcome.autocorrelation
    own_share = math.sqrt(1.0 - rho**2)
    noise = np.zeros(state.width)
    carried, fresh = 0.0, 1.0
    for row, day in enumerate(outcome.own_days(days)):
        yield day + hour
        noise = carried * noise + fresh * (rho * state.innovation + own_share * innovations())
        carried, fresh = phi, math.sqrt(1.0 - phi**2)
        latent = outcome.baseline + effect * state.exposure + outcome.daily_sd * noise
        latent += outcome.placebo_response * state.placebo_course * state.belief / BLINDED
        for added, load in zip(trigger_effects, state.trigger_loads, strict=True):
            latent += added * load
        if diary_noise is not None:
            latent += outcome.diary_sd * diary_noise()
        on_scale(latent, *outcome.scale, outcome.step, out=scores[row])
        np.copyto(scores[row], np.nan, where=state.is_out)


def full_effect(own: float, planned: float, effect: Floats) -> Floats:
    """Compute the full effect on an outcome, in proportion to the primary one; its own planned one if that is none."""
    ratio: Floats = effect / planned if planned else np.ones(effect.shape)
    return own * ratio


def hour_of(position: int) -> float:
    """Return the hour at which the `position`-th secondary outcome is observed."""
    return hours.SECONDARY + position * hours.BETWEEN_TRIGGERS
