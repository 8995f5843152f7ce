from __future__ import annotations

from n1trial.report.rates import count
from n1trial.scenario.file.load import load_scenario
from n1trial.web.pack import view as pack_view
from n1trial.web.shared.plan.closed_form import expect
from tests.report.pages import FEW, fresh

PLAN = load_scenario("minimal")


def test_what_the_plan_could_tell_stands_before_a_pack_is_made_of_it() -> None:
    by_formula = expect(PLAN)
    assert by_formula is not None
    told = str(pack_view.chance(PLAN, by_formula))
    assert "Probably no clear answer" in told
    assert "by formula; the simulation follows" in told
    result = fresh("minimal", FEW, {})
    told = str(pack_view.chance(result.scenario.replace(title="Another"), result))
    assert "simulated trials, give or take" in told
    assert "by formula" not in told
    assert f">{count(result.figures[result.primary]['mcid']['detect_right'])} of 100</b>" in told
    assert " id=" not in told  # the strip of the room Plan has that name on the same page


def test_nothing_is_told_of_the_plan_before() -> None:
    before = expect(PLAN)
    for known in (None, before):
        told = str(pack_view.chance(PLAN.replace(**{"design.cycles": 4}), known))
        assert pack_view.NOT_YET in told
        assert "of 100" not in told
