from __future__ import annotations

import re

import pytest

from n1trial.pack.papers.typeface import FAMILY, FOLDER, PARTS, faces, width_mm


def parts_of(text: str) -> set[str]:
    return set(re.findall(r"unicode-range: (.*?);", faces(text)))


@pytest.mark.parametrize(
    ("text", "parts"),
    [("Vitamin B12", {"latin"}), ("Žlutý kůň, Łódź", {"latin"}), ("βιταμίνη", {"latin", "greek"}),
     ("кофеин", {"latin", "cyrillic"}), ("Nguyễn", {"latin", "more"}), ("ビタミン", {"latin"})],
)  # fmt: skip
def test_a_paper_has_the_parts_of_the_font_that_its_letters_need_and_no_more(text: str, parts: set[str]) -> None:
    assert parts_of(text) == {PARTS[part] for part in parts}


def test_the_font_is_embedded_once_and_small() -> None:
    embedded = faces("Vitamin B12")
    assert embedded.count("@font-face") == 2  # regular and bold
    assert FAMILY in embedded
    assert len(embedded) < 45_000
    assert len(faces("aбβễ")) < 170_000


def test_each_part_is_there_in_both_weights_with_its_license() -> None:
    names = {path.name for path in FOLDER.iterdir()}
    assert {f"{part}-{weight}.woff2" for part in PARTS for weight in ("regular", "bold")} <= names
    assert {"paper-regular.ttf", "paper-bold.ttf", "OFL.txt"} <= names


def test_widths_are_those_of_the_font() -> None:
    assert width_mm("0") == pytest.approx(0.497 * 12 * 25.4 / 72, rel=1e-9)  # of the regular font
    assert width_mm("iiii") < width_mm("mmmm") / 2
    assert width_mm("ビ", 10.0) == pytest.approx(10 * 25.4 / 72)
