"""How exposure rises and falls."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.exposure import course, move, step_share

HALVES = 1 / math.log(2)
"""Time constant that closes half of the gap in a day."""
time_constants = st.sampled_from([0.0, 0.01, HALVES, 9.0, 770.0])
doses = st.lists(st.booleans(), min_size=1, max_size=60)


@pytest.mark.parametrize(("days", "share"), [(0, 1), (HALVES, 1 / 2), (HALVES / 2, 3 / 4), (1, 1 - 1 / math.e)])
def test_a_day_closes_its_share_of_the_gap(days: float, share: float) -> None:
    assert step_share(days) == pytest.approx(share, rel=1e-15)


def test_a_very_slow_drug_loses_no_digits() -> None:
    assert step_share(1e12) == pytest.approx(1e-12, rel=1e-11)


def test_rise_and_fall_each_go_by_their_own_share() -> None:
    exposure = move(np.array([0.0, 0.5, 0.5, 1.0]), np.array([True, True, False, False]), rise=0.5, fall=0.25)
    assert exposure.tolist() == [0.5, 0.75, 0.375, 0.75]


def test_exposure_builds_up_from_none_and_is_carried_over() -> None:
    has_dose = np.array([False, True, True, False, False, True])
    assert course(has_dose, HALVES, 0).tolist() == pytest.approx([0, 1 / 2, 3 / 4, 0, 0, 1 / 2])
    assert course(has_dose, 0, HALVES).tolist() == pytest.approx([0, 1, 1, 1 / 2, 1 / 4, 1])


def test_an_instant_drug_is_there_with_its_dose_alone() -> None:
    has_dose = np.array([[False, True], [True, True], [False, False]])
    assert course(has_dose, 0, 0).tolist() == has_dose.astype(float).tolist()


@given(doses, time_constants, time_constants)
def test_course_is_the_recursion_day_by_day(has_dose: list[bool], onset_days: float, offset_days: float) -> None:
    expected, exposure = [], 0.0
    for dose in has_dose:
        time_constant = onset_days if dose > exposure else offset_days
        exposure += (dose - exposure) * (1.0 if time_constant == 0 else 1 - math.exp(-1 / time_constant))
        expected.append(exposure)
    np.testing.assert_allclose(course(np.array(has_dose), onset_days, offset_days), expected, rtol=0, atol=1e-14)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60), time_constants, time_constants)
def test_columns_have_courses_of_their_own_between_none_and_all(
    has_dose: list[tuple[bool, bool]], onset_days: float, offset_days: float
) -> None:
    together = course(np.array(has_dose), onset_days, offset_days)
    assert ((together >= 0) & (together <= 1)).all()
    for column, single in enumerate(np.array(has_dose).T):
        assert together[:, column].tolist() == course(single, onset_days, offset_days).tolist()
