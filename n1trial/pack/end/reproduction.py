"""Whether the code of now gives the figures that the code of the pack gave, for a diary that the key holds."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from n1trial.analysis import analyze
from n1trial.diary.diary import Diary
from n1trial.pack.sealed.allocation import Allocation
from n1trial.provenance import Provenance, provenance
from n1trial.report.diary.terminal import figures
from n1trial.simulation.simulate import simulate_batch

if TYPE_CHECKING:
    from pathlib import Path

    from n1trial.scenario.model.scenario import Scenario

SEED = 1
"""Of every check diary: it has nothing to do with the secrets of a pack."""
RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""Largest differences that are none. Another processor differs in the last bits of a score; scores changed by 1e-13 of
themselves change no figure of a method by more than 5e-12 of itself, and what a reader sees ends at 1e-4."""
COMPLETE = {"conduct.dropout_per_week": 0.0, "conduct.dropout_when_worse": 0.0}

Figures = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class CheckDiary:
    """A simulated diary of a design, and what the planned analyses say of it.

    Attributes
    ----------
    allocation : Allocation
        Drawn from a fixed seed: another than that of the pack, and independent of it.
    scores : tuple of float or None
        Of each day from the first of the run-in; None where an entry is missing.
    doses : tuple of bool or None
        Whether each day's dose was taken; None where the diary does not record it.
    figures : dict of str to dict
        By method, the primary one first, as ``analysis.json`` has them.
    """

    allocation: Allocation
    scores: tuple[float | None, ...]
    doses: tuple[bool, ...] | None
    figures: Figures

    @classmethod
    def of(cls, scenario: Scenario) -> CheckDiary:
        """Simulate a patient who keeps the diary to its end, and analyze it as planned."""
        diaries = simulate_batch(scenario.replace(**COMPLETE), seed=SEED, first=1, width=1).diaries
        assert diaries.assignment is not None
        allocation = Allocation.of(diaries.assignment)
        scores = tuple(None if math.isnan(score) else score for score in diaries.score[:, 0].tolist())
        taken = diaries.observed.doses_taken
        doses = None if taken is None else tuple(np.broadcast_to(taken, diaries.score.shape)[:, 0].tolist())
        diary = cls(allocation, scores, doses, {})
        return cls(allocation, scores, doses, {method: diary.analyzed(scenario, method) for method in asked(scenario)})

    def analyzed(self, scenario: Scenario, method: str) -> dict[str, Any]:
        """Figures that the code of now gives by a method."""
        schedule = self.allocation.schedule(scenario)
        score = np.array([[math.nan if score is None else score] for score in self.scores])
        taken = None if self.doses is None else np.array(self.doses)[:, np.newaxis]
        diary = Diary.of(schedule, score, scenario.plan(), taken)
        found: Figures = figures({method: analyze(diary, method)})
        return found[method]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as the key holds them."""
        return {
            "order": self.allocation.order,
            "shifts": list(self.allocation.shifts),
            "scores": list(self.scores),
            "doses": None if self.doses is None else "".join("01"[is_taken] for is_taken in self.doses),
            "figures": self.figures,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CheckDiary:
        """Read the values of `to_dict`."""
        doses = values["doses"]
        return cls(
            Allocation(values["order"], tuple(values["shifts"])),
            tuple(values["scores"]),
            None if doses is None else tuple(each == "1" for each in doses),
            values["figures"],
        )


@dataclass(frozen=True)
class Difference:
    """A figure that is another one now.

    Attributes
    ----------
    method, figure : str
    then, now : float, str or None
        None where there is none.
    failure : str or None
        Name of the exception with which the code of now could not calculate the method; None where it could.
    """

    method: str
    figure: str
    then: float | str | None
    now: float | str | None
    failure: str | None = None


@dataclass(frozen=True)
class Reproduction:
    """What became of the figures of a pack's check diary.

    Attributes
    ----------
    kind : {"same", "different", "none"}
        None: the key holds no check diary, as those of the first release.
    then, now : dict
        Provenance of the pack and of the analysis; `then` is empty where the key holds none.
    differences : tuple of Difference
    program : tuple of str
        Files that bring the code of the pack back, by path: those that are beside the key as they were sealed.
    """

    kind: Literal["same", "different", "none"]
    then: Provenance
    now: Provenance
    differences: tuple[Difference, ...] = ()
    program: tuple[str, ...] = ()


def digests_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by path."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def asked(scenario: Scenario) -> tuple[str, ...]:
    """Methods of a plan, the primary one first."""
    plan = scenario.plan()
    return tuple(dict.fromkeys((plan.primary, *plan.methods)))


def reproduce(
    scenario: Scenario, check: CheckDiary | None, then: Provenance, program: Mapping[str, str], home: Path
) -> Reproduction:
    """Analyze a pack's check diary with the code of now.

    Parameters
    ----------
    scenario : Scenario
        As it was sealed.
    check : CheckDiary or None
        As the key holds it.
    then : dict
        Provenance of the pack.
    program : mapping of str to str
        SHA-256 of the files that bring its code back, by path.
    home : Path
        Folder of the pack.
    """
    beside = {path: (home / path).read_bytes() for path in program if (home / path).is_file()}
    intact = tuple(path for path, digest in digests_of(beside).items() if digest == program[path])
    if check is None:
        return Reproduction("none", then, provenance(), (), intact)
    differences = tuple(difference for method in check.figures for difference in _differences(scenario, check, method))
    return Reproduction("different" if differences else "same", then, provenance(), differences, intact)


def _differences(scenario: Scenario, check: CheckDiary, method: str) -> Iterator[Difference]:
    """Figures of a method that differ; a new figure is no difference, and a method that fails or is gone is one."""
    then = check.figures[method]
    try:
        now = check.analyzed(scenario, method)
    except Exception as error:
        # Other code may fail in any way, and the key has opened: that must be said and not end in a traceback.
        yield Difference(method, "status", then["status"], None, type(error).__name__)
        return
    for name, before in then.items():
        after = now.get(name)
        if not is_same(before, after):
            yield Difference(method, name, before, after)


def is_same(then: object, now: object) -> bool:
    """Whether two figures are the same to the last digits that processors agree on."""
    if isinstance(then, int | float) and isinstance(now, int | float):
        return math.isclose(then, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return then == now
