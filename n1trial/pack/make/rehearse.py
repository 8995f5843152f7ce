"""A rehearsal: the diary that a simulated patient would bring home, on a pack that is not for a patient."""

from __future__ import annotations

import csv
import io
import math

import numpy as np

from n1trial.diary.file.columns import column
from n1trial.errors import InputError
from n1trial.files.tables import csv_text
from n1trial.pack.sealed.key import Key
from n1trial.patient.placebo import CANNOT_TELL
from n1trial.simulation.life import Life, live_on

BLANK = "patient/diary.csv"
CANNOT_TELL_WORDS = "cannot tell"
"""What a patient writes who has no guess."""


def live_through(key: Key, seed: int, effect: float | None = None) -> Life:
    """Let a simulated patient live through the trial of a pack.

    Parameters
    ----------
    key : Key
        Of a rehearsal.
    seed : int
        Seed of the patient, 0 or more.
    effect : float, optional
        Full effect of the drug, on the outcome's scale; drawn from the scenario's prior by default.

    Returns
    -------
    Life
        On the kits of the pack. Weekdays are counted from a Monday, whatever the dates of the pack.

    Raises
    ------
    InputError
        If the pack is that of a real patient, whose key is not to be opened for play.
    """
    if not key.trial.is_rehearsal:
        raise InputError("this is the key of a real pack, and no rehearsal (pack --seed); it was not looked into")
    return live_on(key.trial.scenario, key.allocation.assignment, seed, effect)


def fill_in(blank: str, key: Key, life: Life) -> str:
    """Fill the diary of a pack in, as the patient of that life would have.

    Parameters
    ----------
    blank : str
        Text of the pack's ``patient/diary.csv``: a row a day.
    key : Key
    life : Life
        Lived through on that pack.

    Returns
    -------
    str
        The same table with scores, further outcomes, doses, what was written later, guesses and triggers. Columns that
        the simulated patient knows nothing of stay empty.

    Raises
    ------
    InputError
        If it is no diary of that pack.
    """
    known = {day: index for index, day in enumerate(life.day.tolist())}
    try:
        rows = list(csv.DictReader(io.StringIO(blank), strict=True))
        indices = [known[int(row["day"])] for row in rows]
    except (ValueError, KeyError, TypeError, csv.Error):
        rows, indices = [], []
    if not rows or any(None in row or None in row.values() for row in rows):
        raise InputError(f"{BLANK}: is not as the pack has it, a row a day; take it from the pack as it was made")
    for row, index in zip(rows, indices, strict=True):
        if life.is_recorded[index]:
            row.update({name: text for name, text in _entries(key, life, index).items() if name in row})
    return csv_text(list(rows[0]), (list(row.values()) for row in rows))


def _entries(key: Key, life: Life, index: int) -> dict[str, str]:
    """Return what the patient writes on a day."""
    scenario, day, score = key.trial.scenario, int(life.day[index]), float(life.score[index])
    if math.isnan(score):
        written = {}
    else:
        hits = [name for name, is_hit in life.hits.items() if is_hit[index]]
        written = {"score": _show(score), "late": str(int(life.is_filled[index])), "unusual": "; ".join(hits)}
    if life.is_due[index]:
        written["doses_taken"] = str(len(scenario.pack.times_of_day) if life.is_taken[index] else 0)
    if day in life.guesses:
        names = {1: scenario.treatment.name, 0: scenario.control.name, CANNOT_TELL: CANNOT_TELL_WORDS}
        written["guess"] = names[life.guesses[day]]
    boxes = {} if math.isnan(score) else {name: str(int(life.hits[name][index])) for name in scenario.analysis.adjust}
    return written | _secondary_entries(life, day) | {column(name): box for name, box in boxes.items()}


def _secondary_entries(life: Life, day: int) -> dict[str, str]:
    """Return what is written of secondary outcomes on a day, by column."""
    asked = {name: scores[days == day] for name, (days, scores) in life.secondary.items()}
    return {column(name): _show(float(scores[0])) for name, scores in asked.items() if np.isfinite(scores).any()}


def _show(score: float) -> str:
    return f"{score:.10g}"
