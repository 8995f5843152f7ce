from __future__ import annotations

import pytest

from n1trial.web.shared.words import LONGEST_NAME, tidy_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a diary.csv", "a diary.csv"),
        ("C:\\mine\\d.csv", "d.csv"),
        ("../../d.csv", "d.csv"),
        ("..", "diary.csv"),
        ("", "diary.csv"),
        ("a\0b\ud800\n.csv", "a_b__.csv"),
        ("x" * 300 + ".csv", "x" * (LONGEST_NAME - 4) + ".csv"),
        ("\U0001f48a" * 300, "\U0001f48a" * LONGEST_NAME),
        ("x." + "y" * 300, ("x." + "y" * 300)[:LONGEST_NAME]),
        ('what: "this"?.csv', "what_ _this__.csv"),
    ],
)
def test_a_file_has_the_name_that_its_owner_gave_it(name: str, kept: str) -> None:
    assert tidy_name(name, "diary.csv") == kept
