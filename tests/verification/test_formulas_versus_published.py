"""Closed forms against published figures, and against simulated trials of the same design."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from n1trial import formulas
from n1trial.analysis.analyze import analyze
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate

STANDARD_ERRORS = 4
SEED = 20261122


def trial(effect: float, autocorrelation: float, cycles: int, period_days: int, sequence: str = "") -> Scenario:
    """A fast drug, one AR(1) of SD 1 and nothing else: a score that is not rounded and has no end near."""
    return Scenario.of(
        {
            "name": "bare",
            "treatment": {"name": "Drug", "effect": effect, "onset_days": 0.0, "offset_days": 0.0},
            "outcome": {"name": "Score", "scale": [0, 1000], "step": 0, "better": "higher", "mcid": 1.0},
            "patient": {"baseline": 500.0, "daily_sd": 1.0, "autocorrelation": autocorrelation},
            "conduct": {"adherence": 1.0, "missing": 0.0, "dropout_per_week": 0.0},
            "design": {"run_in_days": 0, "cycles": cycles, "period_days": period_days}
            | ({"randomization": "fixed", "sequence": sequence} if sequence else {}),
            "analysis": {"discard_days": 0, "minimum_days": 1},
        }
    )


def simulated_least_squares(effect: float, replicates: int) -> NDArray[np.float64]:
    """Generalized least squares estimates, the covariance known, of 6 periods of 42 days with autocorrelation .5."""
    diary = simulate(trial(effect, 0.5, 3, 42, "ABABAB"), replicates, SEED).observed
    day = np.arange(diary.day.size)
    weight = np.linalg.inv(0.5 ** np.abs(np.subtract.outer(day, day)))
    columns = np.stack([np.ones(day.size), diary.treatment[:, 0]])
    found: NDArray[np.float64] = np.linalg.solve(columns @ weight @ columns.T, columns @ weight @ diary.score)[1]
    return found


@pytest.mark.parametrize(
    ("sequence", "published"),
    [
        ("ABAB", [0.15430335, 0.20532634, 0.24870800, 0.29191271]),
        ("ABABAB", [0.12598816, 0.16739640, 0.20203051, 0.23449205]),
    ],
)
def test_least_squares_error_is_that_of_yang_and_others(sequence: str, published: list[float]) -> None:
    found = [formulas.gls_standard_error(sequence, 42, autocorrelation) for autocorrelation in (0.0, 0.3, 0.5, 0.7)]
    assert found == pytest.approx(published, abs=5e-9)


@pytest.mark.parametrize(("sequence", "published"), [("ABAB", 0.982607369), ("BAAB", 1.045538467)])
def test_least_squares_error_depends_on_the_order(sequence: str, published: float) -> None:
    assert formulas.gls_standard_error(sequence, 6, 0.4, sd=2.0) == pytest.approx(published, abs=5e-10)


def test_least_squares_error_and_normal_power_are_those_of_simulated_trials() -> None:
    """10,000 replicates."""
    replicates = 10_000
    se = formulas.gls_standard_error("ABABAB", 42, 0.5)
    effect = 0.5
    estimate = simulated_least_squares(effect, replicates)
    assert abs(estimate.mean() - effect) < STANDARD_ERRORS * se / np.sqrt(replicates)
    assert abs(estimate.std() / se - 1) < STANDARD_ERRORS / np.sqrt(2 * replicates)
    power = formulas.normal_power(effect, se)
    rate = np.mean(np.abs(estimate) > stats.norm.ppf(0.975) * se)
    assert abs(rate - power) < STANDARD_ERRORS * np.sqrt(power * (1 - power) / replicates)


@pytest.mark.parametrize(("effect", "power"), [(0.25, 0.235679), (0.5, 0.696697), (1.0, 0.998604)])
def test_normal_power_has_its_check_values(effect: float, power: float) -> None:
    assert formulas.normal_power(effect, formulas.gls_standard_error("ABABAB", 42, 0.5)) == pytest.approx(
        power, abs=5e-7
    )


@pytest.mark.parametrize(
    ("cycles", "published"),
    [(3, [0.1793, 0.3164, 0.4707]), (4, [0.2888, 0.5328, 0.7550]), (6, [0.5068, 0.8325, 0.9705])],
)
def test_paired_power_has_its_check_values(cycles: int, published: list[float]) -> None:
    found = [formulas.paired_power(effect_over_sd, cycles) for effect_over_sd in (1.0, 1.5, 2.0)]
    # R: power.t.test(n = k, delta = d, type = "paired", strict = TRUE)
    assert found == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("cycles", [3, 4, 6])
def test_paired_power_is_that_of_simulated_trials(cycles: int, sides: int) -> None:
    """10,000 replicates; the mean of seven independent days a period, so that differences have SD √(2/7)."""
    replicates = 10_000
    effect_over_sd = 1.5
    diary = simulate(trial(effect_over_sd * np.sqrt(2 / 7), 0.0, cycles, 7), replicates, SEED).observed
    rate = np.mean(analyze(diary, "paired", sides=sides).p_value <= 0.05)
    power = formulas.paired_power(effect_over_sd, cycles, sides=sides)
    assert abs(rate - power) < STANDARD_ERRORS * np.sqrt(power * (1 - power) / replicates)


def test_serial_t_has_the_figures_of_tang_and_landes() -> None:
    differences = [0.05, -0.22, 0.57, 0.36]
    t, df, p_value, r, m_effective = formulas.serial_t(differences)
    assert r == pytest.approx(0.23678, abs=5e-6)
    assert m_effective == pytest.approx(2.82112, abs=5e-6)
    assert t == pytest.approx(0.85349, abs=5e-6)
    assert p_value == pytest.approx(0.24540, abs=5e-6)
    assert df == pytest.approx(m_effective - 1)
    assert stats.ttest_1samp(differences, 0, alternative="greater").pvalue == pytest.approx(0.17669, abs=5e-6)


@pytest.mark.parametrize(("effects", "published"), [("fixed", [34, 22, 17, 14, 11]), ("random", [42, 31, 26, 23, 21])])
def test_sample_sizes_are_those_of_senn(effects: Literal["fixed", "random"], published: list[int]) -> None:
    found = [formulas.senn_sample_size(cycles, 1.0, 1.0, 2.0, effects=effects) for cycles in range(2, 7)]
    assert found == published


@pytest.mark.parametrize("effects", ["fixed", "random"])
def test_sample_size_gives_the_power_in_simulated_series(effects: Literal["fixed", "random"]) -> None:
    """20,000 series of patients with 3 cycles each: enough patients have 80% power, one fewer has not."""
    rng = np.random.default_rng(SEED)
    series, cycles, psi, sigma = 20_000, 3, 1.0, 2.0
    enough = formulas.senn_sample_size(cycles, 1.0, psi, sigma, effects=effects)
    for patients, is_enough in [(enough, True), (enough - 1, False)]:
        effect = 1.0 + (psi if effects == "random" else 0.0) * rng.normal(size=(series, patients, 1))
        difference = effect + np.sqrt(2) * sigma * rng.normal(size=(series, patients, cycles))
        of_patient = difference.mean(axis=2)
        if effects == "random":
            variance, df = of_patient.var(axis=1, ddof=1) / patients, patients - 1
        else:
            variance = difference.var(axis=2, ddof=1).mean(axis=1) / (patients * cycles)
            df = patients * (cycles - 1)
        rate = np.mean(np.abs(of_patient.mean(axis=1)) > stats.t.ppf(0.975, df) * np.sqrt(variance))
        margin = STANDARD_ERRORS * np.sqrt(0.8 * 0.2 / series)
        assert rate > 0.8 - margin if is_enough else rate < 0.8 + margin


@pytest.mark.parametrize(
    ("effect", "se", "published"), [(1.0, 3.28, (0.0607, 0.1937, 7.749)), (1.0, 1.0, (0.1701, 0.0090, 2.491))]
)
def test_errors_of_sign_and_size_are_those_of_gelman_and_carlin(
    effect: float, se: float, published: tuple[float, float, float]
) -> None:
    power, type_s, exaggeration = formulas.retrodesign(effect, se)
    assert (power, type_s) == pytest.approx(published[:2], abs=5e-5)
    assert exaggeration == pytest.approx(published[2], abs=5e-4)


def test_errors_of_sign_and_size_are_those_of_simulated_trials() -> None:
    """20,000 replicates whose true effect is one standard error."""
    replicates = 20_000
    se = formulas.gls_standard_error("ABABAB", 42, 0.5)
    estimate = simulated_least_squares(se, replicates)
    power, type_s, exaggeration = formulas.retrodesign(se, se)
    detected = estimate[np.abs(estimate) > stats.norm.ppf(0.975) * se]
    assert abs(detected.size / replicates - power) < STANDARD_ERRORS * np.sqrt(power * (1 - power) / replicates)
    wrong = np.mean(detected < 0)
    assert abs(wrong - type_s) < STANDARD_ERRORS * np.sqrt(type_s * (1 - type_s) / detected.size)
    size = np.abs(detected) / se
    assert abs(size.mean() - exaggeration) < STANDARD_ERRORS * size.std() / np.sqrt(detected.size)


@pytest.mark.parametrize(("errors", "patients"), [(2.83, 1), (2.78, 2)])
def test_one_patients_standard_error_is_that_of_senn(errors: float, patients: int) -> None:
    # √(2σ²/k): with 400 cycles the t is nearly normal, and 80% power takes 2.80 standard errors.
    effect = errors * np.sqrt(2 * 2.0**2 / 400)
    assert formulas.senn_sample_size(400, effect, 1.0, 2.0) == patients
