from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.pack.make.rules import check_packable
from n1trial.pack.sealed.allocation import Allocation, contents
from n1trial.pack.trial.codes import is_code
from n1trial.pack.trial.trial import blinded_trial
from n1trial.scenario.scenario import Scenario
from tests.pack.packable import START, packables, secret_bytes, secrets_of, shipped, short


@given(packables(), secret_bytes())
def test_kits_follow_each_other_and_fill_the_trial(scenario: Scenario, secret: bytes) -> None:
    check_packable(scenario)
    trial = blinded_trial(scenario, START, secret, is_rehearsal=False)
    days = [day for kit in trial.kits for day in range(kit.first_day, kit.last_day + 1)]
    assert days == list(range(trial.first_kit_day, scenario.layout().treated_days))
    assert [kit.number for kit in trial.kits] == list(range(1, len(trial.kits) + 1))
    codes = [code for kit in trial.kits for code in kit.codes] + [trial.patient_code]
    assert len(set(codes)) == len(codes)
    assert all(map(is_code, codes))
    for kit in trial.kits:
        assert {trial.kit_of(day) for day in range(kit.first_day, kit.last_day + 1)} == {kit}
    assert trial.kit_of(trial.first_kit_day - 1) is trial.kit_of(trial.last_day + 1) is None


@given(packables(), secret_bytes())
def test_sheets_hold_every_day_once_and_at_most_a_week_of_one_kit(scenario: Scenario, secret: bytes) -> None:
    trial = blinded_trial(scenario, START, secret, is_rehearsal=False)
    assert [day for sheet in trial.sheets for day in sheet.days] == scenario.layout().days.tolist()
    assert all(1 <= len(sheet.days) <= 7 for sheet in trial.sheets)
    for sheet in trial.sheets:
        assert {trial.kit_of(day) for day in sheet.days} == {sheet.kit}
    assert sum(sheet.ends_kit for sheet in trial.sheets) == len(trial.kits)


@given(packables(), secret_bytes(), secret_bytes())
def test_each_kit_holds_what_the_schedule_says_of_its_days(scenario: Scenario, codes: bytes, secret: bytes) -> None:
    trial = blinded_trial(scenario, START, codes, is_rehearsal=False)
    allocation = Allocation.draw(scenario, secret)
    schedule, held = allocation.schedule(scenario), contents(trial, allocation)
    assert set(held) == {code for kit in trial.kits for code in kit.codes}
    for day, on_drug in zip(schedule.day.tolist(), schedule.treatment[:, 0].tolist(), strict=True):
        kit = trial.kit_of(day)
        if kit is not None:
            assert [held[code] for code in kit.codes] == [on_drug == 1] * 2
        else:
            assert on_drug == 0


@given(packables(), secret_bytes())
def test_doses_fall_on_the_days_of_the_model(scenario: Scenario, secret: bytes) -> None:
    trial = blinded_trial(scenario, START, bytes(16), is_rehearsal=False)
    schedule = Allocation.draw(scenario, secret).schedule(scenario)
    every = scenario.treatment.every_days
    # MODEL: a dose covers every_days days, counted from the period's first day. Of washouts nothing is said.
    for day, count in zip(schedule.day.tolist(), schedule.day_of_period[:, 0].tolist(), strict=True):
        if count >= 0:
            assert trial.takes_dose(day) == (count % every == 0)
    for kit in trial.kits:
        doses = sum(trial.takes_dose(day) for day in range(kit.first_day, kit.last_day + 1))
        assert doses == trial.doses_per_kit


@pytest.mark.parametrize(("fraction", "units", "expected"), [(0.0, 1, 7), (0.1, 1, 8), (0.5, 2, 21), (1.0, 1, 14)])
def test_capsules_of_a_kit(fraction: float, units: int, expected: int) -> None:
    times = ["morning", "night"]
    scenario = short(**{
        "pack.spare_fraction": fraction, "pack.units_per_dose": units, "pack.times_of_day": times,
    })  # fmt: skip
    trial = blinded_trial(scenario, START, bytes(16), is_rehearsal=False)
    assert trial.units_per_kit == {"morning": expected, "night": expected}


def test_a_tenth_of_ten_doses_is_one() -> None:
    scenario = shipped().replace(**{"pack.kit_days": 1, "pack.units_per_dose": 10})
    assert blinded_trial(scenario, START, bytes(16), is_rehearsal=False).units_per_kit == {"morning": 11}


def test_dates() -> None:
    trial = blinded_trial(shipped(), START, bytes(16), is_rehearsal=False)
    assert trial.date_of(-14) == START
    assert trial.date_of(0) == date(2027, 1, 18)
    assert trial.date_of(trial.last_day) == START + timedelta(weeks=44) - timedelta(days=1)
    assert (trial.week_of(-14), trial.week_of(-1), trial.week_of(0), trial.week_of(293)) == (1, 2, 3, 44)


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_an_assignment_is_drawn_again_from_its_secret(secret: int) -> None:
    allocation = Allocation.draw(shipped(), secrets_of(secret).assignment)
    assert allocation == Allocation.draw(shipped(), secrets_of(secret).assignment)
    assert sorted(allocation.order) == list("AAABBB")
    assert set(allocation.shifts) <= {-7, 0, 7}


def test_all_assignments_are_drawn_about_equally_often() -> None:
    count = 2000
    drawn = [Allocation.draw(shipped(), secrets_of(number).assignment) for number in range(count)]
    for cycle in range(3):
        first = np.mean([allocation.order[2 * cycle] == "A" for allocation in drawn])
        assert abs(first - 1 / 2) < 4 * np.sqrt(1 / 4 / count)  # k = 4
        for shift in (-7, 0, 7):
            share = np.mean([allocation.shifts[cycle] == shift for allocation in drawn])
            assert abs(share - 1 / 3) < 4 * np.sqrt(2 / 9 / count)  # k = 4
