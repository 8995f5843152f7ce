from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.diary.file.answers import NOT_SAID
from n1trial.diary.file.dates import FARTHEST, LONG_ENOUGH
from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.returned_diary import DiaryFormat, ReturnedDiary
from n1trial.errors import InputError

CASES = Path(__file__).parents[2] / "cases" / "diaries" / "returned"
VALID = sorted((CASES / "valid").glob("*.csv"))
INVALID = sorted((CASES / "invalid").glob("*.csv"))
NAN = float("nan")
START = date(2027, 1, 10)


def kit_fault(typed: str) -> str | None:
    """Kits of a pack that has A and B."""
    if typed == "C":
        return "C is a kit of another pack"
    return None if typed in ("A", "B") else f'must be A or B, and is "{typed}"'


EXPECTED = DiaryFormat(
    scale=(0, 10), day_zero=START, names=("Vitamin B12", "Placebo"), doses=1, kit_fault=kit_fault, needs_kit=True
)
NOTES = {
    "plain": (),
    "semicolons-and-commas": (
        "Columns are separated by semicolons.", "Dates have the day first.", "The column score has decimal commas.",
    ),
    "dates-alone": (
        "Columns that are not used: mood.", "Dates have the day first.",
        "Rows are not in the order of their days; they were sorted.",
    ),
    "sealed-columns": ("Not used: period, treatment. What was given when stands in the sealed key alone.",),
}  # fmt: skip


def rows(dates: list[str], first: int = 0) -> str:
    return "day,date,kit,score\n" + "".join(f"{day},{when},A,5\n" for day, when in enumerate(dates, start=first))


def on(day: int, behind: int = 0) -> str:
    """Date of a day, so many days after its planned one."""
    return date.fromordinal(START.toordinal() + day + behind).isoformat()


def read(folder: Path, text: str, expected: DiaryFormat = EXPECTED) -> ReturnedDiary:
    path = folder / "diary.csv"
    path.write_text(text, encoding="utf-8")
    return read_returned(path, expected)


def faults(folder: Path, text: str, expected: DiaryFormat = EXPECTED) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, text, expected)
    return [fault.removeprefix(f"{folder / 'diary.csv'}: ") for fault in caught.value.faults]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_file_is_read_and_what_is_odd_is_said(path: Path) -> None:
    found = read_returned(path, EXPECTED)
    assert found.day.tolist() == [-1, 0, 1, 2, 3, 4]
    assert found.behind.tolist() == [0] * 6
    assert found.kit == ("", "A", "A", "A", "B", "B")
    np.testing.assert_array_equal(found.score, [6, 5, NAN, 4.5, 7, NAN])
    assert found.doses.tolist() == [NOT_SAID, 1, 0, 1, NOT_SAID, NOT_SAID]
    assert found.is_late.tolist() == [False, False, False, True, False, False]
    assert found.guess.tolist() == [-2, -2, -2, 1, -1, -2]
    assert found.texts == {"note": ("", "", "travelling", "", "", "")}
    assert found.is_written.tolist() == [True, True, True, True, True, False]
    assert found.day_zero == START
    assert found.notes == NOTES[path.stem]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_gives_its_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(InputError) as caught:
        read_returned(path.name, EXPECTED)
    assert "\n".join(caught.value.faults) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_case_has_its_words() -> None:
    assert {path.stem for path in VALID} == set(NOTES)
    assert {path.stem for path in INVALID} == {path.stem for path in (CASES / "invalid").glob("*.txt")}


def test_without_a_pack_the_file_alone_speaks(tmp_path: Path) -> None:
    found = read(tmp_path, "date,score,guess\n2027-03-01,50,Magnesium\n2027-03-02,,\n", DiaryFormat())
    assert found.day.tolist() == [0, 1]
    assert found.kit == ("", "")
    assert found.guess.tolist() == [-1, -2]
    assert found.day_zero == date(2027, 3, 1)
    assert found.date_of(7) == date(2027, 3, 8)
    assert faults(tmp_path, "day,score\n0,5\n") == ["line 1: has no column kit"]


def test_doses_are_counted_up_to_those_of_a_day(tmp_path: Path) -> None:
    expected = DiaryFormat(doses=3)
    assert read(tmp_path, "day,score,doses_taken\n0,5,2\n1,5,yes\n2,5,no\n", expected).doses.tolist() == [2, 3, 0]
    told = faults(tmp_path, "day,score,doses_taken\n0,5,4\n", expected)
    assert told == ['line 2: doses_taken: must be a whole number from 0 to 3, or yes or no, and is "4"']


def test_other_outcomes_and_own_questions_are_read_by_name(tmp_path: Path) -> None:
    expected = DiaryFormat(outcomes={"IRLS total": (0, 40)}, own=("sleep",))
    text = "day,score,IRLS total,sleep\n0,5,24,\n1,5,,bad\n2,,41,\n3,,,bad\n"
    assert faults(tmp_path, text, expected) == ["line 4: irls_total: must be from 0 to 40, and is 41"]
    found = read(tmp_path, text.replace("41", "4"), expected)
    np.testing.assert_array_equal(found.outcomes["IRLS total"], [24, NAN, 4, NAN])
    assert found.is_written.tolist() == [True] * 4
    assert found.notes == ()
    assert read(tmp_path, "day,score\n0,5\n", expected).outcomes == {}


@pytest.mark.parametrize("behind", [-3, 5, FARTHEST])
def test_a_late_or_early_start_is_no_fault(behind: int, tmp_path: Path) -> None:
    found = read(tmp_path, rows([on(day, behind) for day in range(4)]))
    assert found.behind.tolist() == [behind] * 4
    assert found.day.tolist() == [0, 1, 2, 3]


def test_a_pause_moves_the_dates_and_is_no_fault(tmp_path: Path) -> None:
    dates = [on(day, 10 if day >= 9 else 0) for day in range(9 + LONG_ENOUGH)]
    assert read(tmp_path, rows(dates)).behind.tolist() == [0] * 9 + [10] * LONG_ENOUGH
    short = faults(tmp_path, rows(dates[:-1]))
    assert [fault.split(":")[0] for fault in short] == [f"line {line}" for line in range(11, 10 + LONG_ENOUGH)]


def test_dates_that_go_back_are_a_fault(tmp_path: Path) -> None:
    dates = [on(day, 0 if day >= 9 else 10) for day in range(20)]
    told = faults(tmp_path, rows(dates))
    assert [fault.split(":")[0] for fault in told] == [f"line {line}" for line in range(2, 11)]


def test_a_slip_beside_a_pause_is_told_by_its_own_side(tmp_path: Path) -> None:
    dates = [on(day, 10 if day >= 9 else 0) for day in range(20)]
    dates[2], dates[15] = on(2, 1), on(15, 9)
    told = faults(tmp_path, rows(dates))
    assert told == [
        f"line 4: date: {on(2, 1)} does not agree with day 2: by the other rows it is day 3",
        f"line 17: date: {on(15, 9)} does not agree with day 15: by the other rows it is day 14",
    ]


@given(
    slips=st.dictionaries(st.integers(0, 59), st.integers(-40, 40).filter(bool), max_size=4),
    pause=st.integers(0, 30),
    at=st.integers(20, 40),
)
def test_slips_are_found_and_nothing_else_is(
    slips: dict[int, int], pause: int, at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # beside the pause a slip could as well be of the other side
    slips = {day: days for day, days in sorted(slips.items()) if abs(day - at) > 1}
    dates = [on(day, (pause if day >= at else 0) + slips.get(day, 0)) for day in range(60)]
    folder = tmp_path_factory.mktemp("slips")
    if not slips:
        assert read(folder, rows(dates)).behind.tolist() == [pause if day >= at else 0 for day in range(60)]
        return
    told = faults(folder, rows(dates))
    assert [fault.split(":")[0] for fault in told] == [f"line {day + 2}" for day in slips]
