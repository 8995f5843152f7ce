"""Operating characteristics against the raw estimates, and their Monte Carlo errors against repetition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from n1trial.evaluation.characteristics import (
    FEWEST_DETECTIONS,
    METRICS,
    NO_FIGURE,
    Figure,
    characterize,
    mean,
    median,
    rate,
)
from n1trial.evaluation.tally import Tally, tally
from tests.evaluation.trials import Trials, trials

REPEATS, STANDARD_ERRORS = 2000, 4


def assert_figure(found: Figure, value: float, mcse: float) -> None:
    assert found.value == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert found.mcse == pytest.approx(mcse, rel=1e-6, abs=1e-7)


def assert_share(found: Figure, flags: NDArray[np.bool_]) -> None:
    share = float(flags.mean())
    known = share if 0 < share < 1 else (flags.sum() + 1) / (len(flags) + 2)
    assert_figure(found, share, math.sqrt(known * (1 - known) / len(flags)))


@given(trials(), st.booleans())
def test_figures_are_those_of_the_arrays(batch: Trials, is_prior: bool) -> None:
    estimates, plan, truths = batch
    truth = None if is_prior else float(truths[0])
    if truth is not None:
        truths = np.full(len(truths), truth)
    found = characterize(tally(estimates, plan, truths), truth)
    assert tuple(found) == METRICS
    seen, every = estimates.is_estimable, len(truths)
    count = int(seen.sum())
    detected = estimates.p_value <= plan.alpha
    right = detected & (np.sign(estimates.estimate) == np.sign(truths))
    assert_share(found["detect"], detected)
    assert_share(found["not_estimable"], ~seen)
    assert found["detect_right"] == (NO_FIGURE if truth == 0 else rate(int(right.sum()), every))
    if count < 2:
        names = ("bias", "rmse", "empirical_sd", "model_se", "half_width")
        assert [found[name] for name in names] == [NO_FIGURE] * len(names)
        return
    estimate, error = estimates.estimate[seen], (estimates.estimate - truths)[seen]
    variance, square = estimates.standard_error[seen] ** 2, error**2
    sd, root = float(estimate.std(ddof=1)), math.sqrt(square.mean())
    assert_figure(found["bias"], error.mean(), error.std(ddof=1) / math.sqrt(count))
    assert_figure(found["rmse"], root, square.std(ddof=1) / math.sqrt(count) / (2 * root))
    assert found["empirical_sd"].value == pytest.approx(sd, rel=1e-9, abs=1e-9)
    fourth = ((estimate - estimate.mean()) ** 4).mean()
    of_variance = max(0.0, fourth - sd**4 * (count - 3) / (count - 1)) / count
    assert found["empirical_sd"].mcse == pytest.approx(math.sqrt(of_variance) / (2 * sd), rel=1e-6, abs=1e-6)
    of_model = math.sqrt(variance.mean())
    assert_figure(found["model_se"], of_model, variance.std(ddof=1) / math.sqrt(4 * count) / of_model)
    assert_share(found["coverage"], ((estimates.ci_low <= truths) & (truths <= estimates.ci_high))[seen])
    assert found["half_width"].value == pytest.approx(np.median((estimates.ci_high - estimates.ci_low)[seen] / 2))


def test_wrong_signs_and_exaggeration_are_among_what_is_detected() -> None:
    detections = Tally(replicates=200, estimable=200, detected=40, detected_wrong_sign=4, detected_size=100.0,
                       detected_size_2=290.0)  # fmt: skip
    found = characterize(detections, truth=-0.5)
    sd_of_size = math.sqrt((290 - 100**2 / 40) / 39)
    assert_figure(found["type_s"], 0.1, math.sqrt(0.1 * 0.9 / 40))
    assert_figure(found["exaggeration"], 2.5 / 0.5, sd_of_size / math.sqrt(40) / 0.5)


@pytest.mark.parametrize(("detected", "truth"), [(FEWEST_DETECTIONS - 1, 1.0), (100, 0.0), (100, None)])
def test_too_few_detections_or_no_true_sign_say_nothing_of_them(detected: int, truth: float | None) -> None:
    found = characterize(Tally(replicates=200, estimable=200, detected=detected, detected_size=100.0,
                               detected_size_2=290.0), truth)  # fmt: skip
    assert found["type_s"] == found["exaggeration"] == NO_FIGURE
    enough = characterize(Tally(replicates=200, estimable=200, detected=FEWEST_DETECTIONS), 1.0)
    assert enough["type_s"].value == 0


def test_nothing_simulated_has_no_figures() -> None:
    assert set(characterize(Tally(), 1.0).values()) == {NO_FIGURE}


def test_a_difference_carries_both_errors() -> None:
    assert_figure(Figure(0.5, 0.03) - Figure(0.25, 0.04), 0.25, 0.05)
    assert Figure(0.5, 0.03) - NO_FIGURE == NO_FIGURE - Figure(0.5, 0.03) == NO_FIGURE


def test_means_need_two_values() -> None:
    assert mean(3.0, 9.0, 1) == NO_FIGURE
    assert_figure(mean(6.0, 20.0, 2, scale=2.0), 1.5, math.sqrt(2) / math.sqrt(2) / 2)


@pytest.mark.parametrize("count", [50, 51, 1000, 1001])
def test_error_of_a_median_is_how_much_it_varies(count: int) -> None:
    rng = np.random.default_rng(20100309)
    found = [median(values) for values in rng.exponential(size=(REPEATS, count))]
    spread = float(np.std([figure.value for figure in found if figure.value is not None], ddof=1))
    stated = math.sqrt(np.mean([figure.mcse**2 for figure in found if figure.mcse is not None]))
    # order statistics are rounded outward, by up to 1 of the root of the count over 2 to either side
    of_spread = 1 / math.sqrt(2 * (REPEATS - 1))
    most = 1 + 2 / math.sqrt(count) + STANDARD_ERRORS * of_spread
    assert 1 - STANDARD_ERRORS * of_spread < stated / spread < most


@given(st.lists(st.floats(0, 100), min_size=2, max_size=50))
def test_a_median_is_the_median(values: list[float]) -> None:
    figure = median(np.array(values))
    assert figure.value == pytest.approx(np.median(values))
    assert figure.mcse is not None
    assert 0 <= figure.mcse <= (max(values) - min(values)) / 2
    assert median(np.array(values[:1])) == NO_FIGURE


@pytest.mark.parametrize("is_normal", [True, False], ids=["normal", "of a mixture"])
@pytest.mark.parametrize("metric", ["bias", "rmse", "empirical_sd", "model_se"])
def test_errors_of_moments_are_how_much_they_vary(metric: str, is_normal: bool) -> None:
    """Of normal estimates, and of some that are seven in ten times much the same and else far apart."""
    rng = np.random.default_rng(20100310)
    of_one, replicates = [], 200
    for _ in range(REPEATS):
        estimate, variance = rng.normal(0.75, 0.5, replicates), 0.25 * rng.chisquare(5, replicates) / 5
        if not is_normal:
            estimate *= np.where(rng.random(replicates) < 0.7, 1.0, 2.0)
        error = estimate - 1.0
        one = Tally(
            replicates=replicates, estimable=replicates, error=float(error.sum()), error_2=float((error**2).sum()),
            error_4=float((error**4).sum()), estimate=float(estimate.sum()), estimate_2=float((estimate**2).sum()),
            estimate_3=float((estimate**3).sum()), estimate_4=float((estimate**4).sum()),
            variance=float(variance.sum()), variance_2=float((variance**2).sum()),
        )  # fmt: skip
        of_one.append(characterize(one, 1.0)[metric])
    values = np.array([figure.value for figure in of_one])
    stated = np.array([figure.mcse for figure in of_one])
    of_spread = 1 / math.sqrt(2 * (REPEATS - 1))
    ratio = math.sqrt((stated**2).mean()) / values.std(ddof=1)
    assert ratio == pytest.approx(1, abs=STANDARD_ERRORS * of_spread + 1 / replicates)
