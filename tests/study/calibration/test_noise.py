from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from n1trial.study.calibration.noise import (
    AUTOCORRELATIONS,
    DRAWS,
    SHIFTS,
    USUAL_SHIFT,
    DiaryEntries,
    NoisePosterior,
    _weights,
    posterior,
)  # fmt: skip

SHARES = np.array([0.05, 0.2, 0.4])


def observed(entries: int = 40, stretches: int = 3) -> DiaryEntries:
    random = np.random.default_rng(1)
    day = np.sort(random.choice(60, entries, replace=False)).astype(np.int64)
    terms = np.stack([np.ones(entries), day / 7], axis=1)
    member = (day[:, np.newaxis] * stretches // 60 == np.arange(stretches)).astype(np.float64)
    return DiaryEntries(day, random.standard_normal(entries) + 5, terms, member)


def by_definition(
    data: DiaryEntries, autocorrelation: float, white: float, shift: float
) -> tuple[float, NDArray[np.float64], float]:
    """Log likelihood with terms and variance integrated out, coefficients and squares, by the whole covariance."""
    apart = np.abs(data.day[:, np.newaxis] - data.day)
    own = np.eye(data.day.size)
    covariance = (1 - white) * autocorrelation**apart + white * own + shift**2 * data.shifts @ data.shifts.T
    inverse = np.linalg.inv(covariance)
    precision = data.terms.T @ inverse @ data.terms
    coefficients = np.linalg.solve(precision, data.terms.T @ inverse @ data.score)
    left = data.score - data.terms @ coefficients
    squares = float(left @ inverse @ left)
    df = data.day.size - data.terms.shape[1]
    log_dets = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(precision)[1]
    return float(-0.5 * (log_dets + df * np.log(squares))), np.asarray(coefficients, dtype=np.float64), squares


def test_every_node_is_what_the_whole_covariance_gives() -> None:
    data = observed()
    found = posterior(data, SHARES)
    nodes = np.random.default_rng(2).choice(found.squares.size, 25, replace=False)
    for node in nodes:
        at = (float(found.autocorrelation[node]), float(found.white[node]), float(found.shift[node]))
        log_likelihood, coefficients, squares = by_definition(data, *at)
        places = [
            int(np.argmin(np.abs(grid - value)))
            for grid, value in zip((AUTOCORRELATIONS, SHARES, SHIFTS), at, strict=True)
        ]
        prior = sum(
            np.log(_weights(grid)[place])
            for grid, place in zip((AUTOCORRELATIONS, SHARES, SHIFTS), places, strict=True)
        )
        prior -= 0.5 * (at[2] / USUAL_SHIFT) ** 2
        assert found.log_weight[node] == pytest.approx(log_likelihood + prior, abs=1e-8)
        np.testing.assert_allclose(found.coefficients[node], coefficients, rtol=1e-9)
        assert found.squares[node] == pytest.approx(squares, rel=1e-9)


def test_without_stretches_there_are_no_shifts() -> None:
    data = observed()
    alone = posterior(DiaryEntries(data.day, data.score, data.terms, np.empty((40, 0))), SHARES)
    assert set(alone.shift) == {0.0}
    assert alone.squares.size == AUTOCORRELATIONS.size * SHARES.size


def test_draws_have_the_moments_of_the_mixture() -> None:
    found = posterior(observed(), SHARES)
    draws = found.draw()
    weight = found.weight
    assert weight.sum() == pytest.approx(1)
    mean = weight @ found.coefficients
    spread = draws["coefficients"].std(axis=0)
    assert np.all(np.abs(draws["coefficients"].mean(axis=0) - mean) < 4 * spread / np.sqrt(DRAWS))
    variance = weight @ (found.squares / (found.df - 2))  # mean of squares/chi2(df)
    assert abs(draws["variance"].mean() - variance) < 4 * draws["variance"].std() / np.sqrt(DRAWS)
    assert draws["autocorrelation"].min() >= 0
    assert draws["autocorrelation"].max() <= 0.95


def test_draws_are_always_the_same() -> None:
    found = posterior(observed(), SHARES)
    one, other = found.draw(), found.draw()
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_given_a_share_of_diary_noise_the_rest_follows() -> None:
    found = posterior(observed(), SHARES)
    alone = posterior(observed(), SHARES[[1]])
    given = found.where(0.2)
    assert isinstance(given, NoisePosterior)
    order_given, order_alone = (np.lexsort((each.autocorrelation, each.shift)) for each in (given, alone))
    np.testing.assert_allclose(given.weight[order_given], alone.weight[order_alone], atol=1e-12)


def test_the_best_share_of_diary_noise_is_as_likely_as_itself() -> None:
    found = posterior(observed(), SHARES)
    times = [found.evidence_of(share) for share in SHARES.tolist()]
    assert min(times) == pytest.approx(1)
    assert max(times) > 1
