from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from scipy.signal import lfilter

from n1trial.analysis.estimates import AnalysisRequest, Status
from n1trial.analysis.methods import ar1, ols
from n1trial.diary.diary import Diary
from tests.analysis.diaries import diaries, of_periods, side_by_side

Floats = NDArray[np.float64]

NAN = float("nan")
SCAN = np.concatenate([np.linspace(-0.998, 0.99, 150), 1 - np.geomspace(0.01, 1e-5, 30)])


@dataclass(frozen=True)
class Dense:
    """One replicate's REML likelihood, by n × n matrices."""

    day: NDArray[np.int64]
    design: Floats
    score: Floats

    @classmethod
    def of(cls, diary: Diary, replicate: int) -> Dense:
        """Treatment is the last column; columns that add nothing to those before them are left out."""
        usable = diary.is_usable()
        days = usable[:, replicate]
        cycle, treatment = (
            np.broadcast_to(table, usable.shape)[days, replicate] for table in (diary.cycle, diary.treatment)
        )
        columns: list[NDArray[np.generic]] = [np.ones(days.sum())]
        if "trend" in diary.plan.terms:
            columns.append(diary.day[days] - diary.day[days].mean())
        if "cycle" in diary.plan.terms:
            columns += [cycle == number for number in np.unique(cycle)[1:]]
        kept: list[NDArray[np.generic]] = []
        for column in columns:
            if np.linalg.matrix_rank(np.column_stack([*kept, column])) > len(kept):
                kept.append(column)
        return cls(diary.day[days], np.column_stack([*kept, treatment]) * 1.0, diary.score[days, replicate])

    @property
    def df(self) -> int:
        return int(self.score.size - self.design.shape[1])

    def gls(self, autocorrelation: float) -> tuple[float, float, float, float]:
        """Estimate, its variance over σ², RSS and log|R| + log|X′R⁻¹X|."""
        gaps = np.abs(self.day[:, np.newaxis] - self.day)
        root = np.linalg.cholesky(np.power(autocorrelation, gaps))
        design, score = np.linalg.solve(root, self.design), np.linalg.solve(root, self.score)
        information = design.T @ design
        coefficients = np.linalg.solve(information, design.T @ score)
        determinant = 2 * np.log(np.diag(root)).sum() + np.linalg.slogdet(information)[1]
        rss = float(((score - design @ coefficients) ** 2).sum())
        return float(coefficients[-1]), float(np.linalg.inv(information)[-1, -1]), rss, float(determinant)

    def log_likelihood(self, autocorrelation: float, variance: float) -> float:
        _, _, rss, determinant = self.gls(autocorrelation)
        return -float(self.df * np.log(2 * np.pi * variance) + determinant + rss / variance) / 2

    def profile(self, autocorrelation: float) -> float:
        return self.log_likelihood(autocorrelation, self.gls(autocorrelation)[2] / self.df)

    def satterthwaite(self, autocorrelation: float) -> float:
        """Degrees of freedom by numerical derivatives in (φ, log σ²)."""
        at = np.array([autocorrelation, np.log(self.gls(autocorrelation)[2] / self.df)])
        steps = np.diag([2e-4 * (1 - abs(autocorrelation)), 1e-3])

        def log_variance(point: Floats) -> float:
            return float(np.log(self.gls(point[0])[1]) + point[1])

        def curvature(one: Floats, two: Floats) -> float:
            corners = [(one_sign, two_sign) for one_sign in (-1, 1) for two_sign in (-1, 1)]
            points = [at + one_sign * one + two_sign * two for one_sign, two_sign in corners]
            levels = [self.log_likelihood(phi, float(np.exp(log_sigma_2))) for phi, log_sigma_2 in points]
            signs = [one_sign * two_sign for one_sign, two_sign in corners]
            return float(np.dot(signs, levels) / (4 * one.sum() * two.sum()))

        information = -np.array([[curvature(one, two) for one in steps] for two in steps])
        gradient = np.array([(log_variance(at + one) - log_variance(at - one)) / (2 * one.sum()) for one in steps])
        return 2 / float(gradient @ np.linalg.solve(information, gradient))


def autocorrelated(autocorrelation: float, replicates: int, seed: int, missing: float = 0, **plan: object) -> Diary:
    """Three cycles of 14-day periods, ABBAAB, of AR(1) noise with a drug that adds .5."""
    rng = np.random.default_rng(seed)
    innovation = rng.normal(size=(84, replicates))
    innovation[0] /= np.sqrt(1 - autocorrelation**2)
    score = lfilter([1], [1, -autocorrelation], innovation, axis=0)
    score[rng.random(score.shape) < missing] = NAN
    diary = side_by_side(*score.T, cycles=3, period_days=14, order="ABBAAB", **plan)
    return replace(diary, score=diary.score + 0.5 * diary.treatment)


@settings(max_examples=60, deadline=None)
@given(diary=diaries())
def test_it_is_gls_at_the_largest_likelihood(diary: Diary) -> None:
    found = ar1.analyze(diary)
    for replicate in np.flatnonzero(found.is_estimable).tolist():
        dense = Dense.of(diary, replicate)
        phi, sigma, log_likelihood = (
            found.details[name][replicate] for name in ("autocorrelation", "sigma", "log_likelihood")
        )
        estimate, variance, rss, _ = dense.gls(phi)
        np.testing.assert_allclose(found.estimate[replicate], estimate, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(found.standard_error[replicate], np.sqrt(variance * rss / dense.df), rtol=1e-7)
        np.testing.assert_allclose(sigma, np.sqrt(rss / dense.df), rtol=1e-7)
        np.testing.assert_allclose(log_likelihood, dense.profile(phi), rtol=1e-7, atol=1e-7)
        assert log_likelihood >= max(dense.profile(other) for other in SCAN) - 1e-7


@settings(max_examples=60, deadline=None)
@given(diary=diaries())
def test_it_can_fit_what_least_squares_can(diary: Diary) -> None:
    found, independent = ar1.analyze(diary), ols.fit(diary)
    expected = np.where(independent.df < 2, Status.TOO_FEW_ENTRIES, independent.status)
    has_optimum = (expected == Status.OK) & np.isin(found.status, [Status.AT_BOUNDARY, Status.NOT_CONVERGED])
    np.testing.assert_array_equal(found.status, np.where(has_optimum, found.status, expected))
    np.testing.assert_array_equal(found.n, independent.n)
    without_variation = found.status == Status.NO_VARIATION
    np.testing.assert_allclose(
        found.estimate[without_variation], independent.estimate[without_variation], rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("terms", [(), ("trend",), ("cycle",), ("trend", "cycle")])
@pytest.mark.parametrize(("autocorrelation", "missing"), [(-0.4, 0.0), (0.0, 0.3), (0.5, 0.0), (0.8, 0.2)])
def test_degrees_of_freedom_are_those_of_a_numerical_hessian(
    terms: tuple[str, ...], autocorrelation: float, missing: float
) -> None:
    diary = autocorrelated(autocorrelation, replicates=4, seed=8, missing=missing, terms=terms)
    found = ar1.analyze(diary)
    assert (found.status == Status.OK).all()
    for replicate, phi in enumerate(found.details["autocorrelation"]):
        dense = Dense.of(diary, replicate)
        assert found.df[replicate] == pytest.approx(dense.satterthwaite(phi), rel=1e-4)
        assert 1 <= found.df[replicate] <= dense.df


def test_estimates_are_right_on_average() -> None:
    found = ar1.analyze(autocorrelated(0.6, replicates=2000, seed=3))
    assert abs(found.estimate.mean() - 0.5) < 4 * found.estimate.std() / np.sqrt(2000)
    assert np.median(found.details["autocorrelation"]) == pytest.approx(0.6, abs=0.05)
    assert np.median(found.details["sigma"]) == pytest.approx(1 / np.sqrt(1 - 0.6**2), rel=0.05)


def test_residual_degrees_of_freedom_are_entries_minus_coefficients() -> None:
    diary = autocorrelated(0.5, replicates=3, seed=1, terms=("trend", "cycle"), df="residual")
    np.testing.assert_array_equal(ar1.analyze(diary).df, 84 - 5)


def test_at_the_boundary_differences_of_days_are_what_counts() -> None:
    # Each step but the one at the switch, −2, is noise: SE² = (1 + 4 + 1 + 9)/(6 − 2).
    found = ar1.analyze(of_periods("BA", [[0, 1, 3], [1, 2, 5]]))
    assert found.status[0] == Status.AT_BOUNDARY
    assert found.estimate[0] == pytest.approx(-2, abs=1e-4)
    assert found.standard_error[0] == pytest.approx(np.sqrt(15 / 4), rel=1e-4)
    assert found.df[0] == 4
    assert found.details["autocorrelation"][0] == pytest.approx(1, abs=1e-4)
    assert np.isfinite(found.details["sigma"][0])


def test_scores_that_only_alternate_have_no_optimum() -> None:
    found = ar1.analyze(of_periods("AB", [[1, 0, 1, 0], [1, 0, 1, 0]]))
    assert found.status[0] == Status.NOT_CONVERGED
    assert np.isnan(
        [found.estimate[0], found.standard_error[0], *(figure[0] for figure in found.details.values())]
    ).all()


def test_entries_on_every_second_day_leave_the_sign_open() -> None:
    scores: list[list[float]] = [[1, 2, 2, 0, 1, 0], [3, 3, 5, 4, 3, 3]]
    every = ar1.analyze(of_periods("AB", scores))
    every_second = ar1.analyze(of_periods("AB", [[entry for score in row for entry in (score, NAN)] for row in scores]))
    assert every.status[0] == Status.OK
    assert every_second.details["autocorrelation"][0] == pytest.approx(np.sqrt(every.details["autocorrelation"][0]))
    assert every_second.standard_error[0] == pytest.approx(every.standard_error[0])


def test_days_left_out_of_a_diary_are_days_without_entry() -> None:
    diary = autocorrelated(0.5, replicates=3, seed=5, terms=("trend", "cycle"))
    missed = np.isin(diary.day, [4, 5, 13, 30, 83])
    without = Diary(
        diary.day[~missed], diary.period[~missed], diary.cycle[~missed], diary.treatment[~missed],
        diary.day_of_period[~missed], diary.score[~missed], diary.plan,
    )  # fmt: skip
    diary.score[missed] = NAN
    for name in ("estimate", "standard_error", "df"):
        np.testing.assert_allclose(getattr(ar1.analyze(without), name), getattr(ar1.analyze(diary), name), rtol=1e-9)


def test_settling_in_days_are_left_out_but_count_as_distance() -> None:
    diary = autocorrelated(0.7, replicates=2, seed=6)
    cut = replace(diary, score=np.where(diary.day_of_period < 3, NAN, diary.score))
    by_plan = ar1.analyze(diary.with_plan(replace(diary.plan, discard_days=3)))
    np.testing.assert_array_equal(by_plan.standard_error, ar1.analyze(cut).standard_error)
    np.testing.assert_array_equal(by_plan.n, 6 * 11)


def test_reasons_for_no_estimate() -> None:
    scores: list[list[float]] = [[1, 2, 3], [NAN], [NAN], [4, 5, 7]]
    by_status = {
        Status.TOO_FEW_ENTRIES: of_periods("AB", [[1, 2], [4]]),
        Status.ONE_TREATMENT: of_periods("AB", [[1, 2, 4, 3], [NAN]]),
        Status.CONFOUNDED: of_periods("ABAB", scores, terms=("cycle",)),
        Status.NO_VARIATION: of_periods("AB", [[0.3, 0.3, 0.3], [0.1, 0.1, 0.1]]),
    }
    assert {status: ar1.analyze(diary).status[0] for status, diary in by_status.items()} == {
        status: status for status in by_status
    }
    kept = ar1.analyze(by_status[Status.NO_VARIATION])
    assert kept.estimate[0] == pytest.approx(0.2)
    assert np.isnan(kept.details["sigma"][0])


def test_coverage_of_the_truth_is_what_the_ends_say() -> None:
    diary = autocorrelated(0.5, replicates=50, seed=2, missing=0.2, alpha=0.5)
    truth = np.full(50, 0.5)
    found = ar1.analyze(diary, AnalysisRequest(truth=truth))
    assert found.covers is not None
    assert 0 < found.covers.sum() < 50
    np.testing.assert_array_equal(found.covers, (found.ci_low <= truth) & (truth <= found.ci_high))
