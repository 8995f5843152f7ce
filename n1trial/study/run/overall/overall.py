"""The answer over everything that is uncertain: parameter sets drawn from all that a scenario states as a range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from n1trial.arrays import Floats
from n1trial.errors import InputError
from n1trial.evaluation.characteristics import Figure
from n1trial.scenario.scenario import Scenario
from n1trial.study.batches.measure import Cell, Progress, measure
from n1trial.study.run.overall.ranges import draw_sets

SETS = 200
"""Parameter sets of a run."""
TRIALS = 300
"""Simulated trials of each set and truth."""
LOWEST, HIGHEST = 0.05, 0.95
"""Quantiles over the sets that are reported."""
FEWEST_SETS = 20


@dataclass(frozen=True)
class Spread:
    """A rate over all parameter sets: its mean, and its 5th and 95th percentile."""

    mean: Figure
    low: Figure
    high: Figure


@dataclass(frozen=True)
class Influence:
    """A number that moves the chance to detect beyond chance, with its rank correlation over the sets."""

    key: str
    correlation: float


@dataclass(frozen=True)
class Overall:
    """Rates of the primary method over everything that is uncertain.

    Attributes
    ----------
    detect, type_1 : Spread
        Chance to detect the smallest worthwhile effect in its direction, and false alarms in either. Where a
        probability decides, the chance to continue the drug.
    keys : tuple of str
        Numbers that were drawn, each within its stated range.
    influences : tuple of Influence
        Those of them that move the chance to detect, the strongest first.
    sets, trials : int
        Parameter sets, and simulated trials of each at either truth.
    redrawn : int
        Sets that broke a rule and were drawn again.
    """

    detect: Spread
    type_1: Spread
    keys: tuple[str, ...]
    influences: tuple[Influence, ...]
    sets: int
    trials: int
    redrawn: int


def overall(
    scenario: Scenario,
    sets: int = SETS,
    trials: int = TRIALS,
    seed: int = 1,
    pool: Executor | None = None,
    progress: Progress | None = None,
) -> Overall:
    """Simulate parameter sets drawn from all stated ranges, at the smallest worthwhile effect and at none.

    Parameters
    ----------
    scenario : Scenario
        A crossover with at least one number of `uncertain`.
    sets, trials : int
        Parameter sets, 20 or more, and simulated trials of each at either truth.
    seed : int
    pool : Executor, optional
    progress : callable, optional

    Raises
    ------
    InputError
        If hardly any set keeps the rules of scenarios.
    """
    plan, method = scenario.plan(), scenario.analysis.primary
    drawn, scenarios, redrawn = draw_sets(scenario, sets, seed)
    if 2 * len(drawn) < sets:
        raise InputError(f"overall: the rules refuse nearly every set of values from the stated ranges ({redrawn:,})")
    cells = [
        Cell(changed, effect, (method,), trials, first_batch=number)
        for number, changed in enumerate(scenarios)
        for effect in (plan.benefit_sign * plan.mcid, 0.0)
    ]
    measured = measure(cells, seed, pool, progress)
    tallies, is_by_test = [one.tallies[method] for one in measured], plan.decision_rule != "probability"
    shown = np.array([tally.detected_right if is_by_test else tally.adopted for tally in tallies[::2]])
    alarms = np.array([tally.detected if is_by_test else tally.adopted for tally in tallies[1::2]])
    return Overall(
        detect=spread(shown, trials),
        type_1=spread(alarms, trials),
        keys=tuple(drawn[0]),
        influences=influences(drawn, shown),
        sets=len(drawn),
        trials=trials,
        redrawn=redrawn,
    )


def spread(counts: Floats, trials: int) -> Spread:
    """Compute mean and percentiles of rates over parameter sets, without the noise of simulating each by few trials.

    Rates are drawn toward their mean until their variance is that between the sets alone (constrained empirical Bayes
    [1]_); errors are by bootstrap over the sets.

    Parameters
    ----------
    counts : ndarray, shape (set,)
        Trials counted in each set.
    trials : int
        Simulated trials of each set.

    References
    ----------
    .. [1] Louis. Estimating a population of parameter values using Bayes and empirical Bayes methods. JASA 1984;
       79:393-398.
    """
    from scipy.stats import bootstrap  # slow to import

    def statistics(rates: Floats, axis: int = -1) -> Floats:
        low, high = np.quantile(_shrink(rates, trials), (LOWEST, HIGHEST), axis=axis)
        return np.stack([rates.mean(axis=axis), low, high])

    rates = np.asarray(counts) / trials
    found = bootstrap((rates,), statistics, n_resamples=999, method="percentile", rng=np.random.default_rng(0))
    return Spread(*map(Figure, statistics(rates).tolist(), found.standard_error.tolist()))


def _shrink(rates: Floats, trials: int) -> Floats:
    """Draw rates toward their mean by √(τ²/(τ² + σ²)), σ² their mean binomial variance and τ² what exceeds it."""
    mean = rates.mean(axis=-1, keepdims=True)
    total = rates.var(axis=-1, ddof=1, keepdims=True)
    within = (rates * (1 - rates)).mean(axis=-1, keepdims=True) / max(trials - 1, 1)
    share = np.maximum(0.0, total - within) / np.where(total > 0, total, 1.0)
    shrunk: Floats = mean + np.sqrt(share) * (rates - mean)
    return shrunk


def influences(draws: Sequence[Mapping[str, float]], counts: Floats) -> tuple[Influence, ...]:
    """List the numbers whose rank correlation with the counts exceeds 3/√sets, the strongest first."""
    if np.ptp(counts) == 0:
        return ()
    from scipy.stats import spearmanr  # slow to import

    found = [Influence(key, float(spearmanr([values[key] for values in draws], counts).statistic)) for key in draws[0]]
    beyond = 3 / math.sqrt(len(draws))
    return tuple(sorted((one for one in found if abs(one.correlation) > beyond), key=lambda one: -abs(one.correlation)))
