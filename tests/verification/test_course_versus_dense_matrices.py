"""Posteriors of `course` against covariance matrices written out in full: stored diaries, and others made here."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import linalg, stats

import n1trial
from n1trial.analysis.estimates import Status
from n1trial.analysis.methods import course
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.diary.diary import Diary
from n1trial.simulation.simulate import simulate_batch

Array = NDArray[np.float64]

DATA = Path(__file__).parent / "data" / "course"
RELATIVE, ABSOLUTE = 1e-9, 1e-10
"""Ten times closer than asked for; the stored results have twelve digits."""
REPLICATES = 6


def stored() -> list[dict[str, str]]:
    with (DATA / "oracle.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def read_diary(name: str) -> tuple[Diary, Array]:
    """Diary of the flagship, and the exposure that is stored beside it."""
    with (DATA / name).open(newline="") as file:
        rows = list(csv.DictReader(file))

    def column(key: str) -> NDArray[Any]:
        return np.array([[float(row[key] or "nan")] for row in rows])

    day, period = column("day")[:, 0].astype(np.int64), column("period").astype(np.int8)
    first_day = np.array([[day[period[:, 0] == number].min()] for number in period[:, 0]])
    day_of_period = np.where(period > 0, day[:, np.newaxis] - first_day, -1).astype(np.int16)
    cycle, treatment = column("cycle").astype(np.int8), column("treatment").astype(np.int8)
    plan = n1trial.load_scenario("b12-6-to-8-week").plan()
    diary = Diary(day, period, cycle, treatment, day_of_period, column("score"), plan, column("doses_taken") == 1)
    return diary, column("exposure")


@pytest.mark.parametrize("row", stored(), ids=lambda row: row["file"])
def test_stored_results(row: dict[str, str]) -> None:
    diary, exposure = read_diary(row["file"])
    assert (diary.plan.assumed_onset_days, diary.plan.assumed_offset_days) == (21, 45)
    np.testing.assert_allclose(predicted_exposure(diary, 21, 45), exposure, rtol=0, atol=1e-12)
    found = course.analyze(diary)
    assert found.n[0] == int(row["n"])
    if row["estimable"] == "0":
        assert found.status[0] == Status.ONE_TREATMENT
        return
    figures = {"mean": found.estimate, "sd": found.standard_error, "p_benefit": found.p_benefit}
    for key, figure in figures.items():
        np.testing.assert_allclose(figure[0], float(row[key]), rtol=RELATIVE, atol=ABSOLUTE, err_msg=key)


@dataclass(frozen=True)
class Prior:
    """Support and weights of what is not known of a diary."""

    autocorrelations: Sequence[float] = (0, 0.2, 0.4, 0.6, 0.8, 0.88, 0.94, 0.98)
    shift_ratios: Sequence[float] = (0, 0.4, 0.9)
    shift_weights: Sequence[float] = (2 / 9, 1 / 2, 5 / 18)
    drift_ratios: Sequence[float] = (0, 0.03, 0.1, 0.2)
    response_days: Sequence[float] = (4, 10, 25)
    waves: int = 12


class Posterior:
    """Mixture of t distributions, each from a covariance matrix written out in full."""

    def __init__(
        self, score: Array, columns: Array, used: NDArray[np.bool_], day: NDArray[Any], stretch: NDArray[Any],
        first_dose_day: int, prior: Prior,
    ) -> None:  # fmt: skip
        number = np.arange(1, prior.waves + 1) - 0.5
        days, time = len(day), (day - day[0] + 0.5)[:, np.newaxis]
        waves = np.sqrt(2 * days) * np.sin(number * np.pi * time / days) / (number * np.pi)
        apart = np.abs(day[:, np.newaxis] - day)[np.ix_(used, used)]
        together = (stretch[:, np.newaxis] == stretch)[np.ix_(used, used)].astype(np.float64)
        wandering = (waves @ waves.T)[np.ix_(used, used)]
        data = np.column_stack([columns, score])[used]
        self.df = int(used.sum()) - columns.shape[1]
        nodes = []
        for phi in prior.autocorrelations:
            noise = np.where(apart == 0, 1.0, float(phi) ** apart)
            for ratio, weight in zip(prior.shift_ratios, prior.shift_weights, strict=True):
                for drift in prior.drift_ratios:
                    for response_days in prior.response_days:
                        since = 1 - np.exp(-(day[used] - first_dose_day + 1) / response_days)
                        full = noise + ratio**2 * together + drift**2 * wandering + 4 * np.outer(since, since)
                        nodes.append((np.log(weight), *self._node(full, data)))
        log_prior, log_likelihood, self.center, self.spread = np.array(nodes).T
        weight = np.exp(log_prior + log_likelihood - (log_prior + log_likelihood).max())
        self.weight = weight / weight.sum()

    def _node(self, covariance: Array, data: Array) -> tuple[float, float, float]:
        root = linalg.cholesky(covariance, lower=True)
        corner = np.asarray(np.linalg.qr(linalg.solve_triangular(root, data, lower=True), mode="r"))
        diagonal = np.abs(np.diag(corner))
        log = -np.log(np.diag(root)).sum() - np.log(diagonal[:-1]).sum() - self.df * np.log(diagonal[-1])
        return log, corner[-2, -1] / corner[-2, -2], diagonal[-1] / diagonal[-2] / np.sqrt(self.df)

    def below(self, value: float) -> float:
        return float(self.weight @ stats.t.cdf((value - self.center) / self.spread, self.df))

    def moments(self) -> tuple[float, float]:
        mean = self.weight @ self.center
        variance = self.spread**2 * self.df / (self.df - 2) + (self.center - mean) ** 2
        return float(mean), float(np.sqrt(self.weight @ variance))


def test_matrices_written_out_give_the_published_check_value() -> None:
    """With a trend, which `course` does not have, and other nodes."""
    day, nan = np.arange(12), float("nan")
    score = np.array([6, 5, 5, 7, 6, 7, 5, nan, 4, 6, 7, 6])
    exposure, now = [], 0.0
    for has_dose in np.repeat([1, 0, 1, 0], 3):
        now = now + (1 - now) * (1 - np.exp(-1 / 2)) if has_dose else now * np.exp(-1 / 4)
        exposure.append(now)
    columns = np.column_stack([np.ones(12), day, exposure])
    prior = Prior((0, 0.5), (0.3, 0.6), (0.5, 0.5), (0, 0.1), (4, 10), 4)
    expected = Posterior(score, columns, ~np.isnan(score), day, day // 3, 0, prior)
    assert (*expected.moments(), expected.below(0)) == pytest.approx(
        (-3.894374894, 1.942910317, 0.976353119), abs=5e-10
    )


CASES: dict[str, dict[str, Any]] = {
    "complete": {"conduct.missing": 0.0, "conduct.adherence": 1.0, "conduct.dropout_per_week": 0.0},
    "placebo run-in, random switch, dropouts": {
        "design.run_in": "placebo",
        "design.run_in_days": 7,
        "design.switch_jitter_days": 7,
        "conduct.dropout_per_week": 0.05,
    },
    "washouts, long holidays, one-sided": {
        "design.washout_days": 6,
        "conduct.missing": 0.3,
        "conduct.gaps_per_month": 2.0,
        "conduct.gap_days": 20.0,
        "analysis.sides": 1,
    },
}


@pytest.mark.parametrize("case", CASES)
def test_same_nodes(case: str) -> None:
    short = {
        "treatment.onset_days": 5.0, "treatment.offset_days": 9.0, "patient.period_sd": 0.4, "design.cycles": 3,
        "design.period_days": 21, "design.run_in_days": 3, "analysis.discard_days": 5, "analysis.minimum_days": 1,
    }  # fmt: skip
    scenario = n1trial.load_scenario("minimal").replace(**short | CASES[case])
    diary = simulate_batch(scenario, seed=1, width=REPLICATES).diaries.observed
    found, layout = course.analyze(diary), scenario.layout()
    compared = np.flatnonzero(found.is_estimable)
    assert compared.size >= 3
    is_placebo = layout.run_in == "placebo"
    exposure = predicted_exposure(diary, 5, 9)
    for replicate in compared.tolist():
        score = diary.score[:, replicate]
        used = ~np.isnan(score) & ((diary.day >= 0) | is_placebo)
        columns = np.column_stack([np.ones(len(score)), exposure[:, min(replicate, exposure.shape[1] - 1)]])
        first_dose = -layout.run_in_days if is_placebo else 0
        expected = Posterior(score, columns, used, diary.day, layout.stretch_of_day, first_dose, Prior())
        mean, sd = expected.moments()
        below, sides, alpha = expected.below(0), diary.plan.sides, diary.plan.alpha
        assert found.n[replicate] == used.sum()
        assert found.df[replicate] == expected.df
        assert found.estimate[replicate] == pytest.approx(mean, rel=1e-8)
        assert found.standard_error[replicate] == pytest.approx(sd, rel=1e-8)
        assert found.p_benefit[replicate] == pytest.approx(below, rel=1e-8)
        assert found.p_value[replicate] == pytest.approx(
            2 * min(below, 1 - below) if sides == 2 else 1 - below, rel=1e-7
        )
        assert expected.below(found.ci_low[replicate]) == pytest.approx(alpha / sides, rel=1e-8)
        assert expected.below(found.ci_high[replicate]) == pytest.approx(1 - alpha / sides, rel=1e-8)
        assert found.p_worthwhile[replicate] == pytest.approx(expected.below(-1.0), rel=1e-8)
