"""What an interval holds: harm, no difference, benefit; and what of it the scale has no room for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from n1trial.analysis.estimates import Estimates
from n1trial.diary.diary import Diary
from n1trial.evaluation.ending import Ending

Extent = Literal["none", "small", "worthwhile"]
"""How large a harm or benefit an interval holds at most: one is called small that is less than worthwhile."""


@dataclass(frozen=True)
class IntervalContent:
    """Content of an interval: which of harm, no difference and benefits it holds.

    Attributes
    ----------
    harm, benefit : {"none", "small", "worthwhile"}
        The largest harm and the largest benefit in it; a harm as large as a worthwhile benefit is called the same.
    is_none : bool
        Whether it holds no difference.
    is_wholly_worthwhile : bool
        Whether it holds nothing but worthwhile benefit.
    is_small_too : bool
        Whether it holds benefit alone, small and worthwhile.
    is_lower_beyond, is_higher_beyond : bool
        Whether its end below, and above, is a difference that the scale has no room for.
    is_empty : bool
        Whether it says next to nothing: it is as wide as the scale, or reaches beyond at both ends.
    """

    harm: Extent
    is_none: bool
    benefit: Extent
    is_wholly_worthwhile: bool = False
    is_small_too: bool = False
    is_lower_beyond: bool = False
    is_higher_beyond: bool = False
    is_empty: bool = False


def interval_content(
    low: float, high: float, *, benefit_sign: int, worthwhile: float, room: tuple[float, float] = (-math.inf, math.inf)
) -> IntervalContent:
    """Find what an interval holds.

    Parameters
    ----------
    low, high : float
        Its ends, drug minus control; infinite where there is none.
    benefit_sign : {-1, 1}
        -1 where a lower score is better.
    worthwhile : float
        Smallest worthwhile benefit that it is held against.
    room : tuple of float
        Lowest and highest difference that the scale has room for.
    """
    least, most = sorted((benefit_sign * low, benefit_sign * high))
    is_lower_beyond, is_higher_beyond = low < room[0], high > room[1]
    is_wide = math.isfinite(room[1] - room[0]) and high - low >= room[1] - room[0]
    return IntervalContent(
        _extent(-least, worthwhile),
        least <= 0 <= most,
        _extent(most, worthwhile),
        least >= worthwhile and least > 0,
        0 < least < worthwhile <= most,
        is_lower_beyond,
        is_higher_beyond,
        is_wide or (is_lower_beyond and is_higher_beyond),
    )


def held_by(primary: Estimates, diary: Diary, ending: Ending) -> IntervalContent | None:
    """Find what the interval of an analysis of one patient holds; None where it has no answer."""
    if not primary.is_estimable[0]:
        return None
    plan = diary.plan
    return interval_content(
        float(primary.ci_low[0]), float(primary.ci_high[0]), benefit_sign=plan.benefit_sign,
        worthwhile=ending.worthwhile, room=room_of(diary),
    )  # fmt: skip


def room_of(diary: Diary) -> tuple[float, float]:
    """Return the differences that the scale has room for, given how high the patient's scores are on control.

    Returns
    -------
    tuple of float
        Lowest and highest; the width of the scale either way where no day on control counts.
    """
    low, high = diary.plan.scale
    counted = diary.is_usable()[:, 0] & (diary.treatment[:, 0] == 0)
    if not counted.any():
        return low - high, high - low
    usual = float(diary.score[counted, 0].mean())
    return low - usual, high - usual


def reaches_beyond(low: float, high: float, room: tuple[float, float]) -> bool:
    """Whether an interval has an end, not an infinite one, that the scale has no room for."""
    return any(math.isfinite(end) and not room[0] <= end <= room[1] for end in (low, high))


def _extent(size: float, worthwhile: float) -> Extent:
    return "none" if size <= 0 else "small" if size < worthwhile else "worthwhile"
