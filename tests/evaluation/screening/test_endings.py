"""When a trial may end early."""

from __future__ import annotations

import math

import numpy as np
import pytest

from n1trial.design.randomization import Randomization
from n1trial.evaluation.screening.endings import MOST_ENDINGS, endings
from tests.evaluation.screening.test_courses import layout_of


@pytest.mark.parametrize("cycles", [2, 3, 20])
def test_chances_add_up_with_that_of_seeing_nothing(cycles: int) -> None:
    layout = layout_of(Randomization("pairs", cycles), washout_days=1)
    seen, chance = endings(layout, 0.004)
    assert seen[-1] == layout.periods
    assert len(seen) <= MOST_ENDINGS
    assert (np.diff(seen) > 0).all()
    assert chance[-1] > math.exp(-0.004 * layout.treated_days)
    first_day = seen[0] * (layout.period_days + layout.washout_days)
    assert chance.sum() == pytest.approx(1 - (1 - math.exp(-0.004 * first_day)) / 2)


def test_who_never_leaves_sees_all() -> None:
    seen, chance = endings(layout_of(Randomization("pairs", 3)), 0.0)
    assert (seen.tolist(), chance.tolist()) == ([6], [1.0])
