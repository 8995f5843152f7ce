"""The verdict, case by case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from n1trial.evaluation.characteristics import NO_FIGURE, Figure
from n1trial.evaluation.verdict import NEVER, WORDS, Facts, in_100, is_inflated, judge

REPLICATES = 10_000


def share(value: float) -> Figure:
    return Figure(value, math.sqrt(value * (1 - value) / REPLICATES))


GOOD = Facts(detect=share(0.85), type_1=share(0.05), alpha=0.05, has_control=True, ends=(), attenuation=0.9, relief={})


@pytest.mark.parametrize(
    ("power", "answer"),
    [(1.0, "likely"), (0.8, "likely"), (0.7999, "may"), (0.5, "may"), (0.4999, "unlikely"), (0.0, "unlikely")],
)
def test_the_answer_is_the_power_at_the_smallest_worthwhile_effect(power: float, answer: str) -> None:
    verdict = judge(replace(GOOD, detect=share(power)))
    assert verdict.answer == answer
    assert verdict.words == WORDS[verdict.answer]
    assert in_100(power) in verdict.reason
    assert (verdict.depends, verdict.limit, verdict.warnings) == (False, None, ())


def test_the_words_are_the_four_agreed_on() -> None:
    assert list(WORDS.items()) == [
        ("likely", "Good chance of a clear answer"),
        ("may", "Could go either way"),
        ("unlikely", "Probably no clear answer"),
        ("misleading", "Do not rely on this plan"),
    ]


@pytest.mark.parametrize(
    ("type_1", "answer"),
    [
        (share(0.3), "misleading"),
        (share(0.0838), "misleading"),  # 3 standard errors of .0028 above .0755
        (share(0.0828), "likely"),  # and above .0745
        (share(0.075), "likely"),
        (Figure(0.2, 0.05), "likely"),
        (Figure(0.2, 0.04), "misleading"),
        (NO_FIGURE, "likely"),
    ],
)
def test_too_many_false_alarms_beyond_chance_are_misleading(type_1: Figure, answer: str) -> None:
    verdict = judge(replace(GOOD, type_1=type_1))
    assert verdict.answer == answer
    if answer == "misleading":
        assert verdict.reason.startswith(f"If the drug did nothing, {in_100(type_1.value)} simulated trials")


def test_without_a_control_any_power_is_misleading() -> None:
    verdict = judge(replace(GOOD, has_control=False, attenuation=None))
    assert verdict.answer == "misleading"
    assert verdict.reason.startswith("Nothing is compared with the drug")
    assert verdict.warnings == ()


@pytest.mark.parametrize(
    ("ends", "depends"),
    [
        ((), False),
        ((0.9, 0.82), False),
        ((0.85, 0.79), True),
        ((0.9, 0.6, 0.1), True),
        ((0.1, 0.2), True),  # both ends answer alike, and otherwise than the assumed values
        ((0.55, 0.45), True),
    ],
)
def test_it_depends_where_the_ends_of_what_is_believable_answer_differently(
    ends: Sequence[float], depends: bool
) -> None:
    facts = replace(GOOD, ends=[share(end) for end in ends])
    assert judge(facts).depends == depends
    assert judge(facts).answer == "likely"
    assert not judge(replace(facts, has_control=False)).depends


@pytest.mark.parametrize(
    ("relief", "limit"),
    [
        ({}, None),
        ({"all_doses_taken": 0.0, "perfect_blinding": -0.02}, None),
        ({"carryover_gone": 0.3, "one_more_cycle": 0.1}, "carryover_gone"),
        ({"carryover_gone": 0.05, "one_more_cycle": 0.1, "half_daily_noise": -0.1}, "one_more_cycle"),
    ],
)
def test_the_limit_is_what_gains_most_when_relieved(relief: dict[str, float], limit: str | None) -> None:
    assert judge(replace(GOOD, relief=relief)).limit == limit


@pytest.mark.parametrize(
    ("type_1", "inflated"),
    [
        (share(0.05), False),
        (Figure(0.0549, 0.001), False),  # less than a tenth above
        (Figure(0.056, 0.0023), False),  # not beyond 3 standard errors
        (Figure(0.0575, 0.0023), True),
        (share(0.06), True),
        (NO_FIGURE, False),
    ],
)
def test_false_alarms_are_flagged_beyond_a_tenth_and_beyond_chance(type_1: Figure, inflated: bool) -> None:
    assert is_inflated(type_1, 0.05, 1.1) == inflated
    warnings = judge(replace(GOOD, type_1=type_1)).warnings
    assert len(warnings) == inflated
    if inflated:
        seen = f"{100 * (type_1.value or 0):.1f}"
        assert warnings[0] == f"False alarms are more frequent than planned: {seen} instead of 5.0 of 100."


@pytest.mark.parametrize(("attenuation", "warns"), [(0.4999, True), (0.5, False), (None, False)])
def test_seeing_less_than_half_of_the_effect_is_a_warning_and_no_verdict(
    attenuation: float | None, warns: bool
) -> None:
    verdict = judge(replace(GOOD, attenuation=attenuation), ["Last."])
    assert verdict.answer == "likely"
    assert verdict.warnings[-1] == "Last."
    assert len(verdict.warnings) == 1 + warns
    assert not warns or "sees less than half of the effect" in verdict.warnings[0]


@pytest.mark.parametrize(
    ("share_of_trials", "words"),
    [(0.0, "0 of 100"), (0.0004, "fewer than 1 of 100"), (0.254, "25 of 100"), (1.0, "100 of 100"),
     (None, "an unknown number of 100")],
)  # fmt: skip
def test_shares_are_told_as_frequencies(share_of_trials: float | None, words: str) -> None:
    assert in_100(share_of_trials) == words


def test_what_can_never_be_shown_is_said_in_one_sentence_whatever_was_counted() -> None:
    verdict = judge(replace(GOOD, never="with 4 possible orders the smallest p is 0.5, above 0.05", ends=(share(0.1),)))
    assert (verdict.answer, verdict.depends) == ("unlikely", False)
    assert verdict.reason == f"{NEVER}: with 4 possible orders the smallest p is 0.5, above 0.05."
    assert (verdict.headline, verdict.words, verdict.can_never_show) == (NEVER, NEVER, True)
    assert verdict.why_never == "with 4 possible orders the smallest p is 0.5, above 0.05."
    assert (judge(GOOD).headline, judge(GOOD).can_never_show) == (WORDS["likely"], False)


def test_what_is_misleading_is_so_before_all_else() -> None:
    verdict = judge(replace(GOOD, type_1=share(0.3), never="the order is fixed"))
    assert (verdict.answer, verdict.headline, verdict.can_never_show) == ("misleading", WORDS["misleading"], False)
