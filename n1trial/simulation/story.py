"""A simulated patient's trial told as a list of events, in the order in which they happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from n1trial.arrays import Flags
from n1trial.patient.placebo import CANNOT_TELL
from n1trial.simulation.life import Life

KINDS = (
    # midnight
    "run-in", "first day", "washout", "change-over", "next period", "gap begins",
    # morning and noon
    "dose missed", "trigger", "tell-tale effect",
    # evening
    "entry missing", "entry filled in later", "gap ends",
    # night
    "guess", "dropped out", "end",
)  # fmt: skip
"""What can happen, in the order of the day."""


class Event(NamedTuple):
    """An event of a trial, on its day.

    Attributes
    ----------
    day : int
        0 is the first blinded day.
    kind : str
        One of `KINDS`.
    text : str
        What happened, in words.
    """

    day: int
    kind: str
    text: str


def story(life: Life) -> list[Event]:
    """Tell what happened to one simulated patient.

    Returns
    -------
    list of Event
        By day and, within a day, in the order of `KINDS`. What happens unseen after the patient has left is not told.
    """
    events = [event for tell in TELLERS for event in tell(life)]
    if life.dropout_day is not None:
        events = [event for event in events if event.day < life.dropout_day]
    return sorted(events, key=lambda event: (event.day, KINDS.index(event.kind)))


def _run_in(life: Life) -> Iterator[Event]:
    if life.day[0] < 0:
        is_blinded = life.scenario.design.run_in == "placebo"
        what = f"on {life.scenario.control.name}, unknown to the patient" if is_blinded else "without treatment"
        yield Event(int(life.day[0]), "run-in", f"run-in begins, {what}")


def _periods(life: Life) -> Iterator[Event]:
    """Tell of the first day, change-overs, periods that repeat a treatment, and washouts."""
    if life.scenario.design.layout == "open-label":
        yield Event(0, "first day", f"first day on {life.scenario.treatment.name}, openly")
        return
    before: str | None = None
    for index in _starts(life):
        day, period = int(life.day[index]), int(life.period[index])
        if period == 0:
            yield Event(day, "washout", f"washout begins, on {life.scenario.control.name}")
            continue
        name = _name(life, int(life.treatment[index]))
        where = f"round {life.cycle[index]}, period {period} of {life.scenario.layout().periods}"
        if before is None:
            yield Event(day, "first day", f"first blinded day, on {name}: {where}")
        elif name == before:
            yield Event(day, "next period", f"{where} begins, on {name} again")
        else:
            yield Event(day, "change-over", f"change-over from {before} to {name}: {where}")
        before = name


def _starts(life: Life) -> list[int]:
    """Find where periods and washouts begin."""
    changes = np.flatnonzero(np.diff(life.period, prepend=-1))
    starts: list[int] = changes[life.day[changes] >= 0].tolist()
    return starts


def _gaps(life: Life) -> Iterator[Event]:
    edges = np.diff(life.is_in_gap.astype(np.int8), prepend=0, append=0)
    for index in np.flatnonzero(edges == 1):
        yield Event(int(life.day[index]), "gap begins", "a gap in the diary begins")
    for index in np.flatnonzero(edges == -1) - 1:
        yield Event(int(life.day[index]), "gap ends", "the gap ends")


def _doses(life: Life) -> Iterator[Event]:
    for index in _where(life.is_due & ~life.is_taken):
        yield Event(int(life.day[index]), "dose missed", f"{_dose_words(life, index)} missed")


def _dose_words(life: Life, index: int) -> str:
    return f"dose of {_name(life, int(life.treatment[index]))}"


def _triggers(life: Life) -> Iterator[Event]:
    for name, hit in life.hits.items():
        for index in _where(hit):
            yield Event(int(life.day[index]), "trigger", f"trigger: {name}")


def _tell_tales(life: Life) -> Iterator[Event]:
    drug = life.scenario.treatment.name
    for day in life.tell_days:
        index = int(np.searchsorted(life.day, day))
        cause = "a tell-tale effect" if life.treatment[index] else "something taken for a tell-tale effect"
        lasts = index + 1 < len(life.day) and life.period[index + 1] == life.period[index]
        then = f"sure of {drug} until the period ends" if lasts else "as the period ends"
        yield Event(day, "tell-tale effect", f"{cause}: {then}")


def _entries(life: Life) -> Iterator[Event]:
    for index in _where(life.is_filled):
        copied = f"{life.score[index]:.10g}, a copy of the one before"
        yield Event(int(life.day[index]), "entry filled in later", f"entry filled in later: {copied}")
    for index in _where(life.is_lost & ~life.is_filled & ~life.is_in_gap):
        yield Event(int(life.day[index]), "entry missing", "no entry")


def _guesses(life: Life) -> Iterator[Event]:
    for day, guess in life.guesses.items():
        truth = int(life.treatment[np.searchsorted(life.day, day)])
        if guess == CANNOT_TELL:
            text = f"cannot tell what they take (it is {_name(life, truth)})"
        elif guess == truth:
            text = f"thinks they take {_name(life, guess)} (right)"
        else:
            text = f"thinks they take {_name(life, guess)} (it is {_name(life, truth)})"
        yield Event(day, "guess", text)


def _end(life: Life) -> Iterator[Event]:
    if life.dropout_day is not None:
        yield Event(life.dropout_day - 1, "dropped out", "drops out: from tomorrow on nothing is recorded")
    else:
        yield Event(int(life.day[-1]), "end", "the trial ends")


def _name(life: Life, treatment: int) -> str:
    return life.scenario.treatment.name if treatment == 1 else life.scenario.control.name


def _where(flags: Flags) -> list[int]:
    indices: list[int] = np.flatnonzero(flags).tolist()
    return indices


TELLERS: tuple[Callable[[Life], Iterator[Event]], ...] = (
    _run_in, _periods, _gaps, _doses, _triggers, _tell_tales, _entries, _guesses, _end,
)  # fmt: skip
