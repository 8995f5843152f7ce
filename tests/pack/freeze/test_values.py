"""Values of a diary: the same however the file was saved, and every changed cell is one change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.pack.freeze.values import FROZEN, Change, FrozenValues, frozen_values, keep_values, values_in, values_of
from tests.pack.kept import blank, filled, lived, read, scenario_of

TEXTS = st.text(min_size=1, max_size=8)
CELLS = st.dictionaries(st.integers(-30, 400), st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3), max_size=4)


@given(cells=CELLS)
def test_values_come_back_from_their_text(cells: dict[int, dict[str, str]]) -> None:
    values = FrozenValues(cells)
    again = values_in(values.text.replace("\n", "\r\n"))
    assert (again.cells, again.digest) == (cells, values.digest)


@given(before=CELLS, after=CELLS)
def test_changes_lead_from_one_to_the_other_and_nothing_else(
    before: dict[int, dict[str, str]], after: dict[int, dict[str, str]]
) -> None:
    changes = FrozenValues(after).changes_since(FrozenValues(before))
    assert bool(changes) == (before != after)
    cells = {day: dict(row) for day, row in before.items()}
    for each in changes:
        assert cells.get(each.day, {}).get(each.column, "") == each.old
        cells.setdefault(each.day, {})[each.column] = each.new
    assert {day: row for day in cells if (row := {name: text for name, text in cells[day].items() if text})} == after


def test_values_are_those_that_were_read(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(), 3)
    rows = filled(diaries, key.trial)
    rows[20] |= {"score": "4", "doses_taken": "1", "late": "1", "note": "odd", "units_left": "3", "guess": "placebo"}
    rows[20]["kit"] = rows[20]["kit"].lower()
    day = int(rows[20]["day"])
    values = values_of(read(rows, key.trial, tmp_path))
    assert values.cells[day] == {
        "score": "4", "doses_taken": "1", "late": "yes", "note": "odd", "units_left": "3", "guess": "control",
        "kit": rows[20]["kit"].upper(), "date": rows[20]["date"],
    }  # fmt: skip
    rows[20]["score"] = "5"
    rows[21]["note"] = "more"
    changed = values_of(read(rows, key.trial, tmp_path))
    assert changed.changes_since(values) == (
        Change(day, "score", "4", "5"), Change(day + 1, "note", "", "more"),
    )  # fmt: skip
    assert [each.is_addition for each in changed.changes_since(values)] == [False, True]


def test_an_answer_to_a_question_of_the_packs_own_is_a_value(tmp_path: Path) -> None:
    diaries, key = lived(scenario_of(outcome__also_asked=("Hours slept",)), 3)
    rows = [row | {"hours_slept": "7" if row["day"] == "3" else ""} for row in filled(diaries, key.trial)]
    assert values_of(read(rows, key.trial, tmp_path)).cells[3]["hours_slept"] == "7"


def test_an_empty_diary_has_its_printed_cells_alone(tmp_path: Path) -> None:
    _, key = lived(scenario_of(), 3)
    values = values_of(read(blank(key.trial), key.trial, tmp_path))
    assert {name for row in values.cells.values() for name in row} == {"date", "kit"}


@settings(max_examples=20)
@given(cells=CELLS)
def test_kept_values_come_back_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, cells: dict[int, dict[str, str]]
) -> None:
    folder, values = tmp_path_factory.mktemp("pack"), FrozenValues(cells)
    assert frozen_values(folder, values.digest) is None
    keep_values(folder, values)
    found = frozen_values(folder, values.digest)
    assert found is not None
    assert found.cells == cells
    path = folder / FROZEN / f"{values.digest}.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"days"', '"nights"'), encoding="utf-8")
    assert frozen_values(folder, values.digest) is None
