"""What the interval of an analysis holds, in words: from where to where, and which of harm, none and benefit."""

from __future__ import annotations

import math

from n1trial.analysis.estimates import Estimates
from n1trial.diary.diary import Diary
from n1trial.diary.plan import Plan
from n1trial.evaluation.attainable import why_never
from n1trial.evaluation.ending import Ending
from n1trial.evaluation.interval_content import IntervalContent, held_by
from n1trial.evaluation.tally import detects
from n1trial.report.rounding import sizes_apart
from n1trial.report.verdict import why_never as in_words
from n1trial.report.words import points, singular
from n1trial.wording import join_words

ENDLESS = (
    "Nothing is excluded: too few of the orders that could have been drawn differ within what was written, so the"
    " interval has no ends."
)
CHANCE = "Chance alone can do as much as was seen."
NEXT_TO_NOTHING = "It says next to nothing about how large a difference is."


def interval_in_words(estimates: Estimates, diary: Diary, ending: Ending, unit: str) -> str:
    """Say from where to where an interval reaches, with the digits that tell its ends from what is worthwhile.

    Parameters
    ----------
    estimates : Estimates
        Of one patient, with an answer.
    diary : Diary
    ending : Ending
    unit : str
        What scores are counted in.

    Returns
    -------
    str
        One sentence. An end that the scale has no room for is said to be that, without a number.
    """
    ends = [float(end[0]) for end in (estimates.ci_low, estimates.ci_high)]
    held = held_by(estimates, diary, ending)
    if held is None or all(map(math.isinf, ends)):
        return ENDLESS
    if held.is_lower_beyond and held.is_higher_beyond:
        return f"The diary is compatible with whatever the scale has room for ({level(diary.plan)} interval)."
    sizes, _ = sizes_apart([end for end in ends if math.isfinite(end)], [ending.worthwhile])
    texts, words = iter(sizes), []
    for end, side, is_beyond in zip(
        ends, ("lower", "higher"), (held.is_lower_beyond, held.is_higher_beyond), strict=True
    ):
        size = next(texts) if math.isfinite(end) else ""
        words.append(_end(end, size, side, unit, is_beyond=is_beyond))
    return f"The diary is compatible with anything from {words[0]} to {words[1]} ({level(diary.plan)} interval)."


def meaning_of(
    ending: Ending,
    estimates: Estimates,
    diary: Diary,
    drug: str,
    unit: str,
    *,
    is_agreed: bool,
    is_control_active: bool = False,
) -> str:
    """Say what an ending means, and what it does not.

    Parameters
    ----------
    ending : Ending
    estimates : Estimates
        Of one patient, with an answer.
    diary : Diary
    drug : str
    unit : str
    is_agreed : bool
        Whether what is worthwhile was fixed beforehand.
    is_control_active : bool
        Whether the control is a drug of its own.

    Returns
    -------
    str
        Empty where a difference is shown and nothing is to be said beside it.
    """
    plan, held = diary.plan, held_by(estimates, diary, ending)
    least = points(plan.mcid, unit)
    if held is None:
        return ""
    if ending.kind == "benefit":
        return _of_a_benefit(held, f"{least} or more{_here(ending, unit)}") if is_agreed else ""
    if ending.kind == "unlikely":
        limit = f"{least} or more{_here(ending, unit)}"
        return _of_the_unlikely(ending, held, estimates, plan, drug, limit, is_agreed=is_agreed)
    not_so = "the two are alike" if is_control_active else f"{drug} does not work"
    not_shown = f"This does not show that {not_so} for this patient."
    never = why_never(plan, estimates.method)
    if never is not None:
        return f"No effect, however large, could have been shown: {in_words(never)}. {not_shown}"
    if math.isinf(float(estimates.ci_low[0])) and math.isinf(float(estimates.ci_high[0])):
        return not_shown
    limit = f"{least} or more{_here(ending, unit)}"
    worthwhile = f"a worthwhile benefit ({limit})" if is_agreed else f"a benefit of {limit}"
    agreed = "" if is_agreed else " Nothing was agreed beforehand."
    empty = f" {NEXT_TO_NOTHING}" if held.is_empty else ""
    fits = f"It is compatible with {possible(held, worthwhile)}.{agreed}"
    return f"{fits}{empty} {not_shown}"


def possible(content: IntervalContent, worthwhile: str) -> str:
    """Name what an interval holds of harm, no difference and benefit, in this order."""
    harm = {"none": "", "small": "a small harm", "worthwhile": "harm"}[content.harm]
    benefit = {"none": "", "small": "a small benefit", "worthwhile": worthwhile}[content.benefit]
    small = "a small benefit" if content.is_small_too else ""
    return join_words([part for part in (harm, "no difference" if content.is_none else "", small, benefit) if part])


def level(plan: Plan) -> str:
    """Name the level of the interval that agrees with the plan's test."""
    return f"{100 * (1 - 2 * plan.alpha / plan.sides):g}%"


def _of_a_benefit(content: IntervalContent, least: str) -> str:
    if content.is_wholly_worthwhile:
        return f"All that the interval holds is worthwhile ({least})."
    return f"Whether it is worthwhile ({least}) stays open: the interval holds less as well."


def _of_the_unlikely(
    ending: Ending,
    content: IntervalContent,
    estimates: Estimates,
    plan: Plan,
    drug: str,
    least: str,
    *,
    is_agreed: bool,
) -> str:
    if ending.is_harm_shown:
        return f"The score is shown to be worse on {drug}."
    agreed = "; that was called worthwhile beforehand" if is_agreed else " (nothing was agreed beforehand)"
    if detects(estimates, plan)[0]:
        return f"The benefit is a small one: the interval excludes a benefit of {least}{agreed}."
    rest = f"It is compatible with {possible(content, 'a worthwhile benefit')}. {CHANCE}"
    return f"The interval excludes a benefit of {least}{agreed}. {rest}"


def _here(ending: Ending, unit: str) -> str:
    """Say what a worthwhile benefit looks like in these periods, where they see less than the full effect."""
    if ending.share_seen >= 1:
        return ""
    _, (worthwhile,) = sizes_apart([], [ending.worthwhile])
    return f", of which these periods can see {worthwhile} {singular(unit) if worthwhile == '1' else unit}"


def _end(end: float, size: str, side: str, unit: str, *, is_beyond: bool) -> str:
    if math.isinf(end):
        return f"{side} by any amount"
    if is_beyond:
        return f"as much {side} as the scale has room for"
    if end == 0:
        return "no different"
    return f"{size} {singular(unit) if size == '1' else unit} {'lower' if end < 0 else 'higher'}"
