"""Daily models that adjust for triggers against least squares and covariance matrices written out in full, to 1e-8."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import linalg, optimize

import n1trial
from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Estimates
from n1trial.analysis.methods import ar1, course, exposure, mixed, ols
from n1trial.analysis.predicted_exposure import predicted_exposure
from n1trial.diary.diary import Diary
from n1trial.diary.methods import METHODS
from n1trial.simulation.simulate import simulate_batch
from tests.verification import test_course_versus_dense_matrices as course_in_full
from tests.verification import test_mixed_versus_dense_grid as mixed_in_full

Array = NDArray[np.float64]

REPLICATES = 5
NAMES = ("stress", "caffeine", "never")
SHORT: dict[str, Any] = {
    "treatment.onset_days": 5.0, "treatment.offset_days": 9.0, "patient.period_sd": 0.4, "design.cycles": 3,
    "design.period_days": 21, "design.run_in_days": 3, "analysis.discard_days": 5, "analysis.minimum_days": 1,
    "conduct.missing": 0.2, "conduct.dropout_per_week": 0.01,
}  # fmt: skip
CASES: dict[str, dict[str, Any]] = {
    "missing days and boxes": {},
    "trend and cycles, random switch": {"analysis.terms": ["trend", "cycle"], "design.switch_jitter_days": 7},
    "blinded run-in": {"design.run_in": "placebo"},
}
every_case = pytest.mark.parametrize("case", CASES)


def diary_of(case: str) -> Diary:
    """Diaries with three columns: of one a tenth of the boxes is empty, one moves scores, one is the same every day."""
    scenario = n1trial.load_scenario("minimal").replace(**SHORT | CASES[case])
    diary = simulate_batch(scenario, seed=4, width=REPLICATES).diaries.observed
    rng = np.random.default_rng(7)
    stress, caffeine = (rng.random((2, *diary.score.shape)) < 0.3).astype(np.float64)
    score = diary.score + 0.8 * caffeine
    stress[rng.random(stress.shape) < 0.1] = np.nan
    columns = {"stress": stress, "caffeine": caffeine, "never": np.zeros(score.shape)}
    return replace(diary, score=score, columns=columns).with_plan(replace(diary.plan, adjust=NAMES))


def boxes(diary: Diary, replicate: int, used: NDArray[np.bool_]) -> Array:
    """Columns of the boxes that vary, an empty one as the mean of those written on the entries that are used."""
    filled = []
    for name in ("stress", "caffeine"):
        values = diary.columns[name][:, replicate].copy()
        values[np.isnan(values)] = np.nanmean(values[used])
        filled.append(values)
    return np.column_stack(filled)


def with_boxes(diary: Diary, replicate: int, method: ModuleType) -> tuple[Array, Array, NDArray[Any], NDArray[Any]]:
    score, columns, day, stretch = mixed_in_full.model_of(diary, replicate, method)
    used = np.isin(diary.day, day)
    between = boxes(diary, replicate, used)[used]
    return score, np.column_stack([columns[:, :-1], between, columns[:, -1]]), day, stretch


def compared(found: Estimates) -> list[int]:
    estimable: list[int] = np.flatnonzero(found.is_estimable).tolist()
    assert len(estimable) >= 3
    return estimable


@every_case
def test_least_squares(case: str) -> None:
    diary = diary_of(case)
    found = ols.fit(diary)
    for replicate in compared(ols.analyze(diary)):
        score, columns, _, _ = with_boxes(diary, replicate, mixed)
        coefficients = np.linalg.lstsq(columns, score, rcond=None)[0]
        df = len(score) - columns.shape[1]
        sigma = np.sqrt(((score - columns @ coefficients) ** 2).sum() / df)
        error = sigma * np.sqrt(np.linalg.inv(columns.T @ columns)[-1, -1])
        assert found.df[replicate] == df
        assert found.estimate[replicate] == pytest.approx(coefficients[-1], rel=1e-8)
        assert found.standard_error[replicate] == pytest.approx(error, rel=1e-8)


@every_case
def test_autocorrelated_errors(case: str) -> None:
    """By REML: the likelihood written out in full is the same at its optimum, and nowhere higher."""
    diary = diary_of(case)
    found = ar1.analyze(diary)
    for replicate in compared(found):
        score, columns, day, _ = with_boxes(diary, replicate, mixed)
        apart, df = np.abs(day[:, np.newaxis] - day), len(score) - columns.shape[1]

        def fit(phi: float, apart: Any = apart, columns: Array = columns, score: Array = score) -> tuple[float, ...]:
            root = linalg.cholesky(np.where(apart == 0, 1.0, phi**apart), lower=True)
            white = linalg.solve_triangular(root, np.column_stack([columns, score]), lower=True)
            corner = np.asarray(np.linalg.qr(white, mode="r"))
            diagonal, free = np.abs(np.diag(corner)), len(score) - columns.shape[1]
            log_likelihood = -free / 2 * (np.log(2 * np.pi) + 1 + np.log(diagonal[-1] ** 2 / free))
            log_likelihood -= np.log(np.diag(root)).sum() + np.log(diagonal[:-1]).sum()
            return float(log_likelihood), corner[-2, -1] / corner[-2, -2], diagonal[-1] / diagonal[-2] / np.sqrt(free)

        phi = float(found.details["autocorrelation"][replicate])
        log_likelihood, estimate, error = fit(phi)
        assert found.estimate[replicate] == pytest.approx(estimate, rel=1e-8)
        assert found.standard_error[replicate] == pytest.approx(error, rel=1e-8)
        best = optimize.minimize_scalar(lambda phi, fit=fit: -fit(phi)[0], bounds=(0.0, 0.95), method="bounded")
        assert log_likelihood >= -best.fun - 1e-9
        assert 1 <= found.df[replicate] <= df


@pytest.mark.parametrize("method", [mixed, exposure], ids=["mixed", "exposure"])
@every_case
def test_shifts_of_stretches(case: str, method: ModuleType) -> None:
    diary = diary_of(case)
    found = method.analyze(diary)
    for replicate in compared(found)[:3]:
        expected = mixed_in_full.Posterior(*with_boxes(diary, replicate, method))
        mixed_in_full.assert_is(found, replicate, expected, diary.plan.sides, diary.plan.alpha)


@every_case
def test_course(case: str) -> None:
    diary = diary_of(case)
    layout, found, share = diary.plan.layout, course.analyze(diary), predicted_exposure(diary, 5, 9)
    assert layout is not None
    is_placebo = layout.run_in == "placebo"
    for replicate in compared(found)[:2]:
        score = diary.score[:, replicate]
        used = ~np.isnan(score) & ((diary.day >= 0) | is_placebo)
        columns = np.column_stack([np.ones(len(score)), boxes(diary, replicate, used), share[:, replicate]])
        first_dose = -layout.run_in_days if is_placebo else 0
        expected = course_in_full.Posterior(
            score, columns, used, diary.day, layout.stretch_of_day, first_dose, course_in_full.Prior()
        )
        mean, sd = expected.moments()
        assert found.df[replicate] == expected.df
        assert found.estimate[replicate] == pytest.approx(mean, rel=1e-8)
        assert found.standard_error[replicate] == pytest.approx(sd, rel=1e-8)
        assert found.p_benefit[replicate] == pytest.approx(expected.below(0), rel=1e-8)


ADJUSTING = [name for name, method in METHODS.items() if "adjust" in method.settings]


@pytest.mark.parametrize("method", ADJUSTING)
def test_a_trigger_that_is_taken_out_of_the_scores_makes_no_difference(method: str) -> None:
    """What a column adds to every score changes no estimate, interval or p; nor does a box counted in tens."""
    diary = diary_of("missing days and boxes")
    moved = replace(diary, score=diary.score + 3 * diary.columns["caffeine"])
    otherwise = replace(diary, columns={**diary.columns, "caffeine": 1 + 10 * diary.columns["caffeine"]})
    found = analyze(diary, method)
    for other in (moved, otherwise):
        again = analyze(other, method)
        for name in ("estimate", "standard_error", "p_value", "ci_low", "df"):
            np.testing.assert_allclose(getattr(again, name), getattr(found, name), rtol=1e-7, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("method", ADJUSTING)
def test_labels_shifts_and_scales(method: str) -> None:
    diary = diary_of("missing days and boxes")
    found = analyze(diary, method, assumed_onset_days=0.0, assumed_offset_days=0.0)
    scaled = replace(diary, score=5 + 2 * diary.score, plan=replace(diary.plan, mcid=2 * diary.plan.mcid))
    twice = analyze(scaled, method, assumed_onset_days=0.0, assumed_offset_days=0.0)
    # With an effect that comes and goes at once exposure is treatment, and its opposite 1 less it.
    swapped = replace(diary, treatment=np.where(diary.period > 0, 1 - diary.treatment, diary.treatment).astype(np.int8))
    opposite = analyze(replace(swapped, doses_taken=None), method, assumed_onset_days=0.0, assumed_offset_days=0.0)
    plain = analyze(replace(diary, doses_taken=None), method, assumed_onset_days=0.0, assumed_offset_days=0.0)
    np.testing.assert_allclose(twice.estimate, 2 * found.estimate, rtol=1e-8)
    np.testing.assert_allclose(twice.standard_error, 2 * found.standard_error, rtol=1e-8)
    np.testing.assert_allclose(twice.p_value, found.p_value, rtol=1e-7)
    np.testing.assert_allclose(opposite.estimate, -plain.estimate, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(opposite.p_value, plain.p_value, rtol=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_a_plan_without_it_is_as_before_and_a_column_that_never_varies_changes_nothing(method: str) -> None:
    diary = diary_of("missing days and boxes")
    plain = replace(diary, plan=replace(diary.plan, adjust=()), columns={})
    never = diary.with_plan(replace(diary.plan, adjust=("never",)))
    for name in ("estimate", "standard_error", "p_value", "df"):
        np.testing.assert_allclose(
            getattr(analyze(never, method), name), getattr(analyze(plain, method), name), rtol=1e-9, err_msg=name
        )
