"""Doses taken or missed, and how the drug's effect builds up and fades."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Flags, Floats
from n1trial.design.schedule import Schedule
from n1trial.exposure import move, step_share
from n1trial.patient import hours
from n1trial.patient.state import State


def draw_effect(
    width: int, effect: float, effect_sd: float, responders: float, *,
    normal: Callable[[], Floats] | None, uniform: Callable[[], Floats] | None,
) -> Floats:  # fmt: skip
    """Draw the full effect of the drug in each replicate, from the prior.

    Parameters
    ----------
    width : int
        Replicates.
    effect, effect_sd : float
        Mean and SD among those who respond, on the outcome's scale.
    responders : float
        Chance to respond, 0 to 1; in others the drug does nothing.
    normal, uniform : callable or None
        Draw a row each; None where `effect_sd` is 0 or `responders` 1.

    Returns
    -------
    ndarray of float, shape (replicate,)
    """
    drawn = np.full(width, float(effect))
    if normal is not None:
        drawn += effect_sd * normal()
    if uniform is not None:
        drawn[uniform() >= responders] = 0.0
    return drawn


def take_doses(
    state: State,
    schedule: Schedule,
    every_days: int,
    chance: float,
    weekend_drop: float,
    uniform: Callable[[], Floats] | None,
    doses: NDArray[np.bool_] | None,
) -> Iterator[float]:
    """Take or miss the day's dose; an active one is in effect until the next is due or its period ends.

    `uniform` and `doses` (day, replicate; filled in) are None where every dose is taken.
    """
    is_taken: Flags = np.ones(state.width, dtype=bool)
    is_active = schedule.treatment == 1
    is_due = is_active if every_days == 1 else is_active & (schedule.day_of_period % every_days == 0)
    first = int(np.searchsorted(schedule.day, 0))
    for index, day in enumerate(schedule.day.tolist()[first:], start=first):
        yield day + hours.DOSE
        if uniform is not None and doses is not None:
            is_weekend = day % 7 >= 5
            is_taken = np.less(uniform(), chance - weekend_drop * is_weekend, out=doses[index])
        held = is_taken if every_days == 1 else np.where(is_due[index], is_taken, state.has_dose)
        np.logical_and(held, is_active[index], out=state.has_dose)


def absorb(state: State, days: list[int], onset_days: float, offset_days: float) -> Iterator[float]:
    """Move exposure one day's step toward the dose in effect, and the score by the drug's effect."""
    rise, fall = step_share(onset_days), step_share(offset_days)
    for day in days:
        yield day + hours.EXPOSURE
        state.exposure = move(state.exposure, state.has_dose, rise, fall)
        state.latent += state.effect * state.exposure
