"""Before the key opens the diary is frozen: its hash, what differs from the plan, and the analysis, in a log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from n1trial import __version__
from n1trial.pack.deviations import deviations, is_planned
from n1trial.pack.older_logs import REVEALS, append, lines_in_time
from n1trial.source import Source, content_of

if TYPE_CHECKING:
    from n1trial.diary.returned import Returned
    from n1trial.pack.trial import Trial

ANALYSIS = "analysis.log"
FROZEN, OPENED = "frozen", "opened"
NOT_SETTINGS = ("layout", "methods", "primary", "scale")


def digest_of(diary: Source) -> str:
    """SHA-256 of a diary file.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    return hashlib.sha256(content_of(diary, wanted="a diary file")).hexdigest()


def record(returned: Returned, digest: str, trial: Trial | None, methods: Iterable[str] = ()) -> dict[str, Any]:
    """What is frozen of a diary.

    Parameters
    ----------
    returned : Returned
    digest : str
        SHA-256 of its file.
    trial : Trial or None
        What the blinded files of the pack tell; None where they are not at hand, so that deviations cannot be known.
    methods : iterable of str
        Analyses asked for besides the planned ones.

    Returns
    -------
    dict
        For one line of JSON.
    """
    found: dict[str, Any] = {"event": FROZEN, "diary": Path(returned.place).name, "sha256": digest}
    found |= {"rows": len(returned.day), "entries": int(np.isfinite(returned.score).sum())}
    found |= {"n1trial": __version__, "asked": list(methods)}
    if trial is None:
        return found | {"deviations": None, "excluded_days": None, "primary": None}
    plan = trial.scenario.plan()
    told = [
        {"from": each.first_day, "to": each.last_day, "what": each.text}
        for each in deviations(trial, returned, is_over=True)
    ]
    beyond = returned.day[returned.is_written & ~is_planned(trial, returned)].tolist()
    settings = {name: value for name, value in asdict(plan).items() if name not in NOT_SETTINGS}
    return found | {
        "deviations": told,
        "excluded_days": beyond,
        "primary": plan.primary,
        "methods": list(plan.methods),
        "settings": settings,
    }


def freeze(log: Path, what: dict[str, Any]) -> str:
    """Append a record to the log beside the key, on the disk before anything else happens.

    Returns
    -------
    str
        When it was written.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    return append(log, json.dumps(what, ensure_ascii=False, allow_nan=False)).split("  ", 1)[0]


def opened(log: Path, digest: str, commitment: str) -> None:
    """Append that the key was opened for a diary."""
    freeze(log, {"event": OPENED, "sha256": digest, "commitment": commitment})


@dataclass(frozen=True)
class History:
    """What the logs beside the key tell of what was known before a diary was frozen.

    Attributes
    ----------
    first_sha256 : str or None
        SHA-256 of the diary that the key was first opened for; None where it was not.
    is_changed_after_opening : bool
        Whether the diary analyzed now is another.
    is_key_shown_before : bool
        Whether all was revealed before this diary was frozen.
    codes_broken : int
        Times that the code of a single kit was broken.
    """

    first_sha256: str | None
    is_changed_after_opening: bool
    is_key_shown_before: bool
    codes_broken: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to be said of it, a sentence each."""
        told = []
        if self.is_changed_after_opening:
            told.append(
                "THE DIARY WAS CHANGED AFTER THE KEY HAD BEEN OPENED: the first one analyzed had the SHA-256 "
                f"{self.first_sha256}. Only that was frozen while nobody knew."
            )
        if self.is_key_shown_before:
            told.append(f"THE WHOLE KEY HAD BEEN SHOWN BEFORE THIS DIARY WAS FROZEN ({REVEALS}).")
        if self.codes_broken:
            times = "once" if self.codes_broken == 1 else f"{self.codes_broken} times"
            told.append(f"The code of a single kit was broken {times} ({REVEALS}).")
        return tuple(told)


def history(folder: Path, digest: str) -> History:
    """Look into the logs beside the key.

    Parameters
    ----------
    folder : Path
        That holds the key.
    digest : str
        SHA-256 of the diary that is analyzed now.

    Returns
    -------
    History
    """
    first = next((event["sha256"] for event in _events(folder / ANALYSIS) if event.get("event") == OPENED), None)
    reveals = [line.split("  ", 1)[-1] for line in lines_in_time(folder / REVEALS)]
    # What was frozen before the key was opened for it may well be analyzed again after everything was shown.
    return History(
        first,
        first is not None and first != digest,
        first != digest and "all" in reveals,
        sum(line.startswith("kit ") for line in reveals),
    )


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for line in lines_in_time(log):
        try:
            event = json.loads(line.split("  ", 1)[-1])
        except ValueError:
            continue
        if isinstance(event, dict) and "sha256" in event:
            yield event
