from __future__ import annotations

import numpy as np

import n1trial
from n1trial.diary.file.scores import Scores
from n1trial.report.diary.calibration import calibration_in_words
from n1trial.report.lines import WIDTH
from n1trial.study.calibration.calibrate import Calibration, calibrate
from n1trial.study.calibration.finding import as_range, as_stated, doubt, from_diary

BASE = n1trial.load_scenario("minimal")


def test_each_number_is_told_as_what_it_is() -> None:
    findings = (
        from_diary("patient.daily_sd", (1.4, 1.3, 1.5), ""),
        doubt("placebo.response_sd", 0.6, "How far it is usually off."),
        as_range("patient.autocorrelation", (0.4, 0.1, 0.7), 0.3, ""),
        as_stated("patient.diary_sd", 0.0, "", (0.5, 0.0, 0.9)),
        as_stated("patient.trend_per_week", 0.02, ""),
    )
    said = calibration_in_words(Calibration(BASE, findings, 26, 28, "run-in", ("Mind this.",))).splitlines()
    assert said[0] == "26 entries on 28 days: a run-in, before any capsule"
    assert said[2:4] == [
        "Told by the diary (in brackets: 9 in 10 sure)",
        "  patient.daily_sd                1.4 [1.3, 1.5]       how much the score swings from day to day",
    ]
    text = " ".join(" ".join(said).split())
    assert "patient.autocorrelation 0.1 to 0.7 how alike one day and the next are; 0.3 is planned" in text
    assert (
        "Doubt about what it tells: put in to plan with, and no estimate placebo.response_sd 0.6 How far it is usually"
        " off. Not known:" in text
    )
    assert "patient.diary_sd 0 [0, 0.9] inexact entries" in text
    assert "patient.trend_per_week 0.02 steady change" in text
    assert "Mind - Mind this. All else, the effect planned for above all, is no data of this diary" in text


def test_lines_are_no_longer_than_a_terminal() -> None:
    scores = Scores.of(n1trial.simulate(n1trial.load_scenario("b12-8-week"), replicates=1, seed=2).observed)
    run_in = scores.day < 0
    for part in (scores, Scores(scores.day[run_in], scores.score[run_in], np.full(14, np.nan), None)):
        said = calibration_in_words(calibrate(part, n1trial.load_scenario("b12-8-week")))
        assert all(len(line) <= WIDTH for line in said.splitlines())
        assert "None" not in said
        assert "nan" not in said.lower().split()
