"""Making a check diary, and analyzing it as the diary of its trial is analyzed: joined with a key, then concluded."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np

from n1trial.analysis.analyze import analyze
from n1trial.diary.file.answers import CANNOT_TELL, CONTROL, DRUG, NOT_ASKED, NOT_SAID
from n1trial.diary.file.returned_diary import ReturnedDiary
from n1trial.pack.end.conclude import Final, conclude
from n1trial.pack.end.trial_diary import TrialDiary, join
from n1trial.pack.sealed.allocation import Allocation, contents
from n1trial.pack.sealed.check_diary import CheckDiary, Figures
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.secrets import Secrets
from n1trial.pack.trial.characteristics import PlanCharacteristics
from n1trial.pack.trial.trial import Trial, blinded_trial
from n1trial.report.diary.terminal import figures
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate_batch

SEED = 1
"""Of every check diary: it has nothing to do with the secrets of a pack."""
COMPLETE = {"conduct.dropout_per_week": 0.0, "conduct.dropout_when_worse": 0.0}
START = date(2001, 1, 1)
NO_SECRETS = Secrets(bytes(16), bytes(16), bytes(16))
NOT_PLANNED = PlanCharacteristics(0, 0, 0, 0, 0, "", "", False, 0, 0)
"""Of the key that a check diary is first joined with; no figure depends on them."""
UNSAID, MISSED, LATE, TRIGGER = 5, 11, 7, 3
"""Every how many days nothing is said of the doses, they are missed, the entry is written later, a trigger strikes."""


def make_check_diary(scenario: Scenario) -> CheckDiary:
    """Simulate a patient who keeps the diary to its end, confuses two kits and leaves boxes empty; and analyze it."""
    diaries = simulate_batch(scenario.replace(**COMPLETE), seed=SEED, first=1, width=1).diaries
    assert diaries.assignment is not None
    trial = blinded_trial(scenario, START, NO_SECRETS.codes, is_rehearsal=True)
    allocation = Allocation.of(diaries.assignment)
    days = allocation.schedule(scenario).day.tolist()
    taken = diaries.observed.doses_taken
    is_taken = [True] * len(days) if taken is None else np.broadcast_to(taken, diaries.score.shape)[:, 0].tolist()
    check = CheckDiary(
        allocation,
        tuple(None if math.isnan(score) else score for score in diaries.score[:, 0].tolist()),
        tuple(
            None if day % UNSAID == 0 else is_taken and day % MISSED > 0
            for day, is_taken in zip(days, is_taken, strict=True)
        ),
        {},
        _confused_kits(trial, allocation),
        tuple(day for day in days if day % LATE == 0),
        tuple((kit.last_day, (DRUG, CONTROL, CANNOT_TELL)[kit.number % 3]) for kit in trial.kits),
    )
    joined = join_check(check, Key(trial, allocation, NO_SECRETS, NOT_PLANNED, {}))
    found = {method: figures_of(joined, method) for method in planned_methods(scenario)}
    return replace(check, figures=found, conclusion=conclusion_of(joined))


def planned_methods(scenario: Scenario) -> tuple[str, ...]:
    """Name the methods of a plan, the primary one first."""
    plan = scenario.plan()
    return tuple(dict.fromkeys((plan.primary, *plan.methods)))


def join_check(check: CheckDiary, key: Key) -> TrialDiary:
    """Put a check diary on its own allocation, with the kits of a key's trial; dates that were moved are left out."""
    trial = replace(key.trial, moves=(), version=1)
    return join(_rows(check, trial), replace(key, trial=trial, allocation=check.allocation))


def figures_of(diary: TrialDiary, method: str) -> dict[str, Any]:
    """Compute the figures that the code of now gives by a method, as randomized."""
    found: Figures = figures({method: analyze(diary.as_randomized, method)})
    return found[method]


def conclusion_of(diary: TrialDiary) -> dict[str, Any]:
    """Return plain values of all that is concluded besides the methods as randomized, as JSON has them."""
    final = conclude(diary)
    values = {
        "join": {
            "entries": diary.entries,
            "other_content_days": int(diary.is_other_content.sum()),
            "missed_days": int(diary.is_missed.sum()),
            "not_said_days": int(diary.is_not_said.sum()),
            "late_days": int(diary.is_late.sum()),
            "deviations": [f"{each.kind}, days {each.first_day} to {each.last_day}" for each in diary.deviations],
        },
        "decision": {"is_adopted": final.is_adopted},
        **findings(final),
        "secondary": {outcome.name: asdict(outcome) for outcome in final.secondary},
    }
    plain: dict[str, Any] = json.loads(json.dumps(values, allow_nan=False))
    return plain


def findings(final: Final) -> dict[str, Any]:
    """Return what is concluded besides the methods as randomized, as ``analysis.json`` has it."""
    return {
        "ending": asdict(final.ending),
        "as_taken": figures(final.as_taken),
        "as_taken_if_missed": figures(final.taken_if_missed),
        "without_late_entries": None if final.in_time is None else figures({final.plan.primary: final.in_time}),
        "exposure_constants": [
            {"onset": onset, "offset": offset} | figures({estimates.method: estimates})[estimates.method]
            for (onset, offset), estimates in final.constants.items()
        ],
        "blinding": asdict(final.blinding),
        "secondary": [asdict(outcome) for outcome in final.secondary],
    }


def _confused_kits(trial: Trial, allocation: Allocation) -> tuple[tuple[int, int], ...]:
    """Use on the days of the first kit the first one of the other content."""
    held, first = contents(trial, allocation), trial.kits[0]
    other = next((kit for kit in trial.kits if held[kit.code] != held[first.code]), first)
    return tuple((day, other.number) for day in range(first.first_day, first.last_day + 1))


def _rows(check: CheckDiary, trial: Trial) -> ReturnedDiary:
    """Return rows of a check diary, as if they had been read."""
    scenario = trial.scenario
    day = check.allocation.schedule(scenario).day.astype(np.int64)
    score = np.array([math.nan if each is None else each for each in check.scores])
    counts = {None: NOT_SAID, False: 0, True: len(scenario.pack.times_of_day)}
    said = [None] * len(day) if check.doses is None else check.doses
    guesses, kits = dict(check.guesses), dict(check.kits)
    codes = {kit.number: kit.code for kit in trial.kits}
    doses = np.array([counts[each] for each in said], dtype=np.int8)
    guess = np.array([guesses.get(each, NOT_ASKED) for each in day.tolist()], dtype=np.int8)
    return ReturnedDiary(
        place="check diary",
        line=np.arange(len(day)) + 2,
        day=day,
        behind=np.full(len(day), np.nan),
        kit=tuple(codes[kits[each]] if each in kits else "" for each in day.tolist()),
        score=score,
        doses=doses,
        is_late=np.isin(day, check.late),
        guess=guess,
        units_left=np.full(len(day), np.nan),
        texts={},
        # Any scores will do, and these need no room in the key.
        outcomes={outcome.name: score for outcome in scenario.secondary},
        is_written=np.isfinite(score) | (doses != NOT_SAID) | (guess != NOT_ASKED),
        day_zero=None,
        notes=(),
        triggers={name: (day % TRIGGER == 0).astype(np.float64) for name in scenario.plan().adjust},
    )
