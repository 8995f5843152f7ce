"""Diary files that hide characters, or are longer than any diary."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from n1trial.diary.file.read import read_diary
from n1trial.diary.file.read_returned import read_returned
from n1trial.diary.file.scores import read_scores
from n1trial.diary.file.sheet import LONGEST_LINE, MOST_COLUMNS, MOST_FAULTS, MOST_LINES, read_sheet
from n1trial.errors import InputError
from n1trial.texts import refused_characters

HIDDEN = "day,score,note,tre\u202eatment\x07\n0,5,a\x1b]0;t\u2028b,x\n1,6,\u00ad\u00adc,y\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "diary.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_what_cannot_be_seen_is_left_out_and_said(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, HIDDEN), ("day", "score"))
    assert sheet.columns["note"] == ["a]0;t b", "c"]
    assert "treatment" in sheet.columns
    assert sheet.notes == [
        "Left out, because it cannot be seen: 6 characters, U+202E RIGHT-TO-LEFT OVERRIDE (line 1), "
        "U+0007 BELL (line 1), U+001B ESCAPE (line 2) and 2 kinds more."
    ]


@pytest.mark.parametrize("read", [read_scores, read_returned])
def test_no_reader_passes_it_on(read: object, tmp_path: Path) -> None:
    path = written(tmp_path, "day,kit,score,note,m\u202eood\n0,,5,a\x1bb,1\n1,,6,,2\n")
    notes = read(path).notes  # type: ignore[operator]
    assert any("U+001B ESCAPE" in note for note in notes)
    assert all(refused_characters(note) == () for note in notes)


def test_names_with_their_own_marks_stay(tmp_path: Path) -> None:
    note = "\u200f\u05d5\u05d9\u05d8\u200e \U0001f469\u200d\u2695\ufe0f"
    sheet = read_sheet(written(tmp_path, f"day,score,note\n0,5,{note}\n"), ("day",))
    assert (sheet.columns["note"], sheet.notes) == ([note], [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("day,score\n" + "0,5\n" * MOST_LINES, f"has {MOST_LINES + 2:,} lines, more than the {MOST_LINES:,}"),
        ("day,score\r" + "0,5\r" * MOST_LINES, f"has {MOST_LINES + 2:,} lines, more than the {MOST_LINES:,}"),
        ("day,score,note\n0,5," + "x" * LONGEST_LINE, f"line 2: is longer than the {LONGEST_LINE:,} bytes"),
        ("day,score," + ",".join(f"c{n}" for n in range(MOST_COLUMNS)), f"has {MOST_COLUMNS + 2} columns, more than"),
        ("day,score\n" + "x" * 33 * 1024**2, "is larger than 32 MB"),
    ],
    ids=["lines", "old lines", "line", "columns", "size"],
)
def test_limits_are_named(content: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        read_diary(written(tmp_path, content))


def test_of_very_many_faults_the_rest_is_counted(tmp_path: Path) -> None:
    rows = "".join(f"{day},x\n" for day in range(MOST_FAULTS + 500))
    with pytest.raises(InputError) as caught:
        read_scores(written(tmp_path, f"day,score\n{rows}"))
    assert len(caught.value.faults) == MOST_FAULTS + 1
    assert caught.value.faults[-1].endswith(": and 500 faults more")


def test_a_million_lines_are_refused_in_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path, b"day,score\n" + b"0,5\n" * 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="lines, more than"):
            read_diary(path)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
