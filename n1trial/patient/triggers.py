"""Stress, short sleep, caffeine and the like: evenings that stir the symptoms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from n1trial.arrays import Floats
from n1trial.patient import hours
from n1trial.patient.state import State


def pull_trigger(
    state: State,
    days: list[int],
    position: int,
    chance: float,
    effect: float,
    fade_days: float,
    uniform: Callable[[], Floats],
    boxes: Floats | None = None,
) -> Iterator[float]:
    """Load and fading of one trigger, the `position`-th of the scenario.

    `boxes` (day, replicate), where given, is filled in: 1 on days on which it strikes, else 0.
    """
    kept = math.exp(-1.0 / fade_days) if fade_days > 0 else 0.0
    hour = hours.TRIGGER + position * hours.BETWEEN_TRIGGERS
    for row, day in enumerate(days):
        yield day + hour
        load = (uniform() < chance).astype(np.float64)
        if boxes is not None:
            boxes[row] = load
        if kept:
            np.maximum(load, kept * state.trigger_loads[position], out=load)
        state.trigger_loads[position] = load
        state.latent += effect * load
