from __future__ import annotations

from dataclasses import replace

import pytest

import n1trial
from n1trial.report.run.result import run
from n1trial.study.batches.measure import measure
from n1trial.study.run.cells import cells_of_a_curve, cells_of_a_verdict
from n1trial.study.run.findings import RATES, Findings

pytestmark = pytest.mark.usefixtures("one_look")

NAMES = ["b12-6-to-8-week", "b12-6-month-open-label", "fast-drug-2-week", "minimal"]


@pytest.mark.parametrize("name", NAMES)
def test_a_glance_sees_what_a_run_sees(name: str) -> None:
    scenario = n1trial.load_scenario(name).replace(**{"simulation.replicates": 60, "analysis.methods": []})
    if name == "minimal":
        unsettled = [{"key": "patient.autocorrelation", "range": [0.0, 0.7]}]
        scenario = scenario.replace(unsettled=unsettled, **{"treatment.effect": 0.0})
    whole = run(scenario)
    cells = cells_of_a_verdict(scenario) | cells_of_a_curve(scenario)
    seen = Findings(scenario, dict(zip(cells, measure([*cells.values()], 20261122), strict=True))).partial_result()
    assert seen.curve == whole.curve
    assert seen.is_whole
    assert seen.is_simulated
    assert seen.burden == whole.burden
    assert seen.attenuation == whole.attenuation
    assert seen.unsettled == whole.unsettled
    assert seen.sensitivity == tuple(replace(row, detect_if_known=None) for row in whole.sensitivity if row.is_end)
    for truth in ("null", "mcid"):
        figures = whole.figures[whole.primary][truth]
        assert seen.figures[seen.primary][truth] == {metric: figures[metric] for metric in RATES}
    for word in ("answer", "depends", "never", "reason", "warnings"):
        assert getattr(seen.verdict, word) == getattr(whole.verdict, word)
    assert seen.verdict.limit is None


def test_a_first_glance_needs_no_curve() -> None:
    scenario = n1trial.load_scenario("b12-8-week").replace(**{"simulation.replicates": 60, "treatment.effect": -0.6})
    judged = cells_of_a_verdict(scenario)
    first = Findings(scenario, dict(zip(judged, measure([*judged.values()], 20261122), strict=True))).partial_result()
    assert not first.is_whole
    assert set(first.curve) == {0.0, 0.6, scenario.outcome.mcid}
    assert not set(judged) & set(cells_of_a_curve(scenario))
