from __future__ import annotations

import pytest

from n1trial.scenario.file.load import load_scenario
from n1trial.study.batches.measure import measure
from n1trial.study.run.cells import PLANNED, Address, cells_of_a_curve, cells_of_a_verdict
from n1trial.study.run.findings import Findings
from n1trial.web.shared.plan.closed_form import expect

MISS = 0.05
"""So much a closed form may miss by at the shipped scenarios, as docs/search.md tells of the screen."""
SES = 4


@pytest.mark.parametrize("name", ["b12-6-to-8-week", "b12-8-week", "fast-drug-2-week", "minimal"])
def test_what_is_expected_is_about_what_is_simulated(name: str) -> None:
    scenario = load_scenario(name).replace(**{"simulation.replicates": 1000})
    expected = expect(scenario)
    assert expected is not None
    cells = cells_of_a_verdict(scenario) | cells_of_a_curve(scenario)
    cells = {address: cells[address] for address in map(Address, ("mcid", "null", "planned"))}
    seen = Findings(scenario, dict(zip(cells, measure([*cells.values()], 7), strict=True)))
    tallies = {cell.kind: seen.measured[cell].tallies[scenario.analysis.primary] for cell in cells}
    for truth in ("mcid", "null"):
        figure = expected.figures[expected.primary][truth]["detect"].value
        found = tallies[truth].detected / tallies[truth].replicates
        assert figure == pytest.approx(found, abs=MISS + SES * (found * (1 - found) / 1000) ** 0.5)
    finished = seen.measured[PLANNED].finished / 1000
    assert expected.burden.expected_finished == pytest.approx(finished, abs=0.05)


def test_the_curve_rises_from_the_false_alarms() -> None:
    expected = expect(load_scenario("b12-8-week"))
    assert expected is not None
    assert (expected.is_simulated, expected.is_whole) == (False, True)
    assert expected is not None
    chances = [figures["detect"].value or 0.0 for figures in expected.curve.values()]
    assert next(iter(expected.curve)) == 0.0
    assert chances == sorted(chances)


def test_no_formula_is_no_figure() -> None:
    assert expect(load_scenario("b12-6-month-open-label")) is None
    assert expect(load_scenario("minimal").replace(**{"analysis.primary": "bayes"})) is None
