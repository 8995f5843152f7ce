"""The central randomization test against its definition: dense matrices, every assignment, intervals by inversion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from n1trial.analysis.estimates import Estimates, Status
from n1trial.analysis.methods import randomization
from n1trial.analysis.randomized.exposure_statistic import ExposureStatistic
from n1trial.analysis.randomized.reference_set import own_assignments, reference_set
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan

Floats = NDArray[np.float64]

SMALL: dict[str, Any] = {
    "assumed_onset_days": 2.0,
    "assumed_offset_days": 4.0,
    "discard_days": 0,
    "minimum_days": 1,
}
SCORES = [6, 5, 5, 7, 6, 7, 5, np.nan, 4, 6, 7, 6]
T = [-2.105871853, 0.806955427, -0.240900519, 1.327141754]
LENGTH = [0.239159433, 0.340125384, 0.771832616, 0.677314725]

LAYOUTS = {
    "a switch over three days": Layout(
        "crossover", 3, "open", 3, 5, 0, Randomization("pairs", 3, jitter_days=1, jitter_step_days=1)
    ),
    "a washout": Layout("crossover", 0, "open", 4, 4, 2, Randomization("pairs", 4)),
    "free orders and a placebo run-in": Layout("crossover", 4, "placebo", 3, 5, 1, Randomization("balanced", 3)),
    "all at once": Layout(
        "crossover", 5, "placebo", 2, 6, 2, Randomization("pairs", 2, jitter_days=2, jitter_step_days=1)
    ),
}
every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def small_diary(**plan: Any) -> Diary:
    """Return the diary of twelve days on ABAB, of which day 7 is missing."""
    layout = Layout("crossover", 0, "open", 2, 3, 0, Randomization("pairs", 2))
    schedule = lay_out(layout, reference_set(Randomization("pairs", 2), 4).assignment)
    which = np.flatnonzero((schedule.treatment[[0, 3, 6, 9]].T == [1, 0, 1, 0]).all(axis=1))
    assert which.size == 1
    everybody = Diary.of(schedule, np.tile(np.array(SCORES)[:, np.newaxis], 4), Plan(layout=layout, **SMALL | plan))
    return everybody.take(slice(int(which[0]), int(which[0]) + 1))


def test_numbers_to_check_against() -> None:
    """The orders ABAB, ABBA, BAAB, BABA, as listed; all printed digits."""
    diary = small_diary(alpha=0.5, better="lower")
    found = randomization.analyze(diary)
    assert found.p_benefit[0] == 1 - 0.25
    assert found.p_value[0] == 2 * 0.25
    assert found.estimate[0] == pytest.approx(-4.901658931, abs=5e-10)
    assert found.ci_low[0] == pytest.approx(-5.379709215, abs=5e-10)
    assert found.ci_high[0] == pytest.approx(-4.481120651, abs=5e-10)
    one_sided = randomization.analyze(diary.with_plan(replace(diary.plan, sides=1)))
    assert one_sided.p_value[0] == 0.25

    scheme = Randomization("pairs", 2)
    layout = diary.plan.layout
    assert layout is not None
    doubled = replace(diary, score=np.repeat(diary.score, 2, axis=1))
    own = own_assignments(doubled, layout, scheme)
    statistic = ExposureStatistic(layout, reference_set(scheme, 4).assignment, 2.0, 4.0)
    compared = statistic.compare(doubled.score, statistic.unit_effect(own), own)
    np.testing.assert_allclose(compared.score[:, 0], T, rtol=0, atol=5e-10)
    # T of the observed exposure is what the crossings of METHODS are made of, and its own is the root of d.
    assert compared.own_effect[0] ** 2 == pytest.approx(LENGTH[0], abs=5e-10)
    crossings = (compared.own_score[0] - compared.score[1:, 0]) / (compared.own_effect[0] - compared.effect[1:, 0])
    np.testing.assert_allclose(crossings, [-5.37970921, -4.48112065, -4.90165893], rtol=0, atol=5e-9)


def test_the_dense_form_has_the_same_numbers() -> None:
    """So that the other tests of this file hold the definition itself against the figures."""
    (dense,) = dense_forms(small_diary())
    np.testing.assert_allclose(dense.score, T, rtol=0, atol=5e-10)
    np.testing.assert_allclose(dense.square, LENGTH, rtol=0, atol=5e-10)


@dataclass(frozen=True, eq=False)
class Dense:
    """T of one replicate's scores and of its exposure, and the squared lengths, under every assignment."""

    score: Floats
    effect: Floats
    square: Floats
    own_score: float
    own_effect: float

    def p(self, sign: int, effect: Floats | float) -> Floats:
        """Return the one-sided p-value of each effect: as far or farther in the direction of a sign."""
        theta = np.atleast_1d(effect)
        own = sign * (self.own_score - theta * self.own_effect)
        listed = sign * (self.score[:, np.newaxis] - theta * self.effect[:, np.newaxis])
        share: Floats = np.mean(listed >= own - 1e-9 * np.maximum(np.abs(own), 1), axis=0)
        return share

    def crossings(self) -> Floats:
        """Return the effects at which an assignment overtakes the observed one, in ascending order."""
        slope = self.own_effect - self.effect
        return np.sort(((self.own_score - self.score) / np.where(slope > 1e-9, slope, np.nan))[slope > 1e-9])


def dense_forms(diary: Diary) -> list[Dense]:
    """Compute the statistic of each replicate with a matrix for all of its written days."""
    layout, plan = diary.plan.layout, diary.plan
    assert layout is not None
    assert layout.randomization is not None
    counts = diary.day >= (-layout.run_in_days if layout.run_in == "placebo" else 0)
    (assignments,) = layout.randomization.enumerate()
    every = exposure_of(lay_out(layout, assignments).treatment == 1, diary.day, plan)
    treatment = np.broadcast_to(diary.treatment, diary.score.shape)
    stretch = np.maximum(diary.day, -1) // (layout.period_days + layout.washout_days)
    found = []
    for score, on_drug in zip(diary.score.T, (treatment == 1).T, strict=True):
        days = counts & ~np.isnan(score)
        gap = np.abs(np.subtract.outer(diary.day[days], diary.day[days]))
        covariance = 0.3**gap + 0.09 * np.equal.outer(stretch[days], stretch[days])
        inverse = np.linalg.inv(covariance)
        ones = np.ones(days.sum())
        m = inverse - np.outer(inverse @ ones, ones @ inverse) / (ones @ inverse @ ones)
        x, own = every[days], exposure_of(on_drug[:, np.newaxis], diary.day, plan)[days, 0]
        square = np.einsum("da,de,ea->a", x, m, x)
        exists = square > 1e-9
        over = np.where(exists, 1 / np.sqrt(np.where(exists, square, 1)), 0)
        length = np.sqrt(own @ m @ own)
        found.append(Dense(over * (x.T @ m @ score[days]), over * (x.T @ m @ own), square,
                           own @ m @ score[days] / length, length))  # fmt: skip
    return found


def exposure_of(on_drug: NDArray[np.bool_], day: NDArray[np.int64], plan: Plan) -> Floats:
    """Follow exposure day by day from the first blinded one."""
    rise, fall = (1 - np.exp(-1 / constant) for constant in (plan.assumed_onset_days, plan.assumed_offset_days))
    exposure, today = np.zeros(on_drug.shape), np.zeros(on_drug.shape[1])
    for row in np.flatnonzero(day >= 0):
        today = np.where(on_drug[row], today + rise * (1 - today), today * (1 - fall))
        exposure[row] = today
    return exposure


def diary_of(layout: Layout, missing: float, seed: int, replicates: int = 6) -> Diary:
    """Whole scores, many alike, with an early stop and a lost stretch among the replicates."""
    rng = np.random.default_rng([20261201, seed])
    assert layout.randomization is not None
    schedule = lay_out(layout, layout.randomization.draw(rng, rng, replicates))
    score = rng.integers(0, 11, (schedule.day.size, replicates)).astype(np.float64)
    score[rng.random(score.shape) < missing] = np.nan
    if missing:
        score[schedule.day > 18, 0] = np.nan
        score[(schedule.day >= 4) & (schedule.day < 13), 1] = np.nan
    return Diary.of(schedule, score, Plan(layout=layout, alpha=0.2, mcid=1.5, decision_benefit=0.25, **SMALL))


def both_sides(diary: Diary) -> tuple[Estimates, Estimates]:
    one, two = (randomization.analyze(diary.with_plan(replace(diary.plan, sides=sides))) for sides in (1, 2))
    return one, two


@every_layout
@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_p_values_and_estimate(layout: Layout, missing: float) -> None:
    for seed in range(3):
        diary = diary_of(layout, missing, seed)
        one, two = both_sides(diary)
        assert (two.status == Status.OK).all()
        for replicate, dense in enumerate(dense_forms(diary)):
            assert one.p_value[replicate] == dense.p(-1, 0)[0]
            assert two.p_value[replicate] == min(1, 2 * min(dense.p(-1, 0)[0], dense.p(1, 0)[0]))
            assert two.p_benefit[replicate] == 1 - dense.p(-1, 0)[0]
            assert two.p_worthwhile[replicate] == 1 - dense.p(-1, -1.5)[0]
            assert two.p_decision[replicate] == 1 - dense.p(-1, -0.25)[0]
            assert two.estimate[replicate] == pytest.approx(np.median(dense.crossings()), rel=1e-9, abs=1e-9)


@every_layout
@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_the_interval_is_the_test_inverted(layout: Layout, missing: float) -> None:
    """At a grid of effects, and on both sides of every crossing."""
    diary = diary_of(layout, missing, seed=9)
    found = dict(zip((1, 2), both_sides(diary), strict=True))
    for replicate, dense in enumerate(dense_forms(diary)):
        crossings = dense.crossings()
        effects = np.concatenate([np.linspace(-40, 40, 401), crossings - 1e-6, crossings + 1e-6])
        smaller = np.minimum(dense.p(-1, effects), dense.p(1, effects))
        for sides, estimates in found.items():
            low, high = estimates.ci_low[replicate], estimates.ci_high[replicate]
            is_inside = (low <= effects) & (effects <= high)
            is_at_an_end = np.minimum(np.abs(effects - low), np.abs(effects - high)) < 1e-7
            is_kept = smaller > diary.plan.alpha / sides
            assert (is_at_an_end | (is_inside == is_kept)).all()
