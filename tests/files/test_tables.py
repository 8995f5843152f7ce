"""Tables as CSV, whatever their cells hold."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from n1trial.files.tables import csv_text
from n1trial.texts import refused_characters, visible
from tests.imports import paths

CELLS = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2)))
def test_a_table_is_read_as_it_was_written_but_for_formulas_and_what_hides(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows), newline="")))
    assert read[0] == ["a", "b"]
    for before, after in zip(
        (each for row in rows for each in row), (each for row in read[1:] for each in row), strict=True
    ):
        assert after.removeprefix("'") == visible(before).removeprefix("'")
        assert refused_characters(after, allow="\n") == ()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_no_cell_is_a_formula_for_a_spreadsheet_program(begin: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([f"{begin}cmd|' /C calc'!A0"], [])))
    assert row[0][0] in "'<"


def test_numbers_stay_numbers() -> None:
    assert csv_text(["n"], [[-1.5], ["-1.5"], [None], [0]]) == 'n\n-1.5\n-1.5\n""\n0\n'


def test_every_table_of_texts_is_written_by_the_one_door() -> None:
    for module, path in paths().items():
        calls = [
            node for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ]
        written = {ast.unparse(each.func) for each in calls}
        assert module == "n1trial.files.tables" or not written & {"csv.writer", "csv.DictWriter"}, module
