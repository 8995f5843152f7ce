"""Bayesian reading of the cycles: what to believe of the effect, given their differences and prior beliefs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from n1trial.analysis.estimates import EVERYTHING, AnalysisRequest, Estimates, Status
from n1trial.analysis.methods.paired import cycle_differences
from n1trial.analysis.period_means import period_means, ratio, total
from n1trial.diary.diary import Diary
from n1trial.diary.methods import BAYES
from n1trial.diary.plan import Plan

PRIOR_DF = 3
"""Degrees of freedom of the half-t prior of τ."""
REACH = 17.0
"""Nodes end where the integrand is below exp(−17) of its top."""
STEP = 0.29
"""Distance of nodes on log τ in one cycle; it shrinks with the fourth root of cycles + 1 as the integrand narrows."""
NODES_MULTIPLE = 8
"""Numbers of nodes are multiples of this, so that many replicates have as many and are worked out together."""
TOGETHER = 512
"""At most so many replicates are worked out together, to stay within the processor's cache."""


class Differences(NamedTuple):
    """Sufficient statistics of the cycle differences, each of shape (replicate,)."""

    pairs: NDArray[np.int64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]

    def of(self, which: NDArray[np.intp]) -> Differences:
        """Take those of some replicates."""
        return Differences(self.pairs[which], self.mean[which], self.squares[which])


class Posterior(NamedTuple):
    """Mixture of normals, each of shape (node, replicate), with its own mean and SD, of shape (replicate,)."""

    weight: NDArray[np.float64]
    node_mean: NDArray[np.float64]
    node_sd: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]

    def below(self, value: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of an effect below a value. Shape (replicate,)."""
        # A sum of weights can exceed 1 by a rounding error.
        return np.minimum(total(self.weight * ndtr((value - self.node_mean) / self.node_sd)), 1)

    def density(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the density at a value. Shape (replicate,)."""
        z = (value - self.node_mean) / self.node_sd
        return total(self.weight / self.node_sd * np.exp(-(z**2) / 2)) / math.sqrt(2 * math.pi)


def analyze(diary: Diary, request: AnalysisRequest = EVERYTHING) -> Estimates:
    """Find the posterior of the mean cycle difference.

    Cycle differences are N(θ, τ²), all of the same weight; θ ~ N(prior_mean, prior_sd²), τ ~ half-t with 3 degrees of
    freedom and scale sd_scale. Given τ the posterior of θ is normal; over τ it is a mixture of these, summed by the
    trapezoid rule on log τ to within 1e-7.

    Parameters
    ----------
    diary : Diary
        Periods with fewer than `Plan.minimum_days` usable days are lost, and their cycle with them.
    request : AnalysisRequest
        Given a truth, coverage follows from the posterior probability below it, without the ends.

    Returns
    -------
    Estimates
        Estimand "contrast". Estimate and standard error are the posterior's mean and SD, df is infinite, the interval
        lies between its quantiles, p_benefit and its like are posterior probabilities, and p_value is the tail beyond
        0: twice the smaller one, or that against a benefit. Details: mean and standard error of the differences alone.
        `TOO_FEW_CYCLES` where fewer than two cycles are left: there is a posterior, but how much differences vary
        would be the prior's word alone. `NO_VARIATION` where all differences are the same: in the limit the posterior
        is their mean.
    """
    plan = diary.plan
    means = period_means(diary)
    difference, is_pair, entries = cycle_differences(means, plan.minimum_days)
    pairs = is_pair.sum(axis=0)
    mean = ratio(total(difference), pairs)
    data = Differences(pairs, mean, total(is_pair * (difference - mean) ** 2))
    status = np.select(
        [pairs < 2, data.squares <= (pairs - 1) * means.rounding_error**2],
        [Status.TOO_FEW_CYCLES, Status.NO_VARIATION],
        Status.OK,
    )
    figures = np.full((8, diary.replicates), np.nan)
    for which, low, high, nodes in _of_one_size(plan, data, np.flatnonzero(status == Status.OK)):
        figures[:, which] = _figures(_posterior(plan, data.of(which), low, high, nodes), which, plan, request)
    estimate, sd, ci_low, ci_high, below_0, below_mcid, below_decision, below_truth = figures

    p_benefit, p_worthwhile, p_decision = (
        1 - below if plan.benefit_sign > 0 else below for below in (below_0, below_mcid, below_decision)
    )
    tail = plan.alpha / plan.sides
    return Estimates(
        BAYES.name,
        BAYES.estimand,
        estimate=np.where(status == Status.NO_VARIATION, mean, estimate),
        standard_error=sd,
        df=np.where(status == Status.OK, np.inf, np.nan),
        ci_low=ci_low,
        ci_high=ci_high,
        p_value=2 * np.minimum(below_0, 1 - below_0) if plan.sides == 2 else 1 - p_benefit,
        p_benefit=p_benefit,
        p_worthwhile=p_worthwhile,
        p_decision=p_decision,
        status=status.astype(np.int8),
        n=(is_pair * entries).sum(axis=0),
        covers=None if request.truth is None else (below_truth >= tail) & (below_truth <= 1 - tail),
        details=_without_prior(data, status),
    )


def _without_prior(data: Differences, status: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return what the differences say by themselves, so that a prior can be held against it."""
    is_estimable = status == Status.OK
    variance = ratio(data.squares, (data.pairs - 1) * data.pairs)
    return {
        "data_estimate": np.where(is_estimable, data.mean, np.nan),
        "data_standard_error": np.where(is_estimable, np.sqrt(variance), np.nan),
    }


def _of_one_size(
    plan: Plan, data: Differences, estimable: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64], int]]:
    """Yield replicates that take as many nodes, their lowest and highest log τ, and the number of nodes."""
    pairs, mean, squares = data.of(estimable)
    # The log integrand is −(k − 2) log τ − squares/2τ² with terms of the priors, which rise to the left no faster
    # than 5 log τ: below √(squares/(k + 3)) it falls at least as m·[x − (e²ˣ − 1)/2], m = k + 3, x the distance.
    m = pairs + 3.0
    x = np.ones_like(m)
    for _ in range(12):
        x = np.log1p(2 * (REACH / m + x)) / 2
    low = np.log(squares / m) / 2 - x
    # Beyond every scale but prior_sd it falls as τ^−(k + 2), after a rise by e^2.4 at most; τ more
    # counts for the SD.
    of_mean = pairs * (mean - plan.prior_mean) ** 2
    scale = np.maximum(np.maximum(squares, of_mean), PRIOR_DF * plan.spread_prior_scale**2)
    high = np.log(scale) / 2 + (REACH + 2.4) / (pairs + 1)
    nodes = NODES_MULTIPLE * np.ceil((high - low) / (STEP / (pairs + 1) ** 0.25) / NODES_MULTIPLE).astype(np.int64)
    for size in np.unique(nodes):
        of_size = np.flatnonzero(nodes == size)
        for start in range(0, of_size.size, TOGETHER):
            part = of_size[start : start + TOGETHER]
            yield estimable[part], low[part], high[part], int(size)


def _posterior(
    plan: Plan, data: Differences, low: NDArray[np.float64], high: NDArray[np.float64], nodes: int
) -> Posterior:
    """Compute the posterior of θ at equidistant nodes of log τ."""
    pairs, mean, squares = data
    log_tau = low + np.linspace(0, 1, nodes)[:, np.newaxis] * (high - low)
    variance = np.exp(2 * log_tau)
    surprise = mean - plan.prior_mean
    of_mean = variance / pairs
    of_surprise = plan.effect_prior_sd**2 + of_mean
    log_weight = (
        (2 - pairs) * log_tau
        - squares / 2 / variance
        - (PRIOR_DF + 1) / 2 * np.log1p(variance / (PRIOR_DF * plan.spread_prior_scale**2))
        - np.log(of_surprise) / 2
        - surprise**2 / 2 / of_surprise
    )
    weight = np.exp(log_weight - log_weight.max(axis=0))
    weight /= total(weight)
    share = plan.effect_prior_sd**2 / of_surprise
    pull = total(weight * share)
    node_sd = np.sqrt(share * of_mean)
    sd = np.sqrt(total(weight * (node_sd**2 + ((share - pull) * surprise) ** 2)))
    return Posterior(weight, plan.prior_mean + share * surprise, node_sd, plan.prior_mean + pull * surprise, sd)


def _figures(
    posterior: Posterior, which: NDArray[np.intp], plan: Plan, request: AnalysisRequest
) -> NDArray[np.float64]:
    """Return mean, SD, both ends, and the probability below 0, worthwhile, the decision's benefit and the truth."""
    figures = np.full((8, which.size), np.nan)
    tail = plan.alpha / plan.sides
    asked = np.count_nonzero(which < request.intervals) if request.intervals is not None else which.size
    first = Posterior(*(values[..., :asked] for values in posterior))
    below = {value: posterior.below(plan.benefit_sign * value) for value in {0.0, plan.mcid, plan.decision_benefit}}
    figures[0], figures[1] = posterior.mean, posterior.sd
    figures[2, :asked], figures[3, :asked] = _quantile(first, tail), _quantile(first, 1 - tail)
    figures[4], figures[5], figures[6] = below[0.0], below[plan.mcid], below[plan.decision_benefit]
    if request.truth is not None:
        figures[7] = posterior.below(request.truth[which])
    return figures


def _quantile(posterior: Posterior, level: float) -> NDArray[np.float64]:
    """Find what an effect is below with a probability, by Newton's method kept within bounds. Shape (replicate,)."""
    odds = math.sqrt(level / (1 - level))
    low, high = posterior.mean - posterior.sd / odds, posterior.mean + posterior.sd * odds  # Cantelli's inequality
    value = posterior.mean + ndtri(level) * posterior.sd
    is_found = np.zeros(value.shape, dtype=np.bool_)
    while not is_found.all():
        excess = posterior.below(value) - level
        low, high = np.where(excess < 0, value, low), np.where(excess < 0, high, value)
        newton = value - excess * ratio(np.ones_like(value), posterior.density(value))
        is_inside = (newton >= low) & (newton <= high)
        following = np.where(is_inside, newton, (low + high) / 2)
        is_last = is_inside & (np.abs(newton - value) <= 1e-6 * posterior.sd)  # the next error is the square of this
        value = np.where(is_found, value, following)
        is_found |= is_last
    return value
