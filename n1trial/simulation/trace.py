"""An observer of the simulation: it looks on, day by day, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from n1trial.patient import hours
from n1trial.patient.patient import SimulatedPatient

History = dict[str, NDArray[np.generic]]


def observe(patient: SimulatedPatient, history: History) -> Iterator[float]:
    """Copy the state of every day into `history`, one array (day, replicate) a quantity.

    What is off stays as it was at the start. The latent score, noise and the like are those of the evening;
    belief is the one that scaled the day's placebo response.
    """
    state, record = patient.state, patient.record
    days: list[int] = patient.schedule.day.tolist()
    watched: dict[str, Callable[[], NDArray[np.generic] | float]] = {
        "latent": lambda: state.latent,
        "exposure": lambda: state.exposure,
        "belief": lambda: state.belief,
        "placebo_course": lambda: state.placebo_course,
        "noise": lambda: state.noise,
        "drift": lambda: state.drift,
        "shift": lambda: state.shift,
        "in_gap": lambda: state.is_in_gap,
    }
    for position, trigger in enumerate(patient.scenario.trigger):
        watched[f"trigger {trigger.name}"] = partial(state.trigger_loads.__getitem__, position)
    shape = (len(days), state.width)
    for name in watched:
        history[name] = np.zeros(shape, dtype=bool if name == "in_gap" else np.float64)
    history["out"] = np.zeros(shape, dtype=bool)
    for index, day in enumerate(days):
        yield day + hours.OBSERVE
        for name, value in watched.items():
            if name != "in_gap":
                history[name][index] = value()
        # the gap and the dropout of a night begin on the next day
        if index + 1 < len(days):
            history["in_gap"][index + 1] = state.is_in_gap
            history["out"][index + 1] = state.is_out
    history["written"] = record.score
    if record.doses_taken is not None:
        history["taken"] = record.doses_taken
