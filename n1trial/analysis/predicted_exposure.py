"""What share of the drug's full effect an analyst expects on each day, from the doses and the assumed constants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from n1trial.diary.diary import Diary
from n1trial.exposure import course


def predicted_exposure(
    diary: Diary, onset_days: float, offset_days: float, *, doses: bool = True
) -> NDArray[np.float64]:
    """Predict exposure on every day of a diary under assumed time constants.

    A dose taken acts until the next is due (`Plan.dose_every_days`, counted from the period's first day).

    Parameters
    ----------
    diary : Diary
        Need not hold every day: exposure runs over the calendar from day 0, where there is none. A day that is not
        in the diary is taken for treated as the last one that is, and before the first as that one.
    onset_days, offset_days : float
        Assumed time constants of rise and fall in days, 0 or more.
    doses : bool
        Whether to go by the doses taken, where the diary records them, rather than by the planned ones.

    Returns
    -------
    ndarray of float, shape (day, replicate or 1)
        0 to 1; 0 in the run-in. The last axis is 1 where all replicates share what it depends on.
    """
    planned = diary.treatment == 1
    first = int(np.searchsorted(diary.day, 0))
    if first == diary.day.size:
        return np.zeros(planned.shape)
    calendar = np.arange(diary.day[-1] + 1)
    row = np.maximum(np.searchsorted(diary.day, calendar, side="right") - 1, first)
    has_dose = planned[row]
    if doses and diary.doses_taken is not None:
        has_dose = has_dose & _is_taken(diary, diary.doses_taken, calendar, row)
    blinded = course(has_dose, onset_days, offset_days)[diary.day[first:]]
    return np.concatenate([np.zeros((first, blinded.shape[1])), blinded])


def _is_taken(
    diary: Diary, doses_taken: NDArray[np.bool_], calendar: NDArray[np.int64], row: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the dose that should be in effect on each calendar day was taken, as far as the diary knows."""
    is_absent = diary.day[row] != calendar
    taken: NDArray[np.bool_] = doses_taken[row] | is_absent[:, np.newaxis]
    every_days = diary.plan.dose_every_days
    if every_days == 1:
        return taken
    since_due = diary.day_of_period[row] % every_days
    due = np.maximum(np.arange(len(row))[:, np.newaxis] - since_due, 0)
    due = np.broadcast_to(due, taken.shape)
    is_due_taken: NDArray[np.bool_] = np.take_along_axis(taken, due, axis=0)
    return is_due_taken
