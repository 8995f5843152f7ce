"""What goes out: the patient of the diary, all else as it was, and the truth about what is not known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import n1trial
from n1trial.diary.file.scores import Scores
from n1trial.errors import InputError
from n1trial.scenario.check.evidence import beliefs
from n1trial.scenario.scenario import Scenario
from n1trial.study.calibration.calibrate import Calibration, calibrate

BASE = n1trial.load_scenario("minimal").replace(**{"conduct.dropout_per_week": 0.0})
NAN = float("nan")


@cache
def observed(name: str = "minimal", seed: int = 5) -> n1trial.Diary:
    scenario = BASE if name == "minimal" else n1trial.load_scenario(name)
    return n1trial.simulate(scenario, replicates=4, seed=seed).observed


def run_in(days: int = 14) -> Scores:
    scores = np.array([5, 7, 6, 4, 8, 6, 5, 7, 9, 6, 3, 6, 7, 5] * 4, dtype=np.float64)[:days]
    return Scores(np.arange(-days, 0), scores, np.full(days, NAN), 2)


@cache
def calibrated(kind: str) -> Calibration:
    scores = Scores.of(observed())
    if kind == "finished":
        return calibrate(scores, BASE)
    return calibrate(replace(scores, diary=None) if kind == "blinded" else run_in(), BASE)


def states(found: Calibration, state: str) -> set[str]:
    return {finding.key for finding in found.findings if finding.state == state}


def test_fourteen_days_leave_most_open() -> None:
    found = calibrated("run-in")
    assert (found.kind, found.entries, found.days) == ("run-in", 14, 14)
    assert states(found, "unsettled") >= {
        "patient.daily_sd", "patient.autocorrelation", "patient.period_sd", "patient.trend_per_week", "conduct.missing",
    }  # fmt: skip
    assert {each.key for each in found.scenario.unsettled} == states(found, "unsettled")
    kept = {finding.key: finding.value for finding in found.findings if finding.state == "unsettled"}
    assert (kept["patient.autocorrelation"], kept["patient.daily_sd"]) == (0.3, 1.4)
    assert "Patients often begin when they are worse than usual" in " ".join(found.remarks)


def test_a_finished_trial_tells_much_and_not_the_effect() -> None:
    found = calibrated("finished")
    assert states(found, "told") >= {
        "patient.daily_sd",
        "patient.autocorrelation",
        "conduct.missing",
        "conduct.adherence",
    }
    assert not [finding for finding in found.findings if finding.key.startswith("treatment.")]
    assert found.scenario.treatment == BASE.treatment
    assert "that is what the analysis is for" in found.remarks[-1]
    own = {key for key, status in beliefs(found.scenario).items() if status == "own-data"}
    assert own <= states(found, "told")
    assert {"patient.daily_sd", "patient.autocorrelation", "conduct.missing"} <= own


def test_the_doubt_about_the_placebo_response_goes_out_and_is_no_number_that_the_diary_tells() -> None:
    base = BASE.replace(
        evidence=[{"key": "placebo.response_sd", "range": [0.0, 1.0], "status": "published"}],
        **{"outcome.mcid": 2 * BASE.outcome.mcid},
    )
    found = calibrate(Scores.of(observed(), 2), base)
    by_key = {finding.key: finding for finding in found.findings}
    response, unsure = by_key["placebo.response"], by_key["placebo.response_sd"]
    assert (response.state, unsure.state) == ("told", "doubt")
    assert response.low is not None
    assert response.high is not None
    assert unsure.value == pytest.approx((response.high - response.low) / (2 * 1.645), abs=0.03)
    assert found.scenario.placebo.response_sd == unsure.value
    document = found.to_dict()["findings"]["placebo.response_sd"]
    assert (document["estimate"], document["interval"], document["range"]) == (None, None, None)
    assert "standard error" in document["note"]
    assert "one diary cannot tell" in document["note"]
    (evidence,) = (each for each in found.scenario.evidence if each.key == "placebo.response_sd")
    assert (evidence.status, evidence.range, evidence.note) == ("assumption", None, unsure.note)
    assert beliefs(found.scenario)["placebo.response_sd"] == "assumption"  # not counted among the diary's own


def test_where_the_placebo_response_goes_out_as_a_range_the_doubt_stays_as_it_was() -> None:
    found = calibrate(Scores.of(observed()), BASE.replace(**{"placebo.response_sd": 0.3}))
    assert "placebo.response" in states(found, "unsettled")
    assert "placebo.response_sd" not in {finding.key for finding in found.findings}
    assert found.scenario.placebo.response_sd == 0.3


def test_diary_noise_that_is_not_told_apart_may_be_none() -> None:
    for replicate in range(4):
        found = calibrate(Scores.of(observed(), replicate), BASE)
        (noise,) = (each for each in found.findings if each.key == "patient.diary_sd")
        assert noise.state == "told" or noise.low == 0
        assert noise.high is not None
        assert noise.high > 0


def test_a_blinded_diary_needs_no_treatment_and_says_what_it_may_take_for_shifts() -> None:
    found = calibrated("blinded")
    (shifts,) = (finding for finding in found.findings if finding.key == "patient.period_sd")
    assert (shifts.state, shifts.range and shifts.range[0]) == ("unsettled", 0.0)
    assert "would count as shifts" in shifts.note
    assert "placebo.response" not in {finding.key for finding in found.findings}
    assert "Which days were on the drug is not known" in " ".join(found.remarks)


@pytest.mark.parametrize("kind", ["run-in", "blinded", "finished"])
def test_all_else_is_as_it_was_and_the_source_says_what_is_assumed(kind: str) -> None:
    found = calibrated(kind)
    for section in ("treatment", "outcome", "blinding", "design", "analysis", "decision", "pack", "simulation"):
        assert getattr(found.scenario, section) == getattr(BASE, section)
    assert found.scenario.name == "minimal-calibrated"
    assert found.scenario.source.status == "own-data"
    assert "The effect planned for and how fast the drug acts are no data of this diary" in found.scenario.source.note
    for finding in found.findings:
        assert found.scenario.value(finding.key) == finding.value
        if finding.range is not None:
            assert finding.range[0] <= finding.value <= finding.range[1]
            assert finding.range[0] < finding.range[1]


def test_what_was_known_elsewhere_stays_known_and_triggers_are_not_counted_twice() -> None:
    base = n1trial.load_scenario("b12-8-week")
    found = calibrate(run_in(), base)
    assert {trigger.effect for trigger in found.scenario.trigger} == {0.0}
    assert [trigger.name for trigger in found.scenario.trigger] == [trigger.name for trigger in base.trigger]
    kept = {each.key: each for each in found.scenario.evidence}
    assert kept["treatment.onset_days"] == next(e for e in base.evidence if e.key == "treatment.onset_days")
    (shifts,) = (each for each in found.scenario.unsettled if each.key == "patient.period_sd")
    assert shifts.range == (0.0, 0.7)  # as the scenario's evidence holds believable
    assert "reported-unverified" in found.scenario.source.note


def test_slow_wandering_is_not_counted_twice() -> None:
    base = BASE.replace(**{"patient.drift_sd": 0.1})
    trial, short = calibrate(Scores.of(observed()), base), calibrate(run_in(), base)
    assert (trial.scenario.patient.drift_sd, short.scenario.patient.drift_sd) == (0.0, 0.1)


def test_shifts_that_a_trial_does_not_tell_well_are_planned_with_as_it_tells_them() -> None:
    (shifts,) = (each for each in calibrated("finished").findings if each.key == "patient.period_sd")
    assert (shifts.state, shifts.value) == ("unsettled", shifts.estimate)


def test_a_run_of_it_tells_the_answer_at_both_ends() -> None:
    small = {"design.cycles": 2, "design.period_days": 14, "analysis.discard_days": 2, "analysis.minimum_days": 5}
    found = calibrate(run_in(), BASE.replace(**small))
    result = n1trial.run(found.scenario, replicates=100)
    assert {row.key for row in result.unsettled} == states(found, "unsettled")


def test_diary_noise_goes_out_where_it_can_be_told_apart() -> None:
    truth = BASE.replace(**{"patient.autocorrelation": 0.85, "patient.diary_sd": 1.4, "outcome.step": 0.0})
    diary = n1trial.simulate(truth, replicates=1, seed=1).observed
    found = {each.key: each for each in calibrate(diary, BASE.replace(**{"outcome.step": 0.0})).findings}
    assert found["patient.diary_sd"].state == "told"
    assert found["patient.diary_sd"].value == pytest.approx(1.4, abs=0.4)


def test_what_is_odd_about_scores_is_said() -> None:
    low = replace(run_in(), score=np.clip(run_in().score - 6.5, 0.0, None))
    remarks = " ".join(calibrate(low, BASE).remarks)
    assert "of the entries stand at 0, the end of the scale" in remarks
    assert "Entries that are not in steps of 1, as minimal has them (outcome.step): " in remarks
    assert "is this the same outcome, on the same scale?" in remarks
    assert "end of the scale" not in " ".join(calibrated("run-in").remarks)


def test_what_nothing_can_be_learned_from_is_refused_with_the_reason() -> None:
    def refusal(score: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
        with pytest.raises(InputError) as caught:
            calibrate(Scores(np.arange(-score.size, 0), score, np.full(score.size, NAN)), BASE)
        return list(caught.value.faults)

    few = np.array([5.0, 6.0, 40.0, NAN])
    assert refusal(few) == [
        "the diary has 3 entries, and at least 7 are needed to say anything",
        "entries beyond the scale of minimal, from 0 to 10: 1",
    ]
    assert refusal(np.full(14, 5.0)) == [
        "every entry is 5: a score that never moves says nothing of daily ups and downs, and no trial can be planned "
        "on it; is it the right column?"
    ]


def test_a_batch_of_patients_is_no_patient() -> None:
    with pytest.raises(ValueError, match=r"^a diary of one patient is needed, but it has 4; take one by Scores.of$"):
        calibrate(observed(), BASE)


def test_the_default_scenario_is_the_least_one() -> None:
    assert n1trial.calibrate(run_in()).scenario.treatment.name == "Example drug"


def test_a_scale_of_which_higher_is_better_and_of_another_width() -> None:
    scenario = BASE.replace(**{
        "outcome.scale": [0.0, 1.0], "outcome.step": 0.0, "outcome.better": "higher", "outcome.mcid": 0.1,
        "treatment.effect": 0.1, "patient.baseline": 0.5, "patient.daily_sd": 0.1})  # fmt: skip
    found = {each.key: each for each in calibrate(n1trial.simulate(scenario, 1, 3).observed, scenario).findings}
    assert found["patient.daily_sd"].value == pytest.approx(0.1, abs=0.02)
    assert len(str(found["patient.daily_sd"].value)) > len("0.1")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=7, max_size=40), st.integers(0, 20))
def test_any_diary_makes_a_scenario_or_is_refused(values: list[int | None], blinded: int) -> None:
    score = np.array([NAN if value is None else value for value in values], dtype=np.float64)
    scores = Scores(np.arange(score.size) - score.size + blinded, score, np.full(score.size, NAN))
    try:
        found = calibrate(scores, BASE)
    except InputError:
        written = score[~np.isnan(score)]
        assert written.size < 12 or np.ptp(written) == 0
        return
    assert Scenario.of(found.scenario.own_values()) == found.scenario
    for finding in found.findings:
        if finding.low is not None and finding.high is not None and finding.estimate is not None:
            assert finding.low <= finding.estimate <= finding.high
