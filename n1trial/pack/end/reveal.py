"""What the key tells, to those who have to know: one kit and nothing of its neighbors, or all at the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from n1trial.errors import InputError
from n1trial.pack.sealed.allocation import contents
from n1trial.pack.sealed.key import Key
from n1trial.pack.sealed.open_key import OpenKey
from n1trial.pack.trial.codes import is_code, normalize_code
from n1trial.pack.trial.commitment import in_groups
from n1trial.pack.trial.read import SCENARIO
from n1trial.pack.wording import PackFault
from n1trial.report.lines import table
from n1trial.report.words import content_names
from n1trial.scenario.file.load import load_scenario


def checked_code(typed: str) -> str:
    """Return the code of a kit as it is shown.

    Raises
    ------
    InputError
        If it is none, by its check character.
    """
    if not is_code(typed):
        raise InputError(PackFault("no_code", "kit", value=typed))
    return normalize_code(typed)


def with_dose(name: str, folder: Path) -> str:
    """Name what a kit holds, with its dose as its slip has it, where the plan lies beside the file.

    Parameters
    ----------
    name : str
        As the file of a pack made by an earlier release holds it, without a dose.
    folder : Path
        Of the pack.
    """
    if not (folder / SCENARIO).is_file():
        return name
    try:
        scenario = load_scenario(str(folder / SCENARIO))
    except InputError:  # in an emergency nothing waits for that
        return name
    plain = (scenario.control.name, scenario.treatment.name)
    return dict(zip(plain, content_names(scenario), strict=True)).get(name, name)


def one_kit(key: Key, code: str) -> str:
    """Name what one kit holds, with its dose as its slip has it.

    Parameters
    ----------
    key : Key
    code : str
        As it is shown; that of a replacement too.

    Raises
    ------
    InputError
        If it is no kit of this pack.
    """
    held, scenario = contents(key.trial, key.allocation), key.trial.scenario
    if code not in held:
        raise InputError(PackFault("no_kit", "kit", {"patient_code": key.trial.patient_code}, code))
    return content_names(scenario)[held[code]]


def proof(open_key: OpenKey) -> str:
    """Say that a key opens and is the right one, without a word of what it holds."""
    key = open_key.key
    return (
        f"The key opens. It is the one of patient code {key.trial.patient_code} that was committed to:\n"
        f"  {in_groups(open_key.commitment)}\n{papers_in_words(open_key)}\nNothing of it was shown.\n"
    )


def papers_in_words(key: OpenKey) -> str:
    """Whether the blinded papers beside a key are those that were handed out."""
    if len(key.missing) == len(key.key.papers):
        return "No blinded papers lie beside it, so that none were compared."
    told = []
    if key.changes:
        told.append(f"CHANGED after the key was sealed: {', '.join(key.changes)}.")
    if key.missing:
        told.append(f"Not beside it, and so not compared: {', '.join(key.missing)}.")
    told = told or ["The blinded papers beside it are those that were handed out with it."]
    if key.key.trial.version > 1:
        told.append(f"Dated papers were made again; the newest are version {key.key.trial.version}.")
    return " ".join(told)


def everything(open_key: OpenKey) -> str:
    """Tell order, change-overs and contents of all kits."""
    key = open_key.key
    lines = [
        f"Patient code {key.trial.patient_code}, made by n1trial {key.version}",
        papers_in_words(open_key),
        "",
        *_stretches(key),
        "",
        *table([("kit", "code", "if lost", "from", "to", "holds"), *_kits(key)], left=range(1, 6)),
    ]
    return "\n".join(lines) + "\n"


def _kits(key: Key) -> Iterator[tuple[str, ...]]:
    for kit in key.trial.kits:
        first, last = key.trial.date_of(kit.first_day), key.trial.date_of(kit.last_day)
        yield str(kit.number), kit.code, kit.replacement, str(first), str(last), one_kit(key, kit.code)


def _stretches(key: Key) -> Iterator[str]:
    """Say from when to when each period, and each washout, was."""
    trial, schedule = key.trial, key.allocation.schedule(key.trial.scenario)
    days = [int(day) for day in schedule.day if day >= trial.first_kit_day]
    offset = int(schedule.day[0])
    for period, held in groupby(days, key=lambda day: int(schedule.period[day - offset, 0])):
        span = list(held)
        names = (trial.scenario.control.name, trial.scenario.treatment.name)
        given = names[int(schedule.treatment[span[0] - offset, 0])]
        what = f"period {period}" if period else "run-in" if span[0] < 0 else "washout"
        yield f"{what:<10} {trial.date_of(span[0])} to {trial.date_of(span[-1])}  {given}"
