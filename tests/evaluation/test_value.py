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
from n1trial.evaluation.tally import Tally
from n1trial.evaluation.value import Prior, perfect_information, sample_information, value_of

eighths = st.integers(-16, 16).map(lambda number: number / 8)
sds = st.integers(1, 16).map(lambda number: number / 8)
shares = st.sampled_from([0.1, 0.5, 0.9])


@given(eighths, sds, sds, eighths)
def test_a_normal_prior_has_a_closed_form(mean: float, sd: float, error_sd: float, threshold: float) -> None:
    prior = Prior(mean, sd, 1.0)
    assert sample_information(prior, threshold, 1.0, error_sd) == pytest.approx(
        formulas.evsi(mean, sd, error_sd, threshold), abs=2e-6
    )
    assert perfect_information(prior, threshold) == pytest.approx(formulas.evpi(mean, sd, threshold), abs=1e-14)


@given(eighths, sds, sds, st.sampled_from([0.25, 0.5, 2.0]))
def test_seeing_a_share_of_the_effect_is_as_good_as_an_error_so_much_larger(
    mean: float, sd: float, error_sd: float, slope: float
) -> None:
    found = sample_information(Prior(mean, sd, 1.0), 0.0, slope, error_sd)
    assert found == pytest.approx(formulas.evsi(mean, sd, error_sd / slope), abs=2e-6)


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


@pytest.mark.parametrize(
    ("prior", "threshold", "slope", "error_sd"),
    [
        (Prior(1.0, 0.5, 0.4), 0.0, 0.5, 0.6),
        (Prior(1.0, 0.5, 0.4), 0.25, 1.0, 0.3),
        (Prior(-0.5, 1.0, 0.7), -0.25, 0.8, 0.5),
        (Prior(0.75, 0.25, 0.1), 0.25, 0.3, 1.0),
    ],
)
def test_a_mixed_prior_is_worth_what_going_through_all_of_it_gives(
    prior: Prior, threshold: float, slope: float, error_sd: float
) -> None:
    expected = posterior_gain(prior, threshold, slope, error_sd)
    assert sample_information(prior, threshold, slope, error_sd) == pytest.approx(expected, abs=1e-4)


@given(eighths, sds, shares, eighths, sds, st.sampled_from([0.0, 0.3, 1.0]))
def test_no_trial_is_worth_more_than_knowing(
    mean: float, sd: float, responders: float, threshold: float, error_sd: float, slope: float
) -> None:
    prior = Prior(mean, sd, responders)
    found = sample_information(prior, threshold, slope, error_sd)
    assert 0 <= found <= perfect_information(prior, threshold) + 1e-5
    if slope == 0:
        assert found == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("threshold", [-0.25, 0.0, 0.25])
@pytest.mark.parametrize("sd", [0.0, 2.0])
def test_a_trial_without_noise_is_worth_as_much_as_knowing(threshold: float, sd: float) -> None:
    prior = Prior(1.0, sd, 0.5)
    found = sample_information(prior, threshold, 1.0, 1e-4)
    assert found == pytest.approx(perfect_information(prior, threshold), abs=1e-4)


@pytest.mark.parametrize(
    ("prior", "is_point"),
    [
        (Prior(1.0, 0.0, 1.0), True),
        (Prior(0.0, 0.0, 0.5), True),
        (Prior(1.0, 0.5, 0.0), True),
        (Prior(1.0, 0.0, 0.5), False),
        (Prior(1.0, 0.5, 1.0), False),
    ],
)
def test_a_point_prior_leaves_nothing_to_learn(prior: Prior, is_point: bool) -> None:
    assert prior.is_point == is_point
    found = value_of(TALLY, prior, 0.0)
    nothing = (found.positive_means, found.negative_means, found.evsi, found.evpi)
    assert (nothing == (NO_FIGURE,) * 4) == is_point
    assert found.assurance.value == 0.4


ANSWERED = 900
RNG = np.random.default_rng(20100309)
EFFECT = RNG.normal(-1.0, 0.8, ANSWERED)
ESTIMATE = 0.5 * EFFECT + RNG.normal(0, 0.6, ANSWERED)
TALLY = Tally(
    replicates=1000, estimable=ANSWERED, detected=450, detected_right=400, adopted=380, worthwhile=500,
    worthwhile_adopted=300, adopted_gain=310.0, adopted_gain_2=400.0,
    estimate=float(ESTIMATE.sum()), estimate_2=float((ESTIMATE**2).sum()),
    estimable_effect=float(EFFECT.sum()), estimable_effect_2=float((EFFECT**2).sum()),
    estimate_effect=float((ESTIMATE * EFFECT).sum()),
)  # fmt: skip


def test_answers_are_judged_among_those_who_get_them() -> None:
    found = value_of(TALLY, Prior(1.0, 0.8, 1.0), 0.25)
    assert found.assurance.value == 0.4
    assert found.positive_means.value == pytest.approx(300 / 380)
    assert found.negative_means.value == pytest.approx((620 - 200) / 620)
    assert found.gain.value == pytest.approx(310 / 1000 - 0.75)
    assert found.gain.mcse == pytest.approx(math.sqrt((400 - 310**2 / 1000) / 999 / 1000))
    assert found.evpi.value == pytest.approx(formulas.evpi(1.0, 0.8, 0.25))


@pytest.mark.parametrize("prior", [Prior(1.0, 0.8, 1.0), Prior(1.0, 0.8, 0.3)])
def test_information_of_the_trial_is_read_from_its_trials(prior: Prior) -> None:
    slope, intercept = np.polyfit(EFFECT, ESTIMATE, 1)
    error_sd = float(np.std(ESTIMATE - slope * EFFECT - intercept, ddof=2))
    expected = ANSWERED / 1000 * sample_information(prior, 0.25, float(slope), error_sd)
    assert value_of(TALLY, prior, 0.25).evsi.value == pytest.approx(expected, rel=1e-9)
    assert slope == pytest.approx(0.5, abs=4 * 0.6 / 0.8 / math.sqrt(ANSWERED))


def test_trials_that_say_nothing_are_worth_nothing_that_is_known() -> None:
    prior = Prior(1.0, 0.8, 1.0)
    assert value_of(replace(TALLY, estimable=2), prior, 0.25).evsi.value is None
    assert value_of(Tally(replicates=1), prior, 0.25).gain == NO_FIGURE
    assert value_of(Tally(replicates=5), prior, 0.25).positive_means == NO_FIGURE
