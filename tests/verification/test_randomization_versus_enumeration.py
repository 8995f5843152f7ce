"""The randomization test against its definition, carried out the long way: a calendar for every assignment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from n1trial.analysis.estimates import AnalysisRequest, Estimates
from n1trial.analysis.methods import randomization
from n1trial.analysis.methods.paired import cycle_differences
from n1trial.analysis.period_means import period_means
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.design.schedule import Schedule, lay_out
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan
from n1trial.exposure import course

Floats = NDArray[np.float64]

ROUNDING = 1e-11

SCHEMES = {
    "pairs": Randomization("pairs", 4),
    "switch": Randomization("pairs", 3, jitter_days=2, jitter_step_days=1),
    "alternating": Randomization("alternating", 3, jitter_days=2, jitter_step_days=2),
    "counterbalanced": Randomization("counterbalanced", 3, jitter_days=1, jitter_step_days=1),
    "blocks": Randomization("blocks", 4, block_cycles=2),
    "balanced": Randomization("balanced", 3),
    "constrained": Randomization("constrained", 4, max_run=2),
    "fixed order": Randomization("fixed", 3, sequence="ABBAAB", jitter_days=2, jitter_step_days=1),
}
SETTINGS: dict[str, dict[str, Any]] = {
    "instant": {"statistic": "exposure"},
    "slow": {"statistic": "exposure", "assumed_onset_days": 2.0, "assumed_offset_days": 4.0},
    "cycle": {"statistic": "cycle", "discard_days": 1, "minimum_days": 2},
}
every_scheme = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
every_statistic = pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)


@dataclass(frozen=True, eq=False)
class Statistic:
    """The statistic of one replicate under every assignment, and under its own, of the scores and of an effect."""

    score: Floats
    effect: Floats
    own_score: float
    own_effect: float

    def p_two_sided(self, effect: float) -> float:
        return min(1.0, 2 * min(self.p_toward(sign, effect) for sign in (-1, 1)))

    @property
    def estimate(self) -> float:
        """The median of the effects at which assignments overtake the observed one."""
        slope = self.own_effect - self.effect
        crosses = slope > 1e-9 * self.own_effect
        return float(np.median((self.own_score - self.score[crosses]) / slope[crosses]))

    def p_toward(self, sign: int, effect: float) -> float:
        own = sign * (self.own_score - effect * self.own_effect)
        return float(np.mean(sign * (self.score - effect * self.effect) >= own - 1e-9 * abs(own) - ROUNDING))


def diary_of(scheme: Randomization, settings: dict[str, Any], replicates: int, missing: float, seed: int) -> Diary:
    """Independent whole scores, many of them alike, on drawn assignments."""
    rng = np.random.default_rng([20100309, seed])
    layout = Layout("crossover", 2, "open", scheme.cycles, 6, 1, scheme)
    schedule = lay_out(layout, scheme.draw(rng, rng, replicates))
    score = rng.integers(0, 11, (schedule.day.size, replicates)).astype(np.float64)
    score[rng.random(score.shape) < missing] = np.nan
    return Diary.of(
        schedule, score, Plan(layout=layout, alpha=0.2, **{"discard_days": 0, "minimum_days": 1} | settings)
    )


def every_schedule(plan: Plan) -> Schedule:
    layout = plan.layout
    assert layout is not None
    assert layout.randomization is not None
    (assignments,) = layout.randomization.enumerate()
    return lay_out(layout, assignments)


def statistics(diary: Diary) -> list[Statistic]:
    """Compute the statistic of each replicate by its definition."""
    by_definition = _of_cycles if diary.plan.statistic == "cycle" else _of_exposure
    treatment = np.broadcast_to(diary.treatment, diary.score.shape)
    schedule = every_schedule(diary.plan)
    return [
        by_definition(diary, schedule, score, on_drug)
        for score, on_drug in zip(diary.score.T, (treatment == 1).T, strict=True)
    ]


def _of_exposure(diary: Diary, schedule: Schedule, score: Floats, on_drug: NDArray[np.bool_]) -> Statistic:
    constants = diary.plan.assumed_onset_days, diary.plan.assumed_offset_days
    days = (diary.day >= 0) & ~np.isnan(score)
    exposure = np.column_stack([course(on_drug, *constants), course(schedule.treatment == 1, *constants)])[days]
    layout = diary.plan.layout
    assert layout is not None
    day, stretch = diary.day[days], layout.stretch_of_day[days]
    covariance = 0.3 ** np.abs(np.subtract.outer(day, day)) + 0.09 * np.equal.outer(stretch, stretch)
    inverse = np.linalg.inv(covariance)
    inverse -= np.outer(inverse.sum(axis=1), inverse.sum(axis=0)) / inverse.sum()
    length = np.sqrt(np.maximum((exposure * (inverse @ exposure)).sum(axis=0), 0))
    unit = inverse @ np.where(length > 1e-6, exposure / np.maximum(length, 1e-6), 0)
    of_score, of_effect = unit.T @ score[days], unit.T @ exposure[:, 0]
    return Statistic(of_score[1:], of_effect[1:], of_score[0], of_effect[0])


def _of_cycles(diary: Diary, schedule: Schedule, score: Floats, on_drug: NDArray[np.bool_]) -> Statistic:
    """Mean cycle difference of a diary in which every assignment has the same scores."""
    assignments = schedule.treatment.shape[1]
    own = int(np.flatnonzero((schedule.treatment == on_drug[:, np.newaxis]).all(axis=0))[0])

    def mean_difference(values: Floats) -> Floats:
        alike = Diary.of(schedule, np.repeat(values[:, np.newaxis], assignments, axis=1), diary.plan)
        difference, is_pair, _ = cycle_differences(period_means(alike), diary.plan.minimum_days)
        return np.asarray(difference.sum(axis=0) / np.maximum(is_pair.sum(axis=0), 1), dtype=np.float64)

    of_score = mean_difference(score)
    of_effect = mean_difference(np.where(np.isnan(score), np.nan, on_drug))
    return Statistic(of_score, of_effect, of_score[own], of_effect[own])


@every_scheme
@every_statistic
@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_estimates_and_p_values(scheme: Randomization, settings: dict[str, Any], missing: float) -> None:
    diary = diary_of(scheme, settings | {"mcid": 1.5, "decision_benefit": 0.25}, 8, missing, seed=1)
    two, one = (randomization.analyze(diary.with_plan(replace(diary.plan, sides=sides))) for sides in (2, 1))
    assert two.is_estimable.all()
    for replicate, statistic in enumerate(statistics(diary)):
        slope = statistic.own_score / statistic.own_effect
        estimate = slope if settings["statistic"] == "cycle" else statistic.estimate
        assert two.estimate[replicate] == pytest.approx(estimate, rel=1e-9, abs=1e-9)
        assert two.p_value[replicate] == statistic.p_two_sided(0)
        assert one.p_value[replicate] == statistic.p_toward(-1, 0)
        assert two.p_benefit[replicate] == 1 - statistic.p_toward(-1, 0)
        assert two.p_worthwhile[replicate] == 1 - statistic.p_toward(-1, -1.5)
        assert two.p_decision[replicate] == 1 - statistic.p_toward(-1, -0.25)


@every_scheme
@every_statistic
def test_the_interval_holds_what_is_not_rejected(scheme: Randomization, settings: dict[str, Any]) -> None:
    diary = diary_of(scheme, settings, 4, 0.1, seed=2)
    alpha = diary.plan.alpha
    for sides in (1, 2):
        found = randomization.analyze(diary.with_plan(replace(diary.plan, sides=sides)))
        for replicate, statistic in enumerate(statistics(diary)):
            low, high = found.ci_low[replicate], found.ci_high[replicate]
            for effect in found.estimate[replicate] + np.linspace(-12, 12, 481):
                is_kept = min(statistic.p_toward(1, effect), statistic.p_toward(-1, effect)) > alpha / sides
                is_at_an_end = np.abs(effect - [low, high]).min() < 1e-6
                assert is_at_an_end or (low <= effect <= high) == is_kept, (sides, replicate, effect, low, high)


def of_one_null_diary(scheme: Randomization, settings: dict[str, Any], missing: float, seed: int) -> Estimates:
    """Every assignment observed in turn, with the same scores."""
    diary = diary_of(scheme, settings, 1, missing, seed)
    schedule = every_schedule(diary.plan)
    score = np.repeat(diary.score, schedule.treatment.shape[1], axis=1)
    return randomization.analyze(Diary.of(schedule, score, diary.plan), AnalysisRequest(intervals=0))


@every_scheme
@every_statistic
@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_p_values_over_all_assignments_of_a_null_diary(
    scheme: Randomization, settings: dict[str, Any], missing: float
) -> None:
    """P(p ≤ t) ≤ t at every t that p can be, hence between them; one-sided P(p ≤ t) = t, and 2·p is held by halves.

    Neither direction alone claims more than half of a two-sided t. Where an assignment loses periods and has no
    estimate, it has no p-value either, and others are no smaller for that.
    """
    for seed, sides in ((3, 2), (4, 2), (5, 1)):
        found = of_one_null_diary(scheme, settings | {"sides": sides}, missing, seed)
        attainable, times = np.unique(found.p_value[found.is_estimable], return_counts=True)
        share = np.cumsum(times) / found.replicates
        assert (share <= attainable * (1 + 1e-12)).all()
        if missing == 0:
            assert found.is_estimable.all()
        if found.is_estimable.all() and sides == 1:
            np.testing.assert_allclose(share, attainable, rtol=1e-12)
        if sides == 2:
            is_better = found.p_benefit > 0.5
            for level in attainable[attainable < 1]:
                in_favor = (found.p_value <= level) & is_better
                against = (found.p_value <= level) & ~is_better
                assert max(np.mean(in_favor), np.mean(against)) <= level / 2 * (1 + 1e-12)


@every_scheme
@every_statistic
def test_the_smallest_p_is_as_stated(scheme: Randomization, settings: dict[str, Any]) -> None:
    rng = np.random.default_rng(6)
    layout = Layout("crossover", 2, "open", scheme.cycles, 6, 0, scheme)
    plan = Plan(layout=layout, **{"discard_days": 0} | settings | {"minimum_days": 1})
    schedule = every_schedule(plan)
    noise = 1e-3 * rng.normal(size=(schedule.day.size, 1))
    exposure = course(schedule.treatment == 1, plan.assumed_onset_days, plan.assumed_offset_days)
    score = (schedule.treatment if plan.statistic == "cycle" else exposure) + noise
    for sides in (1, 2):
        found = randomization.analyze(Diary.of(schedule, score, replace(plan, sides=sides, better="higher")))
        assert found.p_value.min() == scheme.smallest_p(sides)
        if settings["statistic"] == "exposure":
            assert (found.p_value == scheme.smallest_p(sides)).all()
