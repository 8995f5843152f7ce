"""Posteriors of `mixed` and `exposure` against covariance matrices written out in full, and against a finer grid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import linalg, stats

import n1trial
from n1trial.analysis.estimates import Estimates
from n1trial.analysis.methods import exposure, mixed
from n1trial.diary.diary import Diary
from n1trial.simulation.simulate import simulate_batch

Array = NDArray[np.float64]

AUTOCORRELATIONS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
SHIFT_RATIOS = [0, 0.2, 0.4, 0.6, 0.8, 1.0]
REPLICATES = 12

SHORT: dict[str, Any] = {
    "treatment.onset_days": 5.0,
    "treatment.offset_days": 9.0,
    "patient.period_sd": 0.4,
    "design.period_days": 21,
    "design.run_in_days": 3,
    "analysis.discard_days": 5,
    "analysis.minimum_days": 1,
}
COMPLETE = {"conduct.missing": 0.0, "conduct.adherence": 1.0, "conduct.dropout_per_week": 0.0}
CASES: dict[str, dict[str, Any]] = {
    "complete": COMPLETE,
    "15% missing, doses missed, dropouts": {"conduct.dropout_per_week": 0.05},
    "random switch, holidays": {
        "design.switch_jitter_days": 7,
        "conduct.gaps_per_month": 3.0,
        "conduct.gap_days": 5.0,
    },
    "washouts, half missing, one-sided": {
        "design.washout_days": 6,
        "conduct.missing": 0.5,
        "analysis.sides": 1,
    },
    "trend and cycles": {"analysis.terms": ["trend", "cycle"]},
}

every_case = pytest.mark.parametrize("case", CASES)
both = pytest.mark.parametrize("method", [mixed, exposure], ids=["mixed", "exposure"])


def diaries(case: str, seed: int = 1) -> Diary:
    scenario = n1trial.load_scenario("minimal").replace(**(SHORT | CASES[case]))
    return simulate_batch(scenario, seed=seed, width=REPLICATES).diaries.observed


def column_of(array: NDArray[Any], replicate: int) -> NDArray[Any]:
    column: NDArray[Any] = array[:, min(replicate, array.shape[1] - 1)]
    return column


def course_by_hand(has_dose: NDArray[np.bool_], days: NDArray[np.int64], onset: float, offset: float) -> Array:
    """Exposure day by day, in the plainest way."""
    exposures, now = [], 0.0
    for day, dose in zip(days, has_dose, strict=True):
        if day >= 0:
            now = now + (1 - now) * (1 - np.exp(-1 / onset)) if dose else now * np.exp(-1 / offset)
        exposures.append(now)
    return np.array(exposures)


def model_of(diary: Diary, replicate: int, method: ModuleType) -> tuple[Array, Array, NDArray[Any], NDArray[Any]]:
    """Scores, columns with the treatment last, days and stretches of one replicate's usable entries."""
    assert diary.plan.layout is not None
    score, period, cycle = (column_of(each, replicate) for each in (diary.score, diary.period, diary.cycle))
    treatment = column_of(diary.treatment, replicate)
    columns = [np.ones(diary.day.size)]
    if method is exposure:
        usable = (diary.day >= 0) & ~np.isnan(score)
        taken = True if diary.doses_taken is None else column_of(diary.doses_taken, replicate)
        plan = diary.plan
        last = course_by_hand((treatment == 1) & taken, diary.day, plan.assumed_onset_days, plan.assumed_offset_days)
        columns += [diary.day / 100, last]
    else:
        usable = (period > 0) & (column_of(diary.day_of_period, replicate) >= 5) & ~np.isnan(score)
        if "cycle" in diary.plan.terms:
            columns += [(cycle == number).astype(np.float64) for number in np.unique(cycle[usable])[1:]]
        if "trend" in diary.plan.terms:
            columns.append(diary.day / 100)
        columns.append(treatment.astype(np.float64))
    stretch = diary.plan.layout.stretch_of_day[usable]
    return score[usable], np.stack(columns, axis=1)[usable], diary.day[usable], stretch


def trapezoid(nodes: Sequence[float]) -> list[float]:
    return [float(np.trapezoid(one, nodes)) / (nodes[-1] - nodes[0]) for one in np.eye(len(nodes))]


class Posterior:
    """Mixture of t distributions, each from a covariance matrix written out in full."""

    def __init__(
        self, score: Array, columns: Array, day: NDArray[Any], stretch: NDArray[Any],
        autocorrelations: Sequence[float] = AUTOCORRELATIONS, shift_ratios: Sequence[float] = SHIFT_RATIOS,
    ) -> None:  # fmt: skip
        self.df = len(score) - columns.shape[1]
        apart = np.abs(day[:, np.newaxis] - day)
        together = (stretch[:, np.newaxis] == stretch).astype(np.float64)
        nodes = []
        for phi, phi_weight in zip(autocorrelations, trapezoid(autocorrelations), strict=True):
            noise = np.where(apart == 0, 1.0, float(phi) ** apart)
            for ratio, ratio_weight in zip(shift_ratios, trapezoid(shift_ratios), strict=True):
                root = linalg.cholesky(noise + ratio**2 * together, lower=True, check_finite=False)
                white = linalg.solve_triangular(root, np.column_stack([columns, score]), lower=True, check_finite=False)
                corner: Array = np.asarray(
                    np.linalg.qr(white, mode="r")
                )  # (X, y) = QR: log|X'V⁻¹X|, estimate and residuals in one
                diagonal = np.abs(np.diag(corner))
                log_weight = np.log(phi_weight * ratio_weight) - np.log(np.diag(root)).sum()
                log_weight -= np.log(diagonal[:-1]).sum() + self.df * np.log(diagonal[-1])
                spread = diagonal[-1] / diagonal[-2] / np.sqrt(self.df)
                nodes.append((log_weight, corner[-2, -1] / corner[-2, -2], spread))
        log_weights, self.center, self.spread = np.array(nodes).T
        weight = np.exp(log_weights - log_weights.max())
        self.weight = weight / weight.sum()

    def below(self, value: float) -> float:
        return float(self.weight @ stats.t.cdf((value - self.center) / self.spread, self.df))

    def moments(self) -> tuple[float, float]:
        mean = self.weight @ self.center
        variance = self.spread**2 * self.df / (self.df - 2) + (self.center - mean) ** 2
        return float(mean), float(np.sqrt(self.weight @ variance))


def assert_is(found: Estimates, replicate: int, expected: Posterior, sides: int, alpha: float) -> None:
    mean, sd = expected.moments()
    below = expected.below(0.0)
    p_value = 2 * min(below, 1 - below) if sides == 2 else 1 - below  # lower scores are better
    assert found.estimate[replicate] == pytest.approx(mean, rel=1e-8)
    assert found.standard_error[replicate] == pytest.approx(sd, rel=1e-8)
    assert found.p_value[replicate] == pytest.approx(p_value, rel=1e-8)
    assert found.df[replicate] == expected.df
    assert expected.below(found.ci_low[replicate]) == pytest.approx(alpha / sides, rel=1e-8)
    assert expected.below(found.ci_high[replicate]) == pytest.approx(1 - alpha / sides, rel=1e-8)
    assert found.p_worthwhile[replicate] == pytest.approx(expected.below(-1.0), rel=1e-8)


@both
@every_case
def test_same_nodes(case: str, method: ModuleType) -> None:
    diary = diaries(case)
    found = method.analyze(diary)
    estimable = np.flatnonzero(found.is_estimable)
    assert estimable.size >= 2
    for replicate in estimable.tolist():
        expected = Posterior(*model_of(diary, replicate, method))
        assert_is(found, replicate, expected, diary.plan.sides, diary.plan.alpha)


@both
def test_same_nodes_for_a_diary_that_lacks_days(method: ModuleType) -> None:
    diary = diaries("complete")
    keep = np.random.default_rng(2).random(diary.day.size) < 0.7
    keep |= diary.day_of_period[:, 0] == 0  # so that the treatment of the days between is plain
    names = ("day", "period", "cycle", "treatment", "day_of_period", "score")
    lacking = replace(diary, **{name: getattr(diary, name)[keep] for name in names})
    score = np.where(keep[:, np.newaxis], diary.score, np.nan)
    for name in ("estimate", "p_value", "ci_low"):
        expected = getattr(method.analyze(replace(diary, score=score)), name)
        np.testing.assert_allclose(getattr(method.analyze(lacking), name), expected, rtol=1e-9)


@both
@every_case
def test_finer_grid(case: str, method: ModuleType) -> None:
    """Of 20 × 21 nodes over the same range: the p-value moves by less than .005 where it is below .1."""
    diary = diaries(case, seed=2)
    effects: list[Callable[[Diary], Diary]] = [lambda d: d, lambda d: replace(d, score=d.score - 1.5 * d.treatment)]
    compared = 0
    for change in effects:
        changed = change(diary)
        found = method.analyze(changed)
        few = np.flatnonzero(found.p_value < 0.1)[:6]
        for replicate in few.tolist():
            grid = np.linspace(0, 0.95, 20).tolist(), np.linspace(0, 1, 21).tolist()
            below = Posterior(*model_of(changed, replicate, method), *grid).below(0.0)
            p_value = 2 * min(below, 1 - below) if diary.plan.sides == 2 else 1 - below
            assert found.p_value[replicate] == pytest.approx(p_value, abs=0.005)
            compared += 1
    assert compared > 0
