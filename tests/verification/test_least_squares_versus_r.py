"""Least squares and the paired t against R 4.2.2 (`lm`, `t.test`) on twenty diaries with missing entries."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Status
from n1trial.analysis.methods import ols
from n1trial.diary.diary import Diary
from n1trial.diary.methods import METHODS
from n1trial.diary.plan import Plan

DATA = Path(__file__).parent / "data" / "ar1"
METHOD_OF_R = {"ols": "ols", "paired_t": "paired"}
TERMS: dict[str, tuple[str, ...]] = {
    "base": (),
    "trend": ("trend",),
    "cycle": ("cycle",),
    "trend_cycle": ("trend", "cycle"),
    "period_means": (),
}
RELATIVE, ABSOLUTE = 1e-9, 1e-11
"""A thousand times closer than asked for; the oracle has twelve digits."""


def read_oracle() -> list[dict[str, str]]:
    with (DATA / "oracle.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["method"] in METHOD_OF_R]


def read_diary(name: str, terms: tuple[str, ...]) -> Diary:
    with (DATA / "diaries" / name).open(newline="") as file:
        rows = list(csv.DictReader(file))

    def column(key: str) -> np.ndarray[Any, Any]:
        return np.array([[float(row[key] or "nan")] for row in rows])

    day, period = column("day")[:, 0].astype(np.int64), column("period").astype(np.int8)
    first_day = np.array([[day[period[:, 0] == number].min()] for number in period[:, 0]])
    return Diary(
        day,
        period,
        column("cycle").astype(np.int8),
        column("treatment").astype(np.int8),
        (day[:, np.newaxis] - first_day).astype(np.int16),
        column("score"),
        Plan(discard_days=0, minimum_days=1, terms=terms),
    )


@pytest.mark.parametrize("row", read_oracle(), ids=lambda row: f"{row['file']}-{row['model']}-{row['method']}")
def test_estimate_error_df_and_p_agree(row: dict[str, str]) -> None:
    diary = read_diary(row["file"], TERMS[row["model"]])
    found = analyze(diary, METHOD_OF_R[row["method"]])
    df = float(row["df"])
    is_ols = row["method"] == "ols"
    sigma = ols.fit(diary).sigma if is_ols else found.standard_error * np.sqrt(df + 1)
    figures = [found.estimate, found.standard_error, found.estimate / found.standard_error, found.p_value, sigma]
    expected = [float(row[key]) for key in ("beta", "se", "t", "pvalue", "sigma")]
    assert found.status[0] == Status.OK
    assert found.df[0] == df
    assert not is_ols or found.n[0] == int(row["n"])
    np.testing.assert_allclose([figure[0] for figure in figures], expected, rtol=RELATIVE, atol=ABSOLUTE)


def test_every_oracle_row_is_held_against_a_method() -> None:
    rows = read_oracle()
    assert len(rows) == 100
    assert {METHOD_OF_R[row["method"]] for row in rows} <= set(METHODS)
