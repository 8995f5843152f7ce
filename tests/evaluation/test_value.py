"""What a trial is worth, against closed forms and numeric integration."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from n1trial import formulas
from n1trial.evaluation.characteristics import NO_FIGURE
from n1trial.evaluation.tally import DrawnTrials, Tally
from n1trial.evaluation.value.prior import Prior, perfect_information
from n1trial.evaluation.value.worth import sample_information, value_of

eighths = st.integers(-16, 16).map(lambda number: number / 8)
sds = st.integers(1, 16).map(lambda number: number / 8)
shares = st.sampled_from([0.1, 0.5, 0.9])


@given(eighths, sds, shares, eighths)
def test_perfect_information_is_the_mean_of_what_is_above_the_threshold(
    mean: float, sd: float, responders: float, threshold: float
) -> None:
    among_responders, _ = quad(
        lambda benefit: max(benefit - threshold, 0) * norm.pdf(benefit, mean, sd), mean - 12 * sd, mean + 12 * sd,
        points=[min(max(threshold, mean - 12 * sd), mean + 12 * sd)], epsabs=1e-12,
    )  # fmt: skip
    known = responders * among_responders + (1 - responders) * max(-threshold, 0)
    expected = known - max(responders * mean - threshold, 0)
    assert perfect_information(Prior(mean, sd, responders), threshold) == pytest.approx(expected, abs=1e-8)


def posterior_gain(prior: Prior, threshold: float, slope: float, error_sd: float) -> float:
    """Value of an estimate by going through all benefits and all estimates: slow, and by Bayes' rule alone."""
    spread = math.hypot(slope * prior.sd, error_sd)
    estimates = np.linspace(-12 * spread - 8, 12 * spread + 8, 1201)
    benefits = np.linspace(prior.mean - 9 * prior.sd, prior.mean + 9 * prior.sd, 801)
    step = benefits[1] - benefits[0]
    weights = np.append(prior.responders * norm.pdf(benefits, prior.mean, prior.sd) * step, 1 - prior.responders)
    every = np.append(benefits, 0.0)
    likelihood = norm.pdf(estimates[:, np.newaxis], slope * every, error_sd)
    gain = np.maximum(likelihood @ (weights * (every - threshold)), 0)
    before = max(float(weights @ every) - threshold, 0)
    return float(gain.sum() * (estimates[1] - estimates[0])) - before


STANDARD_ERRORS, FIT = 4, 0.002
"""Of the simulation; and what the fitted rule, which does not know the best one, may miss."""


def trials_of(prior: Prior, slope: float, error_sd: float, size: int, seed: int = 5, lost: float = 0.0) -> DrawnTrials:
    """Trials whose estimate is normal about a share of the benefit, and whose probability rises with it."""
    rng = np.random.default_rng(seed)
    benefit = np.where(rng.random(size) < prior.responders, rng.normal(prior.mean, prior.sd, size), 0.0)
    probability = norm.cdf(slope * benefit + rng.normal(0, error_sd, size))
    return DrawnTrials(benefit, np.where(rng.random(size) < lost, np.nan, probability), probability > 0.9)


@pytest.mark.parametrize("lost", [0.0, 0.3])
@pytest.mark.parametrize(
    ("prior", "threshold", "slope", "error_sd"),
    [
        (Prior(0.5, 1.0, 1.0), 0.25, 1.0, 0.8),
        (Prior(1.0, 0.5, 0.4), 0.0, 0.5, 0.6),
        (Prior(1.0, 0.5, 0.4), 0.25, 1.0, 0.3),
        (Prior(-0.5, 1.0, 0.7), -0.25, 0.8, 0.5),
        (Prior(0.75, 0.25, 0.1), 0.25, 0.3, 1.0),
    ],
)
def test_the_use_of_a_trial_is_what_going_through_all_of_the_prior_gives(
    prior: Prior, threshold: float, slope: float, error_sd: float, lost: float
) -> None:
    expected = (1 - lost) * posterior_gain(prior, threshold, slope, error_sd)
    found = sample_information(trials_of(prior, slope, error_sd, 20_000, lost=lost), prior, threshold)
    assert found.value is not None
    assert found.mcse is not None
    assert abs(found.value - expected) < STANDARD_ERRORS * found.mcse + FIT
    assert found.value - STANDARD_ERRORS * found.mcse < perfect_information(prior, threshold)


def test_of_one_normal_benefit_it_is_the_closed_form() -> None:
    prior = Prior(0.5, 1.0, 1.0)
    assert posterior_gain(prior, 0.25, 1.0, 0.8) == pytest.approx(formulas.evsi(0.5, 1.0, 0.8, 0.25), abs=1e-5)


def test_a_trial_that_says_nothing_gains_nothing_but_by_chance() -> None:
    prior, rng = Prior(0.1, 1.0, 1.0), np.random.default_rng(2)
    trials = trials_of(prior, 1.0, 1.0, 4000)
    found = sample_information(replace(trials, p_decision=rng.random(4000)), prior, 0.0)
    assert found.value is not None
    assert found.mcse is not None
    assert found.value < STANDARD_ERRORS * found.mcse


def test_the_standard_error_is_that_of_repetitions() -> None:
    prior = Prior(0.2, 1.0, 0.7)
    found = [sample_information(trials_of(prior, 0.7, 0.8, 600, seed), prior, 0.1) for seed in range(200)]
    values, errors = (np.array([getattr(figure, name) for figure in found]) for name in ("value", "mcse"))
    assert values.std(ddof=1) == pytest.approx(errors.mean(), rel=0.25)


@pytest.mark.parametrize(
    ("prior", "threshold", "reason"),
    [
        (Prior(1.0, 0.0, 1.0), 0.0, "certain"),
        (Prior(0.0, 0.0, 0.5), 0.5, "certain"),
        (Prior(1.0, 0.5, 0.0), 0.5, "certain"),
        (Prior(1.0, 0.0, 0.5), 0.0, "no_harm"),
        (Prior(1.0, 0.0, 0.5), 0.25, None),
        (Prior(-1.0, 0.0, 0.5), 0.0, None),
        (Prior(1.0, 0.5, 0.5), 0.0, None),
    ],
)
def test_why_there_is_nothing_to_gain(prior: Prior, threshold: float, reason: str | None) -> None:
    found = value_of(tally_of(trials_of(prior, 1.0, 1.0, 400)), prior, threshold)
    assert found.reason == reason
    assert ((found.evsi, found.evpi) == (NO_FIGURE, NO_FIGURE)) == (reason is not None)
    assert found.assurance.value == 0.4


def tally_of(trials: DrawnTrials) -> Tally:
    """Tally of such trials, in two batches."""
    half = trials.benefit.size // 2
    parts = [
        DrawnTrials(trials.benefit[piece], trials.p_decision[piece], trials.is_adopted[piece])
        for piece in (slice(half), slice(half, None))
    ]
    return Tally(
        replicates=1000, estimable=900, detected=450, detected_right=400, adopted=380, adopted_gain=310.0,
        adopted_gain_2=400.0, drawn=parts,
    )  # fmt: skip


def test_what_the_stated_rule_gains() -> None:
    found = value_of(tally_of(trials_of(Prior(1.0, 0.8, 1.0), 1.0, 1.0, 400)), Prior(1.0, 0.8, 1.0), 0.25)
    assert found.gain.value == pytest.approx(310 / 1000 - 0.75)
    assert found.gain.mcse == pytest.approx(math.sqrt((400 - 310**2 / 1000) / 999 / 1000))
    assert found.evpi.value == pytest.approx(formulas.evpi(1.0, 0.8, 0.25))
    assert found.evpi.mcse == 0


def test_of_few_trials_nothing_is_known() -> None:
    prior = Prior(1.0, 0.8, 1.0)
    assert sample_information(trials_of(prior, 1.0, 1.0, 19), prior, 0.0) == NO_FIGURE
    assert sample_information(trials_of(prior, 1.0, 1.0, 400, lost=1.0), prior, 0.0).value == 0
    one = Tally(replicates=1, drawn=[trials_of(prior, 1.0, 1.0, 1)])
    assert (value_of(one, prior, 0.25).gain, value_of(one, prior, 0.25).evsi) == (NO_FIGURE, NO_FIGURE)
