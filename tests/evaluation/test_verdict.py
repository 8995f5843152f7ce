"""The verdict, case by case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from n1trial.evaluation.attainable import Never
from n1trial.evaluation.characteristics import NO_FIGURE, Figure
from n1trial.evaluation.verdict import Facts, VerdictRemark, is_inflated, judge, verdict_on

REPLICATES = 10_000


def share(value: float) -> Figure:
    return Figure(value, math.sqrt(value * (1 - value) / REPLICATES))


GOOD = Facts(detect=share(0.85), type_1=share(0.05), alpha=0.05, has_control=True, ends=(), attenuation=0.9, gains={})


@pytest.mark.parametrize(
    ("power", "answer"),
    [(1.0, "likely"), (0.8, "likely"), (0.7999, "may"), (0.5, "may"), (0.4999, "unlikely"), (0.0, "unlikely")],
)
def test_the_answer_is_the_power_at_the_smallest_worthwhile_effect(power: float, answer: str) -> None:
    verdict = judge(replace(GOOD, detect=share(power)))
    assert verdict.answer == answer
    assert verdict.reason == VerdictRemark("shown", power)
    assert (verdict.depends, verdict.limit, verdict.warnings) == (False, None, ())


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
        assert verdict.reason == VerdictRemark("false_alarms", type_1.value)


def test_without_a_control_any_power_is_misleading() -> None:
    verdict = judge(replace(GOOD, has_control=False, attenuation=None))
    assert verdict.answer == "misleading"
    assert verdict.reason == VerdictRemark("no_control")
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
    assert judge(replace(GOOD, gains=relief)).limit == limit


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
    assert warnings == (VerdictRemark("inflated", type_1.value, 0.05),) * inflated


@pytest.mark.parametrize(("attenuation", "warns"), [(0.4999, True), (0.5, False), (None, False)])
def test_seeing_less_than_half_of_the_effect_is_a_warning_and_no_verdict(
    attenuation: float | None, warns: bool
) -> None:
    verdict = judge(replace(GOOD, attenuation=attenuation))
    assert verdict.answer == "likely"
    assert verdict.warnings == (VerdictRemark("unseen", attenuation),) * warns


def test_what_can_never_be_shown_is_unlikely_and_hangs_on_nothing() -> None:
    never = Never("few_orders", 4, smallest_p=0.5, alpha=0.05)
    verdict = judge(replace(GOOD, never=never, ends=(share(0.1),)))
    assert (verdict.answer, verdict.depends, verdict.never) == ("unlikely", False, never)
    assert judge(GOOD).never is None


def test_what_is_misleading_is_so_before_all_else() -> None:
    verdict = judge(replace(GOOD, type_1=share(0.3), never=Never("fixed_order")))
    assert (verdict.answer, verdict.never) == ("misleading", None)


def test_an_answer_that_is_known_stays_whatever_the_facts_say_now() -> None:
    verdict = verdict_on(GOOD, "may", depends=True, limit="one_more_cycle")
    assert (verdict.answer, verdict.depends, verdict.limit) == ("may", True, "one_more_cycle")
    assert verdict.reason == VerdictRemark("shown", 0.85)
