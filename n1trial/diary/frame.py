"""Arrays of a diary from a table with a row a patient and day, in which days may be missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from n1trial.arrays import Floats
from n1trial.design.layout import Layout
from n1trial.diary.periods import days_of_periods
from n1trial.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

CALENDAR = ("day", "period", "cycle", "treatment")
"""Columns without which a row says nothing."""
DOSES = "doses_taken"


def arrays_of(frame: pd.DataFrame, layout: Layout | None, adjust: Sequence[str] = ()) -> dict[str, Any]:
    """Lay the rows of a table on one calendar for all patients.

    Parameters
    ----------
    frame : DataFrame
        As for `Diary.from_frame`.
    layout : Layout or None
        The planned calendar, which tells when a period began whose first days have no row.
    adjust : sequence of str
        Further columns that are needed.

    Returns
    -------
    dict of str to (ndarray or tuple of str)
        Arguments of `Diary`, `plan` apart.

    Raises
    ------
    InputError
        If a column is missing or holds something else, or a patient has a day twice.
    """
    wide = _wide(frame, adjust)
    before = wide.ffill()
    is_within = before["period"].eq(wide["period"].bfill())
    period = before["period"].where(is_within, 0).to_numpy()
    day = wide.index.to_numpy().astype(np.int64)
    begin, notes = _begin(day, wide["period"].to_numpy(), layout)
    arrays = {
        "day": day,
        "period": period.astype(np.int8),
        "cycle": before["cycle"].where(is_within, 0).to_numpy().astype(np.int8),
        "treatment": before["treatment"].bfill().to_numpy().astype(np.int8),
        "day_of_period": np.where(period > 0, day[:, np.newaxis] - begin, -1).astype(np.int16),
        "score": wide["score"].to_numpy(),
        "columns": {name: wide[name].to_numpy() for name in adjust},
    }
    if DOSES not in frame or (is_said := wide[DOSES].notna().to_numpy()).sum() == 0:
        return {**arrays, "notes": notes}
    doses = wide[DOSES].to_numpy() != 0
    return {**arrays, "notes": notes, DOSES: doses, "is_dose_said": None if is_said.all() else is_said}


def _wide(frame: pd.DataFrame, adjust: Sequence[str]) -> pd.DataFrame:
    """Give each column of a table a row a day and a column a patient, NaN where there is no row."""
    needed = (*CALENDAR, "score", *adjust)
    if missing := [name for name in needed if name not in frame]:
        raise InputError(f"frame: has no column {name}" for name in missing)
    try:
        rows = frame[[*needed, *({DOSES} & set(frame))]].astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"frame: must hold numbers ({error})") from None
    if empty := [name for name in CALENDAR if rows[name].isna().any()]:
        raise InputError(f"frame: must hold a number in every row of {name}" for name in empty)
    rows["replicate"] = frame.get("replicate", 0)
    if rows.duplicated(["replicate", "day"]).any():
        raise InputError("frame: must have one row a patient and day, and has several; name patients in replicate")
    return rows.pivot(index="day", columns="replicate")


def _begin(day: NDArray[np.int64], period: Floats, layout: Layout | None) -> tuple[Floats, tuple[str, ...]]:
    """Find the first day of the newest period of each patient on each day; and what is not certain."""
    begin, notes = np.full(period.shape, np.nan), dict[str, None]()
    for patient, column in enumerate(period.T):
        rows = np.flatnonzero(~np.isnan(column))
        since, uncertain = days_of_periods(day[rows], column[rows].astype(np.int64), layout)
        begin[rows, patient] = np.where(since >= 0, day[rows] - since, np.nan)
        notes |= dict.fromkeys(uncertain)
    return np.nan_to_num(np.fmax.accumulate(begin, axis=0)), tuple(notes)
