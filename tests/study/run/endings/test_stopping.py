from __future__ import annotations

import numpy as np
import pytest

from n1trial.diary.stop_rule import judge
from n1trial.scenario.check.stopping import stop_rule
from n1trial.scenario.file.load import load_scenario
from n1trial.simulation.simulate import simulate
from n1trial.study.run.endings.stopping import stopped_by_chance, trials_to_stop

FEW = {"simulation.replicates": 400}


def test_it_is_the_share_of_trials_without_an_effect_that_meet_the_rule() -> None:
    scenario = load_scenario("minimal").replace(**FEW)
    found = stopped_by_chance(scenario)
    assert found is not None
    diary = simulate(scenario, 400, effect=0.0).observed
    met = judge(stop_rule(scenario), diary.day, diary.score).is_met.any(axis=0)
    assert found.value == met.mean()
    assert met.any()
    assert found.mcse == pytest.approx(np.sqrt(met.mean() * (1 - met.mean()) / 400))
    assert trials_to_stop(scenario) == 400


def test_a_stricter_rule_stops_fewer_and_a_mere_point_more() -> None:
    shares = []
    for worse_by in (0.5, 1.0, 2.0, 4.0):
        found = stopped_by_chance(load_scenario("minimal").replace(**FEW, **{"stopping.worse_by": worse_by}))
        assert found is not None
        assert found.value is not None
        shares.append(found.value)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.5 > 0.01 > shares[-1]


def test_nothing_is_said_where_the_rule_cannot_be_judged() -> None:
    assert stopped_by_chance(load_scenario("b12-6-month-open-label")) is None
    assert stopped_by_chance(load_scenario("minimal").replace(**{"design.run_in_days": 6})) is None
