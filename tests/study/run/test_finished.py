"""Rates of those trials alone that nobody leaves early, beside those of all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.evaluation.characteristics import Figure, rate
from n1trial.evaluation.value.finished import Finished
from n1trial.report.run.what_if import what_if
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import simulate
from n1trial.study.batches.measure import measure
from n1trial.study.run.beliefs import Measured, among_finished, answers
from n1trial.study.run.cells import Address, cells_of_a_run
from tests.report.pages import result_of
from tests.study.run.test_run import small

TRIALS, SEED = 400, 3


def leaving(per_week: float) -> Scenario:
    changes = {"conduct.dropout_per_week": per_week, "analysis.primary": "paired", "analysis.methods": []}
    settings = {"simulation.replicates": TRIALS, "simulation.seed": SEED, "treatment.skeptical_responders": 0.5}
    return small().replace(**changes, **settings)


def measured(scenario: Scenario) -> Measured:
    cells = cells_of_a_run(scenario)
    names = [Address(kind) for kind in ("mcid", "null", "prior", "skeptical")]
    return dict(zip(names, measure([cells[name] for name in names], SEED), strict=True))


def test_the_finished_are_those_that_no_dropout_cut_short() -> None:
    scenario = leaving(0.05)
    seen = measured(scenario)
    finished, plan = among_finished(scenario, seen), scenario.plan()
    worthwhile = simulate(scenario, TRIALS, SEED, plan.benefit_sign * plan.mcid)
    stays = worthwhile.dropout_day > worthwhile.observed.day[-1]
    assert 0.2 < stays.mean() < 0.8
    assert finished.share == rate(int(stays.sum()), TRIALS)
    p_value = analyze(worthwhile.observed).p_value
    assert finished.detect == rate(int((p_value[stays] <= 0.05).sum()), int(stays.sum()))
    assert finished.not_estimable == rate(int(np.isnan(p_value[stays]).sum()), int(stays.sum()))
    null = simulate(scenario, TRIALS, SEED, 0.0)
    stays, estimates = null.dropout_day > null.observed.day[-1], analyze(null.observed)
    is_positive = (estimates.p_value <= 0.05)[stays]
    in_favor = is_positive & (plan.benefit_sign * estimates.estimate[stays] > 0)
    assert finished.type_1 == rate(int(is_positive.sum()), int(stays.sum()))
    assert finished.adopt_null == rate(int(in_favor.sum()), int(stays.sum()))
    of_all, _ = answers(scenario, seen)
    assert finished.means.not_estimable is not None
    assert of_all.not_estimable is not None
    assert finished.means.not_estimable.trials < of_all.not_estimable.trials == TRIALS


def test_where_nobody_leaves_they_are_all() -> None:
    scenario = leaving(0.0)
    seen = measured(scenario)
    finished = among_finished(scenario, seen)
    assert finished.share.value == 1
    assert finished.means == answers(scenario, seen)[0]
    assert finished.detect == rate(seen[Address("mcid")].tallies["paired"].detected, TRIALS)


@pytest.mark.parametrize(("share", "is_said"), [(0.65, True), (1.0, False), (0.0, False)])
def test_they_are_said_to_promise_nothing_and_only_where_they_are_some(share: float, is_said: bool) -> None:
    result = result_of("minimal")
    rates = dict.fromkeys(("detect", "detect_right", "adopt", "not_estimable", "type_1"), Figure(0.9, 0.01))
    means = result.means
    assert means is not None
    finished = Finished(share=Figure(share, 0.01), **rates, adopt_null=Figure(0.07, 0.01), means=means)
    said = " ".join(what_if(replace(result, finished=finished)))
    told = "Counting only trials that are kept to the end (65 of 100): shown in 90 of 100; if it did nothing, 7 of 100"
    assert (told in said) == ("That is no promise: nobody knows beforehand who will stop" in said) == is_said
