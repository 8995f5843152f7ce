"""Read a trial from the blinded files of its pack: plan, kits and dates; never a sealed file."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

from n1trial.diary.stop_rule import StopRule
from n1trial.errors import InputError
from n1trial.files.read import read_file
from n1trial.pack.trial.codes import is_code
from n1trial.pack.trial.commitment import COMMITMENT
from n1trial.pack.trial.moves import with_moved_dates
from n1trial.pack.trial.trial import Kit, Trial
from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.model.limits import AS_MADE
from n1trial.scenario.scenario import Scenario

SCENARIO, KITS, FACTS = "clinician/scenario.toml", "clinician/kits.csv", "clinician/trial.json"
COLUMNS = ("number", "kit", "replacement", "first_day", "last_day", "first_date")
OLDER_SHARE, OLDER_DAYS = 0.2, 14
"""Of the scale's width, and of days: the stop rule on the papers of release 0.1.0."""
REHEARSAL = "EXAMPLE - NOT FOR A PATIENT"
"""Stands on everything that was made of a seed."""
PATIENT_IN_WORDS = re.compile(r"[Pp]atient code:? (\S{3}-\S{3})")
"""Patient code in the commitment file, where packs made before `FACTS` alone have it."""


def is_pack(folder: Path) -> bool:
    """Whether a folder holds the blinded files of a pack."""
    return all((folder / name).is_file() for name in (SCENARIO, KITS, COMMITMENT))


def read_trial(folder: Path) -> Trial:
    """Read the trial from the blinded files of a pack, with the dates of its newest papers.

    Raises
    ------
    InputError
        If a file is not there, or is not as a pack has it.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name that of the pack, which holds patient and clinician")
    faults = [f"{folder / name}: no such file, and a pack has it" for name in (SCENARIO, KITS, COMMITMENT)
              if not (folder / name).is_file()]  # fmt: skip
    if faults:
        raise InputError(faults)
    scenario = load_scenario(str(folder / SCENARIO), context=AS_MADE)
    kits, day_zero = _kits(folder / KITS, scenario)
    has_facts = (folder / FACTS).is_file()
    patient, is_rehearsal = _facts(folder / FACTS) if has_facts else _facts_in_words(folder / COMMITMENT)
    start = day_zero - timedelta(days=scenario.design.run_in_days)
    return with_moved_dates(Trial(scenario, start, patient, kits, is_rehearsal, _rule_on_papers(scenario)), folder)


def facts_file(trial: Trial) -> bytes:
    """Write what no other blinded file of a pack has as a value, for `read_trial`."""
    facts = {"patient_code": trial.patient_code, "is_rehearsal": trial.is_rehearsal}
    return f"{json.dumps(facts, indent=1)}\n".encode()


def _facts(path: Path) -> tuple[str, bool]:
    """Read the patient code of a pack, and whether it is a rehearsal."""
    try:
        match json.loads(read_file(path)):
            case {"patient_code": str(patient), "is_rehearsal": bool(is_rehearsal)} if is_code(patient):
                return patient, is_rehearsal
    except (ValueError, RecursionError):
        pass
    raise InputError(f"{path}: is not as a pack has it: patient_code, and is_rehearsal true or false")


def _facts_in_words(path: Path) -> tuple[str, bool]:
    """Read the same from the commitment file of a pack that was made before `FACTS`."""
    text = read_file(path).decode(errors="replace")
    found = PATIENT_IN_WORDS.search(text)
    if found is None or not is_code(found[1]):
        raise InputError(f"{path}: does not name the patient code, and that of a pack does")
    return found[1], REHEARSAL in text


def _rule_on_papers(scenario: Scenario) -> StopRule | None:
    """Return the stop rule of a pack whose scenario states none, although all sealed is stated: an older one."""
    if "stopping" in scenario.model_fields_set:
        return None
    low, high = scenario.outcome.scale
    return StopRule(OLDER_SHARE * (high - low), OLDER_DAYS, scenario.outcome.better, scenario.outcome.scale)


def _kits(path: Path, scenario: Scenario) -> tuple[tuple[Kit, ...], date]:
    """Read the kits of a pack, and the date of day 0."""
    rows = list(csv.DictReader(io.StringIO(read_file(path).decode("utf-8-sig", errors="replace"))))
    try:
        kits = tuple(
            Kit(int(row["number"]), row["kit"], row["replacement"], int(row["first_day"]), int(row["last_day"]))
            for row in rows
        )
        zeros = {date.fromisoformat(row["first_date"]) - timedelta(days=int(row["first_day"])) for row in rows}
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{path}: is not as a pack has it: columns {', '.join(COLUMNS)} and a row a kit") from None
    layout, length = scenario.layout(), scenario.pack.kit_days
    first = kits[0].first_day if kits else 0
    days = [(kit.first_day, kit.last_day) for kit in kits]
    planned = [(day, day + length - 1) for day in range(first, layout.treated_days, length)]
    is_whole = all(is_code(code) for kit in kits for code in kit.codes) and len(zeros) == 1 and days == planned
    if not kits or not is_whole:
        raise InputError(f"{path}: was changed: its kits are not those of {SCENARIO} beside it")
    return kits, zeros.pop()
