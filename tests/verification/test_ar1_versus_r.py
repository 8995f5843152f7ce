"""GLS with AR(1) errors by REML against R 4.2.2 on twenty diaries, most with missing entries, and four models each."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from n1trial.analysis.estimates import Estimates, Status
from n1trial.analysis.methods import ar1
from tests.verification.test_least_squares_versus_r import DATA, TERMS, read_diary

RELATIVE, ABSOLUTE = 1e-8, 1e-10
"""A hundred times closer than asked for; the oracle has twelve digits."""

AT_BOUNDARY = ("d37.csv", "cycle")
"""Where the likelihood rises up to an autocorrelation of 1, and R stopped on the way at .99999."""


def read_oracle() -> list[dict[str, str]]:
    with (DATA / "oracle.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["method"] == "reml_dense"]


def name_of(row: dict[str, str]) -> str:
    return f"{row['file']}-{row['model']}"


def analyze(row: dict[str, str]) -> Estimates:
    """The oracle's p-values have n − p degrees of freedom."""
    diary = read_diary(row["file"], TERMS[row["model"]])
    return ar1.analyze(diary.with_plan(replace(diary.plan, df="residual")))


INSIDE = [row for row in read_oracle() if (row["file"], row["model"]) != AT_BOUNDARY]


@pytest.mark.parametrize("row", INSIDE, ids=name_of)
def test_fit_agrees(row: dict[str, str]) -> None:
    found = analyze(row)
    assert found.status[0] == Status.OK
    assert (found.n[0], found.df[0]) == (int(row["n"]), float(row["df"]))
    figures = {
        "beta": found.estimate,
        "se": found.standard_error,
        "t": found.estimate / found.standard_error,
        "pvalue": found.p_value,
        "phi": found.details["autocorrelation"],
        "sigma": found.details["sigma"],
    }
    for key, figure in figures.items():
        np.testing.assert_allclose(figure[0], float(row[key]), rtol=RELATIVE, atol=ABSOLUTE, err_msg=key)
    assert found.details["log_likelihood"][0] == pytest.approx(float(row["logLik"]), abs=1e-8, rel=0)


def test_the_boundary_case_has_an_estimate_and_an_error() -> None:
    (row,) = (row for row in read_oracle() if (row["file"], row["model"]) == AT_BOUNDARY)
    found = analyze(row)
    assert found.status[0] == Status.AT_BOUNDARY
    assert found.df[0] == float(row["df"])
    figures = [found.estimate, found.standard_error, found.estimate / found.standard_error, found.p_value]
    expected = [float(row[key]) for key in ("beta", "se", "t", "pvalue")]
    np.testing.assert_allclose([figure[0] for figure in figures], expected, rtol=1e-6)
    assert found.details["autocorrelation"][0] == pytest.approx(1, abs=1.1e-5)


def test_every_row_is_held_against_the_fit() -> None:
    assert len(INSIDE) == 79
    assert {row["model"] for row in INSIDE} == set(TERMS) - {"period_means"}
