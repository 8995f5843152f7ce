"""No letter contradicts itself, claims an effect that was not shown, or leaves out what its interval holds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from n1trial.evaluation.interval_content import interval_content
from n1trial.pack.conclusion import pages as pages_of
from n1trial.pack.conclusion.context import view
from n1trial.pack.conclusion.pages import pages
from n1trial.report.rounding import sizes_apart
from tests.pack.letters import CASES, MADE, final_of

pytestmark = pytest.mark.usefixtures("no_pictures")

KEPT = Path(__file__).parents[1] / "cases" / "letters"
CLAIMS = ("helped", "makes your score", "made your score", "helps you by")
LETTERS = {
    "letter-patient.txt": ("This is what they show.\n\n", "\n\nWhat now?"),
    "letter-physician.txt": ("Dear colleague,\n\n", "\n\nThe answer is about"),
}
"""Where what a letter concludes begins and ends."""


def letters_of(name: str, folder: Path) -> dict[str, str]:
    """What both letters conclude; what they say of key and log is of other tests."""
    files = pages(final_of(CASES[name], folder), MADE)
    found = {letter: files[letter].split(begin)[1].split(end)[0] for letter, (begin, end) in LETTERS.items()}
    return {
        letter: text[text.index("\n\n") :].strip() if "physician" in letter else text for letter, text in found.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_letters_are_those_that_were_read_and_approved(name: str, tmp_path: Path) -> None:
    for letter, text in letters_of(name, tmp_path).items():
        assert f"{text}\n" == (KEPT / f"{name}-{letter}").read_text(encoding="utf-8"), letter


@pytest.mark.parametrize("name", CASES)
def test_no_effect_is_claimed_that_was_not_shown(name: str, tmp_path: Path) -> None:
    final = final_of(CASES[name], tmp_path)
    is_shown = final.ending.is_benefit_shown
    for text in letters_of(name, tmp_path).values():
        assert any(claim in text for claim in CLAIMS) == is_shown
        assert ("harm" in text) == (view(final)["held"].harm != "none")
        assert "tells" not in text


@pytest.mark.parametrize("name", CASES)
def test_a_patient_s_letter_reads_as_easily_as_a_newspaper(name: str, tmp_path: Path) -> None:
    body = letters_of(name, tmp_path)["letter-patient.txt"]
    sentences = [each for each in re.split(r"[.?:]\s", body) if each.strip()]
    words = re.findall(r"[A-Za-z0-9.]+", body)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade < 7  # syllables are counted by groups of vowels, a few too many


def test_a_plan_that_could_hardly_show_an_effect_says_so_and_speaks_of_no_chance(tmp_path: Path) -> None:
    for text in letters_of("weak-plan", tmp_path).values():
        assert "16 of 100 such" in text
        assert "next to nothing" in text
        assert "Chance" not in text


def test_a_plan_that_was_weak_is_not_said_to_have_had_hardly_a_chance(tmp_path: Path) -> None:
    for text in letters_of("medium-plan", tmp_path).values():
        assert "45 of 100 such" in text
        assert "hardly" not in text


def test_the_physician_reads_by_how_much_such_trials_overstate(tmp_path: Path) -> None:
    overstated = "Trials that show a benefit overstate it: one of 1 point would look like 1.9 points."
    assert overstated in letters_of("benefit-of-a-weak-plan", tmp_path)["letter-physician.txt"]
    assert "overstate" not in letters_of("weak-plan", tmp_path)["letter-physician.txt"]
    older = replace(CASES["benefit"], planned=replace(CASES["benefit"].planned, exaggeration=None))
    assert "overstate" not in pages(final_of(older, tmp_path), MADE)["letter-physician.txt"]


def words() -> Any:
    return pages_of._environment().get_template("analysis.en.jinja").module


ends = st.one_of(st.floats(-15, 15), st.sampled_from([0.0, 1.0, -1.0, 0.999, -0.9999, 1.0001, 1e-4, -1e-4]))


@given(
    ends, ends, st.floats(0.05, 5), st.sampled_from([-1, 1]), st.sampled_from([(-10.0, 10.0), (-4.0, 6.0), (-0.5, 9.5)])
)
def test_what_an_interval_holds_agrees_with_its_ends_as_they_are_written(
    one: float, other: float, worthwhile: float, sign: int, room: tuple[float, float]
) -> None:
    low, high = sorted((one, other))
    assume(all(not 0 < abs(end) < 1e-9 for end in (low, high)))
    assume(all(abs(abs(end) - worthwhile) > 1e-9 for end in (low, high)))
    found = interval_content(low, high, benefit_sign=sign, worthwhile=worthwhile, room=room)
    sizes, (limit,) = sizes_apart([low, high], [worthwhile])
    unit = {"one": "point", "many": "points"}
    seen = SimpleNamespace(
        held=found, unit=unit, primary=SimpleNamespace(low=low, high=high),
        ends=SimpleNamespace(low=sizes[0], high=sizes[1], worthwhile=limit),
    )  # fmt: skip
    sentence, named = str(words().from_to(seen)), str(words().possible(seen, "and", "a worthwhile benefit"))
    if found.is_lower_beyond and found.is_higher_beyond:
        assert sentence == "whatever the scale has room for"
        assert found.is_empty
        return
    written = [_number(part) for part in sentence.removeprefix("anything from ").split(" to ")]
    for value, end, bound in zip(written, (low, high), room, strict=True):
        assert (value is None) == (end < bound if bound == room[0] else end > bound)
    benefits = [sign * value for value in written if value is not None]
    at_most = max(benefits) if None not in written else None
    if at_most is not None:
        assert ("a worthwhile benefit" in named) == (at_most >= float(limit))
        assert ("a small benefit" in named) == (found.is_small_too or 0 < at_most < float(limit))
        assert ("harm" in named) == (min(benefits) < 0)
        assert ("a small harm" in named) == (-float(limit) < min(benefits) < 0)
        assert ("no difference" in named) == (min(benefits) <= 0 <= at_most)
    assert named


def _number(text: str) -> float | None:
    if "as the scale has room for" in text:
        return None
    if text == "no different":
        return 0.0
    size, unit, side = text.split(" ")
    assert (unit == "point") == (size == "1")
    return float(size) * (-1 if side == "lower" else 1)
