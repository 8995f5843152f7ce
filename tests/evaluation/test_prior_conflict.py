"""Priors that a diary contradicts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from n1trial.analysis.methods import bayes, paired
from n1trial.diary.diary import Diary
from n1trial.evaluation.prior_conflict import conflicts
from tests.analysis.diaries import of_periods

SE = 1 / np.sqrt(3)


def diary(middle: float, **plan: Any) -> Diary:
    """Three rounds whose differences are one less, as much, and one more than a middle."""
    scores = [[each] for difference in (middle - 1, middle, middle + 1) for each in (5 + difference, 5.0)]
    return of_periods("ABABAB", scores, mcid=0.5, **plan)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("prior_mean", [0.0, 0.7])
def test_prior_and_data_conflict_from_two_standard_deviations_of_both_on(side: int, prior_mean: float) -> None:
    most = 2 * np.hypot(SE, 2 * 0.5)
    for distance, is_conflict in ((most - 1e-6, False), (most + 1e-6, True)):
        one = diary(prior_mean + side * distance, prior_mean=prior_mean)
        assert conflicts(bayes.analyze(one), one.plan).tolist() == [is_conflict]


def test_what_has_no_prior_in_points_or_no_estimate_has_no_conflict() -> None:
    one = diary(50.0)
    assert conflicts(bayes.analyze(one), one.plan)[0]
    assert not conflicts(paired.analyze(one), one.plan)[0]
    short = of_periods("AB", [[55.0], [5.0]], mcid=0.5)
    assert not conflicts(bayes.analyze(short), short.plan)[0]
