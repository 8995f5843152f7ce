"""The wording of verdicts, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from n1trial.evaluation.attainable import Never
from n1trial.evaluation.verdict import Verdict, VerdictRemark
from n1trial.report.rates import in_100
from n1trial.report.verdict import HEADLINES, NEVER, document, headline, reason, remark_in_words, why_never, words

GOOD = Verdict("likely", depends=False, never=None, limit=None, reason=VerdictRemark("shown", 0.85))


def test_the_words_are_the_four_agreed_on() -> None:
    assert list(HEADLINES.items()) == [
        ("likely", "Good chance of a clear answer"),
        ("may", "May well miss a worthwhile benefit"),
        ("unlikely", "Probably no clear answer"),
        ("misleading", "Do not rely on this plan"),
    ]


@pytest.mark.parametrize(
    ("share_of_trials", "words"),
    [(0.0, "0 of 100"), (0.0004, "fewer than 1 of 100"), (0.254, "25 of 100"), (1.0, "100 of 100"),
     (None, "an unknown number of 100")],
)  # fmt: skip
def test_shares_are_told_as_frequencies(share_of_trials: float | None, words: str) -> None:
    assert in_100(share_of_trials) == words


def test_the_answer_is_said_first_and_what_it_hangs_on_after_it() -> None:
    assert headline(GOOD) == words(GOOD) == HEADLINES["likely"]
    assert words(replace(GOOD, depends=True)) == "Good chance of a clear answer - depends on what is not known"
    assert reason(GOOD) == "The smallest worthwhile effect is shown in 85 of 100 simulated trials."


def test_what_can_never_be_shown_is_said_in_one_sentence_whatever_was_counted() -> None:
    verdict = replace(GOOD, answer="unlikely", never=Never("few_orders", 4, smallest_p=0.5, alpha=0.05))
    assert reason(verdict) == f"{NEVER}: with 4 possible orders the smallest p is 0.5, above 0.05."
    assert headline(verdict) == words(verdict) == NEVER


@pytest.mark.parametrize(
    ("never", "told"),
    [
        (Never("one_round"), "one round gives a single difference, and nothing tells how much it varies"),
        (Never("fixed_order"), "the order is fixed, so that there is no randomization test"),
        (Never("few_orders", 4, False, 0.25, 0.05), "with 4 possible orders the smallest p is 0.25, above 0.05"),
        (
            Never("few_orders", 6, True, 1 / 6, 0.05),
            "with 6 possible orders and change-overs the smallest p is 0.17, above 0.05",
        ),
    ],
)
def test_why_a_plan_can_show_no_effect(never: Never, told: str) -> None:
    assert why_never(never) == told


@pytest.mark.parametrize(
    ("remark", "told"),
    [
        (VerdictRemark("no_control"), "Nothing is compared with the drug: "),
        (VerdictRemark("false_alarms", 0.3), "If the drug did nothing, 30 of 100 simulated trials would still find"),
        (
            VerdictRemark("inflated", 0.0575, 0.05),
            "False alarms are more frequent than planned: 5.8 instead of 5.0 of 100.",
        ),
        (VerdictRemark("unseen", 0.444), "A plain comparison sees less than half of the effect (44%): "),
    ],
)
def test_each_remark_is_a_sentence(remark: VerdictRemark, told: str) -> None:
    assert remark_in_words(remark).startswith(told)
    assert remark_in_words(remark).endswith(".")


def test_a_document_puts_remarks_on_the_scenario_last() -> None:
    held = document(replace(GOOD, warnings=(VerdictRemark("unseen", 0.4),)), ["Last."])
    assert list(vars(held)) == ["answer", "depends", "words", "reason", "limit", "warnings"]
    assert (len(held.warnings), held.warnings[-1]) == (2, "Last.")
