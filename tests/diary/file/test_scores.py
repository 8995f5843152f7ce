from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.diary.file.scores import Scores, read_scores
from n1trial.diary.plan import Plan
from n1trial.errors import InputError
from n1trial.scenario.file.load import load_scenario
from n1trial.simulation.simulate import simulate

NAN = float("nan")
RUN_IN = "No row has a kit, a period or a treatment: all are taken for days before the first capsule."
MONDAY = "The file has no dates: day 0 is taken for a Monday."
NO_WEEKDAY = "The file has no dates, so that nothing can be said of weekly ups and downs."


def read(folder: Path, header: str, *rows: str, plan: Plan | None = None) -> Scores:
    path = folder / "diary.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_scores(path, plan)


def faults(folder: Path, header: str, *rows: str, plan: Plan | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, header, *rows, plan=plan)
    return [fault.removeprefix(f"{folder / 'diary.csv'}: ") for fault in caught.value.faults]


def test_a_run_in_by_dates_ends_the_day_before_the_first_capsule(tmp_path: Path) -> None:
    scores = read(tmp_path, "date,score", "2026-03-04,5", "2026-03-05,", "2026-03-07,6")
    assert scores.day.tolist() == [-4, -3, -2, -1]
    np.testing.assert_array_equal(scores.score, [5, NAN, NAN, 6])
    assert scores.weekday_of_day_0 == 6  # the day after Saturday, 7 March 2026
    assert (scores.diary, scores.notes) == (None, (RUN_IN,))


def test_a_run_in_by_day_numbers_from_1(tmp_path: Path) -> None:
    scores = read(tmp_path, "day,score", "1,5", "2,4", "3,6")
    assert scores.day.tolist() == [-3, -2, -1]
    assert scores.weekday_of_day_0 is None
    assert scores.notes == (NO_WEEKDAY, RUN_IN)


def test_days_below_0_say_which_day_is_the_first_blinded_one(tmp_path: Path) -> None:
    scores = read(tmp_path, "day,score", "-2,5", "-1,4", "0,6", "1,3")
    assert scores.day.tolist() == [-2, -1, 0, 1]
    assert (scores.weekday_of_day_0, scores.notes) == (0, (MONDAY,))
    assert read(tmp_path, "day,score", "-3,5", "-2,4").day.tolist() == [-3, -2]


def test_a_blinded_diary_begins_with_its_first_kit(tmp_path: Path) -> None:
    header = "day,date,week,kit,score,guess"
    rows = ("1,2026-03-02,1,,5,", "2,2026-03-03,1,QX4,4,", "3,2026-03-04,1,QX4,6,placebo")
    scores = read(tmp_path, header, *rows)
    assert scores.day.tolist() == [-1, 0, 1]
    assert scores.weekday_of_day_0 == 1
    assert scores.diary is None
    assert scores.notes == ("Days are counted from the first blinded day: day 2 of the file is day 0.",)
    by_dates = read(tmp_path, "date,kit,score", "2026-03-02,,5", "2026-03-03,QX4,4")
    assert (by_dates.day.tolist(), by_dates.weekday_of_day_0, by_dates.notes) == ([-1, 0], 1, ())


def test_kits_of_a_placebo_run_in_come_before_day_0(tmp_path: Path) -> None:
    plan = Plan(layout=Layout("crossover", 2, "placebo", 2, 7, 0, Randomization("pairs", 2)))
    rows = ("2026-03-02,A1,5", "2026-03-03,A1,4", "2026-03-04,B2,3")
    assert read(tmp_path, "date,kit,score", *rows, plan=plan).day.tolist() == [-2, -1, 0]


def test_a_diary_with_treatments_is_read_as_for_its_analysis(tmp_path: Path) -> None:
    header = "date,period,cycle,treatment,score,doses_taken"
    rows = ("2026-03-02,,,,5,", "2026-03-03,1,1,1,4,1", "2026-03-04,1,1,1,,0", "2026-03-05,2,1,0,6,")
    scores = read(tmp_path, header, *rows)
    assert scores.day.tolist() == [-1, 0, 1, 2]
    assert scores.diary is not None
    assert scores.diary.treatment[:, 0].tolist() == [0, 1, 1, 0]
    np.testing.assert_array_equal(scores.doses, [NAN, 1, 0, NAN])
    assert scores.weekday_of_day_0 == 1


def test_scores_of_a_simulated_diary_are_what_reading_its_file_gives(tmp_path: Path) -> None:
    scenario = load_scenario("minimal")
    observed = simulate(scenario, replicates=1, seed=1).observed
    known = Scores.of(observed)
    columns = np.column_stack(
        [observed.day, observed.period, observed.cycle, observed.treatment, observed.score, known.doses]
    )
    rows = [",".join("" if np.isnan(value) else f"{value:g}" for value in row) for row in columns]
    scores = read(tmp_path, "day,period,cycle,treatment,score,doses_taken", *rows, plan=scenario.plan())
    for name in ("day", "score", "doses", "weekday_of_day_0"):
        np.testing.assert_array_equal(getattr(scores, name), getattr(known, name))
    assert scores.diary is not None
    assert known.diary is not None
    np.testing.assert_array_equal(scores.diary.treatment, known.diary.treatment)
    np.testing.assert_array_equal(scores.is_entry, ~np.isnan(observed.score[:, 0]))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rows = ("1,11", "2,bad", "2,4", ",5", "400,6")
    assert faults(tmp_path, "day,score", *rows, plan=Plan(scale=(0, 10))) == [
        "line 2: score: must be from 0 to 10, and is 11",
        'line 3: score: must be a number, or empty where it is missing, and is "bad"',
        "line 4: day 2 is there twice (first in line 3)",
        "line 5: day: must be given in every row",
        "line 6: day: 400 is 398 days after line 4, the row before it; at most 120 days may be without a row",
    ]


def test_a_year_mistyped_is_found_where_treatments_are_known_too(tmp_path: Path) -> None:
    header = "date,period,cycle,treatment,score"
    assert faults(tmp_path, header, "2026-03-02,1,1,1,5", "2062-03-03,1,1,1,4") == [
        "line 3: date: 2062-03-03 is 13150 days after line 2, the row before it; at most 120 days may be without a row"
    ]


def test_columns_that_are_missing_or_not_used_are_named(tmp_path: Path) -> None:
    assert faults(tmp_path, "kit,skore", "A,5") == [
        "line 1: has neither a column day nor date",
        "line 1: has no column score (did you mean skore?)",
    ]
    assert read(tmp_path, "date,score,mood", "2026-03-02,1,9").notes == ("Columns that are not used: mood.", RUN_IN)
