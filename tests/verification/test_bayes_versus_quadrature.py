"""The Bayesian reading of the cycles against dense integration over both parameters, and against its own prior."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from n1trial.analysis.estimates import AnalysisRequest
from n1trial.analysis.methods.bayes import analyze
from n1trial.diary.plan import Plan
from tests.analysis.diaries import of_periods, side_by_side

WITHIN = 1e-6
PRIORS = {
    "default": Plan(mcid=0.5, decision_benefit=0.25),
    "sure": Plan(prior_mean=-0.5, prior_sd=0.25, sd_scale=0.5, better="higher", alpha=0.01),
    "wide": Plan(prior_mean=1.0, prior_sd=20.0, sd_scale=10.0, sides=1),
}
DIFFERENCES: dict[str, list[float]] = {
    "gabapentin": [-3.0, -6.88, -6.57],
    "undecided": [1.14, -0.10, 2.60],
    "two": [-0.75, 0.25],
    "alike": [0.30, 0.31],
    "far": [60.0, 45.0],
    "four": [-0.5, -0.75, 0.125, -1.0],
    "six": [0.05, -0.22, 0.57, 0.36, -1.4, 0.2],
    "nine": [-1.2, 0.3, -0.8, -0.1, -2.0, 0.6, -0.7, -0.4, -1.1],
}


class Dense:
    """Posterior of θ as it is written down: likelihood of each difference times priors, integrated over log τ and θ.

    Panels of θ crowd around the mean difference and the prior mean, in geometric steps, and end at each of `marks`.
    """

    def __init__(self, differences: list[float], plan: Plan, marks: list[float]) -> None:
        reach = np.geomspace(1e-4, 3e5, 40)
        centers = np.array([np.mean(differences), plan.prior_mean])[:, np.newaxis]
        self.edge = np.unique([*(centers + reach).ravel(), *(centers - reach).ravel(), *centers.ravel(), *marks])
        node, weight = np.polynomial.legendre.leggauss(10)
        half = np.diff(self.edge)[:, np.newaxis] / 2
        self.theta = self.edge[:-1, np.newaxis] + half + half * node
        density = log_density(self.theta.ravel(), differences, plan).reshape(self.theta.shape)
        self.mass = np.exp(density - density.max()) * half * weight
        self.mass /= self.mass.sum()

    @property
    def mean(self) -> float:
        return float((self.mass * self.theta).sum())

    @property
    def sd(self) -> float:
        return float(np.sqrt((self.mass * (self.theta - self.mean) ** 2).sum()))

    def below(self, mark: float) -> float:
        return float(self.mass[self.edge[1:] <= mark].sum())


def log_density(theta: NDArray[np.float64], differences: list[float], plan: Plan) -> NDArray[np.float64]:
    """Log posterior density of θ but for a constant, summed over log τ from −16 to 16."""
    node, weight = np.polynomial.legendre.leggauss(400)
    log_tau = 16 * node[:, np.newaxis]
    tau = np.exp(log_tau)
    prior = stats.t(3, scale=plan.spread_prior_scale).logpdf(tau) + log_tau + np.log(weight)[:, np.newaxis]
    squares = sum((difference - theta) ** 2 for difference in differences)
    joint = prior - squares / 2 / tau**2 - len(differences) * log_tau
    found: NDArray[np.float64] = special.logsumexp(joint, axis=0)
    return found + stats.norm.logpdf(theta, plan.prior_mean, plan.effect_prior_sd)


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("name", DIFFERENCES)
def test_posterior_agrees(name: str, prior: str) -> None:
    plan, differences = replace(PRIORS[prior], discard_days=0, minimum_days=1), DIFFERENCES[name]
    scores = [[value] for difference in differences for value in (difference, 0.0)]
    found = analyze(of_periods("AB" * len(differences), scores).with_plan(plan))
    sign, tail = plan.benefit_sign, plan.alpha / plan.sides
    benefits = {0.0: found.p_benefit, plan.mcid: found.p_worthwhile, plan.decision_benefit: found.p_decision}
    low, high = float(found.ci_low[0]), float(found.ci_high[0])
    dense = Dense(differences, plan, [low, high, *(sign * benefit for benefit in benefits)])

    assert found.estimate[0] == pytest.approx(dense.mean, abs=WITHIN * dense.sd)
    assert found.standard_error[0] == pytest.approx(dense.sd, rel=WITHIN)
    for benefit, figure in benefits.items():
        below = dense.below(sign * benefit)
        assert figure[0] == pytest.approx(below if sign < 0 else 1 - below, abs=WITHIN)
    assert [dense.below(low), dense.below(high)] == pytest.approx([tail, 1 - tail], abs=WITHIN)
    below = dense.below(0)
    p_value = 2 * min(below, 1 - below) if plan.sides == 2 else below if sign > 0 else 1 - below
    assert found.p_value[0] == pytest.approx(p_value, abs=WITHIN)


@pytest.mark.parametrize("cycles", [2, 3, 6])
def test_it_is_calibrated_where_truths_come_from_its_prior(cycles: int) -> None:
    """Coverage at four levels, and how often there is a benefit, over 20,000 replicates; within 4 standard errors."""
    rng = np.random.default_rng(20261122)
    replicates = 20_000
    truth = 0.5 + 1.5 * rng.normal(size=replicates)
    tau = np.abs(0.8 * rng.standard_t(3, size=replicates))
    scores = np.zeros((replicates, 2 * cycles))
    scores[:, ::2] = (truth + tau * rng.normal(size=(cycles, replicates))).T
    priors = {"prior_mean": 0.5, "prior_sd": 1.5, "sd_scale": 0.8}
    for alpha in (0.05, 0.2, 0.5, 0.9):
        diary = side_by_side(
            *scores, cycles=cycles, period_days=1, order="AB" * cycles, better="higher", alpha=alpha, **priors
        )
        found = analyze(diary, AnalysisRequest(truth, intervals=0))
        assert found.is_estimable.all()
        assert found.covers is not None
        assert abs(found.covers.mean() - (1 - alpha)) < 4 * np.sqrt(alpha * (1 - alpha) / replicates)
    for figure, benefit in [(found.p_benefit, 0.0), (found.p_worthwhile, 1.0)]:
        excess = (truth > benefit) - figure
        assert abs(excess.mean()) < 4 * excess.std() / np.sqrt(replicates)
        doubtful = excess[(figure > 0.2) & (figure < 0.6)]
        assert abs(doubtful.mean()) < 4 * doubtful.std() / np.sqrt(doubtful.size)
