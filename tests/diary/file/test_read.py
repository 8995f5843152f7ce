from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.diary.diary import Diary
from n1trial.diary.file.read import read_diary
from n1trial.diary.plan import Plan
from n1trial.errors import InputError
from n1trial.scenario.file.load import load_scenario
from n1trial.simulation.simulate import simulate

CASES = Path(__file__).parents[2] / "cases" / "diaries"
VALID = sorted((CASES / "valid").glob("*.csv"))
INVALID = sorted((CASES / "invalid").glob("*.csv"))
ARRAYS = ("day", "period", "cycle", "treatment", "day_of_period", "score", "doses_taken")
NAN = float("nan")

NOTES = {
    "plain": (),
    "semicolons-and-commas": ("Columns are separated by semicolons.", "The column score has decimal commas."),
    "day-first": ("Dates have the day first.",),
    "day-first-by-its-order": ("Dates have the day first.",),
    "month-first": ("Columns are separated by tabs.", "Dates have the month first."),
    "names-and-own-columns": (
        "Columns that are not used: mood, hours_of_sleep.",
        "Vitamin B12 is taken for the drug, and Placebo for the control.",
    ),
    "counted-from-the-run-in": (
        "Rows are not in the order of their days; they were sorted.",
        "Days are counted from the first blinded day: day 3 of the file is day 0.",
    ),
}
"""What is said of each valid file; all of them hold the same diary."""

HEADER = "day,period,cycle,treatment,score"
ROWS = ["0,1,1,1,5", "1,1,1,1,4", "2,2,1,0,6", "3,2,1,0,7"]
LAYOUT = Layout("crossover", 0, "open", 2, 3, 1, Randomization("pairs", 2, jitter_days=1, jitter_step_days=1))


def read(folder: Path, *rows: str, header: str = HEADER, plan: Plan | None = None) -> Diary:
    path = folder / "diary.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_diary(path, plan)


def faults(folder: Path, *rows: str, header: str = HEADER, plan: Plan | None = None) -> list[str]:
    """Faults without the name of the file."""
    with pytest.raises(InputError) as caught:
        read(folder, *rows, header=header, plan=plan)
    return [fault.removeprefix(f"{folder / 'diary.csv'}: ") for fault in caught.value.faults]


def assert_same(found: Diary, expected: Diary) -> None:
    for name in ARRAYS:
        first, second = getattr(found, name), getattr(expected, name)
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second, err_msg=name)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_file_is_read_and_what_is_odd_is_said(path: Path) -> None:
    diary = read_diary(path, Plan(scale=(0, 10)))
    assert diary.day.tolist() == [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert diary.period[:, 0].tolist() == [0, 0, 1, 1, 1, 2, 2, 0, 3, 3, 4]
    assert diary.cycle[:, 0].tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 2, 2, 2]
    assert diary.treatment[:, 0].tolist() == [0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1]
    assert diary.day_of_period[:, 0].tolist() == [-1, -1, 0, 1, 2, 0, 1, -1, 0, 1, 0]
    np.testing.assert_array_equal(diary.score[:, 0], [6, 7, 5, NAN, 4.5, 6, 7.5, NAN, 6.5, 7, 4])
    assert diary.doses_taken is not None
    assert diary.doses_taken[:, 0].tolist() == [True, True, True, False, *[True] * 7]
    assert diary.notes == NOTES[path.stem]
    assert_same(diary, read_diary(CASES / "valid" / "plain.csv"))


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_gives_its_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(InputError) as caught:
        read_diary(path.name, Plan(scale=(0, 10)))
    assert "\n".join(caught.value.faults) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_case_has_its_words() -> None:
    assert {path.stem for path in VALID} == set(NOTES)
    assert {path.stem for path in INVALID} == {path.stem for path in (CASES / "invalid").glob("*.txt")}


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_byte_order_marks_and_foreign_line_ends_are_read(mark: bytes, tmp_path: Path) -> None:
    text = (CASES / "valid" / "plain.csv").read_text(encoding="utf-8").replace("\n", "\r\n")
    encoding = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}[mark]
    path = tmp_path / "diary.csv"
    path.write_bytes(mark + text.encode(encoding))
    diary = read_diary(path)
    assert_same(diary, read_diary(CASES / "valid" / "plain.csv"))
    assert diary.notes == ("The file begins with a byte-order mark, which is left out.",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"day,period,cycle,treatment,score,note\n0,1,1,1,5,na\xefve\n", 'line 2: not UTF-8; save it as "CSV UTF-8"'),
        (b"PK\x03\x04\x00\x00day", "is no text file; save it as CSV"),
    ],
)
def test_what_is_no_text_is_told(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_diary(path)
    assert caught.value.faults == (f"{path}: {told}",)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path, told in [(tmp_path, "is a folder, not a diary file"), (tmp_path / "none.csv", "no such file")]:
        with pytest.raises(InputError) as caught:
            read_diary(path)
        assert caught.value.faults == (f"{path}: {told}",)


def test_without_a_plan_the_scale_has_no_ends(tmp_path: Path) -> None:
    diary = read(tmp_path, *ROWS, "4,2,1,0,-1e6")
    assert diary.score[-1, 0] == -1e6
    assert diary.plan == Plan()
    assert diary.doses_taken is None
    assert faults(tmp_path, *ROWS, "4,2,1,0,1e999") == [
        'line 6: score: must be a number, or empty where it is missing, and is "1e999"'
    ]


def test_days_stay_as_given_where_nothing_speaks_against_it(tmp_path: Path) -> None:
    diary = read(tmp_path, "1,1,1,1,5", "2,1,1,1,4", "4,2,1,0,6")
    assert diary.day.tolist() == [1, 2, 4]
    assert diary.day_of_period[:, 0].tolist() == [0, 1, 0]
    assert diary.notes == ("Days before period 2 have no row; it is taken to begin on day 4, with its first row.",)


def test_the_names_of_the_treatments_are_understood_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(f"{HEADER}\n0,1,1,gabapentin,5\n1,2,1,Dummy  pill,6\n2,3,2,1,6\n", encoding="utf-8")
    diary = read_diary(path, names=("Gabapentin", "dummy pill"))
    assert diary.treatment[:, 0].tolist() == [1, 0, 1]
    assert diary.notes == ()
    with pytest.raises(InputError) as caught:
        read_diary(path, names=("Vitamin B12", "Placebo"))
    assert caught.value.faults[0] == (
        f'{path}: line 2: treatment: must be 1 or Vitamin B12, or 0 or Placebo, and is "gabapentin"'
    )


@pytest.mark.parametrize("first", [0, 1, 15])
def test_with_a_plan_days_are_counted_from_the_first_blinded_one(first: int, tmp_path: Path) -> None:
    # Planned: cycles of 8 days, periods of 3 about a washout day.
    starts = [(0, 1, 1, 1), (1, 1, 1, 1), (2, 0, 0, 0), (3, 2, 1, 0), (8, 3, 2, 0), (12, 4, 2, 1)]
    rows = [f"{day + first},{period},{cycle},{treatment},5" for day, period, cycle, treatment in starts]
    diary = read(tmp_path, *rows, plan=Plan(layout=LAYOUT))
    assert diary.day.tolist() == [0, 1, 2, 3, 8, 12]
    told = f"Days are counted from the first blinded day: day {first} of the file is day 0."
    assert (told in diary.notes) == (first > 0)


def test_a_plan_tells_when_a_period_began_that_lacks_its_first_rows(tmp_path: Path) -> None:
    rows = ["0,1,1,1,5", "1,1,1,1,5", "2,1,1,1,5", "3,0,,,", "5,2,1,0,5", "9,3,2,0,5", "10,3,2,0,5", "15,4,2,1,5"]
    diary = read(tmp_path, *rows, plan=Plan(layout=LAYOUT))
    # Period 2 can begin on day 3, 4 or 5, period 3 on day 8, period 4 on day 11, 12 or 13.
    assert diary.day.tolist() == [0, 1, 2, 3, 5, 9, 10, 15]
    assert diary.day_of_period[:, 0].tolist() == [0, 1, 2, -1, 0, 1, 2, 0]
    assert diary.notes == (
        "Days before period 2 have no row; it is taken to begin on day 5, with its first row.",
        "Days before period 3 have no row; it is taken to begin on day 8, as planned.",
        "Days before period 4 have no row; it is taken to begin on day 15, with its first row.",
    )


def test_what_the_plan_has_not_is_said(tmp_path: Path) -> None:
    plan = Plan(layout=LAYOUT)
    assert "Of the 4 periods planned there is nothing of periods 3 and 4." in read(tmp_path, *ROWS, plan=plan).notes
    beyond = read(tmp_path, *ROWS, "8,3,2,1,5", "11,4,2,0,5", "16,5,3,1,5", plan=plan)
    assert "The plan has 4 periods, and the diary also period 5." in beyond.notes


def test_date_and_day_numbers_settle_each_other(tmp_path: Path) -> None:
    header = f"date,{HEADER}"
    rows = [f"{date},{row}" for date, row in zip(["03/04/26", "03/05/26", "03/06/26"], ROWS[:3], strict=True)]
    assert read(tmp_path, *rows, header=header).notes == ("Dates have the month first.",)
    rows = [f"{date},{row}" for date, row in zip(["03.04.26", "04.04.26", "06.04.26"], ROWS[:3], strict=True)]
    assert faults(tmp_path, *rows, header=header) == [
        "line 4: date: 06.04.26 does not agree with day 2: by the other rows it is day 3"
    ]


def test_faults_of_all_columns_are_told_in_the_order_of_lines(tmp_path: Path) -> None:
    told = faults(tmp_path, "0,1,1,1,12", "x,1,1,1,4", "2,2,1,0,y", "2,2,1,2,7", plan=Plan(scale=(0, 10)))
    assert [fault.partition(":")[0] for fault in told] == ["line 2", "line 3", "line 4", "line 5", "line 5"]


@given(seed=st.integers(0, 10_000))
def test_a_simulated_diary_written_to_a_file_is_read_as_it_was(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scenario = load_scenario("minimal").replace(
        **{"design.run_in_days": 3, "design.period_days": 35, "design.washout_days": 2, "design.switch_jitter_days": 7}
    )
    simulated = simulate(scenario, 1, seed)
    path = tmp_path_factory.mktemp("diary") / "diary.csv"
    simulated.to_frame().drop(columns="replicate").to_csv(path, index=False)
    diary = read_diary(path, scenario.plan(), (scenario.treatment.name, scenario.control.name))
    for name in ARRAYS:
        written, found = getattr(simulated.observed, name), getattr(diary, name)
        assert (found is None) == (written is None)
        if written is not None:
            np.testing.assert_array_equal(np.broadcast_to(written, found.shape), found, err_msg=name)
    assert diary.notes == ()
