"""Which processes run for a scenario, and when in the day each acts."""

from __future__ import annotations

from inspect import isgenerator
from types import GeneratorType
from typing import Any

import numpy as np
import pytest

from n1trial.design.schedule import lay_out
from n1trial.patient import hours
from n1trial.patient.patient import SimulatedPatient, kit_ends
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.simulate import draw_assignment
from n1trial.simulation.streams import Streams
from tests.features import FEATURES, PLAIN_PROCESSES, PLAIN_STREAMS, SLEEP, Feature, busy
from tests.reference.cases import plain

WIDTH = 5


def patient_of(scenario: Scenario) -> SimulatedPatient:
    """Batch of a few patients on the first day, each day's score written already."""
    draws = Streams(1, 0, WIDTH, record=True)
    assignment = draw_assignment(scenario.layout(), draws)
    patient = SimulatedPatient(scenario, lay_out(scenario.layout(), assignment), assignment, draws, WIDTH)
    patient.record.score.fill(scenario.patient.baseline)
    return patient


def names_of(patient: SimulatedPatient) -> list[str]:
    assert all(isgenerator(process) for process in patient.processes)
    return [process.__name__ for process in patient.processes if isinstance(process, GeneratorType)]


def streams_of(patient: SimulatedPatient) -> list[str]:
    assert isinstance(patient.draws, Streams)
    return sorted(patient.draws.drawn)


def test_a_plain_patient_needs_six_processes_and_three_streams() -> None:
    patient = patient_of(plain())
    assert sorted(names_of(patient)) == sorted(PLAIN_PROCESSES)
    assert streams_of(patient) == sorted(PLAIN_STREAMS)


def test_nobody_guesses_in_the_open() -> None:
    patient = patient_of(plain(design={"layout": "open-label", "run_in_days": 3}))
    assert set(PLAIN_PROCESSES) - set(names_of(patient)) == {"guess"}
    assert streams_of(patient) == ["noise"]
    assert patient.state.belief.tolist() == [1.0] * WIDTH


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.key)
def test_a_feature_adds_its_own_processes_and_streams_and_no_others(feature: Feature) -> None:
    patient = patient_of(feature.given_to(plain()))
    assert sorted(names_of(patient)) == sorted(PLAIN_PROCESSES + feature.processes)
    assert streams_of(patient) == sorted(PLAIN_STREAMS + feature.streams)


@pytest.mark.parametrize("when_worse", [-1.0, 1.0])
def test_the_diary_is_reviewed_only_where_dropout_goes_by_it(when_worse: float) -> None:
    goes_by_it = plain(conduct={"dropout_when_worse": when_worse})
    assert "review_diary" not in names_of(patient_of(goes_by_it))
    assert "review_diary" in names_of(patient_of(goes_by_it.replace(**{"conduct.dropout_per_week": 0.1})))


def test_filling_in_later_draws_only_where_entries_are_lost() -> None:
    backfilled = {"conduct.backfilled": 0.5}
    assert "backfilled" not in streams_of(patient_of(plain().replace(**backfilled)))
    assert "backfilled" in streams_of(patient_of(plain().replace(**backfilled, **{"conduct.missing": 0.1})))


def test_every_process_gives_its_days_by_itself() -> None:
    scenario = busy()
    layout = scenario.layout()
    everyday, blinded = layout.days.tolist(), list(range(layout.treated_days))
    expected: dict[str, list[int]] = {
        "begin_days": everyday,
        "rate": everyday,
        "take_doses": blinded,
        "absorb": blinded,
        "respond_to_placebo": everyday,
        "learn": blinded,
        "guess": [*range(6, layout.treated_days, 7), layout.treated_days - 1],
        "autocorrelate": everyday,
        "drift": everyday[1:],
        "shift_periods": everyday,
        "pull_trigger": everyday,
        "review_diary": blinded,
        "leave_gaps": blinded,
        "drop_out": blinded,
        "keep_diary": blinded,
        "observe_secondary": [day for day in everyday if day % 2 == 1],
    }
    patient = patient_of(scenario)
    found = dict(zip(names_of(patient), map(list, patient.processes), strict=True))
    assert {name: [int(time // 1) for time in found[name]] for name in expected} == expected
    now_and_then = set(found) - set(expected)
    assert now_and_then == {"start_stretches", "give_away"}
    for name in now_and_then:
        assert sorted(set(found[name])) == found[name]
    assert found["start_stretches"][0] == everyday[0] + hours.RESET


def test_no_two_processes_act_at_the_same_hour() -> None:
    triggers: list[dict[str, Any]] = [{"name": name} for name in ("coffee", "late night", "quarrel")]
    patient = patient_of(busy(trigger=triggers, secondary=[SLEEP, SLEEP | {"name": "visit", "every_days": 7}]))
    hours_of_each = [{time % 1 for time in process} for process in patient.processes]
    assert [len(of_one) for of_one in hours_of_each] == [1] * len(patient.processes)
    assert len(set.union(*hours_of_each)) == len(patient.processes) == 21


def test_hours_are_dyadic_and_follow_the_order_of_the_day() -> None:
    by_name = {name: hour for name, hour in vars(hours).items() if name.isupper() and name != "BETWEEN_TRIGGERS"}
    assert sorted(by_name, key=by_name.__getitem__) == [
        "BEGIN", "SHIFT", "RESET", "TOLD",
        "REVIEW", "DOSE", "EXPOSURE", "LEARNING", "PLACEBO",
        "TRIGGER",
        "NOISE", "DRIFT", "SCORE", "ENTRY", "SECONDARY",
        "GUESS", "GAP", "DROPOUT", "OBSERVE",
    ]  # fmt: skip
    assert len(set(by_name.values())) == len(by_name)
    for hour in [*by_name.values(), hours.BETWEEN_TRIGGERS]:
        assert 0 <= hour < 1
        assert hour * 1024 == int(hour * 1024)


@pytest.mark.parametrize(
    ("last_day", "kit_days", "ends"),
    [(13, 7, [6, 13]), (14, 7, [6, 13, 14]), (12, 7, [6, 12]), (3, 7, [3]), (2, 1, [0, 1, 2]), (0, 1, [0])],
)
def test_the_last_kit_may_be_cut_short(last_day: int, kit_days: int, ends: list[int]) -> None:
    assert kit_ends(last_day, kit_days) == ends


def test_a_fixed_truth_takes_the_place_of_the_prior() -> None:
    scenario = plain(treatment={"effect_sd": 0.5, "responders": 0.5})
    patient = SimulatedPatient(
        scenario, lay_out(scenario.layout(), None), None, Streams(1, 0, WIDTH, record=True), WIDTH, -0.7
    )
    assert patient.state.effect.tolist() == [-0.7] * WIDTH
    assert not {"effect", "responder"} & set(streams_of(patient))


def test_doses_are_recorded_only_where_some_are_missed() -> None:
    assert patient_of(plain()).record.doses_taken is None
    taken = patient_of(plain(conduct={"adherence": 0.5}, design={"run_in_days": 3})).record.doses_taken
    assert taken is not None
    assert taken.shape == (11, WIDTH)
    assert np.all(taken)
