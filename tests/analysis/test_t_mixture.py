from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats

from n1trial.analysis.daily.t_mixture import TMixture, upper_tail

REPLICATES = 40


def mixtures(seed: int = 1, components: int = 7) -> TMixture:
    """Mixtures near and far, wide and narrow, of few and of many degrees of freedom."""
    rng = np.random.default_rng(seed)
    weight = rng.dirichlet(np.full(components, 0.5), REPLICATES).T
    center = rng.normal(size=(components, REPLICATES)) * rng.choice([0.1, 1, 30], REPLICATES)
    spread = rng.gamma(2, size=(components, REPLICATES))
    return TMixture(weight, center, spread, rng.choice([3.0, 5.0, 59.0, 60.0, 250.0], REPLICATES))


@pytest.mark.parametrize(("df", "tolerance"), [(3, 1e-15), (59, 1e-15), (60, 2e-14), (100, 1e-15), (168, 1e-15)])
def test_tail_agrees_with_scipy(df: float, tolerance: float) -> None:
    t = np.linspace(0, 9, 400)[:, np.newaxis]
    assert_allclose(upper_tail(t, np.array([df])), stats.t.sf(t, df), rtol=0, atol=tolerance)


def test_tail_does_not_look_at_other_replicates() -> None:
    t, df = np.full((1, 3), 1.7), np.array([5.0, 70.0, 300.0])
    apart = [upper_tail(t[:, :1], df[column : column + 1])[0, 0] for column in range(3)]
    assert upper_tail(t, df)[0].tolist() == apart


def test_tails_are_the_weighted_tails_of_the_components() -> None:
    mixture, value = mixtures(), np.linspace(-3, 3, REPLICATES)
    below, above = mixture.tails(value)
    of_components = stats.t.cdf((value - mixture.center) / mixture.spread, mixture.df)
    assert_allclose(below, (mixture.weight * of_components).sum(axis=0), atol=1e-13)
    assert_allclose(below + above, 1, atol=1e-14)


def test_far_tails_keep_their_digits() -> None:
    mixture = TMixture(np.ones((1, 1)), np.array([[12.0]]), np.ones((1, 1)), np.array([200.0]))
    below, _ = mixture.tails(0.0)
    assert below[0] == pytest.approx(stats.t.cdf(-12, 200), rel=1e-7)


def test_moments_agree_with_integration() -> None:
    mixture = mixtures()
    mean, sd = mixture.moments()
    for column in range(0, REPLICATES, 7):
        one = mixture.of(np.array([column]))
        if one.df[0] <= 3:
            continue  # the tails of the square are too long for quadrature

        def density(x: float, one: TMixture = one) -> float:
            return float(one.density(np.array([x]))[0])

        assert integrate.quad(density, -np.inf, np.inf)[0] == pytest.approx(1, abs=1e-6)
        square = integrate.quad(lambda x, column=column: (x - mean[column]) ** 2 * density(x), -np.inf, np.inf)[0]
        assert np.sqrt(square) == pytest.approx(sd[column], rel=1e-5)


@pytest.mark.parametrize("probability", [1e-6, 0.025, 0.3, 0.5, 0.9, 0.995])
@pytest.mark.parametrize("components", [1, 2, 7])
def test_quantiles_invert_the_tails(probability: float, components: int) -> None:
    mixture = mixtures(seed=components, components=components)
    below, _ = mixture.tails(mixture.quantile(probability))
    assert_allclose(below, probability, rtol=1e-9)


def test_quantiles_between_components_far_apart_are_found() -> None:
    mixture = TMixture(np.full((2, 1), 0.5), np.array([[-1e9], [1e9]]), np.ones((2, 1)), np.array([300.0]))
    below, _ = mixture.tails(mixture.quantile(0.4))
    assert below[0] == pytest.approx(0.4, abs=1e-6)
    assert abs(mixture.quantile(0.5)[0]) < 1e9


def test_quantile_of_one_component_is_that_of_t() -> None:
    mixture = mixtures(components=1)
    expected = mixture.center[0] + mixture.spread[0] * stats.t.ppf(0.975, mixture.df)
    assert_allclose(mixture.quantile(0.975), expected, rtol=1e-12)


def test_average_weighs_what_components_stand_for() -> None:
    mixture = TMixture(np.array([[0.25], [0.75]]), np.zeros((2, 1)), np.ones((2, 1)), np.array([9.0]))
    assert mixture.average(np.array([0.0, 0.8]))[0] == pytest.approx(0.6)
