"""What the diary of a trial must be like: its scales, dates and kits, for the reader of diaries."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from datetime import timedelta

from n1trial.diary.file.columns import column
from n1trial.diary.file.returned_diary import DiaryFormat
from n1trial.pack.trial.codes import LENGTH, is_code, normalize_code
from n1trial.pack.trial.columns import asked_columns
from n1trial.pack.trial.trial import Trial


def diary_format(trial: Trial) -> DiaryFormat:
    """Say what the diary of a trial must be like."""
    scenario = trial.scenario
    return DiaryFormat(
        scale=scenario.outcome.scale,
        day_zero=trial.first_date - timedelta(days=trial.first_day),
        pauses=tuple((move.first_day, move.days) for move in trial.pauses),
        names=(scenario.treatment.name, scenario.control.name),
        doses=len(scenario.pack.times_of_day),
        outcomes={outcome.name: outcome.scale for outcome in scenario.secondary},
        triggers=tuple(map(column, scenario.analysis.adjust)),
        own=tuple(asked_columns(scenario.outcome.also_asked)),
        kit_fault=lambda typed: kit_fault(typed, trial),
        kits_fault=lambda typed: kits_fault(typed, trial),
        needs_kit=True,
        is_control_active=scenario.control.is_active,
    )


def kit_fault(typed: str, trial: Trial | None = None) -> str | None:
    """Say what is wrong with the code of a kit.

    Parameters
    ----------
    typed : str
        As it stands in the diary; small letters, blanks and other hyphens are forgiven.
    trial : Trial, optional
        Whose kits there are; without it the check character alone is looked at.

    Returns
    -------
    str or None
        None if nothing is.
    """
    known = [code for kit in trial.kits for code in kit.codes] if trial is not None else []
    if not is_code(typed):
        return f'must be the code of a kit, and its check character says that "{typed}" is none{_likely(typed, known)}'
    if trial is not None and normalize_code(typed) not in known:
        return f"{normalize_code(typed)} is a kit of another pack (this is that of patient code {trial.patient_code})"
    return None


def kits_fault(typed: Collection[str], trial: Trial) -> str | None:
    """Say that a diary is not of this trial, where it notes several kits and all are of another pack; else None."""
    known = {code for kit in trial.kits for code in kit.codes}
    foreign = {normalize_code(code) for code in typed if is_code(code)} - known
    if len(foreign) < 2 or any(not is_code(code) or normalize_code(code) in known for code in typed):
        return None
    return (
        f"all {len(foreign)} kits of this diary are of another pack (this is that of patient code"
        f" {trial.patient_code}): is it the diary of another patient, or the wrong pack?"
    )


def _likely(typed: str, kits: list[str]) -> str:
    """Find the kit of the pack that a slip of the pen would make of what was typed, if it is one alone."""
    plain = normalize_code(typed)
    close = [
        code for code in kits
        if len(plain) == len(code) and sum(a != b for a, b in zip(plain, code, strict=True)) <= 1
    ] or difflib.get_close_matches(plain, kits, n=2, cutoff=1 - 1.5 / LENGTH)  # fmt: skip
    return f"; is it {close[0]}? Look at the label" if len(close) == 1 else "; look at the label"
