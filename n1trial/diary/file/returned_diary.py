"""The diary that a patient of a blinded pack brings back: days and kits, and no word of what was in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.diary.file import answers

Pauses = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class DiaryFormat:
    """Facts of a diary that are known before it is read; by default next to none.

    Parameters
    ----------
    scale : tuple of float
        Lowest and highest score possible.
    day_zero : date or None
        Planned date of day 0, before any pause.
    pauses : tuple of tuple (int, int)
        First day after each pause that dated papers tell of, and how many days it took.
    names : tuple of str or None
        What the treatment and its control are called, as guesses name them.
    is_control_active : bool
        Whether the control is a drug too, so that no guess can be "drug" or "placebo".
    doses : int
        Doses in a day.
    outcomes : mapping of str to tuple of float
        Scale of each secondary outcome, by name.
    triggers : tuple of str
        Columns for the triggers that the plan adjusts for, each of which must be there.
    own : tuple of str
        Columns for questions of the pack's own, which are noted down and not analyzed.
    kit_fault : callable or None
        Says what is wrong with the code of a kit, or None; without it codes are taken as they are.
    kits_fault : callable or None
        Says what is wrong with all codes of the file together, or None; what it says is told in place of each.
    needs_kit : bool
        Whether the column of kits must be there.
    """

    scale: tuple[float, float] = (float("-inf"), float("inf"))
    day_zero: date | None = None
    pauses: Pauses = ()
    names: tuple[str, str] | None = None
    doses: int = answers.MOST_DOSES
    outcomes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    triggers: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    kit_fault: Callable[[str], str | None] | None = None
    kits_fault: Callable[[Collection[str]], str | None] | None = None
    needs_kit: bool = False
    is_control_active: bool = False


@dataclass(frozen=True, eq=False)
class ReturnedDiary:
    """Rows of a returned diary, sorted by day. All arrays have shape (row,).

    Attributes
    ----------
    place : str
        The file, as faults name it.
    line : ndarray of int
        Line of each row.
    day : ndarray of int64
        0 is the first blinded day; the run-in is negative.
    behind : ndarray of float
        Days by which the row's date is after its planned one; NaN where no date is given.
    kit : tuple of str
        Code of the kit as it was written; empty where none was.
    score : ndarray of float
        NaN where the entry is missing.
    doses : ndarray of int8
        Doses taken; `answers.NOT_SAID` where nobody wrote about them.
    is_late : ndarray of bool
        Whether the entry was written later.
    guess : ndarray of int8
        1 the drug, 0 control, −1 cannot tell, −2 not asked or not answered.
    units_left : ndarray of float
        Capsules left in the kit; NaN where not counted.
    texts : dict of str to tuple of str
        What was written into the columns `TEXTS`, and those of the pack's own, that the file has.
    outcomes : dict of str to ndarray of float
        Scores of the secondary outcomes that the file has, by name.
    is_written : ndarray of bool
        Whether anything was written on the day.
    day_zero : date or None
        Planned date of day 0, or that of the file where no plan is known.
    notes : tuple of str
        What had to be said when the file was read, a sentence each.
    pauses : tuple of tuple (int, int)
        As the pack tells of them (`DiaryFormat`).
    triggers : dict of str to ndarray of float
        Boxes of the triggers that the plan adjusts for, by column: 1, 0, or NaN where nothing is written.
    """

    place: str
    line: NDArray[np.int64]
    day: NDArray[np.int64]
    behind: Floats
    kit: tuple[str, ...]
    score: Floats
    doses: NDArray[np.int8]
    is_late: NDArray[np.bool_]
    guess: NDArray[np.int8]
    units_left: Floats
    texts: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, Floats]
    is_written: NDArray[np.bool_]
    day_zero: date | None
    notes: tuple[str, ...]
    pauses: Pauses = ()
    triggers: Mapping[str, Floats] = field(default_factory=dict)

    def date_of(self, day: int) -> date | None:
        """Return the date of a day, where dates are known: its row's, else as far behind the plan as the row before."""
        if self.day_zero is None:
            return None
        rows = np.flatnonzero(np.isfinite(self.behind) & (self.day <= day))
        planned = pause_days(self.pauses, day)
        if rows.size:
            planned += int(self.behind[rows[-1]]) - pause_days(self.pauses, int(self.day[rows[-1]]))
        return self.day_zero + timedelta(days=day + planned)


def pause_days(pauses: Pauses, day: int) -> int:
    """Count days of all pauses before a day of the plan."""
    return sum(days for first, days in pauses if first <= day)
