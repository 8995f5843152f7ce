"""What a method says that it uses is what changes its estimates, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import AnalysisRequest
from n1trial.diary.diary import Diary
from n1trial.diary.methods import METHODS
from n1trial.scenario.check.matters import SETTINGS
from n1trial.scenario.file.load import load_scenario
from n1trial.simulation.simulate import simulate

REPLICATES = 12
VALUES: dict[str, tuple[Any, Any]] = {
    "discard_days": (0, 20),
    "minimum_days": (1, 29),
    "terms": ((), ("trend",)),
    "adjust": ((), ("coffee",)),
    "df": ("satterthwaite", "residual"),
    "assumed_onset_days": (1.0, 30.0),
    "assumed_offset_days": (1.0, 30.0),
    "statistic": ("exposure", "cycle"),
    "max_assignments": (20, 5000),
    "prior_mean": (0.0, -1.0),
    "prior_sd": (0.5, 4.0),
    "sd_scale": (0.2, 4.0),
}
"""Two values of each setting that is not every method's."""


@cache
def diary() -> Diary:
    """Diaries with gaps, of three rounds whose change-over is drawn."""
    changes = {"design.period_days": 35, "design.switch_jitter_days": 7, "conduct.missing": 0.15}
    kept = simulate(load_scenario("minimal").replace(**changes), replicates=REPLICATES, seed=5).observed
    coffee = np.random.default_rng(1).random(kept.score.shape) < 0.3
    return replace(kept, columns={"coffee": coffee.astype(np.float64)})


def figures(method: str, **settings: Any) -> list[object]:
    found = analyze(diary(), method, request=AnalysisRequest(truth=np.zeros(REPLICATES), intervals=0), **settings)
    return [found.estimate.tolist(), found.p_value.tolist(), found.status.tolist()]


def test_every_setting_is_tried() -> None:
    assert {f"analysis.{setting}" for setting in VALUES} == set(SETTINGS)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_uses_the_settings_that_it_names(method: str) -> None:
    for statistic in VALUES["statistic"]:
        for setting, values in VALUES.items():
            of_setting = [{"statistic": statistic, setting: value} for value in values]
            one, other = (repr(figures(method, **chosen)) for chosen in of_setting)
            assert (one != other) == METHODS[method].uses(setting, statistic), (setting, statistic)
