"""Secondary outcomes are described by the planned analysis of their own column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import n1trial
from n1trial.analysis.analyze import analyze
from n1trial.diary.plan import Plan
from n1trial.evaluation.secondary.figures import SecondaryTallies, figures_of, tally_all
from n1trial.evaluation.secondary.outcome import diary_of, plan_of
from n1trial.evaluation.secondary.result import describe, describe_all, scales_of
from n1trial.scenario.model.outcome import Secondary
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import Diaries
from n1trial.study.batches.measure import Cell, measure_batch

SLEEP = {
    "name": "Sleep duration", "scale": [0, 14], "step": 0.25, "better": "higher", "mcid": 0.5, "baseline": 6.0,
    "daily_sd": 1.1, "effect": 0.6, "placebo_response": 0.3,
}  # fmt: skip
TOTAL = {
    "name": "Total", "scale": [0, 40], "better": "lower", "mcid": 3.0, "baseline": 24.0, "every_days": 14,
    "daily_sd": 3.0, "effect": -4.0,
}  # fmt: skip


def scenario_of(**changes: object) -> Scenario:
    base = {"secondary": [SLEEP, TOTAL], "analysis.methods": [], "conduct.dropout_per_week": 0.05}
    return n1trial.load_scenario("minimal").replace(
        **(base | {key.replace("__", "."): changes[key] for key in changes})
    )


def tallied(scenario: Scenario, diaries: Diaries) -> SecondaryTallies:
    ratio = diaries.truth / scenario.treatment.effect
    return tally_all(
        {
            one.name: (diary_of(diaries.observed, one, *diaries.secondary[one.name]), one.effect * ratio)
            for one in scenario.secondary
        }
    )


def test_the_planned_analysis_is_made_on_the_outcomes_own_scale_and_priors() -> None:
    outcome = Secondary.model_validate(SLEEP | {"every_days": 5})
    plan = Plan(prior_mean=-1.0, prior_sd=3.0, sd_scale=2.0, decision_benefit=0.5, minimum_days=14, terms=("trend",))
    own = plan_of(plan, outcome)
    assert (own.scale, own.better, own.mcid) == ((0.0, 14.0), "higher", 0.5)
    assert (own.prior_mean, own.effect_prior_sd, own.spread_prior_scale, own.decision_benefit) == (0.0, 1.0, 0.5, 0.0)
    assert own.minimum_days == 2
    assert plan_of(plan, Secondary.model_validate(TOTAL | {"every_days": 49})).minimum_days == 1
    assert replace(
        own, scale=plan.scale, better=plan.better, mcid=plan.mcid, prior_mean=-1.0, prior_sd=3.0, sd_scale=2.0,
        decision_benefit=0.5, minimum_days=14,
    ) == plan  # fmt: skip


@pytest.mark.parametrize("method", ["paired", "randomization", "course"])
def test_an_outcome_that_is_the_primary_one_is_described_as_the_primary_one_is_analyzed(method: str) -> None:
    scenario = scenario_of(analysis__primary=method, conduct__dropout_per_week=0.0)
    diary = n1trial.simulate(scenario, 1, 3).observed
    twin = Secondary.model_validate(TOTAL | {"every_days": 1, "name": "Twin", "scale": [0, 10], "mcid": 1.0})
    beside = replace(diary, columns={"twin": diary.score})
    (found,) = describe_all(beside, [twin])
    primary = analyze(diary)
    for said, figure in zip(
        (found.difference, found.low, found.high), (primary.estimate, primary.ci_low, primary.ci_high), strict=True
    ):
        assert said == (pytest.approx(figure[0], rel=1e-12) if np.isfinite(figure[0]) else None)
    assert (found.method, found.status) == (method, "ok")
    assert describe_all(diary, [twin]) == ()
    assert scales_of([twin]) == {"twin": (0.0, 10.0)}


def test_what_cannot_be_estimated_says_why() -> None:
    scenario = scenario_of()
    diaries = n1trial.simulate(scenario, 1, 3)
    days, scores = diaries.secondary["Total"]
    outcome = scenario.secondary[1]
    found = describe(diary_of(diaries.observed, outcome, days, np.full_like(scores, np.nan)), outcome)
    assert (found.difference, found.low, found.high, found.status) == (None, None, None, "too_few_cycles")
    assert (found.mean_drug, found.mean_control, found.n_drug, found.n_control) == (None, None, 0, 0)


def test_figures_are_those_of_diary_after_diary() -> None:
    """Versus each trial analyzed alone, with the score replaced by hand."""
    scenario = scenario_of()
    diaries = n1trial.simulate(scenario, 40, 5)
    found = figures_of({"planned": tallied(scenario, diaries), "null": tallied(scenario, diaries)})
    assert found is not None
    excludes = []
    for outcome in scenario.secondary:
        days, scores = diaries.secondary[outcome.name]
        rows = {int(day): row for row, day in enumerate(days)}
        estimates, covered, beyond = [], [], []
        for replicate in range(40):
            score = np.array(
                [[scores[rows[day], replicate] if day in rows else np.nan] for day in diaries.observed.day.tolist()]
            )
            alone = replace(diaries.observed.take(slice(replicate, replicate + 1)), score=score)
            fit = analyze(
                alone, mcid=outcome.mcid, better=outcome.better, scale=outcome.scale,
                minimum_days=max(1, scenario.analysis.minimum_days // outcome.every_days),
            )  # fmt: skip
            beyond.append(bool(fit.ci_low[0] > 0 or fit.ci_high[0] < 0))
            if fit.is_estimable[0]:
                estimates.append(float(fit.estimate[0]))
                covered.append(bool(fit.ci_low[0] <= outcome.effect <= fit.ci_high[0]))
        excludes.append(beyond)
        figures = found.outcomes[outcome.name]["planned"]
        assert figures.estimate.value == pytest.approx(np.mean(estimates))
        assert figures.estimate.mcse == pytest.approx(np.std(estimates, ddof=1) / np.sqrt(len(estimates)))
        assert figures.coverage.value == pytest.approx(np.mean(covered))
        assert figures.detect.value == pytest.approx(np.mean(beyond))
        assert figures.not_estimable.value == pytest.approx(1 - len(estimates) / 40)
    assert found.any_detect["planned"].value == pytest.approx(np.any(excludes, axis=0).mean())


def test_batches_are_described_with_the_effect_that_each_trial_had() -> None:
    scenario = scenario_of(simulation__replicates=60)
    cells = [Cell(scenario, effect, ("paired",), 60, has_secondaries=True) for effect in (-1.0, 0.0)]
    planned, null = (measure_batch((cell, 5, 0)).secondary for cell in cells)
    assert planned.outcomes.keys() == {"Sleep duration", "Total"}
    diaries = n1trial.simulate(scenario, 60, 5, effect=0.0)
    again = tallied(scenario, diaries)
    for name, seen in null.outcomes.items():
        assert (seen.estimate, seen.covered, seen.detected) == (
            again.outcomes[name].estimate, again.outcomes[name].covered, again.outcomes[name].detected,
        )  # fmt: skip
    assert null.any_detected == again.any_detected
    assert planned.outcomes["Sleep duration"].estimate > null.outcomes["Sleep duration"].estimate
    total = SecondaryTallies.total([planned, null])
    assert total.any_detected == planned.any_detected + null.any_detected
    assert total.outcomes["Total"].replicates == 120
    assert measure_batch((Cell(scenario, 0.0, ("paired",), 60), 5, 0)).secondary == SecondaryTallies()
