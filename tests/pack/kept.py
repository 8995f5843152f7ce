"""Packs and the diaries that simulated patients brought back, for tests that need no sealing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from n1trial.design.assignment import Assignment
from n1trial.diary.file.columns import COLUMNS, column
from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.pack.sealed.allocation import Allocation
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.secrets import Secrets
from n1trial.pack.trial.read import facts_file
from n1trial.pack.trial.trial import Trial, blinded_trial
from n1trial.pack.visit.diary_format import diary_format
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import write_resolved
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import Diaries, simulate
from tests.pack.packable import BY_EXACT_TEST, PLANNED

START = date(2027, 1, 4)
Rows = list[dict[str, str]]


@cache
def scenario_of(**changes: Any) -> Scenario:
    """Two rounds of two kits a period, with other values of some keys."""
    base: dict[str, Any] = {
        "name": "small",
        "design.cycles": 2,
        "design.period_days": 14,
        "design.switch_jitter_days": 0,
        "analysis.discard_days": 0,
        "analysis.minimum_days": 1,
    }
    return load_scenario("b12-6-to-8-week").replace(
        **(BY_EXACT_TEST | base | {key.replace("__", "."): changes[key] for key in changes})
    )


def trial_of(scenario: Scenario, *, is_rehearsal: bool = False, codes: int = 1) -> Trial:
    return blinded_trial(scenario, START, codes.to_bytes(16), is_rehearsal=is_rehearsal)


def key_of(trial: Trial, allocation: Allocation) -> Key:
    secrets = Secrets(*(number.to_bytes(16) for number in (3, 1, 2)))
    return Key(trial, allocation, secrets, PLANNED, {})


def allocation_of(assignment: Assignment, replicate: int = 0) -> Allocation:
    order = "".join("A" if on_drug else "B" for on_drug in assignment.order[:, replicate])
    return Allocation(order, tuple(int(days) for days in assignment.shift[:, replicate]))


def lived(scenario: Scenario, seed: int = 1, effect: float | None = None) -> tuple[Diaries, Key]:
    """A simulated patient's trial, and the key of a pack with the same assignment."""
    diaries = simulate(scenario, 1, seed, effect)
    assert diaries.assignment is not None
    return diaries, key_of(trial_of(scenario), allocation_of(diaries.assignment))


def blank(trial: Trial) -> Rows:
    """Rows of the diary as the pack prints them."""
    rows = []
    outcomes = [column(outcome.name) for outcome in trial.scenario.secondary]
    for day in range(-trial.layout.run_in_days, trial.last_day + 1):
        kit = trial.kit_of(day)
        row = dict.fromkeys((*COLUMNS, *outcomes), "")
        row |= {"day": str(day), "date": trial.date_of(day).isoformat(), "week": str(trial.week_of(day))}
        rows.append(row | {"kit": "" if kit is None else kit.code})
    return rows


def filled(diaries: Diaries, trial: Trial) -> Rows:
    """Rows as the simulated patient filled them in."""
    rows, diary = blank(trial), diaries.observed
    guesses = dict(zip(diaries.guess_days.tolist(), diaries.guesses[:, 0].tolist(), strict=True))
    seconds = {
        column(name): dict(zip(days.tolist(), scores[:, 0].tolist(), strict=True))
        for name, (days, scores) in diaries.secondary.items()
    }
    for row, day, score in zip(rows, diary.day.tolist(), diary.score[:, 0].tolist(), strict=True):
        index = day - int(diary.day[0])
        if not np.isnan(score):
            row["score"] = repr(score)
        if trial.takes_dose(day) and day < diaries.dropout_day[0]:
            row["doses_taken"] = "yes" if diary.doses_taken is None or diary.doses_taken[index, 0] else "0"
        if guesses.get(day, -2) >= -1:
            names = {1: trial.scenario.treatment.name.lower(), 0: trial.scenario.control.name, -1: "cannot tell"}
            row["guess"] = names[guesses[day]]
        for name, scores in seconds.items():
            if not np.isnan(scores.get(day, np.nan)):
                row[name] = repr(scores[day])
    return rows


def text_of(rows: Rows) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(rows: Rows, trial: Trial, folder: Path) -> ReturnedDiary:
    path = folder / "diary.csv"
    path.write_text(text_of(rows), encoding="utf-8")
    return read_returned(path, diary_format(trial))


def blinded_files(trial: Trial, commitment: str = "c" * 64) -> Mapping[str, str]:
    """What check-diary reads of a pack."""
    lines = ["number,kit,replacement,first_day,last_day,first_date,last_date"]
    for kit in trial.kits:
        dates = f"{trial.date_of(kit.first_day)},{trial.date_of(kit.last_day)}"
        lines.append(f"{kit.number},{kit.code},{kit.replacement},{kit.first_day},{kit.last_day},{dates}")
    return {
        "clinician/scenario.toml": write_resolved(trial.scenario),
        "clinician/kits.csv": "\n".join(lines) + "\n",
        "clinician/trial.json": facts_file(trial).decode(),
        "commitment.txt": f"{commitment}\n",
    }


def write_pack(trial: Trial, folder: Path, commitment: str = "c" * 64) -> Path:
    for name, text in blinded_files(trial, commitment).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
