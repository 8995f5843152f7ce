"""The check diary of a key: a simulated diary, and the figures that the code which made the pack gave for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from n1trial.pack.sealed.allocation import Allocation

DOSES = {None: "-", False: "0", True: "1"}
"""How a day's doses are written: nothing said, all missed, all taken."""
Figures = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class CheckDiary:
    """A diary of a design as if a patient had returned it, and what the planned analyses say of it.

    Attributes
    ----------
    allocation : Allocation
        Drawn from a fixed seed: another than that of the pack, and independent of it.
    scores : tuple of float or None
        Of each day from the first of the run-in; None where an entry is missing.
    doses : tuple of bool or None, or None
        Whether each day's doses were taken, None where the diary does not say; None for a diary without any word on
        doses.
    figures : dict of str to dict
        By method, the primary one first, as ``analysis.json`` has them.
    kits : tuple of tuple (int, int)
        Days on which another kit than the planned one was used, and the number of that kit.
    late : tuple of int
        Days whose entry was written later.
    guesses : tuple of tuple (int, int)
        Days with a guess, and the guess.
    conclusion : dict
        What the joined diary says besides (`n1trial.pack.end.check_diary.conclusion_of`); empty in keys made before
        the check went so far.
    """

    allocation: Allocation
    scores: tuple[float | None, ...]
    doses: tuple[bool | None, ...] | None
    figures: Figures
    kits: tuple[tuple[int, int], ...] = ()
    late: tuple[int, ...] = ()
    guesses: tuple[tuple[int, int], ...] = ()
    conclusion: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as the key holds them."""
        return {
            "order": self.allocation.order,
            "shifts": list(self.allocation.shifts),
            "scores": list(self.scores),
            "doses": None if self.doses is None else "".join(DOSES[is_taken] for is_taken in self.doses),
            "kits": [list(pair) for pair in self.kits],
            "late": list(self.late),
            "guesses": [list(pair) for pair in self.guesses],
            "figures": self.figures,
            "conclusion": self.conclusion,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CheckDiary:
        """Read the values of `to_dict`, also those of a key made before kits, guesses and conclusion were in it."""
        doses = values["doses"]
        is_taken = {letter: each for each, letter in DOSES.items()}
        return cls(
            Allocation(values["order"], tuple(values["shifts"])),
            tuple(values["scores"]),
            None if doses is None else tuple(is_taken[each] for each in doses),
            values["figures"],
            tuple((day, kit) for day, kit in values.get("kits", [])),
            tuple(values.get("late", [])),
            tuple((day, guess) for day, guess in values.get("guesses", [])),
            values.get("conclusion", {}),
        )


def digests_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Compute the SHA-256 of each file, by path."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
