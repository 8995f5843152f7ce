from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from n1trial.report.trace.terminal import story_in_words, week_of
from n1trial.report.words import do_in_words, does_in_words
from n1trial.scenario.scenario import Scenario
from n1trial.simulation.life import Life
from n1trial.simulation.story import story
from tests.simulation.lives import at, lived, quiet_life, quiet_openly
from tests.strategies import scenarios


def tell(life: Life) -> str:
    return story_in_words(life, story(life))


def label(text: str, name: str) -> str:
    """What stands behind a label, on one line."""
    after = text.partition(f"\n  {name:<14}")[2]
    lines = after.splitlines()
    rest = [line for line in lines[1:] if line.startswith(" " * 16)]
    return " ".join([lines[0], *(line.strip() for line in rest[: _run(lines[1:])])])


def _run(lines: list[str]) -> int:
    return next((place for place, line in enumerate(lines) if not line.startswith(" " * 16)), len(lines))


def test_the_whole_story_of_a_trial_to_which_little_happens() -> None:
    life = quiet_life(design={"run_in_days": 1})
    life = replace(life, is_taken=~at(life, 5), hits={"stress": at(life, 1)}, guesses={1: 1, 3: 0, 7: -1})
    assert (
        tell(life)
        == """\
Simulated patient 0 of quiet, seed 1
  Drug or Placebo, 1 round, periods of 4 days, in the order AB (A is Drug)
  Who it is     In this simulated patient Drug is assumed to lower the score by 2 points once built
                up, and the response to being treated to do nothing under blinding.
  Order drawn   Drug 4 days, Placebo 4 days

  day       week
   -1  Sun  run-in  Run-in begins, without treatment

    0  Mon       1  First blinded day, on Drug: round 1, period 1 of 2
    1  Tue       1  Trigger: stress; thinks they take Drug (right)
    3  Thu       1  Thinks they take Placebo (it is Drug)

    4  Fri       1  Change-over from Drug to Placebo: round 1, period 2 of 2
    5  Sat       1  Dose of Placebo missed
    7  Mon       2  Cannot tell what they take (it is Placebo); the trial ends

  Entries       8 of 8 written, from the first blinded day on
  Doses         7 of 8 taken, 4 of 4 of Drug
  Built up      share of the effect present as each period ended: Drug 100%, Placebo 0%
  Guesses       1 right, 1 wrong, 1 times could not tell
  Analysis      paired: no answer. Fewer than two rounds have enough entries in a period on each
                treatment: plan more rounds, or lower discard_days or minimum_days.
"""
    )


def scores_of(life: Life, *scores: float) -> Life:
    return replace(life, diary=replace(life.diary, score=np.array(scores, dtype=float)[:, np.newaxis]))


def test_what_the_analysis_says() -> None:
    # differences of the two cycles: -3 and -2, so -2.5 with a standard error of .5 at 1 df
    life = quiet_life(design={"cycles": 2, "period_days": 1, "sequence": "ABAB"})
    better = label(tell(scores_of(life, 2, 5, 3, 5)), "Analysis")
    assert better == (
        "paired: no difference is shown (-2.50 points, 95% interval -8.85 to +3.85, p = 0.13). In truth Drug lowers "
        "the score by 2 points."
    )
    one_sided = scores_of(quiet_life(**AT_ONE_SIDE), 2, 5, 3, 5)
    assert label(tell(one_sided), "Analysis").startswith(
        "paired: the score is shown to be better on Drug (-2.50 points, 80% interval -4.04 to -0.96, p = 0.063)."
    )


AT_ONE_SIDE = {
    "design": {"cycles": 2, "period_days": 1, "sequence": "ABAB"},
    "analysis": {"sides": 1, "alpha": 0.1},
}


def test_a_harm_that_is_shown() -> None:
    life = quiet_life(design={"cycles": 2, "period_days": 1, "sequence": "ABAB"})
    assert "the score is shown to be worse on Drug (+2.95 points" in label(
        tell(scores_of(life, 8, 5, 7.9, 5)), "Analysis"
    )


def test_an_open_label_trial_says_what_it_cannot_tell_apart() -> None:
    life = replace(lived(quiet_openly(placebo={"response": -1.0})), placebo_response=-1.0)
    text = tell(scores_of(life, 5, 5.1, *8 * [2]))
    assert label(text, "Analysis").startswith("before_after: the score is better than before, from whatever cause (")
    assert label(text, "Who it is") == (
        "In this simulated patient Drug is assumed to lower the score by 2 points once built up, and the response to "
        "being treated to lower the score by 1 point under blinding, and twice that much here, where the patient knows "
        "what is taken. No control: the drug cannot be told from placebo response and time."
    )
    assert "Order drawn" not in text
    assert "Guesses" not in text
    assert label(text, "Doses") == "8 of 8 of Drug taken"


def test_a_patient_who_leaves_is_counted_until_then() -> None:
    life = quiet_life(treatment={"onset_days": 3.0})
    score = life.score.copy()
    score[2:] = np.nan
    text = tell(replace(scores_of(life, *score), dropout_day=2, is_taken=~at(life, 1, 3)))
    assert label(text, "Entries") == "2 of 8 written, from the first blinded day on"
    assert label(text, "Doses") == "1 of 2 taken, 1 of 2 of Drug"
    assert label(text, "Built up") == "share of the effect present as each period ended: Drug 49%"


def test_entries_filled_in_later_are_counted_apart() -> None:
    life = quiet_life()
    life = replace(life, is_lost=at(life, 1, 2), is_filled=at(life, 1, 2))
    assert label(tell(life), "Entries") == "8 of 8 written, 2 of them filled in later, from the first blinded day on"


@pytest.mark.parametrize(
    ("effect", "does", "do"),
    [
        (0.0, "does nothing", "do nothing"),
        (-1.0, "lowers the score by 1 point", "lower the score by 1 point"),
        (0.5, "raises the score by 0.5 points", "raise the score by 0.5 points"),
        (-1.2345, "lowers the score by 1.2 points", "lower the score by 1.2 points"),
        (-123.4, "lowers the score by 120 points", "lower the score by 120 points"),
    ],
)
def test_effects_in_words(effect: float, does: str, do: str) -> None:
    assert (does_in_words(effect), do_in_words(effect)) == (does, do)


def test_no_effect_has_nothing_to_build_up() -> None:
    text = label(tell(quiet_life(treatment={"effect": 0.0})), "Who it is")
    assert text.startswith("In this simulated patient Drug is assumed to do nothing, and the response")


@pytest.mark.parametrize(("day", "week"), [(-14, "run-in"), (-1, "run-in"), (0, "1"), (6, "1"), (7, "2"), (293, "42")])
def test_weeks_are_counted_from_1(day: int, week: str) -> None:
    assert week_of(day) == week


@settings(max_examples=50, deadline=None)
@given(scenario=scenarios(), seed=st.integers(0, 2**32 - 1))
def test_every_story_fits_a_terminal_and_has_a_line_a_day(scenario: Scenario, seed: int) -> None:
    life = lived(scenario, 0, seed)
    events = story(life)
    lines = story_in_words(life, events).splitlines()
    assert max(map(len, lines)) <= 100
    days = [int(line[:5]) for line in lines if line[:5].strip().lstrip("-").isdecimal() and line[5:7] == "  "]
    assert days == sorted({event.day for event in events})
