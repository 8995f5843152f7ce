"""What the diary holds of a trigger that the analysis adjusts for."""

from __future__ import annotations

import numpy as np

import n1trial
from n1trial.diary.diary import Diary
from n1trial.scenario.scenario import Scenario

COFFEE = {"name": "Black coffee", "days_per_week": 2.0, "effect": 1.5, "fade_days": 2.0, "treatment_can_move": False}
WINE = {"name": "wine", "days_per_week": 3.0, "effect": 1.0}


def scenario_of(**changes: object) -> Scenario:
    return n1trial.load_scenario("minimal").replace(**({"trigger": [WINE, COFFEE], "analysis.methods": []} | changes))


def test_boxes_are_kept_of_what_is_adjusted_for_alone_and_scores_stay_as_they_are() -> None:
    plain = n1trial.simulate(scenario_of(), 40, 3)
    kept = n1trial.simulate(scenario_of(**{"analysis.adjust": ["Black coffee"]}), 40, 3)
    assert plain.observed.columns == {}
    assert np.array_equal(kept.score, plain.score, equal_nan=True)
    (name, boxes), *others = kept.observed.columns.items()
    assert (name, others, kept.observed.plan.adjust) == ("black_coffee", [], ("black_coffee",))
    assert np.array_equal(np.isnan(boxes), np.isnan(kept.score))
    assert set(np.unique(boxes[~np.isnan(boxes)])) == {0.0, 1.0}
    share = float(np.nanmean(boxes))
    assert abs(share - 2 / 7) < 5 * np.sqrt(2 / 7 * 5 / 7 / np.isfinite(boxes).sum())
    mean = {box: np.nanmean(kept.score[boxes == box]) for box in (0.0, 1.0)}
    assert mean[1.0] - mean[0.0] > 0.5


def test_a_box_says_whether_it_struck_that_day_and_not_what_is_left_of_days_before() -> None:
    changes = {"analysis.adjust": ["Black coffee"], "conduct.missing": 0.0, "conduct.dropout_per_week": 0.0}
    fading = n1trial.simulate(scenario_of(**changes), 20, 5).observed.columns["black_coffee"]
    at_once = scenario_of(**changes).replace(**{"trigger.Black coffee.fade_days": 0.0})
    assert np.array_equal(fading, n1trial.simulate(at_once, 20, 5).observed.columns["black_coffee"])


def test_boxes_go_with_their_replicates_into_a_table_and_out_of_it() -> None:
    diary = n1trial.simulate(scenario_of(**{"analysis.adjust": ["Black coffee"]}), 6, 3).observed
    again = Diary.from_frame(diary.to_frame(), diary.plan)
    assert np.array_equal(again.columns["black_coffee"], diary.columns["black_coffee"], equal_nan=True)
    some = diary.take(slice(2, 4)).columns["black_coffee"]
    assert np.array_equal(some, diary.columns["black_coffee"][:, 2:4], equal_nan=True)
