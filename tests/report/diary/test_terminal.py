from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from n1trial.analysis.analyze import analyze
from n1trial.analysis.estimates import Estimates, Status
from n1trial.design.layout import Layout
from n1trial.design.randomization import Randomization
from n1trial.diary.diary import Diary
from n1trial.report.diary.terminal import conclusions, figures
from tests.analysis.diaries import of_periods

NAMES = ("Vitamin B12", "Placebo")


def diary_of(*differences: float, **plan: Any) -> Diary:
    """One patient whose cycles differ by so much."""
    scores = [[value] for difference in differences for value in (5 + difference, 5)]
    return of_periods("AB" * len(differences), scores, **plan)


def told(diary: Diary, *methods: str, has_plan: bool = True, **changed: object) -> str:
    """Conclusions on one line; `changed` takes the place of what the first method found."""
    found = {method: analyze(diary, method) for method in methods}
    found[methods[0]] = replace(found[methods[0]], **changed)  # type: ignore[arg-type]
    return " ".join(conclusions(diary, found, NAMES, has_plan=has_plan).split())


def test_a_benefit_is_told_in_words_and_decided_on() -> None:
    words = told(diary_of(-1.0, -1.25, -0.75, -1.0), "paired", "ols")
    assert "Primary paired. On Vitamin B12 the score was 1 point lower than on Placebo." in words
    assert (
        "from 1.3 points lower to 0.68 points lower (95% interval). A difference is shown (p = 0.002). Whether it is"
        in words
    )
    assert (
        "By the plan's rule (continue Vitamin B12 if an effect in its favor is shown) it would be continued." in words
    )
    assert "paired primary -1.00" in words
    assert "ols comparison -1.00" in words


def test_harm_that_is_shown_is_no_reason_to_continue() -> None:
    words = told(diary_of(1.0, 1.25, 0.75, 1.0), "paired")
    assert "On Vitamin B12 the score was 1 point higher than on Placebo." in words
    assert "A difference is shown" in words
    assert "it would not be continued." in words


def test_the_rule_of_probability_and_one_side() -> None:
    diary = diary_of(
        -1.0, -2.0, 0.5, sides=1, decision_rule="probability", decision_benefit=0.5, decision_threshold=0.6
    )
    words = told(diary, "bayes")
    assert "(90% interval)" in words
    assert "if the probability of a benefit above 0.5 points is 60% or more) it would " in words
    assert "Probability of a benefit, by bayes " in words


def test_a_probability_is_never_certain() -> None:
    words = told(diary_of(-9.0, -9.0, -9.1, -8.9), "bayes")
    assert "by bayes 99%, of 1 point or more 99%." in words


def test_no_answer_has_a_reason_and_no_decision() -> None:
    diary = diary_of(-1.0)
    words = told(diary, "paired")
    assert f"Primary paired. No answer. {Status.TOO_FEW_CYCLES.advice}" in words
    assert "Decision None: the plan's rule cannot be applied to Vitamin B12." in words
    assert "paired primary too few cycles" in words


def test_intervals_without_ends_say_so() -> None:
    diary = diary_of(-1.0, -1.25, -0.75)
    endless, half = np.array([np.inf]), np.array([-0.25])
    assert "Nothing is excluded" in told(diary, "paired", ci_low=-endless, ci_high=endless)
    words = told(diary, "paired", ci_low=-endless, ci_high=half)
    assert "anything from lower by any amount to 0.25 points lower" in words
    assert "none to -0.25" in words


def test_an_end_that_the_scale_has_no_room_for_is_not_shown_without_saying_so() -> None:
    diary = diary_of(-1.0, -1.25, -0.75, scale=(0.0, 10.0))
    room = "The scale has room for differences from -5.00 to +5.00. Where an interval reaches beyond,"
    nothing = "the diary says next to nothing about how large the difference is on that side."
    assert "has room for differences" not in told(diary, "paired", "exposure")
    found = {method: analyze(diary, method) for method in ("paired", "exposure")}
    found["exposure"] = replace(found["exposure"], ci_low=np.array([-7.5]))
    words = " ".join(conclusions(diary, found, NAMES, has_plan=True).split())
    assert "-7.50 to" in words
    assert f"{room} {nothing}" in words


def test_what_was_seen_comes_before_the_full_effect_reckoned_back_from_it() -> None:
    diary = diary_of(-1.0, -1.25, -0.75)
    seen = "Primary exposure. On Vitamin B12 the score was 1 point lower than on Placebo. "
    reckoned = "Reckoned back from the entries, as if all doses were taken and the effect had built up, it would be"
    unsure, endless = "This estimate cannot be relied on: its interval has no end on one side.", np.array([np.inf])
    words = told(diary, "exposure", estimate=np.array([-1.5]))
    assert f"{seen}{reckoned} 1.5 points lower: another question than what was seen, and so another number." in words
    assert "relied on" not in words
    assert unsure in told(diary, "exposure", ci_low=-endless)
    words = told(diary, "exposure", estimate=np.array([-1.5]), ci_low=-endless, ci_high=endless)
    assert f"{seen}How large the full effect is, all doses taken and built up, cannot be reckoned back" in words
    assert "1.5 points" not in words


def test_what_an_analysis_makes_of_what_was_seen_is_told_where_it_is_another_number() -> None:
    # rounds of two days and of one, which differ by 1 and by 4: day by day that is 2, round by round 2.5
    uneven = of_periods("ABAB", [[4.0, 4.0, 4.0], [5.0, 5.0, 5.0], [1.0], [5.0]])
    seen = "Primary paired. On Vitamin B12 the score was 1.8 points lower than on Placebo. "
    assert f"{seen}By this analysis it was 2.5 points lower in these periods. The diary is" in told(uneven, "paired")
    alike = told(diary_of(-1.0, -1.25, -0.75), "paired")
    assert "By this analysis" not in alike


def test_where_no_day_counts_nothing_is_said_to_have_been_seen() -> None:
    words = told(diary_of(-1.0, -1.25, -0.75, discard_days=1), "exposure")
    assert "Primary exposure. Reckoned back from the entries" in words


def test_not_clear_is_not_no_difference() -> None:
    words = told(diary_of(-2.0, 1.0, -1.5), "paired")
    assert (
        "Not clear (p = 0.464). It is compatible with harm, no difference and a worthwhile benefit (1 point or more)."
        " This does not show that Vitamin B12 does not work for this patient." in words
    )
    assert "No difference" not in words
    words = told(diary_of(-2.0, 1.0, -1.5), "paired", has_plan=False)
    nobody_said = "harm, no difference and a benefit of 1 point or more. Nothing was agreed beforehand."
    assert f"Not clear (p = 0.464). It is compatible with {nobody_said}" in words


def test_a_worthwhile_benefit_is_called_unlikely_where_the_interval_excludes_it() -> None:
    diary = diary_of(0.25, -0.25, 0.125, -0.125)
    words = told(diary, "paired")
    assert (
        "A worthwhile benefit is unlikely (p = 1.000). The interval excludes a benefit of 1 point or more; that"
        in words
    )
    words = told(diary, "paired", has_plan=False)
    assert "No difference is shown (p = 1.000). The interval excludes a benefit of 1 point or more (nothing" in words
    assert "worthwhile" not in words
    assert "It is compatible with a small harm, no difference and a small benefit. Chance alone can do" in words
    small = told(diary_of(-0.25, -0.5, -0.375, -0.375), "paired")
    assert (
        "A difference is shown (p = 0.005). The benefit is a small one: the interval excludes a benefit of 1" in small
    )


def test_harm_that_a_one_sided_test_does_not_look_for_is_said() -> None:
    words = told(diary_of(1.0, 1.25, 0.75, 1.0, sides=1), "paired")
    assert "A worthwhile benefit is unlikely (p = 0.999)." in words
    assert "The score is shown to be worse on Vitamin B12." in words


def test_what_no_effect_could_have_shown_is_not_clear_and_says_why() -> None:
    layout = Layout("crossover", 0, "open", 3, 1, 0, Randomization("pairs", 3))
    plan = {"layout": layout, "primary": "randomization", "assumed_onset_days": 0.5, "assumed_offset_days": 0.5}
    words = told(diary_of(-3.0, -3.25, -2.75, **plan), "randomization")
    assert "On Vitamin B12 the score was 3 points lower than on Placebo. How large the full effect is" in words
    assert "No effect, however large, could have been shown: with 8 possible orders the smallest p is 0.25" in words
    assert "Not clear (p = " in words
    assert "No difference" not in words


def test_the_boundary_is_told_with_its_advice() -> None:
    words = told(diary_of(-1.0, -1.25, -0.75), "paired", status=np.array([Status.AT_BOUNDARY], dtype=np.int8))
    assert f"The estimate cannot be relied on. {Status.AT_BOUNDARY.advice}" in words


def test_without_a_plan_nothing_decides() -> None:
    words = told(diary_of(-1.0, -1.25, -0.75), "paired", "bayes", has_plan=False)
    assert "Primary" not in words
    assert "Decision" not in words
    assert "paired -1.00" in words


def test_what_is_not_finite_is_null() -> None:
    found: dict[str, Estimates] = {"bayes": analyze(diary_of(-1.0, -1.25, -0.75), "bayes")}
    assert figures(found)["bayes"]["df"] is None
    found = {"paired": analyze(diary_of(-1.0), "paired")}
    assert figures(found)["paired"]["estimate"] is None
    assert figures(found)["paired"]["status"] == "too_few_cycles"
